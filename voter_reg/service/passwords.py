"""Passwords of staff: which are taken, and Argon2id over them.

15 to 128 characters in Unicode's NFC, any characters at all, never cut; what is common, or speaks of the account or of
this service, is refused (NIST SP 800-63B; ASVS 5.0, 6.2). The length is checked before anything is hashed.
"""

from __future__ import annotations

from argon2 import PasswordHasher

from eligibility.errors import BadInput

LEAST, MOST = 15, 128
"""Characters of a password."""


class PasswordRefused(BadInput):
    """A new password that is too short, too long, or too common; the line says which."""


class Passwords:
    """Argon2id with its parameters; RFC 9106's low-memory profile unless others are given. Shared between threads."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        raise NotImplementedError

    def hash(self, password: str) -> str:
        """The Argon2id hash of a password that `checked` took."""
        raise NotImplementedError

    def verify(self, stored: str | None, password: str) -> bool:
        """Whether a password is the stored one. Without a stored hash the answer is no, after the same work."""
        raise NotImplementedError

    def needs_rehash(self, stored: str) -> bool:
        """Whether a hash was made with other parameters than today's."""
        raise NotImplementedError


def checked(password: str, *, name: str) -> str:
    """A new password of the account `name`, in NFC.

    Raises:
        PasswordRefused: shorter than 15 or longer than 128 characters, or one that is guessed early.
    """
    raise NotImplementedError
