"""Pages of the portal against a bare Flask + Jinja page, in CPU seconds of the process that serves them.

Both are served by the same gunicorn with one worker. One visitor asks each page in turn, portal and floor alternating
within every round, and the kernel's account of the worker's CPU time is read before and after.
"""

from __future__ import annotations

import http.client
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

from benchmarks.city import free_port, not_yet_registered, served_city, up_to_review
from benchmarks.row import Row, at_most, milliseconds
from benchmarks.served import cpu_seconds, process
from benchmarks.turns import take_turns
from tests.visitor import Visitor

ROUNDS, ASKED = 5, 300
FORM_PAGES = ("/notice", "/address", "/name", "/card", "/contact", "/review")


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder, served_city(Path(folder) / "city") as city:
        bare_port = free_port()
        with process(["benchmarks.bare", str(bare_port)], {}, bare_port) as bare:
            visitor, who = Visitor(city.url), not_yet_registered()[0]
            up_to_review(visitor, who)
            address, cookies = city.url.removeprefix("http://"), visitor.cookie_header()
            floor = _asking(bare, f"127.0.0.1:{bare_port}", "/", "")
            for path in ("/", *FORM_PAGES, "/contests/" + quote(who.home.precinct)):
                ours = _asking(city.portal, address, path, "" if path == "/" else cookies)
                turns = take_turns(ours, floor, ROUNDS)
                words = "landing page" if path == "/" else f"form page {path.split('/')[1]}"
                budget = 2 if path == "/" else 3.5
                yield at_most(
                    f"{words}, worker CPU; floor: bare Flask + Jinja page",
                    milliseconds(turns.ours / ASKED),
                    milliseconds(turns.floor / ASKED),
                    turns.ratio,
                    budget,
                )


def _asking(pid: int, address: str, path: str, cookies: str) -> Callable[[], float]:
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
