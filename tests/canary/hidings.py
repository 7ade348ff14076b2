"""How a word may hide in bytes: its letters, encodings, escapes, and what was packed around it."""

from __future__ import annotations

import base64
import bz2
import contextlib
import json
import lzma
import re
import struct
import unicodedata
import zlib
from collections.abc import Iterator
from html import escape
from urllib.parse import quote, quote_plus

import numpy as np
from anyascii import anyascii

from tests.canary.canaries import Canary

SHORTEST = 6
"""Bytes below which a spelling would be found by chance."""

_CODECS = ("utf-8", "utf-16-le", "utf-16-be", "latin-1")
_MOST = 16 * 1024 * 1024  # bytes that one packed piece is unpacked to
_BITE = 64 * 1024
_FIRST_CHUNK = (1996 + 4) << 2  # the header of a full chunk of a value that PostgreSQL keeps beside its row


def spellings(canary: Canary) -> set[bytes]:
    """Every row of bytes that would give the canary away, in lower case."""
    raws = {canary.raw} if canary.raw is not None else set()
    texts = set() if canary.text is None else _forms(canary.text)
    for text in texts:
        raws |= {text.encode(codec) for codec in _CODECS if _can(text, codec)}
    found = {spelled for raw in raws for spelled in _encoded(raw)}
    found |= {escaped.encode() for text in texts for escaped in _escaped(text)}
    return {one.lower() for one in found if len(one) >= SHORTEST}


def _forms(text: str) -> set[str]:
    """In any case, composed and decomposed, and in ASCII letters."""
    forms = {text, *(unicodedata.normalize(form, text) for form in ("NFC", "NFD")), anyascii(text)}
    return {changed for form in forms for changed in (form, form.upper(), form.lower(), form.casefold(), form.title())}


def _can(text: str, codec: str) -> bool:
    with contextlib.suppress(UnicodeEncodeError):
        return bool(text.encode(codec))
    return False


def _encoded(raw: bytes) -> Iterator[bytes]:
    yield raw
    yield raw.hex().encode()
    for offset in range(3):
        whole = base64.b64encode(b"\0" * offset + raw)
        # The letters at both ends depend on the neighbours.
        inner = whole[-(-offset * 8 // 6) : (offset + len(raw)) * 8 // 6]
        yield inner
        yield inner.replace(b"+", b"-").replace(b"/", b"_")


def _escaped(text: str) -> Iterator[str]:
    yield quote(text)
    yield quote(text, safe="")
    yield quote_plus(text)
    yield json.dumps(text)[1:-1]
    yield escape(text)
    yield text.encode("ascii", "xmlcharrefreplace").decode()
    yield text.encode("unicode_escape").decode()
    yield repr(text.encode())[2:-1]


def unpacked(raw: bytes, depth: int = 3) -> Iterator[bytes]:
    """What zlib, gzip, zip, bzip2, xz and PostgreSQL made small anywhere in these bytes, and what is packed in that."""
    if depth == 0:
        return
    for inner in _pieces(raw):
        if len(inner) >= SHORTEST:
            yield inner
            yield from unpacked(inner, depth - 1)


def _pieces(raw: bytes) -> Iterator[bytes]:
    view = memoryview(raw)
    for at in _zlib_starts(raw):
        yield _grown(zlib.decompressobj(zlib.MAX_WBITS), view[at:])
    for found in re.finditer(rb"\x1f\x8b\x08", raw):
        yield _grown(zlib.decompressobj(zlib.MAX_WBITS | 16), view[found.start() :])
    for found in re.finditer(rb"PK\x03\x04", raw):
        names = raw[found.start() + 26 : found.start() + 30]
        if len(names) == 4:
            start = found.start() + 30 + sum(struct.unpack("<HH", names))
            yield _grown(zlib.decompressobj(-zlib.MAX_WBITS), view[start:])
    yield from _pglz(raw)
    for found in re.finditer(rb"BZh[1-9]1AY", raw):
        yield _grown(bz2.BZ2Decompressor(), view[found.start() :])
    for found in re.finditer(rb"\xfd7zXZ\0", raw):
        yield _grown(lzma.LZMADecompressor(), view[found.start() :])


def _pglz(raw: bytes) -> Iterator[bytes]:
    """What PostgreSQL made small within a page or its log: a header, the length unpacked, then bytes and look-backs.

    A value cut into chunks is unpacked as far as its first chunk goes; the database's own dump has the whole.
    """
    for at in range(4):
        row = np.frombuffer(raw[at : len(raw) - (len(raw) - at) % 4], "<u4")
        if len(row) < 3:
            continue
        header, told, length = row[:-1], row[1:], row[:-1] >> 2
        in_its_row = (header & 3 == 2) & (length > 16) & (length < 8192) & (told > length - 8)
        likely = (in_its_row | (header == _FIRST_CHUNK)) & (told < 1 << 20)
        for index in np.flatnonzero(likely).tolist():
            start = at + 4 * index
            yield _looked_back(raw[start + 8 : start + int(length[index])], int(told[index]))


def _looked_back(packed: bytes, size: int) -> bytes:
    grown, at = bytearray(), 0
    while at < len(packed) and len(grown) < size:
        control, at = packed[at], at + 1
        for bit in range(8):
            if at >= len(packed) or len(grown) >= size:
                break
            if not control >> bit & 1:
                grown.append(packed[at])
                at += 1
                continue
            back = packed[at : at + 3]
            if len(back) < 2 or (distance := (back[0] & 0xF0) << 4 | back[1]) == 0 or distance > len(grown):
                return bytes(grown)
            count, at = (back[0] & 0x0F) + 3, at + 2
            if count == 18:
                if len(back) < 3:
                    return bytes(grown)
                count, at = count + back[2], at + 1
            for _ in range(count):
                grown.append(grown[-distance])
    return bytes(grown)


def _zlib_starts(raw: bytes) -> list[int]:
    if len(raw) < 2:
        return []
    row = np.frombuffer(raw, np.uint8)
    first, second = row[:-1], row[1:]
    method = (first & 0x0F == 8) & (first >> 4 <= 7) & (second & 0x20 == 0)
    likely = np.flatnonzero(method)
    return likely[(first[likely].astype(np.uint32) * 256 + second[likely]) % 31 == 0].tolist()


def _grown(engine: object, packed: memoryview) -> bytes:
    """As much as can be unpacked, up to a limit: a piece may be cut off, or no packed piece at all."""
    grown, at = bytearray(), 0
    with contextlib.suppress(zlib.error, OSError, EOFError, lzma.LZMAError, ValueError):
        # In small bites, since most of what looks like a beginning is none, and a long rest would be copied.
        while at < len(packed) and len(grown) < _MOST and not engine.eof:
            size = 64 if at == 0 else _BITE
            grown += engine.decompress(packed[at : at + size])
            at += size
    return bytes(grown)
