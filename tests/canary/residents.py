"""The planted residents at the portal, each with a browser of their own."""

from __future__ import annotations

import re
import time
from html import unescape

from tests.canary.canaries import Person
from tests.visitor import Page, Visitor


def visitor_at(url: str, page: str = "/") -> Visitor:
    """A browser at the portal, or at another door, as soon as that answers."""
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        try:
            visitor = Visitor(url)
            visitor.get(page)
        except OSError:
            time.sleep(0.05)
        else:
            return visitor
    raise AssertionError(f"nothing answers at {url}")


def look_up(visitor: Visitor, person: Person) -> None:
    """Ask what could be voted in, before giving a name."""
    visitor.submit(visitor.get("/check"), action="/check", address=person.typed_address)


def begin(visitor: Visitor, person: Person) -> Page:
    """The notice, the address, the name; the page about the card."""
    page = visitor.submit(visitor.get("/notice"), action="/notice")
    visitor.submit(page, action="/address", address=person.typed_address, unit=person.unit)
    return visitor.submit(
        visitor.get("/name"), action="/name", name=person.name, sort_name=person.sort_name,
        birth_month=str(person.born.month), birth_day=str(person.born.day), birth_year=str(person.born.year),
        since_month=str(person.since.month), since_year=str(person.since.year),
    )  # fmt: skip


def later(visitor: Visitor) -> tuple[str, str]:
    """Save, and the link to finish with and its code."""
    page = visitor.submit(visitor.get("/save"), action="/save").text
    link = re.search(r">(http[^<]*/resume/[^<]+)</textarea>", page)
    code = re.search(r'class="code">([^<]+)<', page)
    assert link
    assert code
    return unescape(link[1]), code[1]


def come_back(visitor: Visitor, link: str, code: str) -> None:
    """Take a draft up again on another device."""
    page = visitor.get(link)
    page.forms = [form for form in page.forms if form.action != "/leave"]
    assert visitor.submit(page, code=code).status == 200
    assert not visitor.get("/resume").url.endswith("/left")


def finish(visitor: Visitor, person: Person) -> str:
    """Show a card, or say that papers will be shown; sign, and fetch the copy. The confirmation code."""
    page = visitor.get("/card")
    if person.card:
        visitor.submit(page, action="/card", card=person.card)
    else:
        visitor.submit(page, action="/way", way="papers")
    page = visitor.submit(visitor.get("/review"), action="/review", signature="My name", signed="yes")
    assert page.url.endswith("/done"), page.text
    for told in (person.name, person.address, person.unit, person.born.isoformat()):
        assert told in unescape(visitor.get("/copy").text)
    return page.text.split('<p class="code">')[1].split("<")[0]
