"""The search: every spelling of every canary at once, through bytes, files and folders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import numpy as np

from tests.canary.canaries import Canary
from tests.canary.hidings import spellings, unpacked

_ANCHOR = 4  # first bytes of a spelling by which candidates are found
_STEP = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True, order=True)
class Trace:
    """Where a canary was found, and which."""

    where: str
    kind: str


class Search:
    """Finds canaries. `public` is what may be anywhere: the city's map has every address of the city, nobody's name."""

    def __init__(self, canaries: Iterable[Canary], public: bytes = b"") -> None:
        self._spelled: dict[int, list[tuple[bytes, str]]] = defaultdict(list)
        for canary in canaries:
            for spelled in spellings(canary):
                self._spelled[int.from_bytes(spelled[:_ANCHOR], "little")].append((spelled, canary.kind))
        self._anchors = np.array(sorted(self._spelled), np.uint32)
        self._pairs = np.zeros(1 << 16, bool)
        self._pairs[self._anchors & 0xFFFF] = True
        self._public = public
        self._clean: set[bytes] = set()

    def find(self, raw: bytes) -> set[str]:
        """The kinds of canaries in these bytes, in any spelling and however packed."""
        # What was searched before and found clean needs no second look: most files do not change between two looks.
        known = blake2b(raw).digest()
        if known in self._clean or (self._public and raw in self._public):
            return set()
        found = set(self._plain(raw))
        for inner in unpacked(raw):
            found.update(self._plain(inner))
        if not found:
            self._clean.add(known)
        return found

    def folder(self, folder: Path) -> list[Trace]:
        """Canaries in the files of a folder, in their names and in the targets of links."""
        found = []
        for path in sorted(folder.rglob("*")):
            found += [Trace(f"name of {path}", kind) for kind in self.find(str(path.relative_to(folder)).encode())]
            try:
                raw = (
                    str(path.readlink()).encode() if path.is_symlink() else path.read_bytes() if path.is_file() else b""
                )
            except OSError:  # it has gone; whoever wrote it is watched
                continue
            found += [Trace(str(path), kind) for kind in self.find(raw)]
        return sorted(set(found))

    def _plain(self, raw: bytes) -> Iterator[str]:
        lowered = raw.lower()
        for start in range(0, len(lowered), _STEP):
            for at in self._likely(lowered, start):
                for spelled, kind in self._spelled[int.from_bytes(lowered[at : at + _ANCHOR], "little")]:
                    if lowered.startswith(spelled, at):
                        yield kind

    def _likely(self, lowered: bytes, start: int) -> list[int]:
        """Where a spelling may begin: its first two bytes are looked up in a table, its first four in a list."""
        row = np.frombuffer(lowered, np.uint8)[start : start + _STEP + _ANCHOR - 1]
        if len(row) < _ANCHOR:
            return []
        pairs = row[:-1].astype(np.uint16) | (row[1:].astype(np.uint16) << 8)
        at = np.flatnonzero(self._pairs[pairs[:-2]])
        fours = pairs[at].astype(np.uint32) | (pairs[at + 2].astype(np.uint32) << 16)
        if not len(self._anchors):
            return []
        nearest = np.minimum(np.searchsorted(self._anchors, fours), len(self._anchors) - 1)
        return (at[self._anchors[nearest] == fours] + start).tolist()
