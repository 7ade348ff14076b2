"""The office's three cookies, all gone when the browser closes, all this site's alone and hidden from scripts."""

from __future__ import annotations

import re
from typing import Final

from flask import Request
from werkzeug.wrappers import Response

OFFICE_COOKIE: Final = "__Host-office"
"""Holds the session's token and nothing else."""
STEP_COOKIE: Final = "__Host-office-step"
"""Holds the ticket between password and second step and nothing else."""
FORM_COOKIE: Final = "__Host-office-form"
"""Holds the CSRF secret and nothing else."""

_TOKEN = re.compile(r"[A-Za-z0-9_.-]{16,256}", re.ASCII)


def token_in(request: Request, cookie: str) -> str | None:
    """The token that the browser sent in a cookie, the only place it is taken from; None when it cannot be one."""
    token = request.cookies.get(cookie)
    return token if token is not None and _TOKEN.fullmatch(token) else None


def keep(response: Response, cookie: str, token: str) -> None:
    """Let the browser hold a token until it closes."""
    response.set_cookie(cookie, token, path="/", secure=True, httponly=True, samesite="Strict")


def forget(response: Response, *cookies: str) -> None:
    """Take cookies back; all of them when none is named."""
    for name in cookies or (OFFICE_COOKIE, STEP_COOKIE, FORM_COOKIE):
        response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="Strict")
