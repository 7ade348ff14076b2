"""Pages of the portal against a bare Flask + Jinja page, in CPU seconds of the process that serves them.

Both are served by the same gunicorn with one worker. One visitor asks each page in turn, portal and floor alternating
within every round, and the kernel's account of the worker's CPU time is read before and after.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from benchmarks.asking import ASKED, asking, bare_page
from benchmarks.city import not_yet_registered, served_city, up_to_review
from benchmarks.row import Row, at_most, milliseconds
from benchmarks.turns import take_turns
from tests.visitor import Visitor

ROUNDS = 5
FORM_PAGES = ("/notice", "/address", "/name", "/card", "/contact", "/review")


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder, served_city(Path(folder) / "city") as city, bare_page() as floor:
        visitor, who = Visitor(city.url), not_yet_registered()[0]
        up_to_review(visitor, who)
        address, cookies = city.url.removeprefix("http://"), visitor.cookie_header()
        for path in ("/", *FORM_PAGES, "/contests/" + quote(who.home.precinct)):
            ours = asking(city.portal, address, path, "" if path == "/" else cookies)
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
