"""At the counter: a registrant who came in with their confirmation code, compared with who stands there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from voter_reg.service.access_log import log_voter
from voter_reg.service.actors import Actor
from voter_reg.service.codes import plain_code
from voter_reg.service.voter_record import RECORD
from voter_reg.store import voters
from voter_reg.store.db import snapshot, transaction
from voter_reg.vault import Vault


@dataclass(frozen=True, slots=True)
class AtCounter:
    """What a clerk compares with the person and their papers."""

    voter_id: str
    name: str = field(repr=False)
    birth: str = field(repr=False)
    address: str = field(repr=False)


def find(vault: Vault, code: str, *, by: Actor, now: datetime) -> AtCounter | None:
    """The registrant of a confirmation code; that the record is read is in the log before it is opened.

    None where no code of this kind is anyone's who is on the roll or waits for it.
    """
    with transaction() as session:
        voter_id = voters.id_of_code(session, vault.index("code", plain_code(code)))
        if voter_id is None:
            return None
        log_voter(session, vault, by, "counter", voter_id, now)
    with snapshot() as session:
        row = voters.find(session, voter_id)
    if row is None:
        return None
    record = RECORD.open(vault, voter_id, row.sealed)
    return AtCounter(voter_id, record.name, record.birth, " ".join(filter(None, (record.address, record.unit))))
