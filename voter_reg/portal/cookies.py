"""The draft's cookie: a random token with the minute it was last used, gone when the browser closes.

A form that nobody touched for a while is not opened again on that device: whoever sits down next sees nothing. On a
shared device (`kiosk`) that while is short.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import Request
from itsdangerous import BadSignature, TimestampSigner
from werkzeug.wrappers import Response

DRAFT_COOKIE: Final = "__Host-draft"
SESSION_COOKIE: Final = "__Host-portal"
"""Holds the CSRF secret and nothing else."""
LANGUAGE_COOKIE: Final = "__Host-language"
"""Holds the language that was chosen and nothing else."""
KIOSK_COOKIE: Final = "__Host-shared"
"""Says that this device is shared; about nobody."""

IDLE: Final = timedelta(minutes=60)
IDLE_SHARED: Final = timedelta(minutes=5)
_RENEW: Final = 30  # seconds after which an answer renews the minute, not at every one

_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,128}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Held:
    """A draft's token as a browser holds it, unused for `idle` seconds."""

    token: str
    idle: float


class DraftCookie:
    """Writes and reads the cookie; the signature holds the time of last use, so that no browser can prolong it."""

    def __init__(self, secret: str) -> None:
        self._signer = TimestampSigner(secret, salt="draft-cookie")

    def read(self, request: Request) -> Held | None:
        """What the browser holds; None when it holds nothing, or what was not made here."""
        try:
            token, at = self._signer.unsign(request.cookies.get(DRAFT_COOKIE, ""), return_timestamp=True)
        except BadSignature:
            return None
        found = token.decode("ascii", "replace")
        return Held(found, max(0.0, time.time() - at.timestamp())) if _TOKEN.fullmatch(found) else None

    def keep(self, response: Response, token: str) -> None:
        """Let the browser hold the token until it closes; a shared device keeps nothing longer."""
        signed = self._signer.sign(token).decode()
        response.set_cookie(DRAFT_COOKIE, signed, path="/", secure=True, httponly=True, samesite="Lax")

    def renew(self, request: Request, response: Response, held: Held) -> None:
        """Count the time anew from now, unless the answer already says what becomes of the cookie."""
        set_already = any(value.startswith(DRAFT_COOKIE) for value in response.headers.getlist("Set-Cookie"))
        if held.idle >= _RENEW and not set_already and request.endpoint != "portal.asset":
            self.keep(response, held.token)


def idle_limit(request: Request) -> timedelta:
    """How long a form may lie untouched on this device."""
    return IDLE_SHARED if is_shared(request) else IDLE


def is_shared(request: Request) -> bool:
    """Whether this device was set up as one that many people use."""
    return request.cookies.get(KIOSK_COOKIE) == "yes"


def forget_draft(response: Response) -> None:
    """Take the person's cookies back."""
    for name in (DRAFT_COOKIE, SESSION_COOKIE, LANGUAGE_COOKIE):
        response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="Lax")
