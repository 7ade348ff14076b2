"""The document a registrant signs: made once, kept byte for byte, and never containing what this service never asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from typing import Final

from eligibility import BirthDate, Pack
from eligibility.facts import OATH_OF_AGE
from voter_reg.language import OWN_NAMES, Said, Words, said, words
from voter_reg.service.drafts import Draft
from voter_reg.service.voter_record import VoterRecord

_STYLE = (
    "body{font:18px/1.5 system-ui,sans-serif;max-width:40em;margin:2em auto;padding:0 1em}"
    "th{text-align:start;padding-inline-end:1em;vertical-align:top}pre{white-space:pre-wrap;font:inherit}"
)


@dataclass(frozen=True, slots=True)
class FromPaper:
    """What the copy of a form says that staff entered from paper, row by row.

    `notice` is whether the notice printed on it is the one that the pack has now, word for word.
    """

    rows: tuple[tuple[Said, Said], ...]
    notice: bool


OF_AGE: Final = said("My papers do not show my full birth date. I am old enough to vote on election day.")
"""The oath of age, where a birth date is known in part only."""

PROOF: Final = {
    "card": said("Municipal ID"),
    "uploaded": said("Papers, sent with this form"),
    "papers": said("Papers, to be shown"),
    "papers-in-person": said("Papers, shown in person"),
    "vouching": said("A voter of the same precinct speaks for me"),
    "facility-staff": said("The staff of the place where I live confirm it"),
    "prior-registration": said("I was registered in this precinct before"),
    "sworn-statement": said("My sworn statement"),
}
"""How residency is shown, as the form says it."""

HOME: Final = {
    "no-fixed": said("No fixed address; the place where I stay"),
    "facility": said("A shelter or facility"),
    "program": said("The address that a protection program gave me"),
    "unlisted": said("An address that is not on the map yet"),
}
"""How a home is told where it is no plain address."""

OWN_FORM: Final = said(
    "This is the city's own form. It is not a form of the State, and it asks nothing about citizenship or immigration "
    "status."
)
FORM_WITH_OATH: Final = said(
    "This is the city's own form. It is not a form of the State. The law of this place asks for a sworn statement "
    "about lawful residence, which stands below word for word; nothing else was asked about it."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page to sign showed besides the answers: the contests open to the person, and each line of the oath."""

    election: date | None
    contests: tuple[str, ...]
    oath: tuple[str, ...]


def oath_of(draft: Draft, pack: Pack, w: Words) -> tuple[str, ...]:
    """Each line that is sworn, in the language of the form."""
    own = [w.say(OF_AGE) if key == OATH_OF_AGE else pack.say(pack.wording(key), w.language) for key in draft.sworn]
    return (*(pack.say(line.text, w.language) for line in pack.oath), *own)


def answers_of(draft: Draft | VoterRecord, w: Words) -> tuple[tuple[Said, str], ...]:
    """Each question and its answer, in the order of the form; what was left out is not among them."""
    told = (
        (said("Name"), draft.name),
        (said("Name to sort by"), None if draft.sort_name == draft.name else draft.sort_name),
        (said("Birth date"), BirthDate.parse(draft.birth or "").iso()),
        (said("Address"), " ".join(filter(None, (draft.address, draft.unit)))),
        (said("Kind of address"), w.say(HOME[draft.home]) if draft.home in HOME else None),
        (said("Shelter or facility"), draft.place),
        (said("Living here since"), draft.resident_since),
        (said("How I show where I live"), w.say(PROOF.get(draft.proof or "", PROOF["papers"]))),
        (said("E-mail for news"), draft.email),
        (said("Address for letters"), draft.mail_to),
        (said("Language for news"), OWN_NAMES.get(draft.language)),
        (said("Signature"), _signature(draft, w)),
    )
    return tuple((question, answer) for question, answer in told if answer)


def signed_copy(  # noqa: PLR0917 - a form has as many parts
    draft: Draft, pack: Pack, shown: Shown, code: str, signed_at: datetime, paper: FromPaper | None = None
) -> str:
    """The signed form as one HTML page that needs nothing else, in the language it was signed in.

    It holds the answers, the contests and the oath as they were `shown`, and the notice as it was read, so that years
    later it proves by itself what was asked and what was not. What `paper` says stands among the answers of a form
    that staff entered.
    """
    w = words(draft.language)
    title = w.text("Municipal voter registration, %(place)s", place=pack.name)
    day = (
        w.text("Contests open to me on %(day)s", day=shown.election)
        if shown.election
        else w.text("No election is planned")
    )
    parts = (
        f"<h1>{escape(title)}</h1>",
        f"<p><strong>DEMONSTRATION. {_text(w.text('This is not a real registration.'))}</strong></p>"
        if pack.demonstration
        else "",
        f"<p>{_text(w.say(FORM_WITH_OATH if _swears_residence(draft) else OWN_FORM))}</p>",
        _table(draft, pack, code, signed_at, w, paper.rows if paper else ()),
        _drawing(draft, w),
        f"<h2>{escape(day)}</h2>",
        _list(shown.contests or (w.text("None"),)),
        f"<h2>{_text(w.text('What I swore'))}</h2>",
        _list(shown.oath),
        *(_notice_on_paper(draft, pack, paper, w) if paper else _notice_on_page(draft, pack, w)),
    )
    head = f'<meta charset="utf-8"><title>{escape(title)}</title>'
    body = "\n".join(filter(None, parts))
    return (
        f'<!doctype html>\n<html lang="{w.language}" dir="{w.direction}"><head>{head}<style>{_STYLE}</style></head>'
        f"<body>\n{body}\n</body></html>\n"
    )


def _notice_on_page(draft: Draft, pack: Pack, w: Words) -> tuple[str, ...]:
    when = w.text(
        "At %(time)s, in %(language)s.",
        time=draft.notice_seen_at or "",
        language=OWN_NAMES.get(draft.notice_language, draft.notice_language),
    )
    return (f"<h2>{_text(w.text('The notice I read'))}</h2>\n<p>{escape(when)}</p>", _notice(draft, pack))


def _notice_on_paper(draft: Draft, pack: Pack, paper: FromPaper, w: Words) -> tuple[str, ...]:
    printed = w.text(
        "It was printed on the form, in %(language)s, version %(version)s.",
        language=OWN_NAMES.get(draft.notice_language, draft.notice_language),
        version=draft.notice_version or "",
    )
    kept = "" if paper.notice else f" {w.text('The city keeps the blank form of that version, with its words.')}"
    return (
        f"<h2>{_text(w.text('The notice on the form'))}</h2>\n<p>{escape(printed + kept)}</p>",
        _notice(draft, pack) if paper.notice else "",
    )


def _notice(draft: Draft, pack: Pack) -> str:
    language = draft.notice_language if draft.notice_language in pack.notices else "en"
    return f'<pre lang="{language}">{escape(pack.notices[language])}</pre>'


def _swears_residence(draft: Draft) -> bool:
    return any(key.startswith("lawful-residence") for key in draft.sworn)


def _signature(draft: Draft | VoterRecord, w: Words) -> str | None:
    """The signature in words; what was drawn stands below as a drawing."""
    made = draft.signature
    if made is None:
        return None
    return {
        "typed": made.text,
        "drawn": w.text("Drawn, see below"),
        "assistant": w.text("%(name)s, typed by an assistant for a person who cannot sign", name=made.text or ""),
        "paper": w.text("On the paper form"),
        "mark": w.text("A mark on the paper form"),
    }.get(made.kind, made.text)


def _drawing(draft: Draft, w: Words) -> str:
    if draft.signature is None or not draft.signature.strokes:
        return ""
    lines = "".join(f'<polyline points="{escape(stroke)}"/>' for stroke in draft.signature.strokes)
    return (
        '<p><svg viewBox="0 0 999 999" preserveAspectRatio="none" width="400" height="120" fill="none" '
        'stroke="currentColor" stroke-width="6" role="img" '
        f'aria-label="{_text(w.text("Signature"))}">{lines}</svg></p>'
    )


def _table(  # noqa: PLR0917
    draft: Draft, pack: Pack, code: str, signed_at: datetime, w: Words, more: Sequence[tuple[Said, Said]]
) -> str:
    rows: tuple[tuple[Said, Said | str], ...] = (
        *answers_of(draft, w),
        (said("Received") if more else said("Signed"), signed_at.strftime("%Y-%m-%d %H:%M %Z")),
        (said("Confirmation code"), code),
        (said("Rules"), f"{pack.place}, {pack.digest}"),
        *more,
    )
    lines = "".join(
        f'<tr><th scope="row">{escape(w.say(name))}</th><td>{escape(w.say(value))}</td></tr>\n' for name, value in rows
    )
    return f"<table>\n{lines}</table>"


def _list(lines: Sequence[str]) -> str:
    return "<ul>\n" + "".join(f"<li>{escape(line)}</li>\n" for line in lines) + "</ul>"


def _text(text: str) -> str:
    return escape(text, quote=True)
