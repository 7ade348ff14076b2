"""Renewal: a registrant who signed again is kept for another span, resealed under the key of the later month."""

from __future__ import annotations

from datetime import datetime

from eligibility import BadInput
from voter_reg.service.access_log import log_voter
from voter_reg.service.actors import Actor
from voter_reg.service.city import City
from voter_reg.service.retention import record_epoch
from voter_reg.service.review_record import renew_review
from voter_reg.service.voter_record import RECORD
from voter_reg.store import expiry, voters
from voter_reg.store.db import transaction
from voter_reg.vault import Vault
from voter_reg.vault.keys import is_hold
from voter_reg.vault.vault import epoch_in


def renew(vault: Vault, city: City, voter_id: str, *, by: Actor, now: datetime) -> str:
    """Keep a voter's record for another span from today; the month in which it is due now.

    A record under a legal hold stays under the hold's key, and goes under the later month's when it is released. A
    renewal never shortens: a record that is due later already stays as it is.

    Raises:
        BadInput: no such voter.
        VaultError: the record does not open.
    """
    due = record_epoch(city.pack, city.today(now), city.coming_election(now))
    with transaction() as session:
        log_voter(session, vault, by, "renew", voter_id, now)
    with transaction() as session:
        found = voters.find(session, voter_id)
        if found is None or voters.state_of(session, voter_id) == voters.LEFT:
            raise BadInput("no such voter", f"voter {voter_id[:8]}")
        if due <= found.due:
            return found.due
        if is_hold(epoch_in(found.sealed)):
            expiry.renew_voter(session, voter_id, due, None)
        else:
            expiry.renew_voter(session, voter_id, due, RECORD.reseal(vault, voter_id, due, found.sealed))
        renew_review(session, vault, voter_id, due)
    return due
