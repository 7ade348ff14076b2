"""What is planted: people who do not exist, with names, dates, places and numbers that nothing else could hold.

A new capability that takes something personal adds it here: a field to `Person` and to `_of_a_person`, or a canary of
its own to `OTHERS` (an e-mail address, a telephone number, the bytes of an image), and plants it in the run.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from random import Random

from PIL import Image

from tests.voter_reg.town import card


@dataclass(frozen=True, slots=True)
class Canary:
    """Something personal that was planted: as text in one of its writings, or as bytes."""

    kind: str
    text: str | None = None
    raw: bytes | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """One resident, as they fill in the forms. `since` is a month; a card makes them prove residency by it."""

    name: str
    sort_name: str
    born: date
    since: date
    typed_address: str
    address: str
    unit: str
    card: str | None = None


BY_CARD = Person(
    "Quetzalcoatlina Xylophagius", "Xylophagius", date(1931, 2, 27), date(1987, 6, 1),
    "118 oak st", "118 OAK ST", "Wing 77Q", card(4711471147),
)  # fmt: skip
BY_PAPERS = Person(
    "Þorgerður Ñandúzqué", "Ñandúzqué", date(1949, 11, 13), date(1993, 4, 1),
    "226 elm st", "226 ELM ST", "Loft ÆÞ-52",
)  # fmt: skip
SAME_CARD = Person(
    "Zbigniewka Kwiatkowszczyk", "Kwiatkowszczyk", BY_CARD.born, date(1988, 9, 1),
    "118 oak st", "118 OAK ST", "Wing 78Q", BY_CARD.card,
)  # fmt: skip
LEAVES = Person(
    "Ngũgĩwanjirũ Mbaabuwakĩra", "Mbaabuwakĩra", date(1958, 7, 19), date(2001, 10, 1),
    "334 ash st", "334 ASH ST", "Cellar 33VV",
)  # fmt: skip
COMES_BACK = Person(
    "Ксенофонтина Преображенцева", "Преображенцева", date(1962, 12, 30), date(2004, 5, 1),
    "232 ash st", "232 ASH ST", "Attic 19JX", card(5813581358),
)  # fmt: skip
PEOPLE = (BY_CARD, BY_PAPERS, SAME_CARD, LEAVES, COMES_BACK)
ON_THE_ROLL = (BY_CARD, COMES_BACK)

DEMANDED = {"sender": "Bureau of Quibbling Inspectors", "says": "Every zwitterionic register since Michaelmas"}
"""A legal demand, as it is entered."""

NOTED = "Smudged zwieback crumbs obscure this quarterly parchment"
"""What a reviewer notes of a proof."""


def _noise() -> bytes:
    """A page that no other picture resembles, as a JPEG."""
    page = io.BytesIO()
    Image.frombytes("L", (160, 160), Random("a planted page").randbytes(160 * 160)).save(page, "JPEG")
    return page.getvalue()


PAGE = _noise()
"""A page of a residency paper."""

OTHERS: tuple[Canary, ...] = (
    *(Canary("demand", text) for text in DEMANDED.values()),
    Canary("note", NOTED),
    Canary("paper", raw=PAGE[-400:-320]),
)
"""Canaries that belong to nobody above."""


def planted() -> tuple[Canary, ...]:
    """Every canary, each once."""
    found = [canary for person in PEOPLE for canary in _of_a_person(person)]
    return tuple(dict.fromkeys([*found, *OTHERS]))


def _of_a_person(person: Person) -> list[Canary]:
    return [
        *(Canary("name", word) for word in person.name.split()),
        *(Canary("birth date", written) for written in _days(person.born)),
        *(Canary("resident since", written) for written in _months(person.since)),
        Canary("address", person.address),
        Canary("unit", person.unit),
        *(Canary("card", written) for written in _numbers(person.card)),
    ]


def _days(day: date) -> list[str]:
    month, y, m, d = day.strftime("%B"), day.year, day.month, day.day
    return [
        f"{y}-{m:02}-{d:02}", f"{y}{m:02}{d:02}", f"{d:02}.{m:02}.{y}", f"{m}/{d}/{y}", f"{month} {d}, {y}",
        f"{d} {month} {y}", f"date({y}, {m}, {d})",
    ]  # fmt: skip


def _months(month: date) -> list[str]:
    return [f"{month.year}-{month.month:02}", f"{month.month:02}/{month.year}", f"{month:%B %Y}"]


def _numbers(number: str | None) -> list[str]:
    if number is None:
        return []
    groups = [number[at : at + 4] for at in range(0, len(number), 4)]
    return [number, " ".join(groups), "-".join(groups)]
