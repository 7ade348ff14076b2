"""Running the demonstration: portal, office, registry, worker as children of one supervisor, ending when it does."""

from __future__ import annotations

import ctypes
import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType

from eligibility import BadInput

_START_SECONDS = 40.0
_STOP_SECONDS = 10.0
_POLL_SECONDS = 0.1
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One process of the demonstration: its name, the arguments of `voter-reg`, and the port and page it answers on."""

    name: str
    arguments: tuple[str, ...]
    port: int | None
    page: str = "/"


class Stopped(Exception):
    """INT or TERM came."""


def refuse_taken_ports(ports: Sequence[int]) -> None:
    """Refuse before anything starts.

    Raises:
        BadInput: a port is taken, or may not be used; names it.
    """
    for port in ports:
        with socket.socket() as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                attempt.bind(("127.0.0.1", port))
            except OSError as problem:
                what = f"is not free ({problem.strerror}); choose another with --port"
                raise BadInput(what, f"port {port}") from None


@contextmanager
def sole_user(folder: Path) -> Iterator[None]:
    """Hold a folder for one demonstration at a time.

    Raises:
        BadInput: another one is running there.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            what = "another demonstration is running here; stop it or choose another --dir"
            raise BadInput(what, str(folder)) from None
        yield


def run(folder: Path, parts: Sequence[Part], ready: Callable[[], None]) -> None:
    """Run the parts until INT or TERM, calling `ready` once each port answers; then end every process of theirs.

    Raises:
        BadInput: a part ended by itself, or did not answer in time; names its log.
    """
    logs = folder / "logs"
    logs.mkdir(exist_ok=True, mode=0o700)
    children: dict[Part, subprocess.Popen[bytes]] = {}
    with _signals_raise():
        try:
            for part in parts:
                children[part] = _start(folder, part, logs)
            _wait_until_answering(children, logs)
            ready()
            while True:
                _refuse_ended(children, logs)
                time.sleep(_POLL_SECONDS)
        except Stopped:
            pass
        finally:
            _end(children.values())


@contextmanager
def _signals_raise() -> Iterator[None]:
    """INT and TERM as an exception in the main thread, the first time; afterwards the ending is not interrupted."""

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_IGN)
        raise Stopped

    before = {each: signal.signal(each, stop) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    except Stopped:
        pass
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _start(folder: Path, part: Part, logs: Path) -> subprocess.Popen[bytes]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("VOTER_REG_")}
    environment |= {"VOTER_REG_INSTANCE_DIR": str(folder), "PYTHONUNBUFFERED": "1"}
    with (logs / f"{part.name}.log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - this program itself
            [sys.executable, "-m", "voter_reg", *part.arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            start_new_session=True,  # a group of its own, so that all its processes can be ended at once
            preexec_fn=partial(_die_with, os.getpid()),  # noqa: PLW1509 - one thread, and nothing else ends with a killed supervisor
        )


def _die_with(supervisor: int) -> None:
    """Linux ends this child when the supervisor is killed; elsewhere INT and TERM alone do."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != supervisor:  # it was killed before this child could ask
            os._exit(1)


def _wait_until_answering(children: dict[Part, subprocess.Popen[bytes]], logs: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    for part in children:
        while part.port is not None and not _answers(part.port, part.page):
            _refuse_ended(children, logs)
            if time.monotonic() > deadline:
                raise BadInput(f"does not answer on port {part.port}; see {logs / part.name}.log", part.name)
            time.sleep(_POLL_SECONDS)


def _answers(port: int, page: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", page)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _refuse_ended(children: dict[Part, subprocess.Popen[bytes]], logs: Path) -> None:
    for part, child in children.items():
        if child.poll() is not None:
            raise BadInput(f"ended by itself (exit code {child.returncode}); see {logs / part.name}.log", part.name)


def _end(children: Iterable[subprocess.Popen[bytes]]) -> None:
    """End every process of every group: politely, and after a while not."""
    listed = list(children)
    for child in listed:
        _signal_group(child, signal.SIGTERM)
    deadline = time.monotonic() + _STOP_SECONDS
    for child in listed:
        with suppress(subprocess.TimeoutExpired):
            child.wait(max(0.1, deadline - time.monotonic()))
    for child in listed:
        _signal_group(child, signal.SIGKILL)
        child.wait()


def _signal_group(child: subprocess.Popen[bytes], number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(child.pid, number)
