"""Vouching: an active voter of the same precinct swears that they know where an applicant lives.

The applicant hands over a code of their own. Nothing keeps who vouched for whom: the code leads to the applicant, a
count to the voucher, the log has an entry for each, and only the browser holds both, for half an hour. Whatever stands
in the way, the answer is the same, so nobody learns who is registered.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from eligibility import Pack
from eligibility.errors import CleanNo
from voter_reg.language import Said, said
from voter_reg.service.access_log import log_voter
from voter_reg.service.actors import Actor
from voter_reg.service.city import City
from voter_reg.service.codes import new_vouching_code, plain_code
from voter_reg.service.jobs import enqueue
from voter_reg.service.limits import TooMany
from voter_reg.service.live import Suspended
from voter_reg.service.notices import tell
from voter_reg.service.review import close_proven
from voter_reg.service.scope import Scope
from voter_reg.service.voter_record import RECORD, VoterRecord, version_of
from voter_reg.store import demands, elections, matches, voters
from voter_reg.store import vouching as store
from voter_reg.store.db import transaction
from voter_reg.vault import Vault

VOUCHING: Final = "vouching"
"""The way of proof, as packs and records call it."""

LIFETIME: Final = timedelta(days=14)
"""How long an applicant's code can be used."""

PAGE_LIFETIME: Final = timedelta(minutes=30)
"""How long a voucher has for reading and swearing the oath."""

LIMITS: Final[tuple[tuple[tuple[str, ...], int, timedelta], ...]] = (
    (("code_mark",), 5, timedelta(hours=1)),
    (("code_mark",), 20, timedelta(days=1)),
    (("word_mark",), 10, timedelta(hours=1)),
    ((), 1000, timedelta(minutes=5)),
)
"""At most so many wrong tries within a span under the same code, the same vouching code, and by everyone."""

_LONGEST: Final = max(within for _, _, within in LIMITS)
_USED_FOR: Final = timedelta(days=1)


class NotPossible(CleanNo):
    """Nobody can be vouched for with what was given. It does not say why, whatever the reason."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a place's law says of vouching, and where. `most` is how many at one election, None for no limit."""

    most: int | None
    same_precinct: bool
    vouched_for_may_vouch: bool
    cite: str


_USUAL: Final = Rule(8, same_precinct=True, vouched_for_may_vouch=False, cite="Minn. Stat. 201.061, subd. 3")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a voucher gives: their own confirmation code and birth date (ISO, as precise as known), and the other's."""

    code: str = field(repr=False)
    birth: str = field(repr=False)
    vouching_code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Vouching:
    """A vouching that is under way, by random ids and a keyed hash; `nonce` is the page's own.

    `seen` is the version of the applicant's record that the page showed. It is kept nowhere but on the page, signed,
    for `PAGE_LIFETIME`.
    """

    voucher: str
    applicant: str
    code_index: str
    nonce: str
    seen: str


@dataclass(frozen=True, slots=True)
class Shown:
    """Whom a voucher is asked to vouch for."""

    vouching: Vouching
    name: str = field(repr=False)
    address: str = field(repr=False)


def is_allowed(pack: Pack) -> bool:
    """Whether the place lets voters vouch for others."""
    return VOUCHING in pack.proof.ways


def rule(pack: Pack) -> Rule:
    """The pack's own rule; Minnesota's where a pack allows vouching and says no more."""
    own = getattr(pack.proof, VOUCHING, None)
    if own is None:
        return _USUAL
    return Rule(own.most, own.same_precinct, own.vouched_for_may_vouch, own.source.cite)


def oath(pack: Pack) -> tuple[Said, ...]:
    """What a voucher swears, line by line."""
    law = rule(pack)
    place = said("I am registered to vote in %(place)s city elections.", place=pack.name)
    precinct = said(
        "I am registered to vote in %(place)s city elections, in the precinct of the person named here.",
        place=pack.name,
    )
    lines = [
        precinct if law.same_precinct else place,
        said("I know this person, and I know that they live at the address shown here."),
    ]
    if not law.vouched_for_may_vouch:
        lines.append(said("Nobody vouched for me at this election."))
    if law.most is not None:
        lines.append(
            said(
                "I have not vouched for more than %(most)s people at this election, this person included.",
                most=law.most,
            )
        )
    return tuple(lines)


def offer(session: Session, vault: Vault, voter_id: str, now: datetime) -> str:
    """Make an applicant's vouching code, within the transaction that registers them; only its keyed hash is kept."""
    code = new_vouching_code()
    store.add_code(session, _code_index(vault, code), voter_id, now + LIFETIME)
    return code


def look(vault: Vault, city: City, asked: Asked, *, by: Actor, now: datetime) -> Shown:
    """Whom a voucher is asked to vouch for; that they looked is logged first.

    Raises:
        NotPossible: for whatever reason.
        TooMany: too many tries.
        Suspended: two officers have suspended the coming election.
    """
    try_id = _count_try(vault, asked, now)
    with transaction() as session:
        election = _election(session, city, now)
        index = _code_index(vault, asked.vouching_code)
        row = store.code(session, index)
        voucher = store.voucher(session, vault.index("code", plain_code(asked.code)))
        applicant = store.applicant(session, "" if row is None else row.voter_id)
        record = None if voucher is None else _opened(session, vault, voucher, by, now)
        known = record is not None and hmac.compare_digest(record.birth.encode(), asked.birth.encode())
        usable = row is not None and row.sworn_mark is None and row.expires_at > now
        may = _may(session, vault, city, election, voucher, applicant, record)
        if voucher is not None and applicant is not None and known and usable and may:
            store.take_back_try(session, try_id)
            log_voter(session, vault, by, "vouching-shown", applicant.id, now)
            found = Vouching(voucher.id, applicant.id, index, secrets.token_hex(16), version_of(applicant.sealed))
        else:
            found = None
    if found is None or applicant is None:
        raise NotPossible
    return _shown(vault, found, applicant)


def look_again(vault: Vault, city: City, vouching: Vouching, *, by: Actor, now: datetime) -> Shown:
    """The same for a page that is open already; logged again, before it is shown again.

    Raises:
        NotPossible: the code was used or has expired, or the voucher may not vouch any more.
        Suspended: two officers have suspended the coming election.
    """
    with transaction() as session:
        ready = _ready(session, vault, city, vouching, by, now)
        if ready is None:
            raise NotPossible
        log_voter(session, vault, by, "vouching-shown", vouching.applicant, now)
    return _shown(vault, vouching, ready.applicant)


def swear(vault: Vault, city: City, vouching: Vouching, *, by: Actor, now: datetime) -> None:
    """The voucher has sworn: the applicant is active and tagged, in one transaction.

    The same page sent twice counts once. An applicant who is held for review stays so; the voucher is told the same.

    Raises:
        NotPossible: the code was used or has expired, or the voucher may not vouch any more.
        Suspended: two officers have suspended the coming election.
    """
    with transaction() as session:
        sworn_mark = vault.index("vouching-page", vouching.nonce)
        row = store.code(session, vouching.code_index)
        if row is not None and row.sworn_mark == sworn_mark:
            return
        ready = _ready(session, vault, city, vouching, by, now)
        if ready is None:
            raise NotPossible
        _vouch(session, vault, city, ready, by, now)
        store.use_code(session, vouching.code_index, sworn_mark, min(ready.until, now + _USED_FOR))


def remove_expired(city_today: date, now: datetime) -> int:
    """Remove codes, counts and tries that are past their time; how many. For beat.

    What a hold covers stays: every code of the voters it names, and every count, whose hash does not say whose it is.
    """
    with transaction() as session:
        removed = store.remove_old_tries(session, now - _LONGEST)
        scopes = [Scope.read(hold.scope) for hold in demands.holds(session)]
        if not any(scope.everything or scope.election for scope in scopes):
            kept = [voter for scope in scopes for voter in scope.voters]
            removed += store.remove_expired_codes(session, now, kept)
        if not scopes:
            removed += store.remove_expired_counts(session, city_today)
        return removed


@dataclass(frozen=True, slots=True)
class _Ready:
    """Both sides of a vouching that may be sworn now, the election it is for, and until when the code is good."""

    election: date
    voucher: store.Party
    applicant: store.Party
    until: datetime


def _ready(  # noqa: PLR0917
    session: Session, vault: Vault, city: City, vouching: Vouching, by: Actor, now: datetime
) -> _Ready | None:
    """Every rule again: what was so when the page was shown may have changed."""
    election = _election(session, city, now)
    row = store.code(session, vouching.code_index)
    voucher, applicant = (store.applicant(session, one) for one in (vouching.voucher, vouching.applicant))
    record = None if voucher is None else _opened(session, vault, voucher, by, now)
    if row is None or row.voter_id != vouching.applicant or row.sworn_mark is not None or row.expires_at <= now:
        return None
    if election is None or voucher is None or applicant is None or version_of(applicant.sealed) != vouching.seen:
        return None
    may = _may(session, vault, city, election, voucher, applicant, record)
    return _Ready(election, voucher, applicant, row.expires_at) if may else None


def _shown(vault: Vault, vouching: Vouching, applicant: store.Party) -> Shown:
    record = RECORD.open(vault, applicant.id, applicant.sealed)
    return Shown(vouching, record.name, " ".join(filter(None, (record.address, record.unit))))


def _vouch(session: Session, vault: Vault, city: City, ready: _Ready, by: Actor, now: datetime) -> None:  # noqa: PLR0917
    """Two entries in the log and two counts, none of which names the other side."""
    voucher, applicant, election = ready.voucher, ready.applicant, ready.election
    store.count_on(session, _count_mark(vault, city, voucher.id, election), 1, election)
    store.count_on(session, _barred_mark(vault, city, applicant.id, election), 1, election)
    log_voter(session, vault, by, "vouched", voucher.id, now)
    log_voter(session, vault, by, "vouched-for", applicant.id, now)
    close_proven(session, city, applicant.id, now)
    if applicant.state == voters.WAITING:
        voters.change_state(session, applicant.id, voters.ACTIVE)
        enqueue(session, "tag-voter", {"voter": applicant.id}, now)
        tell(session, applicant.id, "registered", now)
    else:
        matches.give_back_as(session, applicant.id, voters.ACTIVE)


def _may(  # noqa: PLR0917
    session: Session,
    vault: Vault,
    city: City,
    election: date | None,
    voucher: store.Party | None,
    applicant: store.Party | None,
    record: VoterRecord | None,
) -> bool:
    """Whether one may vouch for the other. Each rule is looked at whatever the others say: it takes the same work."""
    law, day = rule(city.pack), election or date.min
    voucher_id = "" if voucher is None else voucher.id
    vouched = store.count(session, _count_mark(vault, city, voucher_id, day))
    barred = store.count(session, _barred_mark(vault, city, voucher_id, day)) > 0
    here, there = _precinct(city, voucher), _precinct(city, applicant)
    came_by_it = barred or (record is not None and _was_vouched_for(city, record, day))
    rules = (
        is_allowed(city.pack),
        election is not None,
        voucher is not None and voucher.state == voters.ACTIVE,
        applicant is not None and applicant.state in (voters.WAITING, voters.HELD),
        applicant is not None and voucher_id != applicant.id,
        here is not None and there is not None and (here == there or not law.same_precinct),
        law.vouched_for_may_vouch or not came_by_it,
        law.most is None or vouched < law.most,
    )
    return all(rules)


def _was_vouched_for(city: City, record: VoterRecord, election: date) -> bool:
    """Whether a voter came onto the roll by a voucher when they registered for this same election."""
    return record.proof == VOUCHING and city.coming_election(datetime.fromisoformat(record.registered_at)) == election


def _precinct(city: City, party: store.Party | None) -> str | None:
    split = None if party is None else city.map.splits.get(party.split)
    return None if split is None else split.precinct


def _opened(session: Session, vault: Vault, voucher: store.Party, by: Actor, now: datetime) -> VoterRecord:
    """The voucher's own record, to compare the birth date; nothing of it is shown."""
    log_voter(session, vault, by, "vouching-checked", voucher.id, now)
    return RECORD.open(vault, voucher.id, voucher.sealed)


def _election(session: Session, city: City, now: datetime) -> date | None:
    election = city.coming_election(now)
    if election is not None and elections.is_suspended(session, city.election_id(election)):
        raise Suspended(city.pack.place)
    return election


def _count_try(vault: Vault, asked: Asked, now: datetime) -> int:
    """Count a try before anything is checked, so that many at once get no more than one after another."""
    marks = {
        "code_mark": vault.index("vouching-try-code", plain_code(asked.code)),
        "word_mark": vault.index("vouching-try-word", plain_code(asked.vouching_code)),
    }
    try:
        with transaction() as session:
            wait = max(
                _wait(session, {name: marks[name] for name in per}, number, within, now)
                for per, number, within in LIMITS
            )
            try_id = 0 if wait else store.add_try(session, now, marks["code_mark"], marks["word_mark"])
    except SQLAlchemyError:
        raise TooMany(60) from None
    if wait:
        raise TooMany(int(wait.total_seconds()) + 1)
    return try_id


def _wait(session: Session, marks: dict[str, str], number: int, within: timedelta, now: datetime) -> timedelta:
    """How long until there is room for another try; never longer than the span, should a clock be set back."""
    filled = store.nth_newest_try(session, marks, now - within, number)
    return timedelta(0) if filled is None else min(within, filled + within - now)


def _code_index(vault: Vault, code: str) -> str:
    return vault.index("vouching-code", plain_code(code))


def _count_mark(vault: Vault, city: City, voter_id: str, election: date) -> str:
    return vault.index("vouching-count", f"{voter_id}|{city.election_id(election)}")


def _barred_mark(vault: Vault, city: City, voter_id: str, election: date) -> str:
    """Of who was vouched for, and so cannot vouch at that election."""
    return vault.index("vouching-barred", f"{voter_id}|{city.election_id(election)}")
