"""Whether a JPEG is pixels and nothing else: no EXIF, place, comment, profile or thumbnail, nothing behind its end."""

from __future__ import annotations

import re
import struct
from typing import Final

_TABLES: Final = {0xDB, 0xC4, 0xDD, 0xC0}  # quantisation, Huffman, restart, and the baseline frame
_JFIF: Final = re.compile(rb"JFIF\x00.{7}\x00\x00", re.DOTALL)  # its last two bytes are the size of a thumbnail
_MARKER_IN_SCAN: Final = re.compile(rb"\xff[^\x00\xd0-\xd7]", re.DOTALL)


def is_plain(data: bytes) -> bool:
    """Whether `data` is one baseline JPEG of one scan in which nothing is stored beside what its decoder needs."""
    if data[:2] != b"\xff\xd8":
        return False
    at = 2
    try:
        while True:
            mark, marker, length = struct.unpack_from(">BBH", data, at)
            body = data[at + 4 : at + 2 + length]
            if mark != 0xFF or not _belongs(marker, body):
                return False
            at += 2 + length
            if marker == 0xDA:
                end = _MARKER_IN_SCAN.search(data, at)
                return end is not None and end[0] == b"\xff\xd9" and end.end() == len(data)
    except struct.error:
        return False


def _belongs(marker: int, body: bytes) -> bool:
    return marker in _TABLES or marker == 0xDA or (marker == 0xE0 and _JFIF.fullmatch(body) is not None)
