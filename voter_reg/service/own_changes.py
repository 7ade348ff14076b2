"""A registrant corrects their own record: address, name, dates, how to reach them.

What was signed stays byte for byte; a change is kept beside it, dated and signed by a typed name. A home or a birth
date that papers or a card proved needs proof anew: until then the registrant is on no list. Decisions for coming
elections that rest on the old facts go at once, and a job makes new ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy.orm import Session

from voter_reg.language import ENGLISH, words
from voter_reg.residency.card_number import is_well_formed, normalise
from voter_reg.residency.verifier import CardAnswer, CardVerifier
from voter_reg.service import own_limits
from voter_reg.service.access_log import log_own
from voter_reg.service.actors import RESIDENT
from voter_reg.service.amendments import amendment, earlier
from voter_reg.service.city import City
from voter_reg.service.jobs import enqueue
from voter_reg.service.match_keys import strong_index, weak_indexes
from voter_reg.service.matches import note_held_for
from voter_reg.service.notices import CONTACT_CHANGED, tell
from voter_reg.service.own_record import NotSignedIn
from voter_reg.service.own_view import logged
from voter_reg.service.registration import is_placed
from voter_reg.service.review import close_proven
from voter_reg.service.review_opening import review_anew, review_placing
from voter_reg.service.scope import covering
from voter_reg.service.voter_record import RECORD, Amendment, FormerContact, VoterRecord, version_of
from voter_reg.store import demands, elections, log, matches, rosters, voters, vouching
from voter_reg.store import own_record as store
from voter_reg.store.db import transaction
from voter_reg.store.voters import VoterRow
from voter_reg.vault import Vault
from voter_reg.vault.vault import epoch_in

What = Literal["address", "name", "dates", "contact"]

ReviewOpened = Callable[[Session, str, datetime], None]
"""Told, within the change's transaction, that a registrant has to prove anew where they live."""

_FACTS: Final = frozenset({"birth", "resident_since"})
_PROVEN: Final = frozenset({"address", "birth"})
_ONCE_IN: Final = timedelta(days=1)
_SEEN: Final = frozenset({"name", "place", "home"})
"""What a reviewer compares besides with the papers: whoever looks must look at the record as it is now."""


class Stale(Exception):
    """The record was changed elsewhere since it was read."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a registrant wants changed. `fields` are those of the record; `split` goes with a new address.

    `signed` is the name they typed under it, empty for what needs no signature: how to reach them; `language` is that
    of the page they signed on.
    """

    what: What
    fields: Mapping[str, str | None]
    signed: str = ""
    split: str | None = None
    language: str = ENGLISH


def change(  # noqa: PLR0917 - whose record, what of it, and as of when
    vault: Vault,
    city: City,
    voter_id: str,
    wanted: Change,
    version: str,
    now: datetime,
    *,
    review_opened: ReviewOpened | None = None,
) -> bool:
    """Change a record that was at `version`; whether the registrant has to prove anew where they live.

    Sending the same again changes nothing.

    Raises:
        Stale: it was changed elsewhere.
        NotSignedIn: the registrant has left the roll.
    """
    with transaction() as session:
        row = store.present(session, voter_id, locked=True)
        if row is None:
            raise NotSignedIn
        record = RECORD.open(vault, voter_id, row.sealed)
        changed = replace(record, **dict[str, Any](wanted.fields))
        split = wanted.split or row.split
        if changed == record and split == row.split:
            return False
        if version != version_of(row.sealed):
            raise Stale
        parts = {name for name in wanted.fields if getattr(changed, name) != getattr(record, name)}
        moved = bool(parts & _PROVEN) or split != row.split
        # A card proved one birth date at one address, also where a person still looks at its precinct.
        unproven = moved and (row.state != voters.WAITING or record.proof == "card")
        noted = _noted(session, city, wanted, record, changed, voter_id, now)
        changed = replace(changed, amendments=(*record.amendments, *noted))
        if wanted.what == "contact":
            changed = replace(changed, former=FormerContact(record.email, record.mail_to))
        if unproven:
            changed = replace(changed, proof="papers")
        row.sealed = RECORD.seal(vault, voter_id, epoch_in(row.sealed), changed)
        _tell_queries(session, vault, row, changed)
        if parts & _FACTS or split != row.split:
            supersede_decisions(session, city, voter_id, now)
        row.split = split
        session.flush()
        if unproven:
            _ask_for_proof(session, row, now, review_opened)
        elif moved or parts & _SEEN:
            review_anew(session, city, voter_id, now)
        _tell_owner(session, vault, voter_id, record, changed, now)
        log_own(session, vault, RESIDENT, f"change-{wanted.what}", voter_id, now)
        if wanted.what != "contact":
            enqueue(session, "tag-voter", {"voter": voter_id}, now)
        return unproven


def supersede_decisions(session: Session, city: City, voter_id: str, now: datetime) -> None:
    """Take decisions for coming elections out of use. Where a roster or a legal hold rests on one, it is kept aside."""
    held = bool(demands.holds(session))
    for row in elections.on_or_after(session, city.today(now)):
        if held or rosters.ids_of(session, [row.id]):
            voters.set_aside_decision(session, row.id, voter_id)
        else:
            voters.remove_decisions(session, voter_id, [row.id])


def prove_by_card(  # noqa: PLR0917 - whom to ask about whose card
    vault: Vault, city: City, verifier: CardVerifier, voter_id: str, typed: str, now: datetime
) -> CardAnswer:
    """Show a Municipal ID for the record as it stands, instead of papers; the number is kept nowhere.

    A card that another registrant holds gets the same answer as one's own, and the record is held for review.

    Raises:
        Wait: too many tries.
        NotSignedIn: the registrant has left the roll.
    """
    number = normalise(typed)
    if not is_well_formed(number):
        return "not_confirmed"
    attempt = own_limits.count(vault.index("own-attempt", f"card|{voter_id}"), now)
    row = logged(vault, voter_id, "prove", now)
    record = RECORD.open(vault, voter_id, row.sealed)
    answer = verifier.check(number, record.birth, record.address)
    with transaction() as session:
        if answer != "not_confirmed":
            store.take_back(session, attempt)
        if answer == "confirmed":
            _proven(session, vault, city, voter_id, row.sealed, vault.index("card", number), now)
    return answer


def _proven(  # noqa: PLR0917 - the record as it was asked about, and as it is
    session: Session, vault: Vault, city: City, voter_id: str, seen: bytes, card_index: str, now: datetime
) -> None:
    row = store.present(session, voter_id, locked=True)
    if row is None or row.state != voters.WAITING:
        return
    record = RECORD.open(vault, voter_id, row.sealed)
    before = RECORD.open(vault, voter_id, seen)
    if (record.birth, record.address) != (before.birth, before.address):
        raise Stale
    row.sealed = RECORD.seal(vault, voter_id, epoch_in(row.sealed), replace(record, proof="card"))
    held = voters.card_is_used(session, card_index)
    row.card_index = card_index
    if held:
        row.state = voters.HELD
    elif is_placed(city, record.address, row.split):
        row.state = voters.ACTIVE
        session.flush()
        close_proven(session, city, voter_id, now)
        vouching.remove_codes_of(session, voter_id)
    else:
        review_placing(session, city, voter_id, now)
    session.flush()
    log_own(session, vault, RESIDENT, "proved", voter_id, now)
    enqueue(session, "tag-voter", {"voter": voter_id}, now)


def _tell_owner(  # noqa: PLR0917 - the record before and after
    session: Session, vault: Vault, voter_id: str, before: VoterRecord, after: VoterRecord, now: datetime
) -> None:
    """Tell whoever is reached that something was changed, once a day: also where news went until now."""
    elsewhere = (before.email, before.mail_to) != (after.email, after.mail_to)
    recent = {
        row.action
        for row in log.of_subject(session, vault.index("log-subject", voter_id))
        if row.purpose == "own-record" and row.at > now - _ONCE_IN
    }
    if elsewhere and (before.email or before.mail_to) and "change-contact" not in recent:
        tell(session, voter_id, CONTACT_CHANGED, now)
    if (after.email or after.mail_to) and not any(action.startswith("change-") for action in recent):
        tell(session, voter_id, "changed", now)


def _noted(  # noqa: PLR0917 - the record before and after
    session: Session, city: City, wanted: Change, before: VoterRecord, after: VoterRecord, voter_id: str, now: datetime
) -> tuple[Amendment, ...]:
    """The change as it is kept beside the form: signed; or where a hold keeps everything, what was before."""
    local, w = now.astimezone(city.zone), words(wanted.language)
    if wanted.what != "contact":
        return (amendment(city.pack, wanted.what, before, after, wanted.signed, w, local),)
    if covering(session, voter_id, voters.elections_of(session, voter_id)):
        return (earlier(wanted.what, before, after, w, local),)
    return ()


def _tell_queries(session: Session, vault: Vault, row: VoterRow, record: VoterRecord) -> None:
    """The blind indexes of name and birth date, as they are now."""
    strong = strong_index(vault, record.name, record.birth)
    if strong != row.match_index:
        row.match_index = strong
        matches.remove_keys(session, row.id)
        matches.add_keys(session, row.id, weak_indexes(vault, record.name, record.birth))


def _ask_for_proof(session: Session, row: VoterRow, now: datetime, review_opened: ReviewOpened | None) -> None:
    """Off the list until proven; a record that is held stays so, and would wait for papers once it is not any more."""
    if row.state == voters.ACTIVE:
        note_held_for(session, row.card_index, now)
        voters.change_state(session, row.id, voters.WAITING)
    elif row.state == voters.WAITING:
        row.card_index = None
    for match in matches.of_voter(session, row.id):
        if match.held and row.id == (match.newer if match.held == "newer" else match.older):
            match.held_was = voters.WAITING
    session.flush()
    if review_opened is not None:
        review_opened(session, row.id, now)
