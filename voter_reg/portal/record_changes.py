"""Correcting one's own record: address, name, dates, and where notices go. Each page changes one thing and says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue

from voter_reg.language import Said, said
from voter_reg.portal.forms import ContactForm
from voter_reg.portal.front import front
from voter_reg.portal.lookup import Found, look_up
from voter_reg.portal.record import page
from voter_reg.portal.record_desk import mine, own, record, records
from voter_reg.portal.record_forms import OwnAddressForm, OwnDatesForm, OwnNameForm
from voter_reg.portal.tongue import language, switches
from voter_reg.service.answers import HOMES, date_fields
from voter_reg.service.contact import read_email, read_mail_to
from voter_reg.service.own_changes import Change, Stale
from voter_reg.service.own_view import OwnRecord

_NEWER = said(
    "Your record was changed in another tab or by the office after you opened this page. "
    "Check what you typed, and send it again."
)


@record.get("/address")
@own
def address() -> str:
    """Where do you live now? `home` in the address of the page names one of the ways to tell it, and nothing else."""
    shown = _shown()
    home = request.args.get("home", "")
    home = home if home in HOMES else HOMES[0]
    return _form("record_address.html", shown.version, {"home": home})


@record.post("/address")
@own
def change_address() -> ResponseReturnValue:
    """Look the new address up, and change it where it was signed."""
    form = OwnAddressForm(request.form)
    place, found = form.read_place(), look_up(form, front().desk.map)
    signed = form.read_signed() if found.split is not None else ""
    values = {**form.typed(), "home": form.way}
    if found.split is None or form.problems or switches():
        more = {"candidates": found.candidates, "unlisted": not found.listed}
        return _again("record_address.html", form.problems, values, **more)
    fields = _home(form, found, place)
    return _changed("record_address.html", Change("address", fields, signed, found.split, language()), values)


@record.get("/name")
@own
def name() -> str:
    """The name, as it is on papers."""
    shown = _shown()
    own_name, sort = shown.record.name, shown.record.sort_name
    return _form("record_name.html", shown.version, {"name": own_name, "sort_name": "" if sort == own_name else sort})


@record.post("/name")
@own
def change_name() -> ResponseReturnValue:
    """Change the name."""
    form = OwnNameForm(request.form)
    (typed, sort), signed = form.read(), form.read_signed()
    if form.problems or switches():
        return _again("record_name.html", form.problems, form.typed())
    return _changed(
        "record_name.html",
        Change("name", {"name": typed, "sort_name": sort}, signed, language=language()),
        form.typed(),
    )


@record.get("/dates")
@own
def dates() -> str:
    """Birth date, and since when the person lives here."""
    shown = _shown()
    known = {**date_fields("birth", shown.record.birth), **date_fields("since", shown.record.resident_since)}
    return _form("record_dates.html", shown.version, known)


@record.post("/dates")
@own
def change_dates() -> ResponseReturnValue:
    """Correct them."""
    form = OwnDatesForm(request.form)
    (birth, since), signed = form.read_dates(front().desk.now().date()), form.read_signed()
    if form.problems or switches():
        return _again("record_dates.html", form.problems, form.typed())
    wanted = Change("dates", {"birth": birth, "resident_since": since}, signed, language=language())
    return _changed("record_dates.html", wanted, form.typed())


@record.get("/contact")
@own
def contact() -> str:
    """Where notices go, and in which language."""
    shown = _shown()
    kept = shown.record
    values = {"email": kept.email or "", "mail_to": kept.mail_to or "", "language": kept.language}
    return _form("record_contact.html", shown.version, values)


@record.post("/contact")
@own
def change_contact() -> ResponseReturnValue:
    """Change them; nothing here is signed, and all of it may be empty."""
    form = ContactForm(request.form)
    mails = front().site().offers.mail
    email = form.attempt(lambda: read_email(form.email.data or "", "email"), None) if mails else None
    mail_to = form.attempt(lambda: read_mail_to(form.mail_to.data or "", "mail_to"), None)
    if form.problems or switches():
        return _again("record_contact.html", form.problems, form.typed())
    fields: dict[str, str | None] = {"mail_to": mail_to}
    if mails:
        fields["email"] = email
    if form.language.data in front().languages:
        fields["language"] = form.language.data
    return _changed("record_contact.html", Change("contact", fields), form.typed())


def _home(form: OwnAddressForm, found: Found, place: str) -> dict[str, str | None]:
    """The home as it is kept; what is typed only to find the precinct is used for that and let go."""
    listed = form.way in ("address", "facility")
    return {
        "home": form.way,
        "address": found.address if listed else place,
        "place": place if form.way == "facility" else None,
        "unit": (found.unit or None) if listed else None,
    }


def _shown() -> OwnRecord:
    return records().look(mine(), "look-to-change")


def _form(
    name: str, version: str, values: Mapping[str, str], errors: dict[str, Said] | None = None, **more: Any
) -> str:
    return page(name, errors, form=True, values=values, version=version, **more)


def _again(name: str, errors: dict[str, Said], values: Mapping[str, str], **more: Any) -> ResponseReturnValue:
    """The page once more with what was typed: with its mistakes, or only in another language."""
    version = request.form.get("version", "")[:64]
    if switches():
        return _form(name, version, values, **more)
    return _form(name, version, values, errors, **more), 422


def _changed(name: str, wanted: Change, values: Mapping[str, str]) -> ResponseReturnValue:
    try:
        unproven = records().change(mine(), wanted, request.form.get("version", ""))
    except Stale:
        return _form(name, _shown().version, values, {"newer": _NEWER}), 409
    return redirect("/record/card" if unproven else "/record", 303)
