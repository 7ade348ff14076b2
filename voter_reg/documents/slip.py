"""The slip for someone who will show papers in person: a code, what to bring, whom to call. No name, no address."""

from __future__ import annotations

from datetime import date

from eligibility import Pack
from voter_reg.documents.blocks import Block, Bullets, Code, Paper, Paragraph, plain
from voter_reg.documents.frame import lines, numbers, paper_of, section
from voter_reg.documents.proof import accepted
from voter_reg.language import Words


def slip(code: str, pack: Pack, w: Words, *, by: date | None = None, bring_to: tuple[str, ...] = ()) -> Paper:
    """What to bring. `by` is the last day to come, where there is one; `bring_to` where, else the slip says to call."""
    where = Bullets(lines(*bring_to)) if bring_to else Paragraph(plain(w.text("Call us. We tell you where to come.")))
    until = (Paragraph(plain(w.text("Come by %(day)s.", day=w.long_date(by))), "lead"),) if by else ()
    blocks: tuple[Block, ...] = (
        Paragraph(plain(w.text("Bring this slip and your papers.")), "lead"),
        Code(w.text("Your code"), code, size=26),
        *until,
        *section(w.text("Where to go"), where, Bullets(lines(*numbers(pack, w)))),
        *section(w.text("Papers that show where you live"), *accepted(pack, w)),
    )
    foot = w.text("This slip holds no name and no address.")
    return paper_of(pack, w, w.text("What to bring"), blocks, at=None, foot=foot)
