"""Right answers, field by field: what a person may well type, so that a post is wrong in what it means to be alone."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Mapping
from functools import cache
from random import Random

import segno
from PIL import Image

from tests.fuzz.behind import PRESENTED, SLEEPING, STRANGE
from tests.fuzz.sending import File
from tests.fuzz.values import MARK
from tests.fuzz.visitor import LEAVING, OWN, SIGN, Visitor
from tests.voter_reg.town import card


def right(chance: Random, rule: str, name: str, visitor: Visitor, shown: Collection[str]) -> str | File:
    """An answer that a field may well be given: one that is known here, or else one that a page has `shown`."""
    known = visitor.known
    if name in {"csrf_token", "version"}:
        return known.get(name, "")
    if (rule, name) in {("/papers", "paper"), ("/card/photo", "photo")}:
        # Each picture goes on to a decoder, a process of its own.
        return File((bill() if name == "paper" else _shown_card()) if chance.random() < 0.1 else b"no picture")
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
def bill() -> bytes:
    taken = io.BytesIO()
    Image.new("RGB", (340, 440), "white").save(taken, "JPEG")
    return taken.getvalue()
