"""Where a registrant's review stands, as they themselves are told: plain words, and always a date."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from sqlalchemy.orm import Session

from voter_reg.language import Said, said
from voter_reg.service.city import City
from voter_reg.service.review_opening import PLACING, VISITS
from voter_reg.service.review_record import ASK, REFUSE, steps_of
from voter_reg.service.review_rules import MISSING, REASONS
from voter_reg.store import reviews as store
from voter_reg.vault import Vault

Standing = Literal["waiting", "more-needed", "approved", "refused"]


@dataclass(frozen=True, slots=True)
class PublicState:
    """What the registrant is told. `by` is whose turn's last day; None when nothing more can happen.

    `comes_in` says that the office waits for the registrant to come. `late` says that `by` has passed. `reference`
    names the review to staff, and to whoever speaks for the registrant: it opens nothing. `takes_papers` says whether a
    paper would help.
    """

    standing: Standing
    by: date | None
    comes_in: bool = False
    late: bool = False
    missing: tuple[str, ...] = ()
    reason: str | None = None
    may_appeal: bool = False
    reference: str = ""
    takes_papers: bool = True


def public_state(session: Session, vault: Vault, city: City, voter_id: str, now: datetime) -> PublicState | None:
    """Where a registrant's review stands; None where they never needed one. Whoever calls has logged the read."""
    row = store.of_voter(session, voter_id)
    if row is None:
        return None
    takes_papers = row.state == store.CURE or (row.state == store.WAITING and row.way != PLACING)
    return replace(_state(vault, city, row, now), reference=reference_of(row.id), takes_papers=takes_papers)


def reference_of(review_id: str) -> str:
    """How a review is named to people: eight letters and digits of its random id, in two groups."""
    return f"{review_id[:4]}-{review_id[4:8]}".upper()


def _state(vault: Vault, city: City, row: store.ReviewRow, now: datetime) -> PublicState:
    today = city.today(now)
    if row.state == store.APPROVED:
        return PublicState("approved", None)
    steps = steps_of(vault, row)
    if row.state == store.REFUSED:
        reason = next((step.reason for step in reversed(steps) if step.answer == REFUSE), None)
        open_still = row.answer_by is not None and row.answer_by >= today
        return PublicState("refused", row.answer_by if open_still else None, reason=reason, may_appeal=open_still)
    by = row.answer_by or row.due_at.astimezone(city.zone).date()
    if row.state == store.CURE:
        missing = next((step.missing for step in reversed(steps) if step.answer == ASK), ())
        return PublicState("more-needed", by, late=by < today, missing=missing)
    comes_in = row.state == store.WAITING and row.way in VISITS
    return PublicState("waiting", by, comes_in=comes_in, late=by < today)


def in_words(state: PublicState) -> tuple[Said, ...]:
    """The same as sentences, to be put into the registrant's language."""
    if state.standing == "approved":
        return (said("Your papers are approved. You are on the list of voters for city elections."),)
    if state.standing == "more-needed":
        first = said("We need something more from you by %(day)s:", day=state.by)
        late = (said("That day has passed. Call us or come in as soon as you can."),) if state.late else ()
        return (first, *(MISSING[key] for key in state.missing), *late)
    if state.standing == "refused":
        return _refused(state)
    if state.comes_in:
        return (said("Please come in and show your papers by %(day)s. Then we can decide.", day=state.by),)
    if state.late:
        return (said("We should have decided by %(day)s. We are late. You need to do nothing.", day=state.by),)
    return (said("A person looks at what you gave us. You have our answer by %(day)s.", day=state.by),)


def _refused(state: PublicState) -> tuple[Said, ...]:
    why = (REASONS[state.reason],) if state.reason else ()
    said_no = said("We could not accept your papers. You are not on the list of voters yet.")
    if not state.may_appeal:
        return (said_no, *why, said("You can register again with other papers."))
    appeal = said(
        "You can appeal until %(day)s. People who have not decided on it before will look again.", day=state.by
    )
    return (said_no, *why, appeal, said("You can also register again with other papers."))
