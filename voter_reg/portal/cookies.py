"""The draft's cookie: a random token and nothing else, gone when the browser closes."""

from __future__ import annotations

import re
from typing import Final

from flask import Request
from werkzeug.wrappers import Response

DRAFT_COOKIE: Final = "__Host-draft"
SESSION_COOKIE: Final = "__Host-portal"
"""Holds the CSRF secret and nothing else."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,128}", re.ASCII)


def draft_token(request: Request) -> str | None:
    """The draft token the browser sent, or None when there is none or it cannot be one."""
    token = request.cookies.get(DRAFT_COOKIE)
    return token if token is not None and _TOKEN.fullmatch(token) else None


def keep_draft(response: Response, token: str) -> None:
    """Let the browser hold the token until it closes; a shared device keeps nothing longer."""
    response.set_cookie(DRAFT_COOKIE, token, path="/", secure=True, httponly=True, samesite="Lax")


def forget_draft(response: Response) -> None:
    """Take both cookies back."""
    for name in (DRAFT_COOKIE, SESSION_COOKIE):
        response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="Lax")
