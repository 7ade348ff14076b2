"""Reading where notices go."""

from __future__ import annotations

from voter_reg.portal.answers import read_line


def read_email(text: str, field: str) -> str:
    """An e-mail address, or "" when none was given."""
    return read_line(text, field, 200)


def read_mail_to(text: str, field: str) -> str:
    """A postal address, or "" when none was given."""
    return read_line(text, field, 200)
