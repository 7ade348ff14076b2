"""A residency paper as it may be kept: pages made anew from what was sent, so that nothing else came along."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CleanPaper:
    """A paper after intake; each page is a clean JPEG."""

    pages: tuple[bytes, ...]
