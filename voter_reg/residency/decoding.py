"""Asking the decoder: one child process for each file, bytes in and out over pipes, and never an error but a refusal.

The child is not trusted: its answer has a largest size and a latest time, and gives reasons of ours or pages, no words.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector
from threading import BoundedSemaphore
from typing import Final

from voter_reg.residency.decoder_answer import LARGEST_ANSWER, Job, read
from voter_reg.residency.refused import PaperRefused
from voter_reg.residency.sniffing import Kind

SECONDS: Final = 30.0
"""The whole of one file, on a busy machine."""
AT_ONCE: Final = 2
"""Files that one process of the service decodes at the same time, so that their memory has an end."""

_ROOM: Final = BoundedSemaphore(AT_ONCE)
_ROOM_SECONDS: Final = 5.0
_OUT_OF_BOUNDS: Final = (signal.SIGXCPU, signal.SIGKILL)  # its time was over, or the memory of the machine
_PIECE: Final = 1 << 16
_COMMAND: Final = (sys.executable, "-B", "-P", "-s", "-m", "voter_reg.residency.decoder")
# The environment of the service may hold a key: the child gets none of it, only where our code lies.
_ENVIRONMENT: Final = {"PYTHONPATH": str(Path(__file__).resolve().parents[2])}


def decode(job: Job, kind: Kind, data: bytes, *, seconds: float = SECONDS) -> tuple[bytes, ...]:
    """What the decoder makes of a sniffed file: the parts of its answer.

    Raises:
        PaperRefused: the decoder refused the file, died of it, or did not end in time.
    """
    if not _ROOM.acquire(timeout=min(seconds, _ROOM_SECONDS)):
        raise PaperRefused("busy")
    try:
        answer = _answer(job, kind, data, time.monotonic() + seconds)
    finally:
        _ROOM.release()
    return read(answer)


def _answer(job: Job, kind: Kind, data: bytes, ends: float) -> bytes:
    try:
        child = subprocess.Popen(  # noqa: S603 - our own program, and words of ours
            [*_COMMAND, job, kind],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a traceback may tell of the file
            env=_ENVIRONMENT,
            cwd="/",
            start_new_session=True,
        )
    except OSError:
        raise PaperRefused("busy") from None
    with child:
        try:
            answer = _talk(child, data, ends)
            child.wait(max(0.0, ends - time.monotonic()))
        except (TimeoutError, subprocess.TimeoutExpired):
            raise PaperRefused("too-slow") from None
        finally:
            child.kill()
    if -child.returncode in _OUT_OF_BOUNDS:
        raise PaperRefused("too-slow")
    return answer if child.returncode == 0 else b""


def _talk(child: subprocess.Popen[bytes], data: bytes, ends: float) -> bytes:
    """Give the child its file and take its answer, both as far as the pipes go; neither waits for the other.

    Raises:
        TimeoutError: it is not done in time, or does not stop answering.
    """
    given, taken = child.stdin, child.stdout
    assert given is not None
    assert taken is not None
    os.set_blocking(given.fileno(), False)
    left, answer = memoryview(data), bytearray()
    with DefaultSelector() as ready:
        ready.register(given, EVENT_WRITE)
        ready.register(taken, EVENT_READ)
        while ready.get_map():
            if time.monotonic() >= ends or len(answer) > LARGEST_ANSWER:
                raise TimeoutError
            for key, _ in ready.select(ends - time.monotonic()):
                if key.fileobj is given:
                    left = _give(given.fileno(), left)
                    if not left:
                        ready.unregister(given)
                        given.close()
                elif piece := os.read(taken.fileno(), _PIECE):
                    answer += piece
                else:
                    ready.unregister(taken)
    return bytes(answer)


def _give(pipe: int, left: memoryview) -> memoryview:
    try:
        return left[os.write(pipe, left[:_PIECE]) :]
    except BrokenPipeError:  # it has read enough, or is dead: its exit code tells
        return left[:0]
