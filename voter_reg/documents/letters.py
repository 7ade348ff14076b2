"""Three letters that people may ask for: on the rules, on a registration, on voting. Each says what it does not say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from eligibility import Pack
from voter_reg.documents.blocks import Block, Bullets, Paper, Paragraph, Rows, plain
from voter_reg.documents.frame import from_pack, how_to_check, lines, paper_of, section, show_a_lawyer
from voter_reg.documents.law_text import statements_of, swears_residence, told
from voter_reg.language import Words, said

_LAW = {
    "in-force": said("This law is in force."),
    "proposed": said("This law is proposed and not in force."),
    "struck-down": said("A court has struck down this law."),
    "rejected": said("This law was not adopted."),
}


@dataclass(frozen=True, slots=True)
class RegistrationFacts:
    """What the letter on a registration tells. `left_on` is the day on which the person left the list, if they did."""

    name: str
    registered_on: date
    left_on: date | None = None


@dataclass(frozen=True, slots=True)
class VotedIn:
    """An election, and whether a ballot was recorded for the person."""

    day: date
    title: str
    voted: bool


@dataclass(frozen=True, slots=True)
class VotingFacts:
    """What the letter on voting tells: every election of this service in which the person was on a roster."""

    name: str
    elections: tuple[VotedIn, ...]


def letter_on_the_rules(pack: Pack, w: Words, *, key: str, at: datetime) -> Paper:
    """Who may be on the list and what it is for; no person is named.

    Args:
        pack: The place.
        w: The language.
        key: The fingerprint of the certificate that it will be signed with.
        at: When it is made, in the city's zone.
    """
    blocks: tuple[Block, ...] = (
        show_a_lawyer(w),
        _dated(w, at),
        Paragraph(
            plain(
                w.text(
                    "%(place)s keeps a list of residents for its own city elections. This letter says what the rules "
                    "of that list are. It is about no person.",
                    place=pack.name,
                )
            )
        ),
        Paragraph(plain(w.say(_LAW[pack.legal_status]))),
        *section(
            w.text("What a person swears"),
            Bullets(from_pack(pack, w, *(line.text for line in pack.oath), *statements_of(pack))),
        ),
        *section(
            w.text("What the form asks"),
            Bullets(
                lines(
                    w.text("The name, and the part of it to sort by."),
                    w.text("The birth date, or as much of it as is known."),
                    w.text("The home address, and since when the person has lived in the city."),
                    w.text("Proof of the address."),
                    w.text("If the person likes, how to reach them, and in which language."),
                )
            ),
            Paragraph(plain(asks_nothing(pack, w))),
        ),
        *section(
            w.text("Contests that the list is for"),
            Bullets(from_pack(pack, w, *dict.fromkeys(office.title for office in pack.offices))),
        ),
        *_outside(pack, w),
        *section(
            w.text("What this letter does not say"),
            Paragraph(plain(w.text("It does not say who is on the list, and it does not say that anyone is."))),
            Paragraph(plain(w.text("It is no legal advice."))),
        ),
        Paragraph(plain(w.text("Rules: %(digest)s", digest=pack.digest)), "soft"),
        *how_to_check(w, key),
    )
    return paper_of(pack, w, w.text("Letter on the rules"), blocks, at=at)


def letter_on_registration(facts: RegistrationFacts, pack: Pack, w: Words, *, key: str, at: datetime) -> Paper:
    """That a person registered, and when. Arguments as for `letter_on_the_rules`."""
    rows = (
        (w.text("Name"), facts.name),
        (w.text("Registered on"), w.date(facts.registered_on)),
        *([(w.text("Left the list on"), w.date(facts.left_on))] if facts.left_on else []),
    )
    blocks: tuple[Block, ...] = (
        show_a_lawyer(w),
        _dated(w, at),
        Paragraph(plain(w.text("This is what the list of %(place)s for city elections shows today.", place=pack.name))),
        Rows(_head(w), rows),
        *_silence(
            pack,
            w,
            w.text("It does not say whether the person has voted."),
            w.text("It does not say whether the person may vote in a contest."),
        ),
        *how_to_check(w, key),
    )
    return paper_of(pack, w, w.text("Letter on a registration"), blocks, at=at)


def letter_on_voting(facts: VotingFacts, pack: Pack, w: Words, *, key: str, at: datetime) -> Paper:
    """In which elections a ballot is recorded, or plainly that none is. Arguments as for `letter_on_the_rules`."""
    answers = {True: w.text("Yes"), False: w.text("No")}
    table = Rows(
        (w.text("Election"), w.text("Ballot recorded")),
        tuple(
            (f"{told(pack, one.title, w.language)}, {w.date(one.day)}", answers[one.voted])
            for one in sorted(facts.elections, key=lambda one: one.day)
        ),
    )
    none = not any(one.voted for one in facts.elections)
    blocks: tuple[Block, ...] = (
        show_a_lawyer(w),
        _dated(w, at),
        Rows(_head(w), ((w.text("Name"), facts.name),)),
        *([Paragraph(plain(w.text("No vote is recorded with this service.")), "lead")] if none else []),
        *([table] if facts.elections else []),
        *_silence(
            pack,
            w,
            w.text("It does not say how anyone voted."),
            w.text("It is only about this service. It knows nothing of other lists or other elections."),
        ),
        *how_to_check(w, key),
    )
    return paper_of(pack, w, w.text("Letter on voting"), blocks, at=at)


def asks_nothing(pack: Pack, w: Words) -> str:
    """What the form never asks: true of a place whose own law has people swear to lawful residence as well."""
    if swears_residence(pack):
        return w.text(
            "The law of this place asks for a sworn statement about lawful residence, which stands here word for word. "
            "Nothing else is asked about it."
        )
    return w.text("The form asks nothing about citizenship or immigration status.")


def _silence(pack: Pack, w: Words, *more: str) -> tuple[Block, ...]:
    nothing = w.text("It says nothing about citizenship or immigration status.")
    return section(
        w.text("What this letter does not say"),
        Bullets(lines(nothing, *more)),
        Paragraph(plain(asks_nothing(pack, w))),
    )


def _outside(pack: Pack, w: Words) -> tuple[Block, ...]:
    if not pack.outside:
        return ()
    titles = from_pack(pack, w, *dict.fromkeys(contest.title for contest in pack.outside))
    return section(
        w.text("Contests that are not on it"),
        Paragraph(plain(w.text("Nobody on this list gets a ballot for these because of it."))),
        Bullets(titles),
    )


def _dated(w: Words, at: datetime) -> Paragraph:
    return Paragraph(plain(w.text("Made on %(date)s", date=w.date(at.date()))), "soft")


def _head(w: Words) -> tuple[str, str]:
    return w.text("What"), w.text("What the list says")
