"""Vouching for a neighbor: who the voucher is and whose code they hold, then for whom, the oath, and the end.

Between the pages nothing is kept: the second page carries what the first found, as random ids, signed and dated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from flask import abort, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from itsdangerous import BadSignature
from wtforms import BooleanField, StringField

from voter_reg.language import Said, said
from voter_reg.portal.blueprint import portal
from voter_reg.portal.forms import PortalForm
from voter_reg.portal.front import front
from voter_reg.portal.tongue import switches
from voter_reg.service import vouching
from voter_reg.service.answers import read_birth
from voter_reg.service.codes import plain_code
from voter_reg.service.limits import TooMany
from voter_reg.service.vouching import PAGE_LIFETIME, Asked, NotPossible, Shown, Vouching
from voter_reg.web.marks import public

NOT_POSSIBLE: Final = said(
    "You cannot vouch with what you typed. Check both codes and your birth date. If they are right, call us: "
    "the code may be too old, or one of the rules on this page may not be met."
)
"""One answer, whatever the reason: it tells a stranger nothing."""

_LONGEST_CODE: Final = 40
_OWN_CODE, _VOUCHING_CODE = 10, 12  # letters and digits


class VouchForm(PortalForm):
    """The voucher's own code and birth date, and the code they were handed."""

    code = StringField()
    birth_month = StringField()
    birth_day = StringField()
    birth_year = StringField()
    birth_partly = StringField()
    vouching_code = StringField()

    def read(self) -> Asked:
        """What was given; look at `problems` before using it. A code of the wrong length can be nobody's."""
        sent = {name: value or "" for name, value in self.data.items()}
        code = self._code(
            "code", _OWN_CODE, said("Enter your own code. It has 10 letters and digits, such as 7K2M9-QX4TB.")
        )
        birth = self.take(lambda: read_birth(sent, front().desk.now().date()))
        word = self._code(
            "vouching_code",
            _VOUCHING_CODE,
            said("Enter the code that you were handed. It has 12 letters and digits, such as 7K2M-9QX4-TB3D."),
        )
        return Asked(code, birth, word)

    def shown_again(self) -> dict[str, str]:
        """What was typed, without the codes."""
        return {name: value for name, value in self.typed().items() if "code" not in name}

    def _code(self, field: str, length: int, problem: Said) -> str:
        text = self.data[field] or ""
        code = plain_code(text)
        if len(text) > _LONGEST_CODE or len(code) != length or not code.isascii() or not code.isalnum():
            self.problems[field] = problem
            return ""
        return code


class OathForm(PortalForm):
    """The oath."""

    sworn = BooleanField()
    page = StringField()


@portal.get("/vouch")
@public
def vouch() -> ResponseReturnValue:
    """Who can vouch, and what they need."""
    return _first({})


@portal.post("/vouch")
@public
def look() -> ResponseReturnValue:
    """For whom; whatever is wrong gets one answer after the same time."""
    form = VouchForm(request.form)
    asked = form.read()
    if switches():
        return _first(form.shown_again())
    if form.problems:
        return _first(form.shown_again(), form.problems), 422
    try:
        shown = front().desk.vouch_look(asked)
    except NotPossible:
        return _first(form.shown_again(), {"code": NOT_POSSIBLE}), 422
    except TooMany:
        abort(429)
    return _second(shown, front().vouchings.dumps(asdict(shown.vouching)))


@portal.post("/vouch/oath")
@public
def swear() -> ResponseReturnValue:
    """The oath is sworn. Who did not tick it, or wants another language, is shown the page again."""
    form = OathForm(request.form)
    page = form.page.data or ""
    found = _opened(page)
    if found is None:
        return _ended(), 410
    try:
        if switches() or not form.sworn.data:
            shown = front().desk.vouch_again(found)
            problem = {} if switches() else {"sworn": said("Tick the line to swear the oath.")}
            return _second(shown, page, problem), 422 if problem else 200
        front().desk.vouch_swear(found)
    except NotPossible:
        return _ended(), 409
    return redirect("/vouch/done", 303)


@portal.get("/vouch/done")
@public
def vouched() -> str:
    """It is done. The page names nobody."""
    return front().render("vouch_done.html", csrf=generate_csrf(), last=True)


def _opened(page: str) -> Vouching | None:
    """What a page carried, or None when it was not made here, was changed, or was open too long."""
    try:
        found = front().vouchings.loads(page, max_age=int(PAGE_LIFETIME.total_seconds()))
    except BadSignature:  # too old raises a kind of it
        return None
    return Vouching(**found)


def _first(values: Mapping[str, str], errors: Mapping[str, Said] | None = None) -> str:
    pack = front().desk.pack
    return front().render(
        "vouch.html",
        errors,
        values=values,
        allowed=vouching.is_allowed(pack),
        law=vouching.rule(pack),
        csrf=generate_csrf(),
        form=True,
    )


def _second(shown: Shown, page: str, errors: Mapping[str, Said] | None = None) -> str:
    oath = vouching.oath(front().desk.pack)
    return front().render("vouch_oath.html", errors, shown=shown, oath=oath, page=page, csrf=generate_csrf(), form=True)


def _ended() -> str:
    return front().render("vouch_ended.html", csrf=generate_csrf())
