"""The registry's cards: kept only as keyed hashes, so that its file shows no one.

A card is found by its number together with its holder's birth date; its address is a second hash. Whoever steals the
file without the key cannot list holders, and with the key can only confirm what they already know of a card.
"""

from __future__ import annotations

import hmac
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from eligibility.address import AddressError, parse
from eligibility.errors import BadInput
from eligibility.street_line import name_key

_SCHEMA = "CREATE TABLE card (holder BLOB PRIMARY KEY, address BLOB NOT NULL, valid_until BLOB NOT NULL) WITHOUT ROWID"
_INSERT = "INSERT INTO card VALUES (?, ?, ?)"
_FIND = "SELECT address, valid_until FROM card WHERE holder = ?"


@dataclass(frozen=True, slots=True)
class Card:
    """A card as it is issued: number, holder's birth date (ISO text, as precise as known), address, last valid day."""

    number: str
    born: str
    address: str
    valid_until: date


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the number and birth date are of one card, whether that is valid today, whether the address is its."""

    match: bool
    valid: bool
    address: bool


class CardFile:
    """The cards of one registry. Reading only; `write_cards` makes the file."""

    def __init__(self, path: Path, key: bytes) -> None:
        if not path.is_file():
            raise BadInput("is not there; the registry has no cards", str(path))
        # As a URI, in which a folder's own "?" or "#" is escaped.
        self._uri = f"{path.absolute().as_uri()}?mode=ro"
        self._key = key
        try:
            self._find(b"")
        except sqlite3.DatabaseError as problem:
            raise BadInput(f"is no card file ({problem})", str(path)) from None

    def check(self, number: str, born: str, address: str, today: date) -> Answer:
        """Answer for one card, with the same work whether there is such a card or not."""
        row = self._find(_holder(self._key, number, born))
        lives, until = row or (bytes(sha256().digest_size), b"0001-01-01")
        is_address = hmac.compare_digest(lives, _address(self._key, number, address))
        is_valid = today.isoformat().encode() <= until
        return Answer(row is not None, row is not None and is_valid, row is not None and is_address)

    def _find(self, holder: bytes) -> tuple[bytes, bytes] | None:
        with closing(sqlite3.connect(self._uri, uri=True)) as connection:
            row: tuple[bytes, bytes] | None = connection.execute(_FIND, (holder,)).fetchone()
        return row


def write_cards(path: Path, key: bytes, cards: Iterable[Card]) -> int:
    """Write a registry's file whole or not at all; how many cards it holds."""
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    beside.touch(mode=0o600)
    connection = sqlite3.connect(beside)
    with connection:
        connection.execute(_SCHEMA)
        rows = [_row(key, card) for card in cards]
        # By hash, so that the file does not keep the order in which cards were issued.
        connection.executemany(_INSERT, sorted(rows))
    connection.close()
    beside.replace(path)
    return len(rows)


def add_card(path: Path, key: bytes, card: Card) -> None:
    """Add one card to a registry's file.

    Raises:
        BadInput: the file is not there, or the number and birth date are a card's already.
    """
    if not path.is_file():
        raise BadInput("is not there; the registry has no cards", str(path))
    connection = sqlite3.connect(path)
    try:
        with connection:
            connection.execute(_INSERT, _row(key, card))
    except sqlite3.IntegrityError:
        raise BadInput("this number and birth date are a card's already", str(path)) from None
    finally:
        connection.close()


def _row(key: bytes, card: Card) -> tuple[bytes, bytes, bytes]:
    return (
        _holder(key, card.number, card.born),
        _address(key, card.number, card.address),
        card.valid_until.isoformat().encode(),
    )


def _holder(key: bytes, number: str, born: str) -> bytes:
    return hmac.digest(key, f"holder|{number}|{born}".encode(), sha256)


def _address(key: bytes, number: str, address: str) -> bytes:
    """Bound to the card, so that people of one address do not show as neighbours."""
    return hmac.digest(key, f"address|{number}|{_canonical(address)}".encode(), sha256)


def _canonical(address: str) -> str:
    """The building, wherever its direction stands: a card may leave the unit out, and so may who types it."""
    try:
        parts = parse(address)
    except AddressError:
        return ""
    return "|".join((parts.kind, parts.house, name_key(parts.name), parts.type, *sorted(parts.directions)))
