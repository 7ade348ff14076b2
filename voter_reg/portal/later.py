"""Coming back and going away: the link to finish later, opening it, and leaving."""

from __future__ import annotations

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from voter_reg.portal.blueprint import portal
from voter_reg.portal.cookies import draft_token, forget_draft, keep_draft
from voter_reg.portal.front import front
from voter_reg.portal.open_draft import onward, open_draft
from voter_reg.portal.site import long_date
from voter_reg.service.drafts import LIFETIME, Draft
from voter_reg.web.marks import public


@portal.get("/save")
@public
def save() -> str:
    """The link to finish later; it carries the draft's token and no answer."""
    opened = open_draft()
    link = f"{request.host_url}resume/{front().links.seal(opened.token)}"
    until = long_date((front().desk.now() + LIFETIME).date())
    return opened.page("save.html", link=link, until=until, saved=_saved(opened.draft))


@portal.get("/resume")
@public
def go_on() -> Response:
    """Back to the first question that is not answered."""
    return redirect(onward(open_draft().draft), 303)


@portal.get("/resume/<sealed>")
@public
def offer_resume(sealed: str) -> str:
    """Show a button and no answer: a link preview or a look over the shoulder opens nothing."""
    _opened_link(sealed)
    return front().render("resume.html", csrf=generate_csrf())


@portal.post("/resume/<sealed>")
@public
def resume(sealed: str) -> ResponseReturnValue:
    """Take the draft up on this device."""
    token, draft = _opened_link(sealed)
    response = redirect(onward(draft), 303)
    keep_draft(response, token)
    return response


@portal.post("/leave")
@public
def leave() -> Response:
    """Forget the draft on the server and in the browser, and go to a neutral page."""
    token = draft_token(request)
    if token:
        front().desk.discard(token)
    response = redirect("/left", 303)
    forget_draft(response)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def _opened_link(sealed: str) -> tuple[str, Draft]:
    token = front().links.open(sealed)
    found = front().desk.load(token) if token else None
    if token is None or found is None:
        abort(410)
    return token, found[0]


def _saved(draft: Draft) -> list[str]:
    """Which pages are answered, without the answers."""
    pages = (
        (draft.address, "Your address"),
        (draft.name, "Your name and birth date"),
        (draft.proof, "How you prove who you are"),
    )
    return [words for answered, words in pages if answered]
