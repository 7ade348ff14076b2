"""How one shows where one lives: the Municipal ID by its number, or another way that the place allows."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, request
from flask.typing import ResponseReturnValue

from voter_reg.language import said
from voter_reg.portal.blueprint import portal
from voter_reg.portal.forms import CardForm, WayForm
from voter_reg.portal.front import front
from voter_reg.portal.open_draft import NewerTab, OpenDraft, leads_to, open_draft, wants_to_save
from voter_reg.portal.tongue import switches
from voter_reg.residency.card_number import is_well_formed, normalise
from voter_reg.service.drafts import Stale
from voter_reg.service.registration import CardAnswer
from voter_reg.web.marks import public

NOT_CONFIRMED = said(
    "We could not confirm this card with this birth date and address. "
    "Check the number, go back and check your answers, or show other papers."
)
"""One answer for a wrong, an expired and another person's card: it tells a stranger nothing."""


@portal.get("/card")
@public
def card() -> str:
    """The Municipal ID, and what else there is."""
    return open_draft("card").page("card.html", values={})


@portal.post("/card")
@public
def answer_card() -> ResponseReturnValue:
    """Ask the registry. The number stands in this answer's own field when it was not confirmed, and nowhere else."""
    opened, form = open_draft("card"), CardForm(request.form)
    typed = (form.card.data or "")[:100]
    number = normalise(typed)
    if wants_to_save():
        return redirect("/save", 303)
    if switches():
        return opened.page("card.html", values={"card": typed})
    if not number:
        problem = said("Enter the card number, or show other papers instead.")
    elif not is_well_formed(number):
        problem = said("This is not a Municipal ID number. It has 12 digits; check each of them.")
    else:
        answer = _ask(opened, number)
        if answer == "confirmed":
            return leads_to(open_draft("card").draft)
        if answer == "unavailable":
            return open_draft("card").page("card.html", values={"card": typed}, unavailable=True), 503
        opened, problem = open_draft("card"), NOT_CONFIRMED
    return opened.again("card.html", {"card": problem}, values={"card": typed})


@portal.post("/way")
@public
def choose_way() -> ResponseReturnValue:
    """No card: another of the ways that the place allows."""
    opened, way = open_draft("card"), WayForm(request.form).way.data
    if way not in front().ways:
        return opened.again("card.html", {"way": said("Choose how you will show where you live.")}, values={})
    changed = replace(opened.draft, proof=way, card_mark=None)
    opened.save(changed)
    return leads_to(changed, "/papers" if way == "uploaded" else None)


def _ask(opened: OpenDraft, number: str) -> CardAnswer:
    try:
        return front().desk.check_card(opened.token, opened.draft, opened.version, number)
    except Stale as stale:
        raise NewerTab from stale
