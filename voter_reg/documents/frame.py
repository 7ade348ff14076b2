"""What papers have in common: the place, the band of a demonstration, phone lines, and how to check the signature."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from eligibility import Pack
from eligibility.pack import HelpLine
from voter_reg.documents.blocks import (
    Block,
    Bullets,
    Callout,
    Code,
    Copy,
    Heading,
    Line,
    Paper,
    Paragraph,
    Run,
    Unprinted,
    plain,
)
from voter_reg.documents.law_text import of_pack
from voter_reg.language import OWN_NAMES, Said, Words, said

BAND = "DEMONSTRATION"
"""Stands in every language as it is: scripts and people look for this word."""

_DEMONSTRATION = {
    "proposed": said(
        "This is a demonstration. The law for this in %(place)s is proposed and not in force. "
        "Nobody is registered by it."
    ),
    "struck-down": said(
        "This is a demonstration. A court has struck down this law in %(place)s. Nobody is registered by it."
    ),
    "rejected": said("This is a demonstration. %(place)s did not adopt this law. Nobody is registered by it."),
    "in-force": said("This is a demonstration. It is not a live election service. Nobody is registered by it."),
}

Say = Said | str


def paper_of(
    pack: Pack,
    w: Words,
    title: str,
    blocks: tuple[Block, ...],
    *,
    at: datetime | None,
    foot: str = "",
    copy: Copy | None = None,
    form: Literal["plain", "letter"] = "plain",
) -> Paper:
    """A paper of a place in a language; a demonstration says so in words first, and in a band on each page."""
    first = (_demonstration(pack, w),) if pack.demonstration and form == "plain" else ()
    return Paper(
        title=title,
        language=w.language,
        place=pack.name,
        foot=foot or title,
        page=w.text("Page %(n)s of %(all)s", n="{n}", all="{all}"),
        blocks=first + blocks,
        unprinted=Unprinted(
            heading=w.text("Letters that this page cannot show"),
            words=w.text(
                "Some letters are in no font of this service. The text with them is written here in plain Latin "
                "letters and marked with *. The exact letters are named below by their Unicode numbers, and stand "
                "in the file that is attached to this paper."
            ),
            head=(w.text("Written here"), w.text("Exact letters")),
            copy=w.text("The exact text"),
        ),
        band=BAND if pack.demonstration else "",
        rtl=w.direction == "rtl",
        form=form,
        at=at,
        copy=copy,
    )


def _demonstration(pack: Pack, w: Words) -> Callout:
    message = _DEMONSTRATION[pack.legal_status]
    return Callout((Run(f"{BAND}. ", strong=True), Run(w.text(message.text, place=pack.name))), "warn")


def section(heading: str, *blocks: Block) -> tuple[Block, ...]:
    """A heading and what stands under it."""
    return (Heading(heading), *blocks)


def lines(*items: str) -> tuple[Line, ...]:
    """Lines in the paper's own language."""
    return tuple(Line(plain(item)) for item in items)


def from_pack(pack: Pack, w: Words, *texts: str) -> tuple[Line, ...]:
    """Lines of the pack's own texts."""
    return tuple(of_pack(pack, text, w.language) for text in texts)


def ask(pack: Pack, w: Words) -> tuple[Block, ...]:
    """Whom to ask: phone lines, relay, and where legal help is."""
    legal = [_help(pack, line, w) for line in pack.help if line.kind == "legal-help"]
    return phones(pack, w) + (section(w.text("Legal help"), Bullets(lines(*legal))) if legal else ())


def phones(pack: Pack, w: Words) -> tuple[Block, ...]:
    """Phone lines and relay alone."""
    told = numbers(pack, w)
    return section(w.text("Help by phone"), Bullets(lines(*told))) if told else ()


def numbers(pack: Pack, w: Words) -> tuple[str, ...]:
    """Phone lines and relay, one a line."""
    return tuple(_help(pack, line, w) for line in pack.help if line.kind != "legal-help")


def _help(pack: Pack, line: HelpLine, w: Words) -> str:
    reached = " · ".join(filter(None, (line.phone, line.href)))
    speaks = OWN_NAMES.get(line.language, "")
    called = pack.say(line.name, w.language)
    name = f"{called} ({speaks})" if line.language not in {w.language, "en"} and speaks else called
    return f"{name}: {reached}" if reached else name


def how_to_check(w: Words, key: str) -> tuple[Block, ...]:
    """How anyone finds out whether a signed file is as the city made it; `key` is the certificate's fingerprint."""
    return section(
        w.text("How to check this paper"),
        Paragraph(
            plain(
                w.text(
                    "The city signed this file. Any program that checks signatures in PDF files can tell if it was "
                    "changed. Nobody has to ask the city, and no data of the city is needed."
                )
            )
        ),
        Bullets(
            lines(
                w.text("Keep the file itself. A print of it carries no signature."),
                w.text("Compare the number of the key below with the one that the city has published."),
                w.text("With this service's own program: %(command)s", command="voter-reg paper verify FILE"),
            )
        ),
        Code(w.text("Number of the city's key (SHA-256 of its certificate)"), grouped(key), size=8.6),
    )


def grouped(digest: str) -> str:
    """A digest in groups of four, to be compared by eye."""
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


def show_a_lawyer(w: Words) -> Callout:
    """The line every letter begins with."""
    return Callout(
        (
            Run(w.text("Show this to your lawyer first.") + " ", strong=True),
            Run(
                w.text(
                    "Do not hand it to anyone else before that. In some cases a letter like this can do harm, even "
                    "when all of it is true."
                )
            ),
        ),
        "warn",
    )
