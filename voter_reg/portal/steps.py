"""The first questions of the form: the notice, where one lives, name and birth date, and whether notices are wanted."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from voter_reg.portal.blueprint import portal
from voter_reg.portal.forms import AddressForm, ContactForm, NameForm
from voter_reg.portal.front import front
from voter_reg.portal.lookup import Found, contests_page, look_up
from voter_reg.portal.open_draft import held_or_none, leads_to, onward, open_draft, peek, wants_to_save
from voter_reg.portal.tongue import language, switches
from voter_reg.service.answers import HOMES, date_fields
from voter_reg.service.contact import read_email, read_mail_to
from voter_reg.service.drafts import Draft
from voter_reg.web.marks import public


@portal.get("/notice")
@public
def notice() -> str:
    """The notice in full, before anything is asked."""
    return front().render("notice.html", csrf=generate_csrf(), form=True)


@portal.post("/notice")
@public
def accept_notice() -> ResponseReturnValue:
    """The notice was read: start a draft, or go on with the one that is there."""
    if switches():
        return notice()
    opened = peek() if held_or_none() else None
    if opened is not None and opened.draft.receipt is None:
        return redirect(onward(opened.draft), 303)
    response = redirect("/address", 303)
    front().cookie.keep(response, front().desk.start(language(), front().site().notice_language))
    return response


@portal.get("/address")
@public
def address() -> str:
    """Where do you live? `home` in the address of the page names one of the ways to tell it, and nothing else."""
    opened = open_draft("address")
    draft, asked = opened.draft, request.args.get("home", "")
    home = asked if asked in HOMES else draft.home or HOMES[0]
    if home != (draft.home or HOMES[0]):
        return opened.page("address.html", values={"home": home})
    place = draft.place if home == "facility" else draft.address if home != HOMES[0] else ""
    values = {"home": home, "address": draft.typed_address or "", "unit": draft.unit or "", "place": place or ""}
    return opened.page("address.html", values=values)


@portal.post("/address")
@public
def answer_address() -> ResponseReturnValue:
    """Look the address up; a new address, or another precinct, undoes a card that was confirmed."""
    opened, form = open_draft("address"), AddressForm(request.form)
    place = form.read_place()
    found = look_up(form, front().desk.map)
    if found.split is None or form.problems or switches():
        if wants_to_save():
            return redirect("/save", 303)
        return opened.again(
            "address.html",
            form.problems,
            values={**form.typed(), "home": form.way},
            candidates=found.candidates,
            unlisted=not found.listed,
        )
    changed = _at(opened.draft, form, found, place)
    opened.save(changed)
    return leads_to(changed, contests_page(found.split))


def _at(draft: Draft, form: AddressForm, found: Found, place: str) -> Draft:
    """The draft with its home. Only a plain address and a facility's own are kept as the map knows them.

    What someone without a fixed address, with an unlisted one or in an address protection program types to find the
    precinct is used for that and let go: for the last it is where they really live.
    """
    listed = form.way in ("address", "facility")
    kept = found.address if listed else place
    return replace(
        draft if (draft.address, draft.split) == (kept, found.split) else _unproven(draft),
        home=form.way,
        typed_address=(form.address.data or found.address) if listed else None,
        address=kept,
        place=place if form.way == "facility" else None,
        unit=(found.unit or None) if listed else None,
        split=found.split,
    )


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
    return opened.page("name.html", values=values)


@portal.post("/name")
@public
def answer_name() -> ResponseReturnValue:
    """Keep name and dates; a new birth date undoes a card that was confirmed for the old one."""
    opened, form = open_draft("name"), NameForm(request.form)
    answers = form.read(front().desk.now().date())
    if form.problems or switches():
        if wants_to_save():
            return redirect("/save", 303)
        return opened.again("name.html", form.problems, values=form.typed())
    changed = replace(
        opened.draft if opened.draft.birth == answers.birth else _unproven(opened.draft),
        name=answers.name,
        sort_name=answers.sort_name or None,
        birth=answers.birth,
        resident_since=answers.resident_since,
    )
    opened.save(changed)
    return leads_to(changed)


@portal.get("/contact")
@public
def contact() -> str:
    """Do you want notices? Nothing here has to be answered."""
    opened = open_draft("contact")
    draft = opened.draft
    spoken = draft.language if draft.contact_asked else language()
    values = {"email": draft.email or "", "mail_to": draft.mail_to or "", "language": spoken}
    return opened.page("contact.html", values=values)


@portal.post("/contact")
@public
def answer_contact() -> ResponseReturnValue:
    """Keep where notices go, and in which language; both may be nothing."""
    opened, form = open_draft("contact"), ContactForm(request.form)
    email = (
        form.attempt(lambda: read_email(form.email.data or "", "email"), None) if front().site().offers.mail else None
    )
    mail_to = form.attempt(lambda: read_mail_to(form.mail_to.data or "", "mail_to"), None)
    if form.problems or switches():
        if wants_to_save():
            return redirect("/save", 303)
        return opened.again("contact.html", form.problems, values=form.typed())
    spoken = form.language.data if form.language.data in front().languages else language()
    changed = replace(opened.draft, email=email, mail_to=mail_to, language=spoken, contact_asked=True)
    opened.save(changed)
    return leads_to(changed)


def _unproven(draft: Draft) -> Draft:
    """The draft without its proof: a card was confirmed for one birth date at one address."""
    return replace(draft, proof=None, card_mark=None)
