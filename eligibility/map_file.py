"""The one-file container of a built map: a directory, and named sections that are mapped into memory, not read.

Layout, all numbers little-endian::

    16 bytes   magic
    32 bytes   digest: SHA-256 of the directory
     8 bytes   length of the directory
     …         directory, JSON: {"format", "meta", "sections": {name: [offset, length, SHA-256]}, "size"}
     …         sections, each on a 64-byte line, counted from the file's start

The directory holds every section's hash, so its own hash stands for the whole content, and one section can be proven
good when it is first used, without reading the others: a map of a large city opens in milliseconds.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from eligibility.errors import MapError

_MAGIC = b"\x89voter-reg map\r\n"
_DIGEST_AT, _LENGTH_AT, _DIRECTORY_AT = 16, 48, 56
_LINE = 64
_FORMAT = 2


def write_map(path: Path, meta: Mapping[str, Any], sections: Mapping[str, bytes]) -> str:
    """Write a map whole or not at all, and return its digest (64 hex digits).

    The same `meta` and `sections` give the same bytes.

    Raises:
        MapError: the file cannot be written; what was there before stays.
    """
    directory, body = _lay_out(meta, sections)
    digest = hashlib.sha256(directory)
    head = b"".join((_MAGIC, digest.digest(), len(directory).to_bytes(8, "little"), directory))
    temporary = None
    try:
        # In the same directory, since only there is a rename one step that either happened or did not.
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            temporary = file.name
            file.write(head)
            for part in body:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)  # a map is public; a temporary file is made for its owner alone
        Path(temporary).replace(path)
        temporary = None
    except (OSError, ValueError) as problem:
        raise MapError(f"cannot be written: {getattr(problem, 'strerror', None) or problem}", str(path)) from problem
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
    return digest.hexdigest()


def _lay_out(meta: Mapping[str, Any], sections: Mapping[str, bytes]) -> tuple[bytes, Iterator[bytes]]:
    hashes = {name: hashlib.sha256(sections[name]).hexdigest() for name in sorted(sections)}
    # Offsets stand in the directory, whose length depends on how many digits they have: lay out until it settles.
    directory, length = b"", -1
    while len(directory) != length:
        length = len(directory)
        places, at = {}, _DIRECTORY_AT + length
        for name, section_hash in hashes.items():
            at += -at % _LINE
            places[name] = [at, len(sections[name]), section_hash]
            at += len(sections[name])
        content = {"format": _FORMAT, "meta": meta, "sections": places, "size": at}
        directory = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("ascii")
    return directory, _body(sections, hashes, _DIRECTORY_AT + len(directory))


def _body(sections: Mapping[str, bytes], names: Mapping[str, str], at: int) -> Iterator[bytes]:
    for name in names:
        padding = -at % _LINE
        yield bytes(padding)
        yield sections[name]
        at += padding + len(sections[name])


class MapFile:
    """An open map file: `meta` and `digest` at once, sections when asked for."""

    def __init__(self, path: Path) -> None:
        """Open a built map.

        Raises:
            MapError: missing, empty, not a map, of another format, cut short, or changed since it was built.
        """
        self._where = path.name
        self._data = memoryview(_mapped(path))
        self._proven: set[str] = set()
        directory = self._read_directory()
        self.digest = hashlib.sha256(directory).hexdigest()
        if self._data[_DIGEST_AT:_LENGTH_AT].hex() != self.digest:
            raise MapError("is damaged: its directory does not match its digest", self._where)
        # From here on the directory is known to be what the builder wrote.
        content = json.loads(bytes(directory))
        if content["format"] != _FORMAT:
            what = f"is a map of format {content['format']}; this program reads {_FORMAT}: build it anew"
            raise MapError(what, self._where)
        if content["size"] != len(self._data):
            raise MapError(f"is damaged: {len(self._data)} bytes of {content['size']}", self._where)
        self.meta: dict[str, Any] = content["meta"]
        self._sections: dict[str, tuple[int, int, str]] = content["sections"]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the sections, sorted."""
        return tuple(sorted(self._sections))

    def section(self, name: str) -> memoryview:
        """A section's bytes, read-only and straight from the file; checked against its hash the first time.

        Raises:
            MapError: there is no such section, or it was changed since the map was built.
        """
        if name not in self._sections:
            raise MapError(f"has no section {name!r}", self._where)
        at, length, expected = self._sections[name]
        view = self._data[at : at + length]
        if name not in self._proven:
            if hashlib.sha256(view).hexdigest() != expected:
                raise MapError(f"is damaged in its section {name!r}", self._where)
            self._proven.add(name)
        return view

    def _read_directory(self) -> memoryview:
        if bytes(self._data[: len(_MAGIC)]) != _MAGIC:
            raise MapError("is not a built map", self._where)
        length = int.from_bytes(self._data[_LENGTH_AT:_DIRECTORY_AT], "little")
        if len(self._data) < _DIRECTORY_AT + length:
            raise MapError("is cut short", self._where)
        return self._data[_DIRECTORY_AT : _DIRECTORY_AT + length]


def _mapped(path: Path) -> mmap.mmap:
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size == 0:
                raise MapError("is empty", path.name)
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except MapError:
        raise
    except (OSError, ValueError) as problem:
        raise MapError(f"cannot be opened: {getattr(problem, 'strerror', None) or problem}", str(path)) from problem
