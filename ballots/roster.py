"""A frozen roster: who may vote in one election, in an order and with a digest that never change again."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Annotated, Any, NewType

from eligibility.district_id import natural

_FORMAT = 2
_WITHOUT_MARKS = 1
"""The format of rosters frozen before entries had a reviewer's mark."""

RosterBlock = NewType("RosterBlock", bytes)
"""The voters of one precinct in roster order, as `block_bytes` writes them."""


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """One voter on a roster: the least an election judge needs.

    Each field says what it is kept for. `voter_id` is random, and means nothing elsewhere; `contests` are ids.
    Whoever carries a reviewer's mark votes like anyone.
    """

    voter_id: Annotated[str, "Tells voters of one name apart, and marks who has voted."]
    name: Annotated[str, "What election judges look the voter up by."]
    sort_name: Annotated[str, "Where the voter stands in the poll book."]
    birth_year: Annotated[str, "Tells voters of one name apart; the day is left out."]
    address: Annotated[str, "Shows judges that the voter is at the right polling place."]
    precinct: Annotated[str, "Which poll book lists the voter."]
    split: Annotated[str, "Which part of the precinct, where its ballots differ."]
    style: Annotated[str, "Which ballot the voter is handed."]
    review: Annotated[str, '"1" while a reviewer still looks at the voter\'s record, else empty; says nothing more.']
    contests: Annotated[tuple[str, ...], "Which poll books of single contests list the voter."]


@dataclass(frozen=True, slots=True)
class RosterHead:
    """What a roster says of itself: where, when, under which rules and lines, and whether it is a demonstration."""

    place: str
    place_name: str
    day: date
    frozen_at: datetime
    pack_digest: str
    map_digest: str
    demonstration: bool


def in_roster_order(entries: Iterable[RosterEntry]) -> list[RosterEntry]:
    """By precinct, then by name as a reader looks for it, then by id so that the order is total."""
    return sorted(entries, key=lambda e: (natural(e.precinct), folded(e.sort_name), folded(e.name), e.voter_id))


def folded(name: str) -> str:
    """A name as one looks it up: without case and marks, so that Ábalos stands beside Abalos."""
    return "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))


def block_bytes(entries: Sequence[RosterEntry]) -> RosterBlock:
    """The entries of one precinct in roster order, as canonical bytes."""
    rows = [list(asdict(entry).values()) for entry in entries]
    return RosterBlock(json.dumps([_FORMAT, rows], ensure_ascii=False, separators=(",", ":")).encode())


def read_block(raw: bytes) -> list[RosterEntry]:
    """The entries of `block_bytes`.

    Raises:
        ValueError: not such a block.
    """
    version, rows = json.loads(raw)
    if version not in {_FORMAT, _WITHOUT_MARKS}:
        raise ValueError(f"roster block of format {version}, not {_FORMAT}")
    return [_entry(row if version == _FORMAT else [*row[:-1], "", row[-1]]) for row in rows]


def _entry(row: list[Any]) -> RosterEntry:
    row[-1] = tuple(row[-1])
    return RosterEntry(*row)


def roster_digest(head: RosterHead, blocks: Iterable[tuple[str, bytes]]) -> str:
    """SHA-256 over the head and each precinct's block in order: two rosters are the same exactly when this is."""
    digest = hashlib.sha256()
    stated = {key: str(value) for key, value in asdict(head).items()}
    digest.update(json.dumps(stated, sort_keys=True).encode())
    for precinct, raw in blocks:
        digest.update(hashlib.sha256(precinct.encode()).digest() + hashlib.sha256(raw).digest())
    return digest.hexdigest()
