"""The registration form on paper: the notice, the portal's questions with room to write, the oath."""

from __future__ import annotations

from dataclasses import dataclass, replace

from eligibility import Pack
from voter_reg.documents.blocks import (
    Block,
    Box,
    Break,
    Bullets,
    Callout,
    Heading,
    Paper,
    Paragraph,
    Part,
    Run,
    Ticks,
    plain,
)
from voter_reg.documents.frame import ask, from_pack, lines, paper_of, section
from voter_reg.documents.law_text import law_blocks, notice_of, statements_of, swears_residence
from voter_reg.documents.proof import accepted, by_when
from voter_reg.language import OWN_NAMES, Words

_SHOWN = 16
"""How many signs of the version stand at the foot of each page."""


@dataclass(frozen=True, slots=True)
class BlankForm:
    """A blank form. `version` is a digest over all that it says: another word on it, another version."""

    paper: Paper
    version: str


def blank_form(pack: Pack, w: Words, *, bring_to: tuple[str, ...] = ()) -> BlankForm:
    """The form of a place in a language; the same for the same rules and words, whatever the day.

    `bring_to` is the address where forms are taken in; without one the form says to call.
    """
    title = w.text("Register to vote in city elections")
    paper = paper_of(pack, w, title, (*_before(pack, w), *_questions(pack, w), *_after(pack, w, bring_to)), at=None)
    version = paper.digest()
    foot = w.text("%(place)s · form %(version)s", place=pack.name, version=version[:_SHOWN])
    return BlankForm(replace(paper, foot=foot), version)


def _before(pack: Pack, w: Words) -> tuple[Block, ...]:
    """What is read before a pen is taken up: whose form this is, and the notice in full."""
    notice, language = notice_of(pack, w.language)
    own = w.text("This is the city's own form. It is not a form of the State.")
    if not swears_residence(pack):
        own += " " + w.text("The form asks nothing about citizenship or immigration status.")
    return (
        Paragraph(plain(own), "lead"),
        Callout(
            (
                Run(w.text("Read the notice first.") + " ", strong=True),
                Run(w.text("It stands on the next page. You can stop at any time and ask a lawyer first.")),
            )
        ),
        *ask(pack, w),
        Break(),
        Heading(w.text("The notice")),
        *law_blocks(notice, level=3, lang=None if language == w.language else language),
        Break(),
    )


def _questions(pack: Pack, w: Words) -> tuple[Block, ...]:
    month, day, year = Part(w.text("Month"), 2), Part(w.text("Day"), 1), Part(w.text("Year"), 1.4)
    date_parts = (day, month, year) if w.day_first else (month, day, year)
    return (
        Heading(w.text("Your answers")),
        Paragraph(plain(w.text("Write in any script. Leave a box empty if it is not about you.")), "soft"),
        Heading(w.text("Where do you live?"), 3),
        Box(
            w.text("Street address"),
            w.text("House number and street, with N, S, E or W if it has one."),
            (Part(w.text("Address"), 3.4), Part(w.text("Apartment or unit"), 1)),
        ),
        Box(
            w.text("No fixed address?"),
            w.text("Tell us the street, corner, shelter or place where you stay."),
        ),
        Paragraph(
            plain(
                w.text(
                    "Is your address secret? If you are in an address protection program, write only the address that "
                    "the program gave you."
                )
            ),
            "soft",
        ),
        Box(
            w.text("Living in %(place)s since", place=pack.name),
            w.text("This time, without a break. You can leave the day out."),
            date_parts,
        ),
        Heading(w.text("Who are you?"), 3),
        Box(w.text("Full name"), w.text("As it is on your Municipal ID or other papers. One name is fine."), height=40),
        Box(
            w.text("Name to sort by (optional)"),
            w.text("The part that lists use to put you in order, if it is not the last word."),
        ),
        Box(w.text("Birth date"), w.text("As on your papers. January 1 is an ordinary answer."), date_parts),
        Ticks(lines(w.text("I don't know the day, or the day and month"))),
        *_proof(pack, w),
        Heading(w.text("How may we reach you? (optional)"), 3),
        Box(w.text("E-mail"), w.text("Our e-mails do not say what they are about.")),
        Box(w.text("Address for letters, if it is another one"), w.text("Letters come in a plain envelope.")),
        Ticks(lines(*_languages(pack)), w.text("Language"), across=True),
        *_oath(pack, w),
    )


def _languages(pack: Pack) -> tuple[str, ...]:
    return tuple(OWN_NAMES[language] for language in pack.languages if language in OWN_NAMES)


def _proof(pack: Pack, w: Words) -> tuple[Block, ...]:
    if "municipal-id" not in pack.proof.ways:
        return ()
    return (
        Heading(w.text("How do you show where you live?"), 3),
        Box(
            w.text("Municipal ID number, if you have one"),
            w.text("Without one, show other papers. The last page says which."),
        ),
    )


def _oath(pack: Pack, w: Words) -> tuple[Block, ...]:
    statements = statements_of(pack)
    asked: tuple[Block, ...] = ()
    if statements:
        label = w.text("Tick each line that is true, and only then.")
        asked = (Ticks(from_pack(pack, w, *statements), label),)
    return (
        Heading(w.text("What you swear")),
        Paragraph(plain(w.text("Read each line. Sign only if all of it is true."))),
        Bullets(from_pack(pack, w, *(line.text for line in pack.oath)), numbered=True),
        *asked,
        Ticks(lines(w.text("Signed by an assistant for a person who cannot sign"))),
        Box(
            w.text("Signature"),
            w.text("Your name or a mark. If you cannot sign, someone you choose may sign for you in front of you."),
            (Part(w.text("I swear that all of this is true."), 2.4), Part(w.text("Date"), 1)),
            height=56,
        ),
    )


def _after(pack: Pack, w: Words, bring_to: tuple[str, ...]) -> tuple[Block, ...]:
    where: tuple[Block, ...]
    if bring_to:
        where = (Bullets(lines(*bring_to)),)
    else:
        call = w.text("Call one of the numbers on the first page. We tell you where, and where to mail it.")
        where = (Paragraph(plain(call)),)
    return (
        Break(),
        *section(w.text("Papers that show where you live"), *accepted(pack, w)),
        *section(w.text("Where to bring this form"), *where, *by_when(pack, w)),
        *section(
            w.text("What happens next"),
            Paragraph(
                plain(
                    w.text(
                        "We enter your form and give or send you a code. With the code you can see your answers, "
                        "change them, or leave the list. Ask for a copy of this form before you hand it in."
                    )
                )
            ),
            Box(w.text("For the city: code given"), height=28),
        ),
    )
