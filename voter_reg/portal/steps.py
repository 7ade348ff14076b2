"""The questions of the form, one a page: notice, address, name and birth date, Municipal ID or other papers."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from voter_reg.portal.answers import date_fields
from voter_reg.portal.blueprint import portal
from voter_reg.portal.cookies import keep_draft
from voter_reg.portal.forms import AddressForm, CardForm, NameForm
from voter_reg.portal.front import front
from voter_reg.portal.lookup import contests_page, look_up
from voter_reg.portal.open_draft import NewerTab, OpenDraft, leads_to, onward, open_draft, peek, wants_to_save
from voter_reg.residency.card_number import is_well_formed, normalise
from voter_reg.service.drafts import Draft, Stale
from voter_reg.service.registration import CardAnswer
from voter_reg.web.marks import public

NOT_CONFIRMED = (
    "We could not confirm this card with this birth date and address. "
    "Check the number, go back and check your answers, or show other papers."
)
"""One answer for a wrong, an expired and another person's card: it tells a stranger nothing."""


@portal.get("/notice")
@public
def notice() -> str:
    """The notice in full, before anything is asked."""
    return front().render("notice.html", csrf=generate_csrf())


@portal.post("/notice")
@public
def accept_notice() -> ResponseReturnValue:
    """The notice was read: start a draft, or go on with the one that is there."""
    opened = peek()
    if opened is not None and opened.draft.receipt is None:
        return redirect(onward(opened.draft), 303)
    response = redirect("/address", 303)
    keep_draft(response, front().desk.start())
    return response


@portal.get("/address")
@public
def address() -> str:
    """Where do you live?"""
    opened = open_draft("address")
    values = {"address": opened.draft.typed_address or "", "unit": opened.draft.unit or ""}
    return opened.page("address.html", values=values, errors={})


@portal.post("/address")
@public
def answer_address() -> ResponseReturnValue:
    """Look the address up; a new address undoes a card that was confirmed for the old one."""
    opened, form = open_draft("address"), AddressForm(request.form)
    found = look_up(form, front().desk.map)
    if found.split is None:
        if wants_to_save():
            return redirect("/save", 303)
        return opened.page("address.html", values=form.typed(), errors=form.problems, candidates=found.candidates), 422
    changed = replace(
        opened.draft if opened.draft.address == found.address else _unproven(opened.draft),
        typed_address=form.address.data or found.address,
        address=found.address,
        unit=found.unit or None,
        split=found.split,
    )
    opened.save(changed)
    return leads_to(changed, contests_page(found.split))


@portal.get("/name")
@public
def name() -> str:
    """Name, birth date, and since when."""
    opened = open_draft("name")
    draft = opened.draft
    values = {
        "name": draft.name or "",
        "sort_name": draft.sort_name or "",
        **date_fields("birth", draft.birth),
        **date_fields("since", draft.resident_since),
    }
    return opened.page("name.html", values=values, errors={})


@portal.post("/name")
@public
def answer_name() -> ResponseReturnValue:
    """Keep name and dates; a new birth date undoes a card that was confirmed for the old one."""
    opened, form = open_draft("name"), NameForm(request.form)
    answers = form.read(front().desk.now().date())
    if form.problems:
        if wants_to_save():
            return redirect("/save", 303)
        return opened.page("name.html", values=form.typed(), errors=form.problems), 422
    changed = replace(
        opened.draft if opened.draft.birth == answers.birth else _unproven(opened.draft),
        name=answers.name,
        sort_name=answers.sort_name or None,
        birth=answers.birth,
        resident_since=answers.resident_since,
    )
    opened.save(changed)
    return leads_to(changed)


@portal.get("/card")
@public
def card() -> str:
    """The Municipal ID number."""
    return open_draft("card").page("card.html", values={}, errors={})


@portal.post("/card")
@public
def answer_card() -> ResponseReturnValue:
    """Ask the registry. The number stands in this answer's own field when it was not confirmed, and nowhere else."""
    opened, form = open_draft("card"), CardForm(request.form)
    typed = (form.card.data or "")[:100]
    number = normalise(typed)
    if wants_to_save():
        return redirect("/save", 303)
    if not number:
        problem = "Enter the card number, or show other papers instead."
    elif not is_well_formed(number):
        problem = "This is not a Municipal ID number. It has 12 digits; check each of them."
    else:
        answer = _ask(opened, number)
        if answer == "confirmed":
            return redirect("/review", 303)
        if answer == "unavailable":
            return open_draft("card").page("card.html", values={"card": typed}, errors={}, unavailable=True), 503
        opened, problem = open_draft("card"), NOT_CONFIRMED
    return opened.page("card.html", values={"card": typed}, errors={"card": problem}), 422


@portal.post("/papers")
@public
def choose_papers() -> ResponseReturnValue:
    """No card: other papers will be shown in person."""
    opened = open_draft("card")
    changed = replace(opened.draft, proof="papers", card_mark=None)
    opened.save(changed)
    return leads_to(changed)


def _ask(opened: OpenDraft, number: str) -> CardAnswer:
    try:
        return front().desk.check_card(opened.token, opened.draft, opened.version, number)
    except Stale as stale:
        raise NewerTab from stale


def _unproven(draft: Draft) -> Draft:
    """The draft without its proof: a card was confirmed for one birth date at one address."""
    return replace(draft, proof=None, card_mark=None)
