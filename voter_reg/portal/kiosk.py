"""A device that many people use, in a library or an organisation: nothing of one person stays for the next."""

from __future__ import annotations

from datetime import timedelta

from flask import redirect, request
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from voter_reg.portal.blueprint import portal
from voter_reg.portal.cookies import KIOSK_COOKIE, forget_draft
from voter_reg.portal.front import front
from voter_reg.portal.record_desk import end_record_session
from voter_reg.portal.tongue import switches
from voter_reg.web.marks import public

_REMEMBERED = timedelta(days=365)


@portal.get("/shared-device")
@public
def shared_device() -> str:
    """How to set a device up for many people, and what helpers may and may not do."""
    return front().render("kiosk.html", csrf=generate_csrf(), form=True)


@portal.post("/shared-device")
@public
def set_up() -> Response | str:
    """Mark this device as shared, or no longer; whatever form was open on it is closed."""
    if switches():
        return shared_device()
    if holds := front().cookie.read(request):
        front().desk.discard(holds.token)
    response = redirect("/shared-device" if request.form.get("shared") != "yes" else "/", 303)
    end_record_session(response)
    forget_draft(response)
    mark = "yes" if request.form.get("shared") == "yes" else ""
    age = _REMEMBERED if mark else timedelta(0)
    response.set_cookie(KIOSK_COOKIE, mark, max_age=age, path="/", secure=True, httponly=True, samesite="Lax")
    return response
