"""Finishing later, saying that one is still here, and leaving."""

from __future__ import annotations

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from voter_reg.language import Said, said
from voter_reg.portal.blueprint import portal
from voter_reg.portal.cookies import forget_draft, is_shared
from voter_reg.portal.forms import ResumeForm
from voter_reg.portal.front import front
from voter_reg.portal.open_draft import held, onward, open_draft
from voter_reg.portal.record_desk import end_record_session, touch_record_session
from voter_reg.portal.tongue import switches
from voter_reg.service.drafts import Draft
from voter_reg.service.resume import LINK_LIFETIME
from voter_reg.web.marks import public

_WRONG = said(
    "This code does not open this link. Check each letter. A link works once, for one day, and ends after 5 wrong "
    "codes."
)


@portal.get("/save")
@public
def save() -> str:
    """What is saved so far, and a button that makes the link."""
    opened = open_draft()
    return opened.page("save.html", saved=_saved(opened.draft))


@portal.post("/save")
@public
def make_link() -> str:
    """A link and a code, each useless without the other; the ones made before no longer work."""
    opened = open_draft()
    if switches():
        return opened.page("save.html", saved=_saved(opened.draft))
    link, code = front().desk.keep_for_later(opened.token)
    address = f"{request.host_url}resume/{front().links.seal(link)}"
    until = front().words().moment(front().desk.now() + LINK_LIFETIME)
    return opened.page("save.html", saved=_saved(opened.draft), link=address, code=code, until=until)


@portal.get("/resume")
@public
def go_on() -> Response:
    """Back to the first question that is not answered."""
    return redirect(onward(open_draft().draft), 303)


@portal.get("/resume/<sealed>")
@public
def offer_resume(sealed: str) -> str:
    """Ask for the code and show no answer: a link preview or a look over the shoulder opens nothing."""
    _link_in(sealed)
    return front().render("resume.html", csrf=generate_csrf(), form=True, values={})


@portal.post("/resume/<sealed>")
@public
def resume(sealed: str) -> ResponseReturnValue:
    """Take the draft up on this device."""
    link, form = _link_in(sealed), ResumeForm(request.form)
    typed = (form.code.data or "")[:40]
    if switches():
        return front().render("resume.html", csrf=generate_csrf(), form=True, values={"code": typed})
    token = front().desk.take_up(link, typed) if typed.strip() else None
    if token is None:
        problem = _WRONG if typed.strip() else said("Enter the code that you wrote down with the link.")
        words = {"csrf": generate_csrf(), "form": True, "values": {"code": typed}}
        return front().render("resume.html", {"code": problem}, **words), 422
    found = front().desk.load(token)
    if found is None:
        abort(410)
    response = redirect(onward(found[0]), 303)
    front().cookie.keep(response, token)
    return response


@portal.post("/still-here")
@public
def still_here() -> Response:
    """Count the time anew; a page asks for this when someone says that they are still there."""
    response = Response(status=204)
    touch_record_session()
    if holds := held():
        front().cookie.keep(response, holds.token)
    return response


@portal.post("/leave")
@public
def leave() -> Response:
    """Forget the draft on the server and in the browser, and go to a neutral page."""
    if holds := front().cookie.read(request):  # however long ago it was touched
        front().desk.discard(holds.token)
    response = redirect("/left", 303)
    end_record_session(response)
    forget_draft(response)
    clear_browser(response)
    return response


def clear_browser(response: Response) -> None:
    """Have the browser clear what this site stored. A shared device stays one; its cookie says nothing of anyone."""
    # Clearing every cookie would take away the mark of a shared device too; ours are taken back one by one there.
    response.headers["Clear-Site-Data"] = (
        '"cache", "storage"' if is_shared(request) else '"cache", "cookies", "storage"'
    )


def _link_in(sealed: str) -> str:
    link = front().links.open(sealed)
    if link is None:
        abort(410)
    return link


def _saved(draft: Draft) -> list[Said]:
    """Which pages are answered, without the answers."""
    pages = (
        (draft.address, said("Your address")),
        (draft.name, said("Your name and birth date")),
        (draft.proof, said("How you show where you live")),
    )
    return [words for answered, words in pages if answered]
