"""How residency is shown in a place, and until when: the same words on the form and on the slip."""

from __future__ import annotations

from datetime import time

from eligibility import Pack
from voter_reg.documents.blocks import Block, Bullets, Heading, Line, Paragraph, Run, plain
from voter_reg.documents.frame import from_pack
from voter_reg.documents.law_text import of_pack
from voter_reg.language import Words, said

_WAYS = {
    "municipal-id": said("A Municipal ID with your address. Then you need nothing else."),
    "identity-and-residency-documents": said("One paper that shows who you are and one that shows where you live."),
    "vouching": said("Someone of your precinct who is on the list and swears that you live there."),
    "sworn-statement": said("Your own sworn statement of where you live, where you have no such papers."),
}


def accepted(pack: Pack, w: Words) -> tuple[Block, ...]:
    """The ways of the place, and the papers by what they show."""
    ways = tuple(Line(plain(w.say(_WAYS[way]))) for way in pack.proof.ways if way in _WAYS)
    blocks: tuple[Block, ...] = (Paragraph(plain(w.text("One of these is enough:"))), Bullets(ways))
    if "identity-and-residency-documents" not in pack.proof.ways:
        return blocks
    who = from_pack(pack, w, *(document.title for document in pack.identity_documents))
    where = tuple(_aged(pack, w, document.title, document.within_days) for document in pack.residency_documents)
    if who:
        blocks += (
            Heading(w.text("Who you are"), 3),
            Bullets(who),
            Paragraph(
                plain(w.text("You only show this paper. We note that the rule is met, not which paper it was.")), "soft"
            ),
        )
    if where:
        blocks += (Heading(w.text("Where you live"), 3), Bullets(where))
    return blocks


def by_when(pack: Pack, w: Words) -> tuple[Block, ...]:
    """Until when one may register, as the newest rule says."""
    rule = pack.registration.latest.value
    clock = _clock(w, rule.closes_at)
    if rule.closes_days_before == 0:
        told = w.text("Bring it by %(time)s on election day.", time=clock)
    else:
        told = w.number_of(
            "Bring it by %(time)s on the day before election day.",
            "Bring it by %(time)s, at least %(n)s days before election day.",
            rule.closes_days_before,
            time=clock,
        )
    lines = [told]
    if rule.same_day_until is not None and rule.closes_days_before > 0:
        until = _clock(w, rule.same_day_until)
        lines.append(w.text("After that you can still come in person, on election day until %(time)s.", time=until))
    if rule.validity == "one-election":
        lines.append(w.text("You register for one election at a time."))
    return (Paragraph(plain(" ".join(lines))),)


def _aged(pack: Pack, w: Words, title: str, days: int | None) -> Line:
    line = of_pack(pack, title, w.language)
    if days is None:
        return line
    age = w.number_of("at most %(n)s day old", "at most %(n)s days old", days)
    return Line((*line.parts, Run(f" ({age})")), line.lang)


def _clock(w: Words, at: str) -> str:
    """A time of day as the language writes it: "5:00 PM"."""
    read = time.fromisoformat(at)
    hour = "%(hour)s AM" if read.hour < 12 else "%(hour)s PM"
    return w.text(hour, hour=f"{read.hour % 12 or 12}:{read.minute:02}")
