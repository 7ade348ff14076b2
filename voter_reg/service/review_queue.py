"""The queue of reviews: what waits for whom, what is late, and one item opened for the person whose turn it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from eligibility import BadInput
from voter_reg.roles import Role
from voter_reg.service.access_log import log_voter
from voter_reg.service.actors import Actor
from voter_reg.service.city import City
from voter_reg.service.codes import plain_code
from voter_reg.service.paper_record import KIND, PAGES
from voter_reg.service.review import is_for, open_row, role_for
from voter_reg.service.review_look import counted_from, seen
from voter_reg.service.review_opening import BY_PAPERS, VISITS, open_missing
from voter_reg.service.review_proof import PaperRow, offered, takes_oath
from voter_reg.service.review_record import Step, steps_of
from voter_reg.service.review_rules import Check, checklist, title_of
from voter_reg.service.voter_record import RECORD
from voter_reg.store import papers, voters
from voter_reg.store import reviews as store
from voter_reg.store.db import snapshot, transaction
from voter_reg.store.reviews import CURE, REFUSED, THIRD, WAITING, ReviewRow
from voter_reg.vault import Vault

_REFERENCE: Final = re.compile(r"[0-9a-f]{8}", re.ASCII)
"""As `review_state.reference_of` writes it, without the hyphen; a confirmation code is longer."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads the queue: a member of staff as the log names them, and their roles."""

    label: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Queued:
    """A review in a list, without anyone's name. `yours` is whether the reader may open it."""

    id: str
    way: str
    state: str
    age_days: int
    due_at: datetime
    late: bool
    appealed: bool
    yours: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal that can still be appealed, until the end of `until`."""

    id: str
    until: date


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for staff, what waits for registrants, and what was refused and may be appealed; oldest due first."""

    waiting: tuple[Queued, ...]
    expected: tuple[Queued, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many reviews someone may take up now, and how many of them are late."""

    waiting: int
    late: int


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """A paper as a reviewer sees it: its place in the list, what it is said to be, and how many pages."""

    number: int
    title: str
    pages: int


@dataclass(frozen=True, slots=True)
class Item:
    """One review as the person whose turn it is sees it. `steps` are shown where two disagree, and what was asked.

    `rows` are the papers of the place's list to tick, none where this way asks for none; the age of a paper counts from
    `election`. `takes_oath` is whether a further sworn statement does instead.
    """

    id: str
    version: int
    way: str
    state: str
    due_at: datetime
    late: bool
    appealed: bool
    name: str
    birth: str
    home: str | None
    address: str
    split: str
    registered_at: str
    language: str
    papers: tuple[ShownPaper, ...]
    checks: tuple[Check, ...]
    rows: tuple[PaperRow, ...]
    election: date
    takes_oath: bool
    seen: frozenset[str]
    steps: tuple[Step, ...]


def queue(city: City, reader: Reader, now: datetime) -> Queue:
    """Everything that waits: all of it for a reviewer, what two disagree on for a head judge who is none.

    Whoever waits without a review gets one now.
    """
    with transaction() as session:
        open_missing(session, city, now)
    with snapshot() as session:
        reviews = Role.REVIEWER in reader.roles
        rows = store.in_states(session, store.OPEN if reviews else (THIRD,))
        refused = store.in_states(session, (REFUSED,)) if reviews else []
        listed = [(row, _queued(row, reader, now)) for row in rows]
        return Queue(
            waiting=tuple(one for row, one in listed if _is_staffs(row, now)),
            expected=tuple(one for row, one in listed if not _is_staffs(row, now)),
            refused=tuple(
                Refused(row.id, row.answer_by) for row in refused if row.answer_by and row.answer_by >= city.today(now)
            ),
        )


def counts(reader: Reader, now: datetime) -> Counts:
    """How many reviews someone may take up now."""
    with snapshot() as session:
        rows = _ready(session, reader, now)
        return Counts(len(rows), sum(row.due_at < now for row in rows))


def next_for(reader: Reader, now: datetime) -> str | None:
    """The review that someone should take up next: of those that are theirs to decide, the one due first."""
    with snapshot() as session:
        return next((row.id for row in _ready(session, reader, now)), None)


def whose_turn(review_id: str) -> Role:
    """In which role a review is looked at now.

    Raises:
        BadInput: there is none in the queue by that name.
    """
    with snapshot() as session:
        row = store.find(session, review_id)
        if row is None or row.state not in store.OPEN:
            raise BadInput("no such review in the queue", review_id[:40])
        return role_for(row)


def find_by_code(vault: Vault, city: City, typed: str, now: datetime) -> str | None:
    """The review in the queue that a confirmation code or a reference names; None where there is none."""
    with transaction() as session:
        open_missing(session, city, now)
    with snapshot() as session:
        row = _named(session, vault, typed)
        return row.id if row is not None and row.state in store.OPEN else None


def find_refused(vault: Vault, city: City, typed: str, now: datetime) -> Refused | None:
    """The refusal that a confirmation code or a reference names, while it may be appealed."""
    with snapshot() as session:
        row = _named(session, vault, typed)
        if row is None or row.state != REFUSED or row.answer_by is None or row.answer_by < city.today(now):
            return None
        return Refused(row.id, row.answer_by)


def open_item(vault: Vault, city: City, review_id: str, *, by: Actor, now: datetime) -> Item:
    """Open a review for the person whose turn it is; that the record is read is in the log before it is opened.

    Raises:
        BadInput: there is none in the queue by that name, or it is another person's.
    """
    with transaction() as session:
        row = open_row(session, review_id, by)
        log_voter(session, vault, by, "review", row.voter_id, now)
    with snapshot() as session:
        return _item(session, vault, city, open_row(session, review_id, by), now)


def page_of(  # noqa: PLR0917
    vault: Vault, city: City, review_id: str, number: int, page: int, by: Actor, now: datetime
) -> bytes:
    """One page of one paper, both counted from 1, as a JPEG; each look is in the log before the page is opened.

    Raises:
        BadInput: as `open_item`, or there is no such page.
    """
    with transaction() as session:
        row = open_row(session, review_id, by)
        _paper(session, city, row, number, now)
        log_voter(session, vault, by, "review-page", row.voter_id, now)
    with snapshot() as session:
        found = _paper(session, city, open_row(session, review_id, by), number, now)
        pages = PAGES.open(vault, found.id, papers.pages(session, found.id)).pages
    if not 1 <= page <= len(pages):
        raise BadInput("has no such page", f"paper {number}")
    return pages[page - 1]


def _named(session: Session, vault: Vault, typed: str) -> ReviewRow | None:
    reference = typed.replace("-", "").replace(" ", "").lower()
    if _REFERENCE.fullmatch(reference):
        return store.by_reference(session, reference)
    return store.by_code(session, vault.index("code", plain_code(typed)))


def _ready(session: Session, reader: Reader, now: datetime) -> list[ReviewRow]:
    rows = store.in_states(session, store.OPEN)
    return [row for row in rows if _is_staffs(row, now) and is_for(row, reader.label, reader.roles)]


def _is_staffs(row: ReviewRow, now: datetime) -> bool:
    """Whether staff have the next step: not while a registrant still has time to come or to bring something."""
    visit = row.state == WAITING and row.way in VISITS
    return row.due_at < now if visit or row.state == CURE else True


def _queued(row: ReviewRow, reader: Reader, now: datetime) -> Queued:
    age, yours = max(0, (now - row.opened_at).days), is_for(row, reader.label, reader.roles)
    return Queued(row.id, row.way, row.state, age, row.due_at, row.due_at < now, row.appealed, yours)


def _item(session: Session, vault: Vault, city: City, row: ReviewRow, now: datetime) -> Item:
    voter = voters.find(session, row.voter_id)
    assert voter is not None, "a review goes with its voter"
    by_papers = row.way in BY_PAPERS
    record, steps = RECORD.open(vault, voter.id, voter.sealed), steps_of(vault, row)
    listed = [(one, KIND.open(vault, one.id, one.sealed_kind)) for one in _papers(session, city, row, now)]
    where = record.address or record.place or ""
    return Item(
        id=row.id,
        version=row.version,
        way=row.way,
        state=row.state,
        due_at=row.due_at,
        late=row.due_at < now,
        appealed=row.appealed,
        name=record.name,
        birth=record.birth,
        home=record.home,
        split=_split_of(city, voter.split),
        address=f"{where} UNIT {record.unit}" if record.unit else where,
        registered_at=record.registered_at,
        language=record.language,
        papers=tuple(ShownPaper(one.position, title_of(city.pack, about.kind), about.pages) for one, about in listed),
        checks=checklist(city.pack, row.way, record.home),
        rows=offered(city.pack, [(one.position, about.kind) for one, about in listed]) if by_papers else (),
        election=counted_from(city, now),
        takes_oath=by_papers and takes_oath(city.pack),
        seen=seen(steps, row.way),
        # A second person decides without knowing what the first one said.
        steps=steps if row.state == THIRD else tuple(step for step in steps if step.answer == "ask"),
    )


def _split_of(city: City, split: str) -> str:
    """A precinct split in words: the precinct and its districts."""
    found = city.map.splits.get(split)
    if found is None:
        return split
    return ", ".join((f"precinct {found.precinct}", *(f"{kind} {number}" for kind, number in found.districts.items())))


def _papers(session: Session, city: City, row: ReviewRow, now: datetime) -> list[papers.Listed]:
    return [one for one in papers.of_voter(session, row.voter_id) if one.expires_on >= city.today(now)]


def _paper(session: Session, city: City, row: ReviewRow, number: int, now: datetime) -> papers.Listed:
    found = next((one for one in _papers(session, city, row, now) if one.position == number), None)
    if found is None:
        raise BadInput("no such paper", f"review {row.id}")
    return found
