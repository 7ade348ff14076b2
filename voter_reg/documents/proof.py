"""How residency is shown in a place, and until when: the same words on the form and on the slip."""

from __future__ import annotations

from datetime import time

from eligibility import Pack
from eligibility.proof import PAPERS, IdentityDocument, ResidencyDocument
from voter_reg.documents.blocks import Block, Bullets, Heading, Line, Paragraph, Run, plain
from voter_reg.documents.law_text import of_pack
from voter_reg.language import Words, said
from voter_reg.proof_words import points_of, told, where_documents, who_documents

_WAYS = {
    "municipal-id": said("A Municipal ID with your address. Then you need nothing else."),
    "vouching": said("Someone of your precinct who is on the list and swears that you live there."),
    "facility-staff": said(
        "Someone who works at the shelter or facility where you live, and says that you live there."
    ),
    "sworn-statement": said("Your own sworn statement of where you live, where you have no such papers."),
}


_BEFORE = said("An earlier registration of yours in this city, under another name or address.")
_BEFORE_IN_PRECINCT = said("An earlier registration of yours in the same precinct, under another name or address.")


def accepted(pack: Pack, w: Words) -> tuple[Block, ...]:
    """The ways of the place, and the papers by what they show."""
    ways = tuple(Line(plain(one)) for way in pack.proof.ways for one in _way(pack, way, w))
    blocks: tuple[Block, ...] = (Paragraph(plain(w.text("One of these is enough:"))), Bullets(ways))
    who = tuple(_worth(pack, w, document, None) for document in who_documents(pack))
    where = tuple(_worth(pack, w, document, document.within_days) for document in where_documents(pack))
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
    if pack.proof.facility_staff is not None:
        staff = of_pack(pack, pack.proof.facility_staff.text, w.language)
        blocks += (Heading(w.text("Who counts as staff"), 3), Paragraph(staff.parts, lang=staff.lang))
    return blocks


def _way(pack: Pack, way: str, w: Words) -> tuple[str, ...]:
    """A way in words; of papers each rule that is enough."""
    if way == PAPERS:
        return tuple(told(pack, rule, w) for rule in pack.proof.papers)
    if way == "prior-registration":
        prior = pack.proof.prior_registration
        return (w.say(_BEFORE_IN_PRECINCT if prior is None or prior.same_precinct else _BEFORE),)
    return (w.say(_WAYS[way]),) if way in _WAYS else ()


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


def _worth(pack: Pack, w: Words, document: IdentityDocument | ResidencyDocument, days: int | None) -> Line:
    """A paper by its title, with its age and what it is worth where the place's rule counts that."""
    line, points, limits = of_pack(pack, document.title, w.language), points_of(pack, document), []
    if days is not None:
        limits.append(w.number_of("at most %(n)s day old", "at most %(n)s days old", days))
    if points:
        limits.append(w.number_of("%(n)s point", "%(n)s points", points))
    return Line((*line.parts, Run(f" ({', '.join(limits)})")), line.lang) if limits else line


def _clock(w: Words, at: str) -> str:
    """A time of day as the language writes it: "5:00 PM"."""
    read = time.fromisoformat(at)
    hour = "%(hour)s AM" if read.hour < 12 else "%(hour)s PM"
    return w.text(hour, hour=f"{read.hour % 12 or 12}:{read.minute:02}")
