"""Opening a review: which way residency is shown, and by when it must be decided. Nobody waits without a date."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy.orm import Session

from eligibility.registration import window
from voter_reg.service.city import City
from voter_reg.store import reviews as store
from voter_reg.store import voters

UPLOADED, IN_PERSON, FACILITY, PRIOR = "papers-uploaded", "papers-in-person", "facility-staff", "prior-registration"
"""Papers that were sent; papers to be shown; a facility's staff says so; registered in the same precinct before."""

PLACING: Final = "placing"
"""A card has shown where they live, and the map does not know that place: its precinct is to be checked."""

WAYS: Final = (UPLOADED, IN_PERSON, FACILITY, PRIOR, PLACING)
BY_PAPERS: Final = frozenset({UPLOADED, IN_PERSON})
"""The ways that the place's rule for papers decides."""

VISITS: Final = frozenset({IN_PERSON, FACILITY})
"""The ways that wait for someone to come in."""

REVIEW_WITHIN: Final = timedelta(days=10)
"""How long staff have from the moment a review opens: papers are kept 14 days, which leaves four for a second look."""

VISIT_WITHIN: Final = timedelta(days=60)
"""How long a registrant has to come in where no election is near."""

CURE_WITHIN: Final = timedelta(days=10)
"""How long a registrant has to bring what is missing: as long as staff had."""


def way_of(proof: str | None, *, sent: bool) -> str:
    """The way of a review by a draft's proof: one of the four, or by whether papers were sent."""
    if proof in {FACILITY, PRIOR}:
        return str(proof)
    if proof == "card":
        return PLACING
    return UPLOADED if sent else IN_PERSON


def open_review(session: Session, city: City, voter_id: str, way: str, due: str, now: datetime) -> None:  # noqa: PLR0917
    """Open a registrant's review within a transaction; `due` is the month in which the record's clock ends."""
    store.add(session, voter_id, way, due, (now, due_at(city, way, now)))


def ask_anew(city: City, session: Session, voter_id: str, now: datetime) -> None:
    """A registrant who was proven moved to another home: it is to be proven in turn, whatever was decided before."""
    row = store.of_voter(session, voter_id)
    if row is None:
        open_review(session, city, voter_id, IN_PERSON, voters.due_of(session, voter_id), now)
    else:
        store.begin_anew(session, voter_id, IN_PERSON, (now, due_at(city, IN_PERSON, now)))


def review_anew(session: Session, city: City, voter_id: str, now: datetime) -> None:
    """What is under review was changed by the registrant: nobody's word on what it said before counts any more."""
    row = store.of_voter(session, voter_id)
    if row is not None and row.state != store.APPROVED:
        store.begin_anew(session, voter_id, row.way, (now, due_at(city, row.way, now)))


def review_placing(session: Session, city: City, voter_id: str, now: datetime) -> None:
    """A card has shown where a registrant lives, at a place that the map does not know."""
    row = store.of_voter(session, voter_id)
    if row is None:
        open_review(session, city, voter_id, PLACING, voters.due_of(session, voter_id), now)
    elif row.way != PLACING or row.state not in store.OPEN:  # showing the card again moves no date
        store.begin_anew(session, voter_id, PLACING, (now, due_at(city, PLACING, now)))


def open_missing(session: Session, city: City, now: datetime) -> int:
    """Open a review for whoever waits without one: a match that was settled may leave such. How many."""
    found = store.without_review(session)
    for voter_id, due in found:
        open_review(session, city, voter_id, IN_PERSON, due, now)
    return len(found)


def due_at(city: City, way: str, now: datetime) -> datetime:
    """By when a review that opens now is due: at the latest when registration in person ends."""
    last = last_moment(city, now)
    if way in VISITS:
        return last or now + VISIT_WITHIN
    return now + REVIEW_WITHIN if last is None else min(now + REVIEW_WITHIN, last)


def cure_due_at(city: City, now: datetime) -> datetime:
    """By when a registrant who is asked now must have brought what is missing."""
    last = last_moment(city, now)
    return now + CURE_WITHIN if last is None else min(now + CURE_WITHIN, last)


def last_moment(city: City, now: datetime) -> datetime | None:
    """When registration for the coming election ends for good; None when that is past, or no election comes."""
    election = city.coming_election(now)
    if election is None:
        return None
    found = window(city.pack, election)
    in_person = None if found is None else found.closes_in_person
    # Where nobody may register in person so late, a decision still counts until election day begins.
    last = in_person or datetime.combine(election, time(), city.zone)
    return last if last > now else None
