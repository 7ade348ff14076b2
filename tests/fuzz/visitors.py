"""Visitors of the portal, each brought by right answers to where fuzzing takes over; and the right answers.

A new form is fuzzed by itself as soon as a page that a visitor sees links to it. What it needs besides is its right
answers, in `right`, and a state in `STATES` if no visitor would come by.
"""

from __future__ import annotations

import io
import re
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from random import Random

import segno
from itsdangerous import TimestampSigner
from PIL import Image

from tests.fuzz.sending import Answer, Browser, Door, Fields, File, Sent, encoded, in_parts, token_in
from tests.fuzz.values import MARK
from tests.voter_reg.town import Registry, card
from voter_reg.portal.cookies import DRAFT_COOKIE, KIOSK_COOKIE
from voter_reg.residency.verifier import PresentedCard

STRANGE, SLEEPING = card(6), card(7)
BIRTH = "1990-01-01"
PRESENTED = "a card that the stand-in reads"


class Cards(Registry):
    """A registry and a reader of shown cards that know one stranger's and one that nobody can be asked about."""

    def __init__(self) -> None:
        super().__init__({STRANGE: "not_confirmed", SLEEPING: "unavailable"})

    def check(self, number, born, address):
        return self.answers.get(number, "confirmed")

    def read(self, presented, now):
        return PresentedCard(card(8), BIRTH, "100 OAK ST") if presented == PRESENTED else "unreadable"

    def keep_fresh(self, now):
        """Nothing is ever stale."""


@dataclass
class Forms:
    """What the pages have shown so far: which fields each address takes, with what they held."""

    fields: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))

    def read(self, page: str, here: str) -> None:
        for form in re.split(r"<form\b", page)[1:]:
            inside = form.partition("</form>")[0]
            action = re.search(r'^[^>]*\baction="([^"]*)"', inside)
            place = unescape(action[1]) if action else here
            for tag in re.findall(r"<(?:input|select|textarea|button)\b[^>]*>", inside):
                if name := re.search(r'\bname="([^"]*)"', tag):
                    held = self.fields[rule_of(place)][unescape(name[1])]
                    if (value := re.search(r'\bvalue="([^"]*)"', tag)) and len(held) < 40:
                        held.add(unescape(value[1]))


def rule_of(place: str) -> str:
    """The path of a form without what differs from one visitor to the next."""
    return re.sub(r"^/resume/.+", "/resume/<sealed>", place.partition("?")[0])


@dataclass
class Visitor:
    """One browser with what it knows; `state` says how it began."""

    state: str
    browser: Browser
    forms: Forms
    number: int
    known: dict[str, str] = field(default_factory=dict)
    page: str = "/notice"
    posts: int = 0

    def send(self, sent: Sent) -> Answer:
        answer = self.browser.send(sent)
        self._learn(answer, sent.place)
        return answer

    def get(self, path: str) -> Answer:
        return self.send(Sent("GET", path))

    def post(self, path: str, **values: str) -> Answer:
        """Send right answers as a person would."""
        fields: Fields = [(name, self.known.get(name, "")) for name in ("csrf_token", "version")]
        form = encoded([*fields, *values.items()])
        answer = self.send(Sent("POST", path, form.body, form.headers))
        return self.get(answer.header("Location")) if answer.status == 303 else answer

    def _learn(self, answer: Answer, place: str) -> None:
        if "text/html" not in answer.header("Content-Type"):
            return
        page = answer.text
        for name in ("csrf_token", "version", "page", "paper"):
            if found := re.search(rf'name="{name}" value="([^"]*)"', page):
                self.known[name] = unescape(found[1])
        if "/resume/" in page and (found := re.search(r"(/resume/[\w.-]+)", page)):
            self.known["link"] = found[1]
        for kind, code in zip(("code", "vouching_code"), re.findall(r'<p class="code">([^<]+)', page), strict=False):
            self.known[kind] = unescape(code)
        self.forms.read(page, place)


NAME = {
    "name": f"Amina {MARK}",
    "birth_month": "1",
    "birth_day": "1",
    "birth_year": "1990",
    "since_month": "5",
    "since_year": "2015",
}
SIGN = {"sworn": "guardian", "signature": f"Amina {MARK}", "signed": "yes"}


def _walk(visitor: Visitor, *, way: str = "card", steps: int = 5) -> Visitor:
    """Answer so many questions, of the notice, the address, the name, the card and the signature."""
    visitor.get("/notice")
    does: tuple[Callable[[], object], ...] = (
        lambda: visitor.post("/notice"),
        lambda: visitor.post("/address", address="100 oak street"),
        lambda: (visitor.get("/name"), visitor.post("/name", **NAME)),
        lambda: visitor.post("/card", card=card(1000 + visitor.number)) if way == "card" else _show(visitor, way),
        lambda: (visitor.get("/review"), visitor.post("/review", **SIGN)),
    )
    for do in does[:steps]:
        do()
    return visitor


def _show(visitor: Visitor, way: str) -> None:
    visitor.get("/card")
    visitor.post("/way", way=way)
    if way == "uploaded" and visitor.number % 3 == 0:
        fields: Fields = [(name, visitor.known[name]) for name in ("csrf_token", "version")]
        form = in_parts([*fields, ("kind", "utility-bill"), ("paper", File(_bill()))], Random(0))
        visitor.send(Sent("POST", "/papers", form.body, form.headers))
        visitor.get("/papers")


def _saved(visitor: Visitor) -> Visitor:
    _walk(visitor, steps=3)
    visitor.get("/save")
    visitor.post("/save")
    visitor.get(visitor.known["link"])
    return visitor


def _away(visitor: Visitor) -> Visitor:
    _walk(visitor, steps=3)
    token, secret = token_in(visitor.browser.cookies[DRAFT_COOKIE]), visitor.browser.door.app.secret_key
    visitor.browser.cookies[DRAFT_COOKIE] = _LongAgo(secret, "draft-cookie").sign(token).decode()
    return visitor


class _LongAgo(TimestampSigner):
    def __init__(self, secret: str | bytes | None, salt: str) -> None:
        super().__init__(secret or "", salt=salt)

    def get_timestamp(self) -> int:
        return int(time.time()) - 3 * 3600


def _shared(visitor: Visitor) -> Visitor:
    visitor.browser.cookies[KIOSK_COOKIE] = "yes"
    return _walk(visitor, steps=3)


def _stranger(visitor: Visitor) -> Visitor:
    visitor.get("/check")
    return visitor


def _vouches(visitor: Visitor) -> Visitor:
    """A registered voter with a neighbor's code, on the page of the oath."""
    neighbor = _walk(Visitor("", Browser(visitor.browser.door), visitor.forms, visitor.number), way="vouching")
    _walk(visitor)
    word = neighbor.known.get("vouching_code", "")
    visitor.known["vouching_code"] = word
    visitor.get("/vouch")
    visitor.post("/vouch", code=visitor.known.get("code", ""), vouching_code=word, **_of(NAME, "birth"))
    return visitor


def _of(answers: dict[str, str], start: str) -> dict[str, str]:
    return {name: value for name, value in answers.items() if name.startswith(start)}


STATES: dict[str, tuple[int, Callable[[Visitor], Visitor], str]] = {
    "without a cookie": (1, lambda visitor: visitor, "/notice"),
    "a stranger": (2, _stranger, "/check"),
    "at the address": (3, lambda visitor: _walk(visitor, steps=1), "/address"),
    "at the name": (4, lambda visitor: _walk(visitor, steps=2), "/name"),
    "at the card": (4, lambda visitor: _walk(visitor, steps=3), "/card"),
    "with papers to send": (3, lambda visitor: _walk(visitor, way="uploaded", steps=4), "/papers"),
    "asked about notices": (3, lambda visitor: _walk(visitor, steps=4), "/contact"),
    "at the signature": (4, lambda visitor: _walk(visitor, way="papers", steps=4), "/review"),
    "registered by card": (1, _walk, "/leave"),
    "waiting for papers": (1, lambda visitor: _walk(visitor, way="papers"), "/leave"),
    "waiting for a voucher": (1, lambda visitor: _walk(visitor, way="vouching"), "/leave"),
    "with a link": (3, _saved, "/resume/<sealed>"),
    "away for long": (1, _away, "/name"),
    "on a shared device": (1, _shared, "/shared-device"),
    "vouching": (3, _vouches, "/vouch/oath"),
}
"""How often each begins, how it comes there, and the form that it came for."""


def visitors(door: Door, forms: Forms, chance: Random) -> Iterator[Visitor]:
    """Visitors without end: first one of each state, then by chance."""
    number = 0
    while True:
        drawn = chance.choices(list(STATES), [weight for weight, _, _ in STATES.values()], k=20)
        for state in list(STATES) if number == 0 else drawn:
            number += 1
            made = STATES[state][1](Visitor(state, Browser(door), forms, number))
            made.page = STATES[state][2]
            yield made


def right(chance: Random, rule: str, name: str, visitor: Visitor, shown: Collection[str]) -> str | File:
    """An answer that a field may well be given: one that is known here, or else one that a page has `shown`."""
    known = visitor.known
    if name in {"csrf_token", "version"}:
        return known.get(name, "")
    if (rule, name) in {("/papers", "paper"), ("/card/photo", "photo")}:
        return File((_bill() if name == "paper" else _shown_card()) if chance.random() < 0.04 else b"no picture")
    if name in _RIGHT:
        return chance.choice(_RIGHT[name])
    return known.get(name) or (chance.choice(sorted(shown)) if shown else "")


_RIGHT: dict[str, tuple[str, ...]] = {
    **{name: (value,) for name, value in {**NAME, **SIGN}.items()},
    "address": ("100 oak street", "200 elm street", "100 oka street", "oak and elm"),
    "birth_partly": ("", "", "yes"),
    "card": (*(card(number) for number in range(100, 140)), STRANGE, SLEEPING),
    "choice": ("", "", "", "100 OAK ST"),
    "email": (f"{MARK}@example.org", ""),
    "home": ("address", "address", "no-fixed", "facility", "program", "unlisted"),
    "kind": ("utility-bill", "lease"),
    "language": ("en", "es", "so", "hmn"),
    "mail_to": (f"100 {MARK} St\r\nMinneapolis MN 55401", ""),
    "place": (f"{MARK} shelter", ""),
    "shared": ("yes", "no"),
    "since_day": ("", "1"),
    "sort_name": ("", MARK),
    "strokes": ("", "", ";".join("12,30 14,33 20,40 31,44" for _ in range(4))),
    "then": ("", "", "", "", "save", "in-es"),
    "unit": ("", f"4B {MARK}"),
    "way": ("papers", "uploaded", "vouching", "facility-staff", "prior-registration"),
}


@cache
def _shown_card() -> bytes:
    drawn, taken = io.BytesIO(), io.BytesIO()
    segno.make(PRESENTED, micro=False).save(drawn, kind="png", scale=12, border=6)
    Image.open(drawn).convert("RGB").save(taken, "JPEG")
    return taken.getvalue()


@cache
def _bill() -> bytes:
    taken = io.BytesIO()
    Image.new("RGB", (340, 440), "white").save(taken, "JPEG")
    return taken.getvalue()
