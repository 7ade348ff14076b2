"""Reading a presented card offline: the issuer's keys and its kept status list settle it, and nobody is asked."""

from __future__ import annotations

from datetime import datetime

from voter_reg.residency.card_keys import CardKeys
from voter_reg.residency.card_status import StatusSource
from voter_reg.residency.credential import Credential, read_credential
from voter_reg.residency.verifier import PresentedCard, Refusal


class OfflineCards:
    """Cards of one issuer."""

    def __init__(self, keys: CardKeys, status: StatusSource) -> None:
        self._keys = keys
        self._status = status

    def read(self, presented: str, now: datetime) -> PresentedCard | Refusal:
        """What a card shows, or why it is not believed; never raises. What can't be settled is `unavailable`."""
        found = read_credential(presented, self._keys, now)
        if not isinstance(found, Credential):
            return found
        status = self._status.status(found.status_list, found.status_index, now)
        if status is None:
            return "unavailable"
        return found.card if status == "valid" else "revoked"

    def keep_fresh(self, now: datetime) -> None:
        """Renew the status list in the background."""
        self._status.keep_fresh(now)
