"""A TOML table read key by key, so that every error names the file, the key and what was expected."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from eligibility.errors import BadInput, PackError

K = TypeVar("K")

_LONGEST_FILE = 2_000_000  # bytes; a pack or a map's description is a few kilobytes


def nearest(word: str, known: Iterable[str]) -> str:
    """`` (did you mean 'x'?)`` for the nearest of `known`, or nothing when none is near."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" (did you mean {close[0]!r}?)" if close else ""


def read_toml(path: Path, error: type[BadInput] = PackError) -> Table:
    """Read a TOML file whole.

    Raises:
        error: missing, empty, too long, not UTF-8, or not TOML; the message has the file and line.
    """
    try:
        raw = path.read_bytes()
    except OSError as problem:
        raise error(f"cannot be read: {problem.strerror}", str(path)) from problem
    if not raw.strip():
        raise error("is empty", str(path))
    if len(raw) > _LONGEST_FILE:
        raise error(f"is longer than {_LONGEST_FILE} bytes", str(path))
    try:
        data = tomllib.loads(raw.decode("utf-8"))
    except UnicodeDecodeError as problem:
        raise error(f"is not UTF-8 at byte {problem.start}", str(path)) from problem
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as problem:
        raise error(f"is not TOML: {problem}", str(path)) from problem
    return Table(data, str(path), error)


class Table:
    """One table; remembers which keys were read, so that a key nobody knows is an error and not a silent no-op."""

    def __init__(self, data: dict[str, Any], where: str, error: type[BadInput] = PackError) -> None:
        self._data = data
        self._known: set[str] = set()
        self._error = error
        self.where = where

    def __contains__(self, key: str) -> bool:
        return key in self._data

    def text(self, key: str, one_of: Iterable[str] = ()) -> str:
        """A string that is not blank, from a closed list if `one_of` is given."""
        value = self._take(key, str, "a text")
        if not value.strip():
            raise self._error(f"{key} is blank", self.where)
        choices = tuple(one_of)
        if choices and value not in choices:
            raise self._error(
                f"unknown {key} {value!r}{nearest(value, choices)}; known: {', '.join(choices)}", self.where
            )
        return value

    def optional_text(self, key: str, default: str = "", one_of: Iterable[str] = ()) -> str:
        """A string, from a closed list if `one_of` is given, or `default` when the key is absent."""
        return self.text(key, one_of) if self._has(key) else default

    def possibly_blank(self, key: str) -> str:
        """A string that must be there and may be blank, such as a name that is still to be filled in."""
        return self._take(key, str, "a text").strip()

    def whole(self, key: str, low: int, high: int) -> int:
        """A whole number from `low` to `high`."""
        value = self._take(key, int, "a whole number")
        if not low <= value <= high:
            raise self._error(f"{key} is {value}; it must lie from {low} to {high}", self.where)
        return value

    def optional_number(self, key: str, default: float, low: float, high: float) -> float:
        """A number from `low` to `high`, whole or not, or `default` when the key is absent."""
        if not self._has(key):
            return default
        value = self._data[key]
        if type(value) not in {int, float}:
            raise self._error(f"{key} must be a number, not {value!r:.60}", self.where)
        if not low <= value <= high:
            raise self._error(f"{key} is {value}; it must lie from {low} to {high}", self.where)
        return float(value)

    def flag(self, key: str) -> bool:
        """True or false."""
        return self._take(key, bool, "true or false")

    def optional_flag(self, key: str, default: bool = False) -> bool:
        """True or false, or `default` when the key is absent."""
        return self.flag(key) if self._has(key) else default

    def day(self, key: str) -> date:
        """A calendar day without a time."""
        return self._take(key, date, "a date such as 2025-11-04")

    def optional_day(self, key: str) -> date | None:
        """A calendar day without a time, or None when the key is absent."""
        return self.day(key) if self._has(key) else None

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of strings, none blank and none twice."""
        values = self._take(key, list, "a list of texts")
        if not all(isinstance(value, str) and value.strip() for value in values):
            raise self._error(f"{key} must be a list of texts, none blank", self.where)
        if len(set(values)) != len(values):
            raise self._error(f"{key} names something twice", self.where)
        return tuple(values)

    def optional_texts(self, key: str) -> tuple[str, ...]:
        """A list of strings, or none when the key is absent."""
        return self.texts(key) if self._has(key) else ()

    def wholes(self, key: str, low: int, high: int) -> tuple[int, ...]:
        """A list of whole numbers from `low` to `high`, or none when the key is absent."""
        if not self._has(key):
            return ()
        values = self._take(key, list, "a list of whole numbers")
        if not all(type(value) is int and low <= value <= high for value in values):
            raise self._error(f"{key} must be a list of whole numbers from {low} to {high}", self.where)
        return tuple(values)

    def table(self, key: str) -> Table:
        """A table inside this one."""
        return Table(self._take(key, dict, "a table"), f"{self.where}: {key}", self._error)

    def optional_table(self, key: str) -> Table | None:
        """A table inside this one, or None when the key is absent."""
        return self.table(key) if self._has(key) else None

    def tables(self, key: str) -> list[Table]:
        """A list of tables, such as ``[[office]]``; empty when the key is absent."""
        if not self._has(key):
            return []
        values = self._take(key, list, f"a list of tables, [[{key}]]")
        if not all(isinstance(value, dict) for value in values):
            raise self._error(f"{key} must be a list of tables, [[{key}]]", self.where)
        return [Table(value, f"{self.where}: {key}[{n}]", self._error) for n, value in enumerate(values, start=1)]

    def is_text(self, key: str) -> bool:
        """Whether the key holds a string (for keys that may hold a word or a list)."""
        return isinstance(self._data.get(key), str)

    def plain(self) -> dict[str, Any]:
        """The table as plain data, for a digest."""
        return self._data

    def refuse_unknown(self) -> None:
        """Raise for the first key that nothing asked for, naming the nearest known one."""
        for key in self._data:
            if key not in self._known:
                hint = nearest(key, sorted(self._known)) or f"; known: {', '.join(sorted(self._known))}"
                raise self._error(f"unknown key {key!r}{hint}", self.where)

    def _has(self, key: str) -> bool:
        self._known.add(key)
        return key in self._data

    def _take(self, key: str, kind: type[K], what: str) -> K:
        if not self._has(key):
            raise self._error(f"missing {key}{self._misspelt(key)}", self.where)
        value = self._data[key]
        # `type is`, since a bool is an int and a date-time a date, and neither is meant.
        if type(value) is not kind:
            raise self._error(f"{key} must be {what}, not {value!r:.60}", self.where)
        return value

    def _misspelt(self, key: str) -> str:
        close = difflib.get_close_matches(key, [k for k in self._data if k not in self._known], n=1, cutoff=0.6)
        return f"; found the unknown key {close[0]!r}" if close else ""
