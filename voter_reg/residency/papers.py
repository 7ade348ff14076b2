"""A residency paper that somebody sends as a photo or a PDF: cleaned in memory, or refused in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from voter_reg.residency.decoding import decode
from voter_reg.residency.plain_jpeg import is_plain
from voter_reg.residency.refused import PaperRefused
from voter_reg.residency.sniffing import LARGEST, sniff

__all__ = ["LARGEST", "CleanPaper", "PaperRefused", "clean"]


@dataclass(frozen=True, slots=True)
class CleanPaper:
    """The pages of a paper, each a JPEG of pixels alone, at most 2,200 pixels long, upright."""

    pages: tuple[bytes, ...]


def clean(data: bytes) -> CleanPaper:
    """Decode a file in a process of its own, and keep its pixels alone. Nothing is written to disk.

    Blocks for some 0.2 seconds with a photo, and at most for a minute.

    Raises:
        PaperRefused: the file is not taken; its message says what to do.
    """
    pages = decode("paper", sniff(data), data)
    if not pages or not all(map(is_plain, pages)):  # the decoder is not believed, either
        raise PaperRefused("broken")
    return CleanPaper(pages)
