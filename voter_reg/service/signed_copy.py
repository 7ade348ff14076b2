"""The document a registrant signs: made once, kept byte for byte, and never containing what this service never asks."""

from __future__ import annotations

from datetime import date, datetime
from html import escape

from eligibility import BirthDate, Pack
from voter_reg.service.drafts import Draft

STATEMENTS = {
    "guardian": "I am the parent, legal guardian or caregiver of a child under 19 who lives in the city.",
    "intends-to-remain": "I intend to live in the city until the next election of this office.",
    "lawful-residence": "I swear to what the city's charter asks about my residence.",
    "lawful-residence-or-work": "I swear to what the city's law asks about my residence or work.",
    "not-registered-elsewhere": "I am not registered to vote anywhere else.",
}
"""What each sworn statement says on a page and on paper."""


def signed_copy(draft: Draft, pack: Pack, election: date | None, code: str, signed_at: datetime) -> str:
    """The signed form as one HTML page that needs nothing else, with the oath and the notice's version."""
    birth = BirthDate.parse(draft.birth or "").iso()
    rows = (
        ("Name", draft.name or ""),
        ("Birth date", birth),
        ("Address", " ".join(filter(None, (draft.address, draft.unit and f"unit {draft.unit}")))),
        ("Living here since", draft.resident_since or ""),
        ("How residency is shown", "Municipal ID" if draft.proof == "card" else "other papers, to be shown"),
        ("Signed", signed_at.strftime("%Y-%m-%d %H:%M %Z")),
        ("Confirmation code", code),
        ("Notice read", f"version {draft.notice_version}, in {draft.language}, at {draft.notice_seen_at}"),
        ("Rules", f"pack of {pack.place}, {pack.digest}"),
        ("Next election", "none planned" if election is None else election.isoformat()),
    )
    oath = [line.text for line in pack.oath] + [STATEMENTS[key] for key in draft.sworn]
    demonstration = (
        "<p><strong>DEMONSTRATION. This is not a real registration.</strong></p>" if pack.demonstration else ""
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>Municipal voter registration, {escape(pack.name)}</title></head><body>\n"
        f"<h1>Municipal voter registration, {escape(pack.name)}</h1>\n{demonstration}\n"
        "<p>This is the city's own form. It is not a form of the State, and it asks nothing about citizenship "
        "or immigration status.</p>\n<table>\n"
        + "".join(f'<tr><th scope="row">{escape(k)}</th><td>{escape(v)}</td></tr>\n' for k, v in rows)
        + "</table>\n<h2>What I swore</h2>\n<ul>\n"
        + "".join(f"<li>{escape(line)}</li>\n" for line in oath)
        + "</ul>\n</body></html>\n"
    )
