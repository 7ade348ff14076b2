"""What the decoder's process writes to the one that asked it: parts with their lengths, or the reason of a refusal."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import Final, Literal, cast, get_args

from voter_reg.residency.refused import PaperRefused, Reason

Job = Literal["paper", "code"]
"""`paper` answers the pages as JPEGs; `code` answers the text of the QR code in a photo, or no part."""

LARGEST_ANSWER: Final = 40 * 1024 * 1024
"""Bytes: ten pages, each of them noise."""

_DONE: Final = b"D"
_REFUSED: Final = b"R"


def done(parts: Iterable[bytes]) -> bytes:
    """The answer that holds these parts."""
    return _DONE + b"".join(struct.pack(">I", len(part)) + part for part in parts)


def refused(reason: Reason) -> bytes:
    """The answer that refuses."""
    return _REFUSED + reason.encode("ascii")


def read(answer: bytes) -> tuple[bytes, ...]:
    """The parts of an answer, which may be anything at all.

    Raises:
        PaperRefused: it refuses, or is no answer.
    """
    if answer[:1] == _DONE:
        return tuple(_parts(memoryview(answer)[1:]))
    reason = answer[1:].decode("ascii", "replace")
    if answer[:1] == _REFUSED and reason in get_args(Reason):
        raise PaperRefused(cast("Reason", reason))
    raise PaperRefused("broken")


def _parts(answer: memoryview) -> Iterator[bytes]:
    while answer:
        length = int.from_bytes(answer[:4], "big")
        if len(answer) < 4 + length:
            raise PaperRefused("broken")
        yield bytes(answer[4 : 4 + length])
        answer = answer[4 + length :]
