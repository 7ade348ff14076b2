"""Passwords of staff: which are taken, and Argon2id over them.

15 to 128 characters in Unicode's NFC, any characters at all, never cut; what is common, or speaks of the account or of
this service, is refused (NIST SP 800-63B; ASVS 5.0, 6.2). The length is checked before anything is hashed.
"""

from __future__ import annotations

import base64
import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from argon2.profiles import RFC_9106_LOW_MEMORY
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from eligibility.errors import BadInput

LEAST, MOST = 15, 128
"""Characters of a password."""

_MOST_TYPED = 4 * MOST
"""Code points that are looked at: composing may make four of one character, and no more than these are composed."""

_OWN_WORDS = (
    "registration",
    "municipal",
    "administrator",
    "election",
    "password",
    "register",
    "office",
    "voter",
    "staff",
)
_LEFT_AT_LEAST = 8
"""Characters that must be left of a password without the account's name and the service's words."""


class PasswordRefused(BadInput):
    """A new password that is too short, too long, or too common; the line says which."""


class Passwords:
    """Argon2id with its parameters; RFC 9106's low-memory profile unless others are given. Shared between threads."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
        self._nobody = _hash_of_nothing(self._hasher)

    def hash(self, password: str) -> str:
        """The Argon2id hash of a password that `checked` took."""
        return self._hasher.hash(password)

    def verify(self, stored: str | None, password: str) -> bool:
        """Whether a password is the stored one. Without a stored hash the answer is no, after the same work."""
        typed = _composed(password)
        if typed is None or len(typed) > MOST:
            return False  # nobody has such a password, so that it comes sooner tells nothing
        try:
            self._hasher.verify(stored or self._nobody, typed)
        except (Argon2Error, InvalidHashError):
            return False
        return stored is not None

    def needs_rehash(self, stored: str) -> bool:
        """Whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def rehash(self, password: str) -> str:
        """The hash, with today's parameters, of a password that was just verified."""
        return self._hasher.hash(unicodedata.normalize("NFC", password))


def checked(password: str, *, name: str) -> str:
    """A new password of the account `name`, in NFC.

    Raises:
        PasswordRefused: shorter than 15 or longer than 128 characters, or one that is guessed early.
    """
    typed = _composed(password)
    if typed is None or len(typed) > MOST:
        raise PasswordRefused(f"is longer than {MOST} characters, or holds what is no character", "password")
    if len(typed) < LEAST:
        raise PasswordRefused(f"is shorter than {LEAST} characters; a few words together are easy to keep", "password")
    if _is_guessed_early(typed, name):
        raise PasswordRefused("is among the first that someone would guess; choose other words", "password")
    return typed


def _composed(password: str) -> str | None:
    """A password as it is hashed; None for one that nobody can have, however long, before any work is done on it."""
    if len(password) > _MOST_TYPED:
        return None
    typed = unicodedata.normalize("NFC", password)
    try:
        typed.encode()
    except UnicodeEncodeError:
        return None
    return typed


def _is_guessed_early(password: str, name: str) -> bool:
    folded = unicodedata.normalize("NFKC", password).casefold()
    core = "".join(character for character in folded if character.isalnum()) or folded
    own = core
    for word in ("".join(filter(str.isalnum, name)), *_OWN_WORDS):
        own = own.replace(word, "")
    unit = core[: next(length for length in range(1, len(core) + 1) if core.startswith(core[length:]))]
    if (own != core and len(own) < _LEFT_AT_LEAST) or (unit != core and len(unit) < _LEFT_AT_LEAST):
        return True
    return not _common().isdisjoint({folded, core, own, unit, core.strip("0123456789"), own.strip("0123456789")} - {""})


@cache
def _common() -> frozenset[str]:
    return frozenset(word for words in FREQUENCY_LISTS.values() for word in words)


def _hash_of_nothing(hasher: PasswordHasher) -> str:
    """A hash that no password has, as costly to check as a real one."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (hasher.salt_len, hasher.hash_len)
    )
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"
