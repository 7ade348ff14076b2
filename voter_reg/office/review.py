"""Review: the queue of registrants who wait for a decision on their proof, and one of them at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from flask import Blueprint, Response, abort, redirect, request
from flask.typing import ResponseReturnValue

from eligibility import BadInput
from voter_reg.language import ENGLISH, words
from voter_reg.office import typed
from voter_reg.office.enrol import sentence
from voter_reg.office.front import front, signed_in_visitor
from voter_reg.office.guards import allowed
from voter_reg.office.paper_image import as_answer, marked
from voter_reg.office.room import Card, CardSource, Entry, Room
from voter_reg.office.visit import Visitor
from voter_reg.office.words import moment
from voter_reg.proof_words import needed
from voter_reg.roles import Role
from voter_reg.service import review as service
from voter_reg.service import review_queue
from voter_reg.service.actors import Actor
from voter_reg.service.review import LONGEST_NOTE, Changed
from voter_reg.service.review_look import Verdict
from voter_reg.service.review_proof import SWORN, WHO, PaperRow, Seen, half_of
from voter_reg.service.review_queue import Item, Queued, Reader
from voter_reg.service.review_record import APPROVE, ASK, REFUSE, Answer, Step
from voter_reg.service.review_rules import BY_STAFF, MISSING, REASONS

review = Blueprint("review", __name__)

_SEE: Final = (Role.REVIEWER, Role.HEAD_JUDGE)
_ANSWERS: Final[dict[str, Answer]] = {"approve": APPROVE, "ask": ASK, "refuse": REFUSE}
_FIELDS: Final = (("answer", 10), ("reason", 40), ("note", 2 * LONGEST_NOTE))
_MOST_ROWS: Final = 100
"""Papers that are read from one form: more than any page lists."""
_WAY: Final = {
    "papers-uploaded": "Papers sent",
    "papers-in-person": "Papers to be shown in person",
    "facility-staff": "Facility staff say so",
    "prior-registration": "Registered before in the precinct",
    "placing": "A card showed where; the map does not know the place",
}
_HOME: Final = {
    "no-fixed": "No fixed address; the precinct came from another address",
    "facility": "A shelter or facility",
    "program": "A protection program’s address; the precinct came from another address",
    "unlisted": "An address that is not on the map; the precinct came from another address",
}
_STATE: Final = {
    "waiting": "Waits for a reviewer",
    "second": "Waits for a second person",
    "third": "Two disagree: waits for a head judge",
    "cure": "The person was asked for more",
}
_DONE: Final = {
    "approved": "Approved: the person is on the roll, and the papers are destroyed",
    "second": "Kept. A second person decides before anything happens",
    "third": "Kept. You and the other reviewer disagree: a head judge decides",
    "cure": "The person is asked for what is missing",
    "refused": "Refused: the person is told why, and how to appeal",
    "waiting": "The appeal is in the queue, for people who have not decided on it before",
}


@review.get("/proofs")
@allowed(*_SEE)
def page() -> str:
    """What waits, what is due first first; no names."""
    return _queue({})


@review.post("/proof-by-code")
@allowed(Role.REVIEWER)
def find() -> ResponseReturnValue:
    """Whoever stands here with their confirmation code, or calls with the number of their review."""
    code, wrong = typed.field("code", typed.LONGEST_CODE), "No one with this code or number waits for us."
    vault, city, now = front().vault, front().bench.city(), front().now()
    found = review_queue.find_by_code(vault, city, code, now) if code else None
    if found is not None:
        return redirect(f"/proofs/{found}", 303)
    refused = review_queue.find_refused(vault, city, code, now) if code else None
    return (_queue({"code": wrong}), 422) if refused is None else _queue({}, refused.id)


def _queue(errors: dict[str, str], named: str | None = None) -> str:
    found = review_queue.queue(front().bench.city(), _reader(), front().now())
    return front().render(
        "review.html",
        waiting=[_row(one, _STATE) for one in found.waiting],
        expected=[_row(one, {**_STATE, "waiting": "Waits for the person to come"}) for one in found.expected],
        finds=Role.REVIEWER in signed_in_visitor().roles,
        errors=errors,
        named=named,
        refused=[{"id": one.id, "until": f"{one.until:%B} {one.until.day}, {one.until.year}"} for one in found.refused],
        following=review_queue.next_for(_reader(), front().now()),
        done=_DONE.get(request.args.get("done", "")),
    )


@review.get("/proofs/<review_id>")
@allowed(*_SEE)
def one(review_id: str) -> str:
    """One registrant: the papers, the place's rule, and what to say; that is logged first."""
    return _page(review_id, {}, {})


@review.get("/proofs/<review_id>/papers/<int:number>/<int:sheet>")
@allowed(*_SEE)
def picture(review_id: str, number: int, sheet: int) -> Response:
    """One page of a paper, with the reviewer's name and the time burnt in; each look is logged first."""
    now = front().now()
    try:
        by = _acting(review_id)
        found = review_queue.page_of(front().vault, front().bench.city(), review_id, number, sheet, by, now)
    except BadInput:
        abort(404)
    return as_answer(marked(found, f"{signed_in_visitor().name} · {moment(now, front().zone)}"))


@review.post("/proofs/<review_id>/decide")
@allowed(*_SEE)
def decide(review_id: str) -> ResponseReturnValue:
    """Approve, ask for more, or refuse."""
    values = {
        "answer": typed.field("answer", 10),
        "reason": typed.field("reason", 40),
        "note": typed.field("note", 2000),
    }
    ticked = {name: request.form.getlist(name) for name in ("checks", "missing", "papers")}
    dates = {key: typed.field(f"dated_{key}", 20) for key in ticked["papers"][:_MOST_ROWS]}
    kept: dict[str, object] = {**values, **ticked, "dates": dates}
    papers, wrong = _seen(dates)
    errors = {"answer": "Choose one answer."} if values["answer"] not in _ANSWERS else {}
    if errors or wrong:
        return _page(review_id, {**wrong, **errors}, kept), 422
    answer = _ANSWERS[values["answer"]]
    verdict = Verdict(
        answer=answer,
        version=typed.number("version") or 0,
        reason=values["reason"] if answer == REFUSE else "",
        missing=tuple(ticked["missing"]) if answer == ASK else (),
        checks=tuple(ticked["checks"]),
        note=values["note"],
        papers=papers,
        sworn=SWORN in ticked["papers"],
    )
    city, now = front().bench.city(), front().now()
    try:
        state = service.decide(front().vault, city, review_id, verdict, by=_acting(review_id), now=now)
    except Changed:
        return _page(review_id, {"answer": "Someone else was faster. Look again, then decide."}, {}), 409
    except BadInput as problem:
        where = problem.where if problem.where in {"checks", "papers", "missing", "reason", "note"} else ""
        if not where:
            abort(404)
        return _page(review_id, {where: sentence(problem.what)}, kept), 422
    return redirect(f"/proofs?done={state}", 303)


@review.post("/proofs/<review_id>/appeal")
@allowed(Role.REVIEWER)
def appeal(review_id: str) -> ResponseReturnValue:
    """A person appeals at the office or by phone."""
    now, city = front().now(), front().bench.city()
    try:
        service.appeal_by_staff(
            front().vault, city, review_id, by=signed_in_visitor().acting_as(Role.REVIEWER), now=now
        )
    except BadInput:
        abort(404)
    return redirect("/proofs?done=waiting", 303)


def _reader() -> Reader:
    who = signed_in_visitor()
    return Reader(who.acting_as(*_SEE).label, who.roles)


def _acting(review_id: str) -> Actor:
    """The reader, in the role in which the review is looked at now."""
    return signed_in_visitor().acting_as(review_queue.whose_turn(review_id))


def _page(review_id: str, errors: dict[str, str], values: dict[str, object]) -> str:
    city, now = front().bench.city(), front().now()
    try:
        item = review_queue.open_item(front().vault, city, review_id, by=_acting(review_id), now=now)
    except BadInput:
        abort(404)
    return front().render(
        "review_item.html",
        one=item,
        way=_WAY[item.way],
        home=_HOME.get(item.home or "", "A street address"),
        state=_STATE[item.state],
        due=moment(item.due_at, front().zone),
        papers=_shown(item),
        rule=needed(city.pack, words(ENGLISH)),
        rows=[_paper_row(row, item.election) for row in item.rows],
        halves=[_half(key) for key in sorted(item.seen) if half_of(key)],
        sworn=SWORN,
        steps=[_step(step) for step in item.steps],
        reasons={key: str(words) for key, words in REASONS.items()},
        missing={key: str(MISSING[key]) for key in BY_STAFF},
        errors=errors,
        values=values,
    )


def _shown(item: Item) -> list[dict[str, object]]:
    return [
        {"title": one.title, "sheets": [f"/proofs/{item.id}/papers/{one.number}/{n + 1}" for n in range(one.pages)]}
        for one in item.papers
    ]


def _paper_row(row: PaperRow, election: date) -> dict[str, object]:
    title = f"Another one: {row.title}" if row.copy > 1 and row.number is None else row.title
    sent = "" if row.number is None else f"Sent, paper {row.number} on this page"
    age = (
        f"Dated or due within {row.within_days} days of {election:%B} {election.day}, {election.year}"
        if row.within_days is not None
        else ""
    )
    return {"key": f"{row.half}_{row.paper}_{row.copy}", "half": row.half, "title": title, "sent": sent, "age": age}


def _seen(dates: Mapping[str, str]) -> tuple[tuple[Seen, ...], dict[str, str]]:
    """The papers that were ticked, and what is wrong with a date."""
    found, wrong = [], {}
    for key, date_on_it in dates.items():
        half, _, rest = key.partition("_")
        dated = typed.day(date_on_it)
        if date_on_it and dated is None:
            wrong["papers"] = "Write the date on a paper like 2026-11-24."
        if key != SWORN:
            found.append(Seen(half, rest.rpartition("_")[0], dated))
    return tuple(found), wrong


def _half(key: str) -> str:
    rule = key.partition(":")[2]
    what = "who they are" if half_of(key) == WHO else "where they live"
    return f"enough to show {what} (rule “{rule}”)"


def _step(step: Step) -> dict[str, str]:
    said = {"approve": "Approved", "ask": "Asked for more", "refuse": "Refused"}[step.answer]
    words = [str(REASONS[step.reason])] if step.reason else []
    words += [str(MISSING[key]) for key in step.missing]
    return {"said": said, "at": step.at[:10], "words": " ".join(words), "note": step.note or ""}


def _row(one: Queued, state: dict[str, str]) -> dict[str, object]:
    return {
        "id": one.id,
        "way": _WAY[one.way],
        "state": "Appealed: waits for someone new" if one.appealed and one.state == "waiting" else state[one.state],
        "age": one.age_days,
        "due": moment(one.due_at, front().zone),
        "late": one.late,
        "yours": one.yours,
    }


def _waiting(_: Visitor) -> Card:
    found = review_queue.counts(_reader(), front().now())
    late = f"{found.late} late: people wait for us" if found.late else "People wait for this before they can vote"
    return Card("Proofs of residency to review", found.waiting, "/proofs", late)


_WHO: Final = frozenset(_SEE)

ROOM = Room(review, (Entry("Review", "review.page", _WHO),), (CardSource(_waiting, _WHO),))
