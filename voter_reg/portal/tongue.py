"""Which language a page is in: the one that was chosen, or the first that the browser asks for and the city offers.

A choice comes with a link (`?lang=es`), or with a button that belongs to the page's form, so that what was typed comes
along and is shown again. It is kept in a cookie of its own that holds the language and nothing else.
"""

from __future__ import annotations

from typing import Final

from flask import Response, g, request

from eligibility.pack import Pack
from voter_reg.language import ENGLISH, OWN_NAMES
from voter_reg.portal.cookies import LANGUAGE_COOKIE

_BUTTON: Final = "in-"


def spoken(pack: Pack) -> tuple[str, ...]:
    """The languages that a place's pages are offered in: English, and those it has all its texts in."""
    return tuple(code for code in pack.spoken if code in OWN_NAMES)


def choose(offered: tuple[str, ...]) -> None:
    """Settle the language of this request, by its link, its cookie, or what the browser asks for."""
    asked = request.args.get("lang", "")
    g.chosen = asked if asked in offered else None
    g.language = g.chosen or _kept(offered) or _of_browser(offered)


def change(offered: tuple[str, ...]) -> None:
    """Change it where one of a form's language buttons was pressed."""
    asked = request.form.get("then", "").removeprefix(_BUTTON) if switches() else ""
    if asked in offered:
        g.chosen = g.language = asked


def keep(response: Response) -> Response:
    """Let the browser remember a choice until it closes."""
    if g.get("chosen"):
        response.set_cookie(LANGUAGE_COOKIE, g.chosen, path="/", secure=True, httponly=True, samesite="Lax")
    return response


def language() -> str:
    """The language of this request."""
    chosen: str = g.get("language", ENGLISH)
    return chosen


def switches() -> bool:
    """Whether the form was sent only to see the page in another language: nothing is checked or kept then."""
    return request.method == "POST" and request.form.get("then", "").startswith(_BUTTON)


def _kept(offered: tuple[str, ...]) -> str | None:
    kept = request.cookies.get(LANGUAGE_COOKIE)
    return kept if kept in offered else None


def _of_browser(offered: tuple[str, ...]) -> str:
    """The first language offered in the order of the browser's wishes; Spanish of Mexico is Spanish.

    Werkzeug's own choice would prefer any exact match: who asks for "es-MX, en;q=0.5" would get English.
    """
    wanted = (tag.lower().partition("-")[0] for tag, quality in request.accept_languages if quality > 0)
    return next((tag for tag in wanted if tag in offered), ENGLISH)
