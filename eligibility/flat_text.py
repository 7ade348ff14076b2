"""Texts by number and numbers by text, in flat bytes that are read where they lie: nothing is built at opening.

Numbers are little-endian. A section is `bytes` when it is built and a `memoryview` of a mapped file when it is read.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from zlib import crc32

from eligibility.errors import MapError

Sections = Mapping[str, memoryview]


def pack_numbers(code: str, numbers: Iterable[int] | Iterable[float]) -> bytes:
    """Numbers as little-endian bytes; `code` is one of `struct`'s (``H I Q f d``)."""
    packed = array(code, numbers)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def read_numbers(sections: Sections, name: str, code: str) -> memoryview:
    """The section as a sequence of numbers, without copying.

    Raises:
        MapError: missing or of broken length, or the machine is not little-endian.
    """
    if sys.byteorder != "little":
        raise MapError("address indexes are read on little-endian machines only", name)
    try:
        return memoryview(sections[name]).cast("B").cast(code)
    except (KeyError, TypeError) as problem:
        raise MapError("section is missing or broken", name) from problem


def pack_texts(name: str, texts: Sequence[str]) -> dict[str, bytes]:
    """Sections of a `Texts`."""
    encoded = [text.encode() for text in texts]
    ends, end = [0], 0
    for text in encoded:
        end += len(text)
        ends.append(end)
    return {name: b"".join(encoded), f"{name}_ends": pack_numbers("I", ends)}


class Texts:
    """A list of texts, decoded one by one."""

    __slots__ = ("_blob", "_ends")

    def __init__(self, sections: Sections, name: str) -> None:
        self._ends = read_numbers(sections, f"{name}_ends", "I")
        self._blob = read_numbers(sections, name, "B")
        if not len(self._ends) or self._ends[-1] != len(self._blob):
            raise MapError("section is missing or broken", name)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: int) -> str:
        return str(self._blob[self._ends[number] : self._ends[number + 1]], "utf-8")

    def is_at(self, number: int, encoded: bytes) -> bool:
        """Whether that text has these bytes."""
        return bool(self._blob[self._ends[number] : self._ends[number + 1]] == encoded)


def pack_keys(name: str, keys: Mapping[str, int]) -> dict[str, bytes]:
    """Sections of a `Keys`: an open-addressing table at most half full, a slot being CRC-32 and key number + 1."""
    size = 2
    while size < 2 * len(keys):
        size *= 2
    slots = [0] * size
    for number, key in enumerate(keys):
        checksum = crc32(key.encode())
        slot = checksum & (size - 1)
        while slots[slot]:
            slot = (slot + 1) & (size - 1)
        slots[slot] = checksum << 32 | number + 1
    numbers = {f"{name}_slots": pack_numbers("Q", slots), f"{name}_values": pack_numbers("I", keys.values())}
    return pack_texts(name, list(keys)) | numbers


class Keys:
    """A dictionary from text to number, looked up in place."""

    __slots__ = ("_mask", "_slots", "_texts", "_values")

    def __init__(self, sections: Sections, name: str) -> None:
        self._texts = Texts(sections, name)
        self._slots = read_numbers(sections, f"{name}_slots", "Q")
        self._values = read_numbers(sections, f"{name}_values", "I")
        self._mask = len(self._slots) - 1
        if (
            len(self._values) != len(self._texts)
            or len(self._slots) <= len(self._texts)
            or len(self._slots) & self._mask
        ):
            raise MapError("section is missing or broken", name)

    def get(self, key: str) -> int | None:
        """The number of `key`, or None."""
        encoded = key.encode("utf-8", "surrogatepass")
        checksum = crc32(encoded)
        slot = checksum & self._mask
        while entry := self._slots[slot]:
            number = (entry & 0xFFFFFFFF) - 1
            if entry >> 32 == checksum and self._texts.is_at(number, encoded):
                return int(self._values[number])
            slot = (slot + 1) & self._mask
        return None
