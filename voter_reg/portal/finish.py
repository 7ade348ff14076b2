"""The end of the form: review and signature, the code, the registrant's own copy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Response, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from eligibility.birth import BirthDate
from eligibility.contest import Contest
from eligibility.facts import OATH_OF_AGE, Facts
from eligibility.finding import Finding
from voter_reg.portal.blueprint import portal
from voter_reg.portal.cookies import is_shared
from voter_reg.portal.forms import ReviewForm
from voter_reg.portal.front import front
from voter_reg.portal.open_draft import NewerTab, NoDraft, leads_to, onward, open_draft, peek, wants_to_save
from voter_reg.portal.tongue import language, switches
from voter_reg.service.answers import resident_since_day
from voter_reg.service.drafts import Draft, Stale
from voter_reg.service.registration import Incomplete
from voter_reg.web.marks import public


@dataclass(frozen=True, slots=True)
class Row:
    """One contest on the review page: open to the person, or the findings that are not met."""

    contest: Contest
    open: bool
    unmet: tuple[Finding, ...]


@portal.get("/review")
@public
def review() -> str:
    """Everything that was answered, and what is sworn."""
    opened = open_draft("review")
    return opened.page("review.html", **_review(_decisions(opened.draft), {"sworn": opened.draft.sworn}))


@portal.post("/review")
@public
def sign() -> ResponseReturnValue:
    """Register. Whoever signs twice gets one registration and the same code."""
    opened, form = open_draft("review"), ReviewForm(request.form)
    rows = _decisions(opened.draft)
    sworn = form.read(_asked(rows))
    signature = form.read_signature()
    if wants_to_save():
        return redirect("/save", 303)
    if signature is None or switches():
        values = {
            **form.typed(),
            "sworn": form.sworn.data or (),
            "signed": form.signed.data,
            "assistant": form.assistant.data,
        }
        return opened.again("review.html", form.problems, **_review(rows, values))
    opened.require_newest()
    signed = replace(opened.draft, sworn=sworn, signature=signature, language=_writes_in(opened.draft))
    try:
        front().desk.submit(opened.token, signed, opened.version)
    except Stale as stale:
        raise NewerTab from stale
    except Incomplete:
        return leads_to(opened.draft)
    return redirect("/done", 303)


@portal.get("/done")
@public
def done() -> ResponseReturnValue:
    """The code, and what happens next."""
    opened = peek()
    if opened is None:
        raise NoDraft
    receipt = opened.draft.receipt
    if receipt is None:
        return redirect(onward(opened.draft), 303)
    return front().render(
        "done.html",
        code=receipt.code,
        registered=receipt.public_state == "registered",
        way=receipt.way,
        vouching_code=receipt.vouching_code,
        reference=receipt.reference,
        by=date.fromisoformat(receipt.by) if receipt.by else None,
        day=front().site().election,
        csrf=generate_csrf(),
        last=True,
    )


@portal.get("/copy")
@public
def copy() -> ResponseReturnValue:
    """The document as it was signed, byte for byte."""
    opened = peek()
    if opened is None or opened.draft.receipt is None:
        raise NoDraft
    signed = opened.draft.receipt.signed_copy
    response = Response(signed, mimetype="text/html" if signed.lstrip().startswith("<") else "text/plain")
    way = "inline" if is_shared(request) else "attachment"  # a file would stay on a shared device
    response.headers["Content-Disposition"] = f'{way}; filename="my-registration.html"'
    return response


def _review(rows: Sequence[Row], values: dict[str, object]) -> dict[str, Any]:
    """What the page to sign shows."""
    return {
        "values": values,
        "rows": rows,
        "statements": _asked(rows),
        "wording": {key: front().desk.pack.wording(key) for key in front().site().statements},
        "age_oath": OATH_OF_AGE,
    }


def _asked(rows: Sequence[Row]) -> tuple[str, ...]:
    """The statements of the place, and an oath of age where papers that name only a year leave it open."""
    unsure = any(finding.message == "age.unsure" for row in rows for finding in row.unmet)
    return (*front().site().statements, *((OATH_OF_AGE,) if unsure else ()))


def _writes_in(draft: Draft) -> str:
    """The language to write in: the one asked for, or the one that the form is signed in."""
    return draft.language if draft.contact_asked else language()


def _decisions(draft: Draft) -> list[Row]:
    """The contests of the next election for this person, as if everything asked for were sworn."""
    rules = front().rules()
    if rules is None or draft.birth is None or draft.split is None:
        return []
    since = resident_since_day(draft.resident_since)
    facts = Facts(BirthDate.parse(draft.birth), since, frozenset(front().site().statements))
    decision = rules.decide(facts, front().desk.map.splits[draft.split])
    return [
        Row(made.contest, made.eligible, tuple(f for f in made.findings if not f.met)) for made in decision.contests
    ]
