"""Review: staff look at the proof of a registrant who waits, and approve it, ask for more, or refuse it with a reason.

Every refusal, and a sample of approvals that nobody can foresee, waits for a second person, who is not told what the
first one said. Where two disagree a head judge decides. A registrant may appeal once, to people who have not decided
before.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from eligibility import BadInput
from voter_reg.residency.papers import CleanPaper
from voter_reg.roles import Role
from voter_reg.service import holds
from voter_reg.service.access_log import log_voter
from voter_reg.service.actors import SERVICE, Actor
from voter_reg.service.city import City
from voter_reg.service.jobs import enqueue
from voter_reg.service.notices import tell
from voter_reg.service.papers import MOST_PAPERS, seal_for_review
from voter_reg.service.retention import clock, months_after
from voter_reg.service.review_look import Looked, Verdict, counted_from, look, seen
from voter_reg.service.review_opening import PLACING, REVIEW_WITHIN, UPLOADED, cure_due_at, due_at
from voter_reg.service.review_record import APPROVE, ASK, REFUSE, Answer, Step, add_step, steps_of
from voter_reg.service.review_rules import BY_STAFF, REASONS
from voter_reg.service.voter_record import RECORD
from voter_reg.store import matches as match_store
from voter_reg.store import papers, voters, vouching
from voter_reg.store import reviews as store
from voter_reg.store.db import transaction
from voter_reg.store.reviews import CURE, REFUSED, SECOND, THIRD, WAITING, ReviewRow
from voter_reg.vault import Vault

SECOND_LOOK_ONE_IN: Final = 10
"""One approval in so many waits for a second person, so that a hasty eye is noticed."""

LONGEST_NOTE: Final = 1000
"""Characters of a reviewer's note."""

_TAG_VOTER = "tag-voter"


class Changed(Exception):
    """Someone else has taken a step of this review since it was opened."""


def decide(vault: Vault, city: City, review_id: str, made: Verdict, *, by: Actor, now: datetime) -> str:
    """Take one step of a review; the state after it.

    Raises:
        BadInput: there is no such review to look at, it is another person's to decide, or what is said is not whole.
        Changed: someone else was faster.
    """
    home = _home(vault, review_id, by, now)
    with transaction() as session:
        row = open_row(session, review_id, by)
        if row.version != made.version:
            raise Changed
        before = steps_of(vault, row)
        looked = look(city.pack, row.way, made, seen(before, row.way), counted_from(city, now), home)
        _require_whole(row, made, looked)
        step = Step(
            by=by.label,
            at=now.isoformat(timespec="seconds"),
            answer=made.answer,
            reason=made.reason or None,
            missing=made.missing,
            checks=looked.points,
            rule=looked.rule,
            note=made.note or None,
        )
        log_voter(session, vault, by, f"review-{made.answer}", row.voter_id, now)
        add_step(session, vault, row, step)
        _move(session, vault, city, row, before, made.answer, by, now)
        row.version += 1
        session.flush()
        return row.state


def appeal(vault: Vault, city: City, voter_id: str, *, by: Actor, now: datetime) -> None:
    """A registrant appeals a refusal: it is reviewed again, by people who have not decided on it.

    Raises:
        BadInput: there is no refusal, its last day has passed, or it was appealed once already.
    """
    with transaction() as session:
        _appeal(session, vault, city, store.of_voter(session, voter_id), by, now)


def appeal_by_staff(vault: Vault, city: City, review_id: str, *, by: Actor, now: datetime) -> None:
    """The same for a person who appeals at the office, of whom staff know the review and not the record."""
    with transaction() as session:
        _appeal(session, vault, city, store.find(session, review_id), by, now)


def bring(  # noqa: PLR0917
    vault: Vault, city: City, voter_id: str, brought: Sequence[tuple[str, CleanPaper]], by: Actor, now: datetime
) -> None:
    """A registrant sends papers after registering: since more was asked for, or instead of coming in.

    Raises:
        BadInput: nothing is asked of them, no paper or too many, a paper without a page, or of no kind.
    """
    with transaction() as session:
        row = store.of_voter(session, voter_id)
        if row is None or row.state not in (CURE, WAITING) or (row.state == WAITING and row.way == PLACING):
            raise BadInput("needs no papers now", "registration")
        sent = len(papers.of_voter(session, voter_id))
        if not brought or sent + len(brought) > MOST_PAPERS:
            raise BadInput(f"send at least one and at most {MOST_PAPERS} papers in all", "papers")
        log_voter(session, vault, by, "review-papers", voter_id, now)
        row.state, row.way, row.answer_by, row.due_at = WAITING, UPLOADED, None, due_at(city, UPLOADED, now)
        row.version += 1
        voter = voters.find(session, voter_id)
        assert voter is not None, "a review goes with its voter"
        for position, (kind, clean) in enumerate(brought, start=sent + 1):
            seal_for_review(session, vault, voter, position, kind, clean, now)
        papers.keep_until(session, voter_id, _kept_until(row, city))


def close_proven(session: Session, city: City, voter_id: str, now: datetime) -> None:
    """What was to be reviewed was proven another way, within a transaction: nobody has to look any more."""
    store.close(session, voter_id)
    _destroy_papers(session, voter_id, city.today(now))


def remove_expired_papers(session: Session, vault: Vault, city: City, most: int, now: datetime) -> int:
    """Remove some papers whose last day has passed and that no hold keeps; how many.

    Where nobody has decided yet, the registrant is asked for them again: that we were late is not their fault, and
    nobody is refused by silence.
    """
    found = papers.expired_of_voters(session, city.today(now), most)
    for voter_id in dict.fromkeys(voter for _, voter in found):
        row = store.of_voter(session, voter_id)
        if row is not None and row.way == UPLOADED and row.state in (WAITING, SECOND, THIRD):
            log_voter(session, vault, SERVICE, "review-ask", voter_id, now)
            at = now.isoformat(timespec="seconds")
            add_step(session, vault, row, Step(SERVICE.label, at, ASK, missing=("papers-again",)))
            _ask(session, city, row, now)
            row.version += 1
    session.flush()
    return papers.remove(session, [paper_id for paper_id, _ in found]) if found else 0


def open_row(session: Session, review_id: str, by: Actor) -> ReviewRow:
    """A review that may be looked at, by someone whose turn it is; within a transaction.

    Raises:
        BadInput: there is none in the queue by that name, or it is another person's.
    """
    row = store.find(session, review_id)
    if row is None or row.state not in store.OPEN or voters.state_of(session, row.voter_id) == voters.LEFT:
        raise BadInput("no such review in the queue", review_id[:40])
    if not is_for(row, by.label, {by.role}):
        raise BadInput("is another person's to decide", f"review {row.id}")
    return row


def role_for(row: ReviewRow) -> Role:
    """Whose turn it is: a head judge's where two reviewers disagree."""
    return Role.HEAD_JUDGE if row.state == THIRD else Role.REVIEWER


def is_for(row: ReviewRow, label: str, roles: Collection[str]) -> bool:
    """Whether a review is someone's to decide, who has some roles; never anyone's twice."""
    return role_for(row) in roles and label not in row.deciders


def is_sampled(vault: Vault, row: ReviewRow) -> bool:
    """Whether an approval of this review waits for a second person: the same answer each time, foreseen by nobody."""
    return int(vault.index("review-sample", row.id)[:8], 16) % SECOND_LOOK_ONE_IN == 0


def _appeal(  # noqa: PLR0917
    session: Session, vault: Vault, city: City, row: ReviewRow | None, by: Actor, now: datetime
) -> None:
    if row is None or row.state != REFUSED or row.answer_by is None or row.answer_by < city.today(now):
        raise BadInput("has no refusal that can be appealed", "registration")
    log_voter(session, vault, by, "review-appeal", row.voter_id, now)
    row.state, row.appealed, row.answer_by, row.due_at = WAITING, True, None, due_at(city, UPLOADED, now)
    row.version += 1
    papers.keep_until(session, row.voter_id, _kept_until(row, city))
    tell(session, row.voter_id, "appeal-received", now)


def _move(  # noqa: PLR0917
    session: Session,
    vault: Vault,
    city: City,
    row: ReviewRow,
    before: Sequence[Step],
    answer: Answer,
    by: Actor,
    now: datetime,
) -> None:
    if answer == ASK:
        _ask(session, city, row, now)
        return
    row.deciders = [*row.deciders, by.label]
    if row.state == THIRD or (row.state == SECOND and before[-1].answer == answer):
        _settle(session, city, row, answer, now)
    elif row.state == SECOND:
        row.state = THIRD
    elif answer == REFUSE or is_sampled(vault, row):
        row.state, row.answer_by = SECOND, None
    else:
        _settle(session, city, row, answer, now)


def _ask(session: Session, city: City, row: ReviewRow, now: datetime) -> None:
    row.state, row.due_at = CURE, cure_due_at(city, now)
    row.answer_by = row.due_at.astimezone(city.zone).date()
    if not row.appealed:
        row.deciders = []  # nothing was decided: whoever looked may look again
    tell(session, row.voter_id, "more-needed", now)


def _settle(session: Session, city: City, row: ReviewRow, answer: Answer, now: datetime) -> None:
    today = city.today(now)
    if answer == APPROVE:
        row.state, row.answer_by = store.APPROVED, None
        _destroy_papers(session, row.voter_id, today)
        _activate(session, row.voter_id)
        enqueue(session, _TAG_VOTER, {"voter": row.voter_id}, now)
        tell(session, row.voter_id, "approved", now)
        return
    row.state = REFUSED
    row.answer_by = None if row.appealed else _appeal_ends(city, today)
    if row.answer_by is None:
        _destroy_papers(session, row.voter_id, today)
    else:
        papers.keep_until(session, row.voter_id, row.answer_by)
    tell(session, row.voter_id, "refused", now)


def _destroy_papers(session: Session, voter_id: str, today: date) -> None:
    """Destroy a voter's papers now; while a legal hold covers them, once that is released."""
    if holds.covers(session, voter_id):
        papers.keep_until(session, voter_id, today - timedelta(days=1))
    else:
        papers.remove_of_voter(session, voter_id)


def _activate(session: Session, voter_id: str) -> None:
    """Put a registrant on the roll; one who is held as another's same person will be, once that is settled."""
    if voters.state_of(session, voter_id) == voters.HELD:
        match_store.give_back_as(session, voter_id, voters.ACTIVE)
    else:
        voters.change_state(session, voter_id, voters.ACTIVE)
    vouching.remove_codes_of(session, voter_id)


def _appeal_ends(city: City, today: date) -> date:
    """The last day of an appeal against what is refused today, by the place's own clock for refused papers."""
    kept = clock(city.pack, "refused-papers", today)
    return months_after(today, kept.months) if kept.months else today + timedelta(days=kept.days)


def _kept_until(row: ReviewRow, city: City) -> date:
    """The last day of papers under review that is due: with the days that a second look may take."""
    return (row.due_at + (_KEPT - REVIEW_WITHIN)).astimezone(city.zone).date()


_KEPT: Final = timedelta(days=14)


def _home(vault: Vault, review_id: str, by: Actor, now: datetime) -> str | None:
    """How the home is told, which the points to be met depend on; that the record is read is in the log first."""
    with transaction() as session:
        row = open_row(session, review_id, by)
        log_voter(session, vault, by, "review", row.voter_id, now)
        voter = voters.find(session, row.voter_id)
    assert voter is not None, "a review goes with its voter"
    return RECORD.open(vault, voter.id, voter.sealed).home


def _require_whole(row: ReviewRow, made: Verdict, looked: Looked) -> None:
    if len(made.note) > LONGEST_NOTE:
        raise BadInput(f"has more than {LONGEST_NOTE} characters", "note")
    if made.answer == APPROVE and looked.lacks is not None:
        where, what = looked.lacks
        raise BadInput(what, where)
    if made.answer == ASK and (row.state == THIRD or not made.missing or not set(made.missing) <= set(BY_STAFF)):
        raise BadInput(
            "say what is missing" if row.state != THIRD else "approve or refuse: two have disagreed", "missing"
        )
    if made.answer == REFUSE and (made.reason not in REASONS or not made.note.strip()):
        raise BadInput("needs one of the reasons, and a note that says what you saw", "reason")
