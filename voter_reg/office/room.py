"""One part of the office: its pages, its places in the navigation, and what it shows at home.

To add a part: a module with a `ROOM`, named in `voter_reg.office.views.ROOMS`. Nothing else has to change.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint

from voter_reg.office.guards import EVERYONE
from voter_reg.office.visit import Visitor
from voter_reg.roles import Role


@dataclass(frozen=True, slots=True)
class Entry:
    """A place in the navigation, shown to who has one of the roles; `endpoint` takes no arguments."""

    label: str
    endpoint: str
    roles: frozenset[Role] = EVERYONE


@dataclass(frozen=True, slots=True)
class Card:
    """Something that waits for someone: plain words, how many, and where to do it. A count of 0 is shown as done."""

    title: str
    count: int
    href: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class CardSource:
    """Makes a card for who has one of the roles; the answer is None when there is nothing to show."""

    make: Callable[[Visitor], Card | None]
    roles: frozenset[Role] = EVERYONE


@dataclass(frozen=True, slots=True)
class Room:
    """A part of the office."""

    blueprint: Blueprint
    entries: tuple[Entry, ...] = ()
    cards: tuple[CardSource, ...] = ()
