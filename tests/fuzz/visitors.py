"""Visitors of the portal, each brought by right answers to where fuzzing takes over.

A new form is fuzzed by itself as soon as a page that a visitor sees links to it. What it needs besides is its right
answers, in `answers.py`, what says that it was accepted, in `reached.py`, and a state in `STATES` if no visitor would
come by.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from random import Random

from itsdangerous import TimestampSigner

from tests.fuzz.answers import bill
from tests.fuzz.sending import Browser, Door, Fields, File, Sent, in_parts, token_in
from tests.fuzz.visitor import LEAVING, OWN, SIGN, VOUCHING, Forms, Visitor
from tests.voter_reg.town import card
from voter_reg.portal.cookies import DRAFT_COOKIE, KIOSK_COOKIE


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
        form = in_parts([*fields, ("kind", "utility-bill"), ("paper", File(bill()))], Random(0))
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
