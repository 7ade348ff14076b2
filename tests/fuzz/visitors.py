"""Visitors of the portal, each brought by right answers to where fuzzing takes over; and the right answers.

A new form is fuzzed by itself as soon as a page that a visitor sees links to it. What it needs besides is its right
answers, in `right`, what says that it was accepted, in `reached.py`, and a state in `STATES` if no visitor would come
by.
"""

from __future__ import annotations

import io
import re
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
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

    def __post_init__(self) -> None:
        self.fields["/ahead"]["address"] = set()  # no form: the script of the page sends it

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
    """One browser with what it knows; `state` says how it began, `near` which forms it mostly sends.

    `mine` are its own answers about itself, as its record has them now.
    """

    state: str
    browser: Browser
    forms: Forms
    number: int
    known: dict[str, str] = field(default_factory=dict)
    mine: dict[str, str] = field(default_factory=lambda: dict(NAME))
    page: str = "/notice"
    near: tuple[str, ...] = ()
    is_registered: bool = False
    posts_after_leaving: int = 0

    def send(self, sent: Sent) -> Answer:
        answer = self.browser.send(sent)
        self._learn(answer, sent)
        return answer

    def get(self, path: str) -> Answer:
        return self.send(Sent("GET", path))

    def post(self, path: str, **values: str) -> Answer:
        """Send right answers as a person would."""
        fields: Fields = [(name, self.known.get(name, "")) for name in ("csrf_token", "version")]
        form = encoded([*fields, *values.items()])
        answer = self.send(Sent("POST", path, form.body, form.headers))
        return self.get(answer.header("Location")) if answer.status == 303 else answer

    def _learn(self, answer: Answer, sent: Sent) -> None:
        if "text/html" not in answer.header("Content-Type"):
            return
        page, place = answer.text, sent.place
        for name in ("csrf_token", "version", "page", "paper"):
            if found := re.search(rf'name="{name}" value="([^"]*)"', page):
                self.known[name] = unescape(found[1])
        if "/resume/" in page and (found := re.search(r"(/resume/[\w.-]+)", page)):
            self.known["link"] = found[1]
        codes = [unescape(code) for code in re.findall(r'<p class="code">([^<]+)', page)]
        if place == "/done" and codes:
            self.is_registered = True
            self.known.update(zip(("code", "vouching_code"), codes, strict=False))
        elif place == "/save" and codes:
            self.known["saved_code"] = codes[0]
        if (sent.method, place, answer.status) == ("GET", "/record/dates", 200):
            self._learn_birth(page)
        self.forms.read(page, place)

    def _learn_birth(self, page: str) -> None:
        """The birth date that the record has now: the one to sign in with."""
        for name in ("birth_month", "birth_day", "birth_year"):
            if tag := re.search(rf'<input[^>]*\bname="{name}"[^>]*>', page):
                value = re.search(r'\bvalue="([^"]*)"', tag[0])
                self.mine[name] = unescape(value[1]) if value else ""
        self.mine["birth_partly"] = "" if self.mine["birth_day"] else "yes"


NAME = {
    "name": f"Amina {MARK}",
    "birth_month": "1",
    "birth_day": "1",
    "birth_year": "1990",
    "since_month": "5",
    "since_year": "2015",
}
"""What most visitors say of themselves."""
SIGN = {"sworn": "guardian", "signature": f"Amina {MARK}", "signed": "yes"}


def _walk(visitor: Visitor, *, way: str = "card", steps: int = 5) -> Visitor:
    """Answer so many questions, of the notice, the address, the name, the card and the signature."""
    visitor.known["card"] = card(1000 + visitor.number)
    visitor.get("/notice")
    does: tuple[Callable[[], object], ...] = (
        lambda: visitor.post("/notice"),
        lambda: visitor.post("/address", address="100 oak street"),
        lambda: (visitor.get("/name"), visitor.post("/name", **visitor.mine)),
        lambda: visitor.post("/card", card=visitor.known["card"]) if way == "card" else _show(visitor, way),
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


def _neighbor(visitor: Visitor) -> Visitor:
    """Someone of the same precinct who has just registered and waits for a voucher."""
    return _walk(Visitor("", Browser(visitor.browser.door), visitor.forms, visitor.number), way="vouching")


def _look(voucher: Visitor, word: str) -> None:
    """Come to the page of the oath with a neighbor's code."""
    voucher.get("/vouch")
    voucher.post("/vouch", code=voucher.known.get("code", ""), vouching_code=word, **_of(voucher.mine, "birth"))


def _vouches(visitor: Visitor) -> Visitor:
    """A registered voter on the page of the oath for one neighbor, who holds another's code too."""
    words = [_neighbor(visitor).known.get("vouching_code", "") for _ in range(2)]
    _walk(visitor)
    _look(visitor, words[0])
    visitor.known["vouching_code"] = words[1]
    visitor.near = VOUCHING
    return visitor


def _own(visitor: Visitor, way: str = "card") -> Visitor:
    """Registered, and signed in to the own record."""
    return signed_in(_walk(visitor, way=way))


def signed_in(visitor: Visitor) -> Visitor:
    """Signed in to the own record, with every page of it seen by the first who is."""
    visitor.get("/record")
    visitor.post("/record", code=visitor.known["code"], **_of(visitor.mine, "birth"))
    if "/record/name" not in visitor.forms.fields:
        for path in (*OWN, LEAVING, "/record/address?home=facility"):
            visitor.get(path)
    visitor.near = OWN
    return visitor


def _vouched(visitor: Visitor) -> Visitor:
    """On the roll by a neighbor's oath, and signed in."""
    voucher = _walk(Visitor("", Browser(visitor.browser.door), visitor.forms, visitor.number))
    _walk(visitor, way="vouching")
    _look(voucher, visitor.known["vouching_code"])
    voucher.post("/vouch/oath", page=voucher.known["page"], sworn="yes")
    return signed_in(visitor)


def _listed(visitor: Visitor) -> Visitor:
    """Decided for an election whose list was made, so that the law keeps the form of whoever leaves; and signed in.

    Born on a day of their own: deciding looks for whoever may be the same person, which is not what is asked here.
    """
    month, day = visitor.number % 12 + 1, visitor.number // 12 % 28 + 1
    visitor.mine.update(birth_month=str(month), birth_day=str(day), birth_year=str(1940 + visitor.number % 60))
    _walk(visitor)
    visitor.browser.door.decide()
    return signed_in(visitor)


def _of(answers: dict[str, str], start: str) -> dict[str, str]:
    return {name: value for name, value in answers.items() if name.startswith(start)}


LEAVING = "/record/leave"
OWN = ("/record/address", "/record/name", "/record/dates", "/record/contact", "/record/card", "/record/papers",
       "/record/letters")  # fmt: skip
VOUCHING = ("/vouch", "/vouch/oath")
_NEAR = {"/card": ("/card", "/way", "/card/photo"), "/papers": ("/papers", "/papers/done", "/papers/remove")}

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
    "in the own record": (4, _own, "/record/name"),
    "in the own record, waiting": (2, lambda visitor: _own(visitor, "papers"), "/record/card"),
    "in the own record, to be vouched for": (1, lambda visitor: _own(visitor, "vouching"), "/record/address"),
    "in the own record, vouched for": (1, _vouched, "/record/dates"),
    "in the own record, on a list": (2, _listed, "/record/letters"),
    "leaving": (1, _own, LEAVING),
    "leaving a list": (1, _listed, LEAVING),
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
            made.near = made.near or _NEAR.get(made.page, ())
            yield made


def right(chance: Random, rule: str, name: str, visitor: Visitor, shown: Collection[str]) -> str | File:
    """An answer that a field may well be given: one that is known here, or else one that a page has `shown`."""
    known = visitor.known
    if name in {"csrf_token", "version"}:
        return known.get(name, "")
    if (rule, name) in {("/papers", "paper"), ("/card/photo", "photo")}:
        return File((_bill() if name == "paper" else _shown_card()) if chance.random() < 0.04 else b"no picture")
    if (rule, name) in _RIGHT_AT:
        return _RIGHT_AT[rule, name](chance, visitor)
    if name in visitor.mine:
        return visitor.mine[name]
    if name in _RIGHT:
        return chance.choice(_RIGHT[name])
    return known.get(name) or (chance.choice(sorted(shown)) if shown else "")


_RIGHT: dict[str, tuple[str, ...]] = {
    **{name: (value,) for name, value in SIGN.items()},
    "address": ("100 oak street", "200 elm street", "100 oka street", "oak and elm"),
    "birth_partly": ("", "", "yes"),
    "card": (*(card(number) for number in range(100, 140)), STRANGE, SLEEPING),
    "choice": ("", "", "", "100 OAK ST"),
    "email": (f"{MARK}@example.org", ""),
    "home": ("address", "address", "no-fixed", "facility", "program", "unlisted"),
    "kind": ("utility-bill", "lease"),
    "language": ("en", "es", "so", "hmn"),
    "lawyer": ("yes",),
    "letter": ("rules", "registration", "voting"),
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


def _or_fresh(*others: str) -> Callable[[Random, Visitor], str]:
    """A card that nobody has used yet, or now and then one of `others`."""

    def drawn(chance: Random, visitor: Visitor) -> str:
        fresh = card(1_000_000 + 1000 * visitor.number + chance.randrange(1000))
        return chance.choice(others) if chance.random() < 0.4 else fresh

    return drawn


def _one_of(*answers: str) -> Callable[[Random, Visitor], str]:
    return lambda chance, _: chance.choice(answers)


def _sure(chance: Random, visitor: Visitor) -> str:
    """Who came for something else leaves seldom, or nobody would stay for the other forms."""
    return "yes" if visitor.page == LEAVING or chance.random() < 0.1 else ""


_RIGHT_AT: Mapping[tuple[str, str], Callable[[Random, Visitor], str]] = {
    **{(rule, "signed"): _one_of(f"Amina {MARK}", f"Amina Warsame {MARK}") for rule in OWN},
    ("/card", "card"): _or_fresh(*_RIGHT["card"]),
    ("/record/card", "card"): _or_fresh(*_RIGHT["card"][-12:]),
    ("/record/address", "address"): _one_of("100 oak street", "200 elm street", "300 ash street", "100 oka street"),
    ("/record/name", "name"): _one_of(f"Amina {MARK}", f"Amina Warsame {MARK}", f"عائشة {MARK}", f"Ксения {MARK}"),
    ("/record/dates", "birth_day"): lambda chance, visitor: "2" if chance.random() < 0.2 else visitor.mine["birth_day"],
    ("/record/dates", "since_year"): _one_of("2015", "2016", "2024"),
    (LEAVING, "sure"): _sure,
    (LEAVING, "then"): lambda chance, visitor: (
        "onward" if _sure(chance, visitor) and chance.random() < 0.3 else chance.choice(("", "", "", "in-es"))
    ),
    ("/record/letters", "shown"): lambda _, visitor: visitor.known.get("card", ""),
    ("/resume/<sealed>", "code"): lambda _, visitor: visitor.known.get("saved_code", ""),
}
"""Right answers that differ from one form to the next."""


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
