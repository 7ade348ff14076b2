"""The document of a change that a registrant signs: made once and kept byte for byte beside the form, which stays."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Final

from eligibility import Pack
from voter_reg.language import Said, Words, said
from voter_reg.service.signed_copy import answers_of
from voter_reg.service.voter_record import Amendment, VoterRecord

STILL_TRUE: Final = said("What I swore when I signed the form is still true.")
"""Every signed change says so; the page that it is signed on shows it."""

_STYLE = "body{font:18px/1.5 system-ui,sans-serif;max-width:40em;margin:2em auto;padding:0 1em}th{text-align:start}"


def amendment(  # noqa: PLR0917 - a document has as many parts
    pack: Pack, what: str, before: VoterRecord, after: VoterRecord, signed: str, w: Words, at: datetime
) -> Amendment:
    """A change as it is signed, as one HTML page that needs nothing else, in the language of the page it is signed on.

    It says what the record says from now on, and which form it belongs to; `signed` is the typed name; `at` is in the
    city's zone.
    """
    rows = (
        *((w.say(question), answer) for question, answer in _changed(before, after, w)),
        (w.text("Signed"), f"{signed}, {at:%Y-%m-%d %H:%M %Z}"),
        (w.text("Changes the form with the digest"), before.signed_copy_sha256),
    )
    table = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>\n' for name, value in rows)
    title = escape(w.text("Change to a municipal voter registration, %(place)s", place=pack.name))
    still = w.text("The form that was signed first stays as it was signed. From this date on, the record says:")
    parts = (
        f"<h1>{title}</h1>",
        f"<p><strong>DEMONSTRATION. {escape(w.text('This is not a real registration.'))}</strong></p>"
        if pack.demonstration
        else "",
        f"<p>{escape(still)}</p>",
        f"<table>\n{table}</table>",
        f"<p>{escape(w.say(STILL_TRUE))}</p>",
    )
    body = "\n".join(filter(None, parts))
    text = (
        f'<!doctype html>\n<html lang="{w.language}" dir="{w.direction}"><head><meta charset="utf-8">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body>\n{body}\n</body></html>\n"
    )
    return Amendment(at.isoformat(timespec="seconds"), what, text, hashlib.sha256(text.encode()).hexdigest())


def earlier(what: str, before: VoterRecord, after: VoterRecord, w: Words, at: datetime) -> Amendment:
    """What an unsigned part of a record said before it was changed, kept where a legal hold keeps everything."""
    text = "\n".join(f"{w.say(question)}: {answer}" for question, answer in _changed(after, before, w))
    return Amendment(at.isoformat(timespec="seconds"), what, text, hashlib.sha256(text.encode()).hexdigest())


def _changed(before: VoterRecord, after: VoterRecord, w: Words) -> Sequence[tuple[Said, str]]:
    """The answers that are not as they were; one that was taken back is there as none."""
    was, now = dict(answers_of(before, w)), dict(answers_of(after, w))
    return [
        (question, now.get(question, w.text("None")))
        for question in dict.fromkeys((*now, *was))
        if now.get(question) != was.get(question)
    ]
