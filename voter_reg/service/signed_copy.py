"""The document a registrant signs: made once, kept byte for byte, and never containing what this service never asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from html import escape

from eligibility import BirthDate, Pack
from voter_reg.service.drafts import Draft

_STYLE = (
    "body{font:18px/1.5 system-ui,sans-serif;max-width:40em;margin:2em auto;padding:0 1em}"
    "th{text-align:start;padding-inline-end:1em;vertical-align:top}pre{white-space:pre-wrap;font:inherit}"
)


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
    draft: Draft, pack: Pack, election: date | None, contests: Sequence[str], code: str, signed_at: datetime
) -> str:
    """The signed form as one HTML page that needs nothing else.

    It holds the answers, the titles of the `contests` open to the registrant on the coming election day, the oath, and
    the notice as it was read, so that years later it proves by itself what was asked and what was not.
    """
    oath = [line.text for line in pack.oath] + [pack.wording(key) for key in draft.sworn]
    parts = (
        f"<h1>Municipal voter registration, {escape(pack.name)}</h1>",
        "<p><strong>DEMONSTRATION. This is not a real registration.</strong></p>" if pack.demonstration else "",
        f"<p>{_FORM_WITH_OATH if _swears_residence(draft) else _OWN_FORM}</p>",
        _table(draft, pack, code, signed_at),
        f"<h2>Contests open to me on {election.isoformat()}</h2>" if election else "<h2>No election is planned</h2>",
        _list(contests or ["none"]),
        "<h2>What I swore</h2>",
        _list(oath),
        f"<h2>The notice I read</h2>\n<p>At {escape(draft.notice_seen_at or '')}, in {escape(draft.language)}.</p>",
        f"<pre>{escape(pack.notices.get(draft.language, pack.notices['en']))}</pre>",
    )
    head = f'<meta charset="utf-8"><title>Municipal voter registration, {escape(pack.name)}</title>'
    body = "\n".join(filter(None, parts))
    return (
        f'<!doctype html>\n<html lang="en"><head>{head}<style>{_STYLE}</style></head><body>\n{body}\n</body></html>\n'
    )


def _swears_residence(draft: Draft) -> bool:
    return any(key.startswith("lawful-residence") for key in draft.sworn)


def _table(draft: Draft, pack: Pack, code: str, signed_at: datetime) -> str:
    rows = (
        ("Name", draft.name or ""),
        ("Birth date", BirthDate.parse(draft.birth or "").iso()),
        ("Address", " ".join(filter(None, (draft.address, draft.unit and f"unit {draft.unit}")))),
        ("Living here since", draft.resident_since or ""),
        ("How residency is shown", _PROOF.get(draft.proof or "", "other papers, to be shown")),
        ("Signed", signed_at.strftime("%Y-%m-%d %H:%M %Z")),
        ("Confirmation code", code),
        ("Rules", f"pack of {pack.place}, {pack.digest}"),
    )
    lines = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>\n' for name, value in rows)
    return f"<table>\n{lines}</table>"


def _list(lines: Sequence[str]) -> str:
    return "<ul>\n" + "".join(f"<li>{escape(line)}</li>\n" for line in lines) + "</ul>"
