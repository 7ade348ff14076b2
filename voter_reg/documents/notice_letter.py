"""A plain letter for a printed notice: in the window of its number 10 envelope stands the address and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eligibility import Pack
from voter_reg.documents.blocks import Address, Block, Heading, Paper, Paragraph, plain
from voter_reg.documents.frame import paper_of, phones
from voter_reg.language import Said, Words

MOST_LINES = 6
"""How many lines of an address the window shows."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to someone. `sender` is the city's office, without a word on what it does.

    `address` is the name and the address as they stand on the envelope, a line each; `body` a paragraph each.
    """

    sender: tuple[str, ...]
    address: tuple[str, ...]
    title: Said | str
    body: tuple[Said | str, ...]


def notice_letter(letter: Letter, pack: Pack, w: Words, *, at: datetime) -> Paper:
    """The letter, set to be folded in three; `at` is in the city's zone.

    Raises:
        ValueError: the address has no line, or more than the window shows.
    """
    if not 0 < len(letter.address) <= MOST_LINES:
        raise ValueError(f"an address has 1 to {MOST_LINES} lines")
    title = w.say(letter.title)
    blocks: tuple[Block, ...] = (
        Address(letter.sender, letter.address),
        Paragraph(plain(w.date(at.date())), "soft"),
        Heading(title, 1),
        *(Paragraph(plain(w.say(text))) for text in letter.body),
        *phones(pack, w),
    )
    return paper_of(pack, w, title, blocks, at=at, form="letter", foot=" ")
