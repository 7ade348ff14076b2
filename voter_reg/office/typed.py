"""What was typed into a form: one field at a time, never longer than its field may be."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from flask import abort, request

from voter_reg.roles import Role

LONGEST_NAME: Final = 200
LONGEST_PASSWORD: Final = 1024
"""Characters. A longer one is refused here, before anything is computed from it."""
LONGEST_CODE: Final = 100
LONGEST_ANSWER: Final = 16 * 1024
"""Characters of a passkey's answer."""
LONGEST_TEXT: Final = 6_000
LONGEST_PATH: Final = 700


def field(name: str, longest: int, *, exact: bool = False) -> str:
    """A field as it was sent, without spaces around it unless `exact`; a longer one ends the request with 413."""
    text = request.form.get(name, "")
    if len(text) > longest:
        abort(413)
    return text if exact else text.strip()


def day(text: str) -> date | None:
    """A day typed as 2026-11-24; None when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def number(name: str) -> int | None:
    """A whole number from 0 to a billion; None when it is none."""
    text = field(name, LONGEST_CODE)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def password(name: str = "password") -> str:
    """A password exactly as it was sent: nobody's is cut or tidied."""
    return field(name, LONGEST_PASSWORD, exact=True)


def code(name: str = "code") -> str:
    """A code, however it was spaced."""
    return "".join(field(name, LONGEST_CODE).split())


def roles() -> frozenset[Role]:
    """The roles that were ticked; one that there is not ends the request with 400."""
    sent = request.form.getlist("roles")
    if unknown(sent):
        abort(400)
    return frozenset(Role(name) for name in sent)


def unknown(names: Iterable[str]) -> bool:
    """Whether one of these is no role."""
    return not set(names) <= {role.value for role in Role}
