"""Registering: the order of the questions, the card, and turning a finished draft into a voter record."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eligibility import BirthDate, Facts, contest_title, decide
from eligibility.building import building_key
from eligibility.facts import OATH_OF_AGE
from eligibility.registration import window
from voter_reg.language import words
from voter_reg.residency.verifier import CardAnswer, CardReader, CardVerifier, PresentedCard
from voter_reg.service import drafts, papers, resume, vouching
from voter_reg.service.access_log import log_voter
from voter_reg.service.actors import Actor
from voter_reg.service.answers import resident_since_day
from voter_reg.service.city import City
from voter_reg.service.codes import new_code, plain_code
from voter_reg.service.drafts import LIFETIME, RECEIPT_LIFETIME, Draft, Receipt, Stale
from voter_reg.service.jobs import enqueue
from voter_reg.service.live import Suspended
from voter_reg.service.match_keys import strong_index, weak_indexes
from voter_reg.service.notices import tell
from voter_reg.service.retention import record_epoch
from voter_reg.service.review_opening import open_review, way_of
from voter_reg.service.review_state import reference_of
from voter_reg.service.signed_copy import FromPaper, Shown, oath_of, signed_copy
from voter_reg.service.voter_record import RECORD, VoterRecord
from voter_reg.store import elections, matches, reviews, voters
from voter_reg.store.db import snapshot, transaction
from voter_reg.vault import Vault

__all__ = [
    "CardAnswer",
    "Closed",
    "Incomplete",
    "Paper",
    "Receipt",
    "check_card",
    "check_presented",
    "enter",
    "next_step",
    "resident_since_day",
    "submit",
]

MOST_CARD_TRIES = 5
"""Answers about cards that one draft gets; then every card is "not confirmed" and other papers are the way on."""


class Incomplete(Exception):
    """A step was skipped; `step` names it."""

    def __init__(self, step: str) -> None:
        super().__init__(step)
        self.step = step


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper form that staff enter: its row, how it came, whether papers were seen, and what its copy says.

    `shown` is set where a member of staff has seen, with the person there, a photo with a birth date and a paper that
    shows where they live. Which papers those were is kept nowhere.
    """

    voter_id: str
    received_at: datetime
    in_person: bool
    shown: bool
    copy: FromPaper


class Closed(Exception):
    """Registration ahead of the next election has closed; `deadline` says when."""

    def __init__(self, deadline: datetime) -> None:
        super().__init__(deadline.isoformat())
        self.deadline = deadline


def next_step(draft: Draft) -> str:
    """The first step without an answer: address, name, card, review; "done" once registered."""
    if draft.receipt is not None:
        return "done"
    if not (draft.address and draft.split):
        return "address"
    if not (draft.name and draft.birth and draft.resident_since):
        return "name"
    return "card" if draft.proof is None else "review"


def check_card(  # noqa: PLR0917 - all of it is needed
    vault: Vault, verifier: CardVerifier, token: str, version: int, number: str, now: datetime
) -> CardAnswer:
    """Ask whether the card is the person's, and keep the answer in the draft; the number is kept nowhere.

    A wrong, an expired and another person's card get the same answer after the same work. The try is counted before
    the registry is asked, so that many requests at once get no more tries than one after another, and given back when
    there was no answer.

    Raises:
        Stale: the draft was changed elsewhere.
    """

    def ask(draft: Draft) -> tuple[CardAnswer, str]:
        return verifier.check(number, draft.birth or "", draft.address or ""), number

    return _try_card(vault, token, version, ask, now)


def check_presented(  # noqa: PLR0917 - all of it is needed
    vault: Vault, cards: CardReader, token: str, version: int, presented: str, now: datetime
) -> CardAnswer:
    """Settle whether a presented card, the text of its code, is the person's; otherwise the same as `check_card`.

    Its birth date must be the draft's, as precise as the card has it, and its address the draft's building. The mark
    that is kept comes of the card's number: typed or scanned, one card is one voter. Nobody is asked about it.

    Raises:
        Stale: the draft was changed elsewhere.
    """

    def ask(draft: Draft) -> tuple[CardAnswer, str]:
        card = cards.read(presented, now)
        if not isinstance(card, PresentedCard):
            return "unavailable" if card == "unavailable" else "not_confirmed", ""
        lives, born = building_key(card.address), card.born
        is_theirs = lives is not None and (born, lives) == (draft.birth, building_key(draft.address or ""))
        return "confirmed" if is_theirs else "not_confirmed", card.number

    return _try_card(vault, token, version, ask, now)


def _try_card(
    vault: Vault, token: str, version: int, ask: Callable[[Draft], tuple[CardAnswer, str]], now: datetime
) -> CardAnswer:
    """Count a try, get the answer for the draft and the number of its card, and keep the answer in the draft."""
    with transaction() as session:
        found = drafts.read(session, vault, token, now)
        if found is None or found[1] != version:
            raise Stale
        asked = replace(found[0], card_tries=found[0].card_tries + 1)
        if asked.card_tries > MOST_CARD_TRIES:
            return "not_confirmed"
        drafts.write(session, vault, token, asked, version, now + LIFETIME)
    answer, number = ask(asked)
    mark = vault.index("card", number)
    if answer == "unavailable":
        settled = replace(asked, card_tries=asked.card_tries - 1)
    elif answer == "confirmed":
        settled = replace(asked, proof="card", card_mark=mark)
    else:
        settled = replace(asked, proof=None, card_mark=None)
    drafts.save(vault, token, settled, version + 1, now)
    return answer


def submit(vault: Vault, city: City, token: str, draft: Draft, version: int, *, by: Actor, now: datetime) -> Receipt:
    """Turn a finished draft into a voter record, proven or waiting for proof.

    Seals the record, logs the write and hands the tagging to a job. A card that another voter holds yields the same
    receipt as anyone's; the record is `held`. Submitting a draft again yields the same receipt and no second record.

    Raises:
        Incomplete: a step was skipped, or a statement the law asks for is not sworn; names the step.
        Closed: registration closed before `now` in the city's zone; carries the deadline.
        Suspended: two officers have suspended the coming election.
        Stale: the draft was changed elsewhere.
    """
    try:
        return _submit(vault, city, token, draft, version, by, now)
    except IntegrityError:
        # Someone with the same card was faster by a hair, or the code is another's: the second look sees them.
        return _submit(vault, city, token, draft, version, by, now)


def _submit(  # noqa: PLR0917
    vault: Vault, city: City, token: str, draft: Draft, version: int, by: Actor, now: datetime
) -> Receipt:
    with transaction() as session:
        stored = drafts.read(session, vault, token, now)
        if stored is None:
            raise Stale
        if stored[0].receipt is not None:
            return stored[0].receipt
        if stored[1] != version:
            raise Stale
        _require_open(session, city, now)
        # What was stored is what is signed, proof and all; only the signature comes new, with the language it is made
        # in and what is sworn, and of that only what the law asks for.
        asked = _asked(city, stored[0], now)
        signed = replace(
            stored[0],
            sworn=tuple(key for key in asked if key in draft.sworn),
            signature=draft.signature,
            language=draft.language,
        )
        _require_complete(signed, city, now)
        receipt = _register(session, vault, city, signed, by, now, token=token)
        drafts.write(session, vault, token, Draft(receipt=receipt), version, now + RECEIPT_LIFETIME)
        resume.forget(session, token)
    return receipt


def enter(
    session: Session, vault: Vault, city: City, draft: Draft, paper: Paper, *, by: Actor, now: datetime
) -> Receipt:
    """Register from a paper form, within a transaction; deadlines are judged by when the form came.

    Raises:
        Incomplete: an answer is missing, or a statement the law asks for is not sworn; names the step.
        Closed: registration had closed when the form came; carries the deadline.
        Suspended: two officers have suspended the coming election.
    """
    if _is_suspended(session, city, now):
        raise Suspended(city.pack.place)
    election = city.coming_election(paper.received_at)
    found = None if election is None else window(city.pack, election)
    if found is not None:
        in_time = found.is_open_in_person if paper.in_person else found.is_open
        if not in_time(paper.received_at):
            raise Closed(found.closes_in_person or found.closes if paper.in_person else found.closes)
    asked = _asked(city, draft, paper.received_at)
    signed = replace(draft, sworn=tuple(key for key in asked if key in draft.sworn))
    _require_complete(signed, city, paper.received_at)
    return _register(session, vault, city, signed, by, now, paper=paper)


def _register(  # noqa: PLR0917
    session: Session,
    vault: Vault,
    city: City,
    draft: Draft,
    by: Actor,
    now: datetime,
    *,
    token: str | None = None,
    paper: Paper | None = None,
) -> Receipt:
    voter_id, code = secrets.token_hex(16) if paper is None else paper.voter_id, new_code()
    signed_at = now if paper is None else paper.received_at
    local = signed_at.astimezone(city.zone)
    election = city.coming_election(now)
    shown = Shown(election, _contests(city, draft, election), oath_of(draft, city.pack, words(draft.language)))
    copy = signed_copy(draft, city.pack, shown, code, local, paper.copy if paper else None)
    state = _state(session, city, draft, shown_to_staff=paper is not None and paper.shown)
    epoch = record_epoch(city.pack, city.today(now), election)
    values = {
        "id": voter_id,
        "state": state,
        "split": draft.split,
        "week": "{}-W{:02}".format(*local.isocalendar()[:2]),
        "key_id": epoch,
        "due": epoch,
        "sealed": RECORD.seal(vault, voter_id, epoch, _record(draft, shown, code, copy, signed_at)),
        "code_index": vault.index("code", plain_code(code)),
        "card_index": draft.card_mark,
        "match_index": strong_index(vault, draft.name or "", draft.birth or ""),
    }
    voters.add(session, values)
    # Only written here: who meets whom is looked up by the job that follows, so that no receipt waits for it.
    matches.add_keys(session, voter_id, weak_indexes(vault, draft.name or "", draft.birth or ""))
    if state == voters.WAITING and token is not None:
        papers.take_over(session, vault, city, token, draft, voter_id, epoch, now)
    elif state == voters.WAITING:
        open_review(session, city, voter_id, way_of(draft.proof, sent=False), epoch, now)
    elif token is not None and draft.papers:
        papers.drop(session, token)
    log_voter(session, vault, by, "register" if paper is None else "enter-paper", voter_id, now)
    if paper is not None and paper.shown and state == voters.ACTIVE:
        log_voter(session, vault, by, "proof-seen", voter_id, now)
    enqueue(session, "tag-voter", {"voter": voter_id}, now)
    asked = vouching.offer(session, vault, voter_id, now) if draft.proof == vouching.VOUCHING else None
    public = "waiting-for-papers" if state == voters.WAITING else "registered"
    if draft.email or draft.mail_to:
        tell(session, voter_id, _notice(draft, public), now)
    reference, by_day = _awaited(session, city, voter_id) if state == voters.WAITING else (None, None)
    at = local.isoformat(timespec="seconds")
    return Receipt(code, public, copy, at, draft.proof, asked, reference, by_day)


def _notice(draft: Draft, public: str) -> str:
    """Who sent papers, or waits for someone else's word, has nothing to bring."""
    return "received" if public == "waiting-for-papers" and draft.proof != "papers" else public


def _awaited(session: Session, city: City, voter_id: str) -> tuple[str | None, str | None]:
    """What names the review of someone who has just registered, and by which day somebody has to act."""
    row = reviews.of_voter(session, voter_id)
    if row is None:
        return None, None
    return reference_of(row.id), row.due_at.astimezone(city.zone).date().isoformat()


def _contests(city: City, draft: Draft, election: date | None) -> tuple[str, ...]:
    """The contests open to the registrant on the coming election day, as the page to sign showed them."""
    if election is None or draft.birth is None or draft.split is None:
        return ()
    since = resident_since_day(draft.resident_since)
    facts = Facts(BirthDate.parse(draft.birth), since, frozenset(draft.sworn))
    decision = decide(facts, city.pack, election, city.map.splits[draft.split])
    open_to = (made.contest for made in decision.contests if made.eligible)
    return tuple(contest_title(city.pack, contest, draft.language) for contest in open_to)


def is_placed(city: City, address: str | None, split: str | None) -> bool:
    """Whether the map itself puts an address into a split. What was typed to find the precinct proves nothing."""
    found = city.map.lookup(address or "")
    return found.status == "found" and found.split is not None and found.split == split


def _state(session: Session, city: City, draft: Draft, *, shown_to_staff: bool) -> str:
    card = draft.card_mark if draft.proof == "card" else None
    # First: a card that someone on the roll holds is looked at, wherever its home stands.
    if card is not None and voters.card_is_used(session, card):
        return voters.HELD
    proven = shown_to_staff or card is not None
    return voters.ACTIVE if proven and is_placed(city, draft.address, draft.split) else voters.WAITING


def _record(draft: Draft, shown: Shown, code: str, copy: str, now: datetime) -> VoterRecord:
    """Everything personal of a voter, and the signed document byte for byte."""
    name = draft.name or ""
    return VoterRecord(
        name=name,
        sort_name=draft.sort_name or name,
        birth=draft.birth or "",
        address=draft.address or "",
        unit=draft.unit,
        resident_since=draft.resident_since,
        sworn=draft.sworn,
        proof=draft.proof,
        language=draft.language,
        notice_version=draft.notice_version,
        notice_seen_at=draft.notice_seen_at,
        code=code,
        signed_copy=copy,
        signed_copy_sha256=hashlib.sha256(copy.encode()).hexdigest(),
        registered_at=now.isoformat(timespec="seconds"),
        notice_language=draft.notice_language,
        home=draft.home,
        place=draft.place,
        email=draft.email,
        mail_to=draft.mail_to,
        signature=draft.signature,
        shown_for=shown.election.isoformat() if shown.election else None,
        contests=shown.contests,
        oath=shown.oath,
    )


def _require_complete(draft: Draft, city: City, now: datetime) -> None:
    step = next_step(draft)
    if step != "review":
        raise Incomplete(step)
    if draft.proof == vouching.VOUCHING and not vouching.is_allowed(city.pack):
        raise Incomplete("card")
    if draft.split not in city.map.splits:
        raise Incomplete("address")
    if not set(city.statements(now)) <= set(draft.sworn):
        raise Incomplete("review")


def _asked(city: City, draft: Draft, now: datetime) -> tuple[str, ...]:
    """The statements that the law asks for, and an oath of age where the birth date is known in part only."""
    partly = draft.birth is not None and len(draft.birth) < len("YYYY-MM-DD")
    return (*city.statements(now), *((OATH_OF_AGE,) if partly else ()))


def is_stopped(city: City, now: datetime) -> bool:
    """Whether registration is stopped since two officers have suspended the coming election."""
    with snapshot() as session:
        return _is_suspended(session, city, now)


def _is_suspended(session: Session, city: City, now: datetime) -> bool:
    election = city.coming_election(now)
    return election is not None and elections.is_suspended(session, city.election_id(election))


def _require_open(session: Session, city: City, now: datetime) -> None:
    if _is_suspended(session, city, now):
        raise Suspended(city.pack.place)
    election = city.coming_election(now)
    found = None if election is None else window(city.pack, election)
    if found is not None and not found.is_open(now):
        raise Closed(found.closes)
