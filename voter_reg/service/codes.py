"""Confirmation codes: ten letters and digits that survive being read aloud and written down.

Crockford's base 32 has no I, L, O or U, so nothing in a code can be taken for something else; 50 random bits.
"""

from __future__ import annotations

import secrets

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 10
_MISREAD = str.maketrans("OIL", "011", " -")


def new_code() -> str:
    """A new code, in two groups: ``7K2M9-QX4TB``."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
    return f"{code[:5]}-{code[5:]}"


def new_vouching_code() -> str:
    """A new code to hand to a voucher: 60 random bits in three groups, so that it is not taken for the other."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))


def plain_code(text: str) -> str:
    """A code as typed, in its one spelling: no groups, capitals, and O, I, L read as 0, 1, 1."""
    return text.upper().translate(_MISREAD)
