"""Why a file that somebody sent is not taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from voter_reg.language import Said

Reason = Literal[
    "empty",
    "too-large",
    "too-many-pixels",
    "too-small",
    "too-many-pages",
    "page-too-large",
    "locked",
    "broken",
    "too-slow",
    "busy",
    "two-kinds",
    "animated",
    "drawing",
    "phone-format",
    "scan-format",
    "office",
    "archive",
    "video",
    "other",
    "not-a-photo",
]
"""Why a file is refused; `too-slow` and `busy` are no judgement about it."""


class PaperRefused(Exception):
    """A file is not taken. Nothing of the file is in it."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def message(self) -> Said:
        """What to say to the person who sent it."""
        from voter_reg.residency.sentences import SENTENCES  # noqa: PLC0415 - the decoder starts without languages

        return SENTENCES[self.reason]
