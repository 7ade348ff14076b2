"""Destroying a key: what it sealed is unreadable from then on, in every backup too. Two officers approve each."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from eligibility import BadInput
from voter_reg.service.access_log import log_bulk
from voter_reg.service.actors import Actor
from voter_reg.service.approvals import take
from voter_reg.service.city import City
from voter_reg.service.holds import refuse_paused
from voter_reg.store import demands, expiry
from voter_reg.store.db import transaction
from voter_reg.vault import Vault

DESTROY_KEY: Final = "destroy-key"


def destroy_key(vault: Vault, city: City, key_id: str, request_id: str | None, *, by: Actor, now: datetime) -> None:
    """Destroy the key of a month that is over, or of a hold that is released.

    Raises:
        BadInput: rows are still sealed under it, a hold keeps it, or its month is not over.
        ApprovalMissing: two officers have not approved it.
    """
    with transaction() as session:
        rows = expiry.rows_under(session, key_id)
        if rows:
            raise BadInput(f"still seals {rows:,} rows; they must be purged first", f"key {key_id}")
        refuse_paused(session, key_id)
        hold = demands.hold(session, key_id)
        if hold is not None and hold.state != demands.RELEASED:
            raise BadInput(f"is a hold's that is {hold.state}", f"key {key_id}")
        take(session, request_id, DESTROY_KEY, key_id, {}, by, now)
        log_bulk(session, by, "retention", "destroy-key", key_id, 0, now)
        # Before the commit: were it after, a crash between would leave a key that the log calls destroyed.
        vault.destroy(key_id, city.today(now))
