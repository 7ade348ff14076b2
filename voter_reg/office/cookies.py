"""The office's two cookies, gone when the browser closes: the session's random token, and the forms' CSRF secret."""

from __future__ import annotations

import re
from typing import Final

from flask import Request
from werkzeug.wrappers import Response

OFFICE_COOKIE: Final = "__Host-office"
"""Holds the session's token and nothing else."""
FORM_COOKIE: Final = "__Host-office-form"
"""Holds the CSRF secret and nothing else."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,128}", re.ASCII)


def session_token(request: Request) -> str | None:
    """The token that the browser sent in its cookie, the only place it is taken from; None when it cannot be one."""
    token = request.cookies.get(OFFICE_COOKIE)
    return token if token is not None and _TOKEN.fullmatch(token) else None


def keep_session(response: Response, token: str) -> None:
    """Let the browser hold the token until it closes."""
    response.set_cookie(OFFICE_COOKIE, token, path="/", secure=True, httponly=True, samesite="Strict")


def forget_session(response: Response) -> None:
    """Take both cookies back."""
    for name in (OFFICE_COOKIE, FORM_COOKIE):
        response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="Strict")
