"""What a file is, by its first bytes alone: never by its name or by what a browser calls it. Nothing is decoded."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import Final, Literal, cast, get_args

from voter_reg.residency.refused import PaperRefused, Reason

Kind = Literal["jpeg", "png", "webp", "pdf"]
"""What is taken."""

LARGEST: Final = 10 * 1024 * 1024
"""Bytes of a file."""
MOST_PIXELS: Final = 40_000_000
LONGEST_SIDE: Final = 20_000
SHORTEST_SIDE: Final = 300
"""Pixels: below it, no line of a letter can be read."""

_STARTS: Final[tuple[tuple[re.Pattern[bytes], Kind | Reason], ...]] = (
    (re.compile(rb"\xff\xd8\xff"), "jpeg"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "webp"),
    (re.compile(rb"(?:\xef\xbb\xbf)?[\x00\t\n\f\r ]*%PDF-"), "pdf"),
    (re.compile(rb"GIF8[79]a"), "animated"),
    (re.compile(rb"II[*+]\x00|MM\x00[*+]"), "scan-format"),
    (re.compile(rb".{4}ftyp(?:.{4}){0,20}?(?:hei[cxms]|hev[cx]|mif[12]|msf1|avi[fs])", re.DOTALL), "phone-format"),
    (re.compile(rb".{4}ftyp|\x1a\x45\xdf\xa3|RIFF.{4}AVI ", re.DOTALL), "video"),
    (re.compile(rb"\xd0\xcf\x11\xe0|\{\\rtf"), "office"),
    (re.compile(rb"PK[\x03\x05\x07].{0,2000}?(?:\[Content_Types\]|word/|xl/|ppt/|mimetypeapp)", re.DOTALL), "office"),
    (re.compile(rb"PK[\x03\x05\x07]|Rar!|7z\xbc\xaf|\x1f\x8b|BZh|\xfd7zXZ|\x28\xb5\x2f\xfd"), "archive"),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*<|(?:\xff\xfe<\x00|\xfe\xff\x00<)"), "drawing"),
)  # fmt: skip

_HEAD: Final = 1024  # bytes; as far as readers of PDFs look for their mark
_SECOND: Final = re.compile(rb"%PDF-|PK\x03\x04|<svg|<html|<script|<!doctype|<\?php", re.IGNORECASE)
_MOST_PARTS: Final = 1000  # segments or chunks before the picture; a true file has some dozens
_NO_PICTURE_SIZE: Final = {0xC4, 0xC8, 0xCC}  # tables and extensions among the markers 0xC0 to 0xCF


def sniff(data: bytes) -> Kind:
    """The kind of a file that may be decoded.

    Raises:
        PaperRefused: it is of no kind that is taken, of two at once, or its header tells a size that is not.
    """
    if not data:
        raise PaperRefused("empty")
    if len(data) > LARGEST:
        raise PaperRefused("too-large")
    found = next((kind for start, kind in _STARTS if start.match(data)), "other")
    if found not in get_args(Kind):
        raise PaperRefused(cast("Reason", found))
    kind = cast("Kind", found)
    mark = _second_mark(data, kind)
    if mark:
        raise PaperRefused("two-kinds")
    if kind != "pdf":
        check_size(*_size(data, kind))
    return kind


def check_size(width: int, height: int) -> None:
    """Refuse what is too large to decode or too small to read.

    Raises:
        PaperRefused: it is.
    """
    if width < 1 or height < 1:
        raise PaperRefused("broken")
    if max(width, height) > LONGEST_SIDE or width * height > MOST_PIXELS:
        raise PaperRefused("too-many-pixels")
    if min(width, height) < SHORTEST_SIDE:
        raise PaperRefused("too-small")


def _second_mark(data: bytes, kind: Kind) -> bool:
    """Whether other readers would take the file for something else: it begins as two kinds."""
    own = data.find(b"%PDF-") + 1 if kind == "pdf" else 0
    return _SECOND.search(data, own, _HEAD) is not None


def _size(data: bytes, kind: Kind) -> tuple[int, int]:
    try:
        return {"jpeg": _size_of_jpeg, "png": _size_of_png, "webp": _size_of_webp}[kind](data)
    except (struct.error, IndexError):
        raise PaperRefused("broken") from None


def _size_of_jpeg(data: bytes) -> tuple[int, int]:
    at = 2
    for _ in range(_MOST_PARTS):
        if data[at] != 0xFF:
            break
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in _NO_PICTURE_SIZE:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        elif marker in (0xD9, 0xDA):
            break
        else:
            at += 2 + int(struct.unpack_from(">H", data, at + 2)[0])
    raise PaperRefused("broken")


def _size_of_png(data: bytes) -> tuple[int, int]:
    if data[12:16] != b"IHDR":
        raise PaperRefused("broken")
    if b"acTL" in _chunks_before_the_picture(data):
        raise PaperRefused("animated")
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _chunks_before_the_picture(data: bytes) -> Iterator[bytes]:
    at = 8
    for _ in range(_MOST_PARTS):
        length, name = struct.unpack_from(">I4s", data, at)
        if name == b"IDAT":
            return
        yield name
        at += 12 + length
    raise PaperRefused("broken")


def _size_of_webp(data: bytes) -> tuple[int, int]:
    part = data[12:16]
    if part == b"VP8X":
        if data[20] & 2:
            raise PaperRefused("animated")
        low_width, high_width, low_height, high_height = struct.unpack_from("<HBHB", data, 24)
        return (high_width << 16 | low_width) + 1, (high_height << 16 | low_height) + 1
    if part == b"VP8L":
        bits = int(struct.unpack_from("<I", data, 21)[0])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if part == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    raise PaperRefused("broken")
