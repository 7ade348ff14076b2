"""A read-only dictionary from texts to numbers, kept as flat bytes that are looked up where they lie.

An open-addressing hash table with linear probing: `slots` holds key numbers plus one, `ends` where each key's text ends
in `texts`, `values` each key's number. Nothing is built at opening, so a table of any size opens at once; every hit is
compared with the key's own text, so a hash that collides never answers for another key.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from zlib import crc32

_PARTS = ("slots", "ends", "texts", "values")


def build_table(name: str, pairs: Iterable[tuple[bytes, int]]) -> dict[str, bytes]:
    """The sections of a table, named ``{name}.{part}``; keys must be distinct, values fit 32 bits."""
    listed = sorted(pairs)
    size = 8
    while size < 2 * len(listed):
        size *= 2
    slots, ends, values, at = array("I", bytes(4 * size)), array("I"), array("I"), 0
    for number, (key, value) in enumerate(listed, start=1):
        slot = crc32(key) & (size - 1)
        while slots[slot]:
            slot = (slot + 1) & (size - 1)
        slots[slot] = number
        at += len(key)
        ends.append(at)
        values.append(value)
    parts = (slots.tobytes(), ends.tobytes(), b"".join(key for key, _ in listed), values.tobytes())
    return {f"{name}.{part}": content for part, content in zip(_PARTS, parts, strict=True)}


class KeyTable:
    """A table over mapped sections."""

    __slots__ = ("_ends", "_mask", "_slots", "_texts", "_values")

    def __init__(self, name: str, sections: Mapping[str, memoryview]) -> None:
        self._slots = sections[f"{name}.slots"].cast("I")
        self._ends = sections[f"{name}.ends"].cast("I")
        self._texts = sections[f"{name}.texts"]
        self._values = sections[f"{name}.values"].cast("I")
        self._mask = len(self._slots) - 1

    def get(self, key: bytes) -> int:
        """The key's number, or -1."""
        slots, mask = self._slots, self._mask
        slot = crc32(key) & mask
        while number := slots[slot]:
            start = self._ends[number - 2] if number > 1 else 0
            if self._texts[start : self._ends[number - 1]] == key:
                return self._values[number - 1]
            slot = (slot + 1) & mask
        return -1


TABLE_PARTS = _PARTS
"""The parts that a table's sections are named for."""
