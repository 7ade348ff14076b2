"""The registry's cards: kept only as keyed hashes, so that its file shows no one.

A card is found by its number together with its holder's birth date; its address is a second hash. Whoever steals the
file without the key cannot list holders, and with the key can only confirm what they already know of a card.

A card that was signed or revoked has a place in the published list of statuses, drawn by lot: its number tells neither
when the card was issued nor which one it is.
"""

from __future__ import annotations

import hmac
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

from eligibility.building import building_key
from eligibility.errors import BadInput

PLACES = 2**17
"""Cards that the list of statuses has room for."""

VALID, REVOKED, SUSPENDED = 0, 1, 2
"""Statuses, as the published list has them."""

_SCHEMA = "CREATE TABLE card (holder BLOB PRIMARY KEY, address BLOB NOT NULL, valid_until BLOB NOT NULL) WITHOUT ROWID"
_STATUS_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS status "
    "(holder BLOB PRIMARY KEY, place INTEGER NOT NULL UNIQUE, status INTEGER NOT NULL) WITHOUT ROWID"
)
_INSERT = "INSERT INTO card VALUES (?, ?, ?)"
_FIND = "SELECT address, valid_until FROM card WHERE holder = ?"
_FIND_STATUS = "SELECT status FROM status WHERE holder = ?"


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
            _ensure_statuses(path)
            self._find(b"")
        except sqlite3.DatabaseError as problem:
            raise BadInput(f"is no card file ({problem})", str(path)) from None

    def check(self, number: str, born: str, address: str, today: date) -> Answer:
        """Answer for one card, with the same work whether there is such a card or not."""
        row, status = self._find(_holder(self._key, number, born))
        lives, until = row or (bytes(sha256().digest_size), b"0001-01-01")
        is_address = hmac.compare_digest(lives, _address(self._key, number, address))
        is_valid = today.isoformat().encode() <= until and status == VALID
        return Answer(row is not None, row is not None and is_valid, row is not None and is_address)

    def statuses(self) -> dict[int, int]:
        """The places in the published list whose cards are not valid, and what they are instead."""
        with closing(sqlite3.connect(self._uri, uri=True)) as connection:
            return dict(connection.execute("SELECT place, status FROM status WHERE status <> ?", (VALID,)))

    def _find(self, holder: bytes) -> tuple[tuple[bytes, bytes] | None, int]:
        """A card's row, if there is one, and its status."""
        with closing(sqlite3.connect(self._uri, uri=True)) as connection:
            row: tuple[bytes, bytes] | None = connection.execute(_FIND, (holder,)).fetchone()
            stated: tuple[int] | None = connection.execute(_FIND_STATUS, (holder,)).fetchone()
        return row, VALID if stated is None else stated[0]


def write_cards(path: Path, key: bytes, cards: Iterable[Card]) -> int:
    """Write a registry's file whole or not at all; how many cards it holds."""
    beside = path.with_suffix(".new")
    beside.unlink(missing_ok=True)
    beside.touch(mode=0o600)
    connection = sqlite3.connect(beside)
    with connection:
        connection.execute(_SCHEMA)
        connection.execute(_STATUS_SCHEMA)
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


def place_of(path: Path, key: bytes, number: str, born: str) -> int:
    """The place of a card in the published list; one is drawn by lot where it has none yet.

    Raises:
        BadInput: the file is not there, there is no such card, or the list is full.
    """
    with _writing(path) as connection:
        return _place(connection, _known_holder(connection, key, number, born))


def set_status(path: Path, key: bytes, number: str, born: str, status: int) -> None:
    """Revoke or suspend a card, or make it valid again: from now on for questions, and with the next list for all.

    Raises:
        BadInput: the file is not there, there is no such card, or the list is full.
    """
    with _writing(path) as connection:
        holder = _known_holder(connection, key, number, born)
        _place(connection, holder)
        connection.execute("UPDATE status SET status = ? WHERE holder = ?", (status, holder))


@contextmanager
def _writing(path: Path) -> Iterator[sqlite3.Connection]:
    """One transaction on a registry's file that is there."""
    if not path.is_file():
        raise BadInput("is not there; the registry has no cards", str(path))
    _ensure_statuses(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection, connection:
        connection.execute("BEGIN IMMEDIATE")  # what is read next must still hold when it is written
        yield connection


def _ensure_statuses(path: Path) -> None:
    """A file of an earlier version has no table of statuses yet."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(_STATUS_SCHEMA)


def _known_holder(connection: sqlite3.Connection, key: bytes, number: str, born: str) -> bytes:
    holder = _holder(key, number, born)
    if connection.execute(_FIND, (holder,)).fetchone() is None:
        raise BadInput("there is no card of this number and birth date", "card")
    return holder


def _place(connection: sqlite3.Connection, holder: bytes) -> int:
    found = connection.execute("SELECT place FROM status WHERE holder = ?", (holder,)).fetchone()
    if found:
        return int(found[0])
    taken = {place for (place,) in connection.execute("SELECT place FROM status")}
    if len(taken) >= PLACES:
        raise BadInput(f"the list of statuses is full ({PLACES} cards)", "card")
    place = secrets.choice([place for place in range(PLACES) if place not in taken])
    connection.execute("INSERT INTO status VALUES (?, ?, ?)", (holder, place, VALID))
    return place


def _row(key: bytes, card: Card) -> tuple[bytes, bytes, bytes]:
    return (
        _holder(key, card.number, card.born),
        _address(key, card.number, card.address),
        card.valid_until.isoformat().encode(),
    )


def _holder(key: bytes, number: str, born: str) -> bytes:
    return hmac.digest(key, f"holder|{number}|{born}".encode(), sha256)


def _address(key: bytes, number: str, address: str) -> bytes:
    """Bound to the card, so that people of one address do not show as neighbours. Only its building is compared."""
    return hmac.digest(key, f"address|{number}|{building_key(address) or ''}".encode(), sha256)
