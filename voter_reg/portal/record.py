"""A registrant's own record: signing in, how it stands, a sample ballot, who has looked, and proving a new home."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from voter_reg.language import Said, said
from voter_reg.portal.forms import CardForm
from voter_reg.portal.front import front
from voter_reg.portal.record_desk import (
    forget_record,
    keep_record,
    mine,
    own,
    record,
    record_token,
    records,
    signed_in_or_none,
)
from voter_reg.portal.record_forms import SignInForm
from voter_reg.portal.tongue import switches
from voter_reg.residency.card_number import is_well_formed, normalise
from voter_reg.service.own_changes import Stale
from voter_reg.service.own_limits import Wait
from voter_reg.service.own_record import NotFound, NotSignedIn
from voter_reg.service.own_view import OwnRecord
from voter_reg.service.review_state import in_words
from voter_reg.web.marks import public

NOT_FOUND = said(
    "We cannot open a registration with this code and this birth date. Check both. "
    "If you lost your code, call us or come in person."
)
"""One answer for a wrong code, a right one with another birth date, and one of someone who has left."""

NOT_CONFIRMED = said("We could not confirm this card with your birth date and your address. Check the number.")


@record.get("")
@public
def home() -> ResponseReturnValue:
    """The record of whoever signed in; for everyone else the page to sign in. It tells a stranger nothing."""
    if signed_in_or_none() is None:
        return _sign_in_page({}, {})
    shown = records().look(mine())
    return page("record.html", own=shown, told=_told(shown), sends=wants_papers(shown))


@record.post("")
@public
def sign_in() -> ResponseReturnValue:
    """Open the record with code and birth date. A code never stands in an address."""
    form = SignInForm(request.form)
    code, birth = form.read(front().desk.now().date())
    typed = form.typed()
    if switches():
        return _sign_in_page(typed, {})
    if form.problems:
        return _sign_in_page(typed, form.problems), 422
    before = record_token(request)
    try:
        token = records().sign_in(code, birth)
    except NotFound:
        return _sign_in_page(typed, {"code": NOT_FOUND}), 422
    except Wait as wait:
        return _sign_in_page(typed, {"code": wait_words(wait)}), 429
    if before is not None:
        records().end(before)
    response = redirect("/record", 303)
    keep_record(response, token)
    return response


@record.get("/ballot")
@own
def ballot() -> str:
    """What the ballot will ask, election by election; nobody's candidates are known here."""
    return page("record_ballot.html", own=records().look(mine()))


@record.get("/looks")
@own
def looks() -> str:
    """Who has looked at the record."""
    zone = front().desk.now().tzinfo
    seen = [(one.at.astimezone(zone), one.role, one.what, one.many) for one in records().who_looked(mine())]
    return page("record_looks.html", looks=list(reversed(seen)))


@record.get("/card")
@own
def card() -> ResponseReturnValue:
    """Prove a home with a Municipal ID, where papers are still to be shown."""
    if records().look(mine()).state != "waiting":
        return redirect("/record", 303)
    return page("record_card.html", form=True, values={})


@record.post("/card")
@own
def show_card() -> ResponseReturnValue:
    """Ask the registry; the number is kept nowhere."""
    typed = (CardForm(request.form).card.data or "")[:100]
    number = normalise(typed)
    if switches():
        return page("record_card.html", form=True, values={"card": typed})
    if not is_well_formed(number):
        problem = said("This is not a Municipal ID number. It has 12 digits; check each of them.")
        return page("record_card.html", {"card": problem}, form=True, values={"card": typed}), 422
    try:
        answer = records().show_card(mine(), number)
    except Wait as wait:
        return page("record_card.html", {"card": wait_words(wait)}, form=True, values={"card": typed}), 429
    except Stale:
        return redirect("/record", 303)
    if answer == "confirmed":
        return redirect("/record", 303)
    if answer == "unavailable":
        problem, status = said("We cannot check cards right now. Try again in a few minutes."), 503
    else:
        problem, status = NOT_CONFIRMED, 422
    return page("record_card.html", {"card": problem}, form=True, values={"card": typed}), status


@record.errorhandler(NotSignedIn)
def to_sign_in(_: NotSignedIn) -> Response:
    """The session ended, or never was: the page to sign in, which says nothing of why."""
    response = redirect("/record", 303)
    forget_record(response)
    return response


def page(name: str, errors: dict[str, Said] | None = None, **words: Any) -> str:
    """Render one page of the record; the button to leave the site is on each of them."""
    return front().render(name, errors, csrf=generate_csrf(), **words)


def wants_papers(shown: OwnRecord) -> bool:
    """Whether a paper would still help this registrant, and this installation takes them."""
    review = shown.review
    return review is not None and review.takes_papers and shown.state != "registered" and front().site().offers.uploads


def wait_words(wait: Wait) -> Said:
    """Until when to wait, to the next whole minute, told as it is."""
    until = wait.until.astimezone(front().desk.now().tzinfo)
    return said(
        "There were too many tries. To protect registrants, you have to wait. Try again at %(time)s.",
        time=_whole_minute(until),
    )


def _told(shown: OwnRecord) -> tuple[Said, ...]:
    """What the office says of the proof, where it has said something or it is its turn."""
    review = shown.review
    if review is None or review.standing == "approved" or shown.state == "registered":
        return ()
    theirs = review.standing == "waiting" and (review.comes_in or shown.state == "checking")
    return () if theirs else in_words(review)


def _whole_minute(at: datetime) -> datetime:
    return at if not (at.second or at.microsecond) else at.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _sign_in_page(values: dict[str, str], errors: dict[str, Said]) -> str:
    return front().render("record_sign_in.html", errors, csrf=generate_csrf(), form=True, values=values)
