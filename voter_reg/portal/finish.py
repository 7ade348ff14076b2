"""The end of the form: review and signature, the code, the registrant's own copy."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Response, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from eligibility.birth import BirthDate
from eligibility.contest import Contest
from eligibility.decision import decide
from eligibility.facts import Facts
from eligibility.finding import Finding
from voter_reg.portal.answers import words_of
from voter_reg.portal.blueprint import portal
from voter_reg.portal.forms import ReviewForm
from voter_reg.portal.front import front
from voter_reg.portal.open_draft import NewerTab, NoDraft, OpenDraft, leads_to, onward, open_draft, peek, wants_to_save
from voter_reg.service.drafts import Draft, Stale
from voter_reg.service.registration import Incomplete, resident_since_day
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
    return _review_page(opened, {"sworn": opened.draft.sworn}, {})


@portal.post("/review")
@public
def sign() -> ResponseReturnValue:
    """Register. Whoever signs twice gets one registration and the same code."""
    opened, form = open_draft("review"), ReviewForm(request.form)
    sworn = form.read(front().site().statements)
    if wants_to_save():
        return redirect("/save", 303)
    if form.problems:
        return _review_page(opened, {"sworn": sworn, "signed": form.signed.data}, form.problems), 422
    if request.form.get("version") != str(opened.version):
        raise NewerTab
    try:
        front().desk.submit(opened.token, replace(opened.draft, sworn=sworn), opened.version)
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
    response.headers["Content-Disposition"] = 'attachment; filename="my-registration.html"'
    return response


def _review_page(opened: OpenDraft, values: dict[str, object], errors: dict[str, str]) -> str:
    draft, site = opened.draft, front().site()
    return opened.page(
        "review.html",
        values=values,
        errors=errors,
        born=words_of(draft.birth or ""),
        since=words_of(draft.resident_since or ""),
        day=site.election,
        decisions=_decisions(draft),
        statements=site.statements,
        wording={key: front().desk.pack.wording(key) for key in site.statements},
    )


def _decisions(draft: Draft) -> list[Row]:
    """The contests of the next election for this person, as if everything asked for were sworn."""
    site, desk = front().site(), front().desk
    if site.day is None or draft.birth is None or draft.split is None:
        return []
    since = resident_since_day(draft.resident_since)
    facts = Facts(BirthDate.parse(draft.birth), since, frozenset(site.statements))
    decision = decide(facts, desk.pack, site.day, desk.map.splits[draft.split])
    return [
        Row(made.contest, made.eligible, tuple(f for f in made.findings if not f.met)) for made in decision.contests
    ]
