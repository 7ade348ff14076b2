"""The document of a change that a registrant signs: made once and kept byte for byte beside the form, which stays."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from html import escape

from eligibility import Pack
from voter_reg.service.voter_record import Amendment

_STYLE = "body{font:18px/1.5 system-ui,sans-serif;max-width:40em;margin:2em auto;padding:0 1em}th{text-align:start}"


def amendment(  # noqa: PLR0917 - a document has as many parts
    pack: Pack, what: str, lines: Sequence[tuple[str, str]], signed: str, form_sha256: str, at: datetime
) -> Amendment:
    """A change as it is signed, as one HTML page that needs nothing else.

    `lines` are what the record says from now on, each with its title; `signed` is the typed name; `form_sha256` says
    which form it belongs to; `at` is in the city's zone.
    """
    rows = (*lines, ("Signed", f"{signed}, {at:%Y-%m-%d %H:%M %Z}"), ("Changes the form with the digest", form_sha256))
    table = "".join(f'<tr><th scope="row">{escape(name)}</th><td>{escape(value)}</td></tr>\n' for name, value in rows)
    title = f"Change to a municipal voter registration, {escape(pack.name)}"
    parts = (
        f"<h1>{title}</h1>",
        "<p><strong>DEMONSTRATION. This is not a real registration.</strong></p>" if pack.demonstration else "",
        "<p>The form that was signed first stays as it was signed. From this date on, the record says:</p>",
        f"<table>\n{table}</table>",
        "<p>What I swore when I signed the form is still true.</p>",
    )
    body = "\n".join(filter(None, parts))
    text = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body>\n{body}\n</body></html>\n"
    )
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Amendment(at.isoformat(timespec="seconds"), what, text, digest)


def earlier(what: str, lines: Sequence[tuple[str, str]], at: datetime) -> Amendment:
    """What an unsigned part of a record said before it was changed, kept where a legal hold keeps everything."""
    text = "\n".join(f"{name}: {value}" for name, value in lines)
    return Amendment(at.isoformat(timespec="seconds"), what, text, hashlib.sha256(text.encode()).hexdigest())
