"""The document a registrant signs: made once, kept byte for byte, and never containing what this service never asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape

from eligibility import BirthDate, Pack
from eligibility.facts import OATH_OF_AGE
from voter_reg.service.drafts import Draft

_STYLE = (
    "body{font:18px/1.5 system-ui,sans-serif;max-width:40em;margin:2em auto;padding:0 1em}"
    "th{text-align:start;padding-inline-end:1em;vertical-align:top}pre{white-space:pre-wrap;font:inherit}"
)


@dataclass(frozen=True, slots=True)
class FromPaper:
    """What the copy of a form says that staff entered from paper, row by row.

    `notice` is whether the notice printed on it is the one that the pack has now, word for word.
    """

    rows: tuple[tuple[str, str], ...]
    notice: bool


OF_AGE = "I am old enough to vote at this election. My papers do not give my whole birth date."
"""The oath of age, where a birth date is known in part only."""

_PROOF = {
    "card": "Municipal ID",
    "uploaded": "residency papers, sent with this form",
    "papers": "other papers, to be shown",
    "papers-in-person": "other papers, shown in person",
    "vouching": "a voter of the same precinct vouches",
    "facility-staff": "the staff of the facility where I live vouch",
    "prior-registration": "an earlier registration in the same precinct",
    "sworn-statement": "my sworn statement",
}


_OWN_FORM = (
    "This is the city's own form. It is not a form of the State, and it asks nothing about citizenship or immigration "
    "status."
)
_FORM_WITH_OATH = (
    "This is the city's own form. It is not a form of the State. The law of this place asks for a sworn statement "
    "about lawful residence, which stands below word for word; nothing else was asked about it."
)


def signed_copy(  # noqa: PLR0917 - a form has as many parts
    draft: Draft,
    pack: Pack,
    election: date | None,
    contests: Sequence[str],
    code: str,
    signed_at: datetime,
    paper: FromPaper | None = None,
) -> str:
    """The signed form as one HTML page that needs nothing else.

    It holds the answers, the titles of the `contests` open to the registrant on the coming election day, the oath, and
    the notice as it was read, so that years later it proves by itself what was asked and what was not. What `paper`
    says stands among the answers of a form that staff entered.
    """
    oath = [line.text for line in pack.oath] + [
        OF_AGE if key == OATH_OF_AGE else pack.wording(key) for key in draft.sworn
    ]
    parts = (
        f"<h1>Municipal voter registration, {escape(pack.name)}</h1>",
        "<p><strong>DEMONSTRATION. This is not a real registration.</strong></p>" if pack.demonstration else "",
        f"<p>{_FORM_WITH_OATH if _swears_residence(draft) else _OWN_FORM}</p>",
        _table(draft, pack, code, signed_at, paper.rows if paper else ()),
        f"<h2>Contests open to me on {election.isoformat()}</h2>" if election else "<h2>No election is planned</h2>",
        _list(contests or ["none"]),
        "<h2>What I swore</h2>",
        _list(oath),
        *(_notice_on_paper(draft, pack, paper) if paper else _notice_on_page(draft, pack)),
    )
    head = f'<meta charset="utf-8"><title>Municipal voter registration, {escape(pack.name)}</title>'
    body = "\n".join(filter(None, parts))
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}<style>{_STYLE}</style></head><body>\n{body}\n</body></html>\n'
    )


def _notice_on_page(draft: Draft, pack: Pack) -> tuple[str, ...]:
    return (
        f"<h2>The notice I read</h2>\n<p>At {escape(draft.notice_seen_at or '')}, in {escape(draft.language)}.</p>",
        f"<pre>{escape(pack.notices.get(draft.language, pack.notices['en']))}</pre>",
    )


def _notice_on_paper(draft: Draft, pack: Pack, paper: FromPaper) -> tuple[str, ...]:
    printed = f"It was printed on the form, in {draft.notice_language}, version {draft.notice_version}."
    kept = "" if paper.notice else " The city keeps the blank form of that version, with its words."
    words = pack.notices.get(draft.notice_language, pack.notices["en"])
    return (
        f"<h2>The notice on the form</h2>\n<p>{escape(printed)}{kept}</p>",
        f"<pre>{escape(words)}</pre>" if paper.notice else "",
    )


def _swears_residence(draft: Draft) -> bool:
    return any(key.startswith("lawful-residence") for key in draft.sworn)


def _table(draft: Draft, pack: Pack, code: str, signed_at: datetime, more: Sequence[tuple[str, str]]) -> str:
    rows = (
        ("Name", draft.name or ""),
        ("Birth date", BirthDate.parse(draft.birth or "").iso()),
        ("Address", " ".join(filter(None, (draft.address, draft.unit and f"unit {draft.unit}")))),
        ("Living here since", draft.resident_since or ""),
        ("How residency is shown", _PROOF.get(draft.proof or "", "other papers, to be shown")),
        ("Received" if more else "Signed", signed_at.strftime("%Y-%m-%d %H:%M %Z")),
        ("Confirmation code", code),
        ("Rules", f"pack of {pack.place}, {pack.digest}"),
        *more,
    )
    lines = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>\n' for name, value in rows)
    return f"<table>\n{lines}</table>"


def _list(lines: Sequence[str]) -> str:
    return "<ul>\n" + "".join(f"<li>{escape(line)}</li>\n" for line in lines) + "</ul>"
