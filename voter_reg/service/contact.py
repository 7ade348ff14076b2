"""Reading how a person wants to be told: an e-mail address, or a postal address; both may be left out."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from voter_reg.language import said
from voter_reg.service.answers import Refused, read_line, tidy

LONGEST_EMAIL: Final = 254
LONGEST_MAIL_LINE: Final = 60
MOST_MAIL_LINES: Final = 5

_LOCAL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
"""RFC 5321's dot-string: what mail servers take without quotes, and nothing that could end a header or a command."""
_LABEL: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?", re.ASCII)


def read_email(text: str, field: str) -> str | None:
    """An e-mail address with its domain in ASCII, or None where it is left out.

    Raises:
        Refused: no address, too long, or with letters before the @ that many mail servers do not take.
    """
    if any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in text.strip()):
        raise Refused(field, said("Type one e-mail address on one line."))
    address = tidy(text)
    if not address:
        return None
    local, sign, domain = address.rpartition("@")
    if not sign or not local or not domain or " " in address:
        raise Refused(field, said("Enter an e-mail address like name@example.com."))
    if not local.isascii():
        raise Refused(
            field,
            said("We can only send to addresses with the letters a to z before the @. Use another one, or a letter."),
        )
    # Before the domain is put into ASCII, whose cost grows faster than its length.
    if len(address) > LONGEST_EMAIL:
        raise Refused(field, said("This is too long. Type up to %(most)s characters.", most=LONGEST_EMAIL))
    ascii_domain = _ascii(domain)
    if not _LOCAL.fullmatch(local) or len(local) > 64 or ascii_domain is None:
        raise Refused(field, said("Enter an e-mail address like name@example.com."))
    if len(local) + 1 + len(ascii_domain) > LONGEST_EMAIL:
        raise Refused(field, said("This is too long. Type up to %(most)s characters.", most=LONGEST_EMAIL))
    return f"{local}@{ascii_domain}"


def read_mail_to(text: str, field: str) -> str | None:
    """A postal address of two to five lines, one under the other, or None where it is left out.

    Raises:
        Refused: one line alone, too many, too long for an envelope's window, or with characters nobody can print.
    """
    lines = [line for line in (read_line(one, field, LONGEST_MAIL_LINE) for one in text.splitlines()) if line]
    if not lines:
        return None
    if len(lines) < 2:
        raise Refused(field, said("Enter the street on one line, and the city, state and ZIP code on the next."))
    if len(lines) > MOST_MAIL_LINES:
        raise Refused(field, said("This is too long. Type up to %(most)s lines.", most=MOST_MAIL_LINES))
    return "\n".join(lines)


def _ascii(domain: str) -> str | None:
    """A domain of two labels or more as mail servers know it; None when it is none."""
    try:
        name = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    labels = name.split(".")
    fits = len(labels) > 1 and all(_LABEL.fullmatch(one) for one in labels) and not labels[-1].isdigit()
    return name if fits else None
