"""Processes to be measured: started on free ports, their CPU seconds read from the scheduler's own accounts."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def process(arguments: Sequence[str], environment: Mapping[str, str], port: int | None) -> Iterator[int]:
    """Run `python -m …` while the block runs, answering on `port`; its process id."""
    child = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait(child, port)
        yield child.pid
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGTERM)
        try:
            child.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def cpu_seconds(pid: int) -> float:
    """Time that the threads of a process and of its children spent on a processor, in seconds.

    From `schedstat`, in nanoseconds: the ticks of `stat` are 10 ms each, as long as a whole registration takes.
    """
    return sum(_on_processor(one) for one in (pid, *_children(pid))) / 1e9


def _on_processor(pid: int) -> int:
    total = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):  # a thread may end while it is counted
            total += int((thread / "schedstat").read_text().split()[0])
    return total


def _children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(fields[1]) == parent:
                    found.append(int(entry.name))
    return found


def _wait(child: subprocess.Popen[bytes], port: int | None, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while port is not None:
        if child.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{child.args} does not answer")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
