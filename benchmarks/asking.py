"""A page asked many times over, and the bare page that is the floor under every other."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from benchmarks.city import free_port
from benchmarks.served import cpu_seconds, process

ASKED = 300
"""Times that a page is asked in one round."""


@contextmanager
def bare_page() -> Iterator[Callable[[], float]]:
    """The floor, served while the block runs: what asking it `ASKED` times takes."""
    port = free_port()
    with process(["benchmarks.bare", str(port)], {}, port) as pid:
        yield asking(pid, f"127.0.0.1:{port}", "/", "")


def asking(pid: int, address: str, path: str, cookies: str) -> Callable[[], float]:
    """Ask one page many times over one connection; the CPU seconds that the serving processes took."""

    def measure() -> float:
        connection = http.client.HTTPConnection(address, timeout=30)
        before = cpu_seconds(pid)
        for _ in range(ASKED):
            connection.request("GET", path, headers={"Cookie": cookies} if cookies else {})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, (path, answer.status)
        connection.close()
        return cpu_seconds(pid) - before

    return measure
