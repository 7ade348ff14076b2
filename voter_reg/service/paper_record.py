"""What lies in a residency paper's row: the pages as they are, and which paper of the place's list it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final

from voter_reg.residency.papers import CleanPaper
from voter_reg.service.envelope import Envelope, record_envelope

_LENGTH: Final = 4  # bytes in front of each page


@dataclass(frozen=True)
class Pages:
    """A paper's pages."""

    pages: Annotated[tuple[bytes, ...], "The pages, for a reviewer to look at."]


@dataclass(frozen=True)
class PaperKind:
    """Which residency paper it is; identity papers are never sent, and nothing of theirs is kept."""

    kind: Annotated[str, "Which residency paper of the place's list, so that its rule can be applied."]
    pages: Annotated[int, "How many pages, so that each can be asked for."]


def kind_of(kind: str, clean: CleanPaper) -> PaperKind:
    """What is said of a clean paper."""
    return PaperKind(kind, len(clean.pages))


def _write(record: Pages) -> bytes:
    return b"".join(len(page).to_bytes(_LENGTH, "big") + page for page in record.pages)


def _read(clear: bytes) -> Pages:
    found, at = [], 0
    while at < len(clear):
        begins = at + _LENGTH
        at = begins + int.from_bytes(clear[at:begins], "big")
        found.append(clear[begins:at])
    return Pages(tuple(found))


# The pages are bytes of their own, not JSON: as text they would be a third longer.
PAGES: Final = Envelope("paper", "paper.sealed", Pages, _write, _read)
KIND: Final = record_envelope("paper-kind", "paper.sealed_kind", PaperKind)
