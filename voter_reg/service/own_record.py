"""A registrant's own record: signing in with confirmation code and birth date, and the session that begins with it.

Whoever comes with a wrong code, with a right code and another birth date, or with the code of someone who has left,
gets one answer after the same work: an attempt is counted, a record is looked for, one is opened, two entries logged.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final

from eligibility.errors import CleanNo
from voter_reg.service import own_limits
from voter_reg.service.access_log import log_own
from voter_reg.service.actors import RESIDENT
from voter_reg.service.city import City
from voter_reg.service.codes import plain_code
from voter_reg.service.own_limits import Wait
from voter_reg.service.retention import record_epoch
from voter_reg.service.voter_record import RECORD, VoterRecord
from voter_reg.store import own_record as store
from voter_reg.store.db import transaction
from voter_reg.vault import Vault
from voter_reg.vault.errors import VaultError

__all__ = ["IDLE", "LONGEST", "NotFound", "NotSignedIn", "Wait", "end", "prune", "sign_in", "use"]

IDLE: Final = timedelta(minutes=15)
LONGEST: Final = timedelta(minutes=60)
LONGEST_CODE: Final = 40
_TOKEN_BYTES: Final = 32

_NOBODY_ID: Final = "nobody"
_NOBODY: Final = VoterRecord(
    name="",
    sort_name="",
    birth="",
    address="",
    unit=None,
    resident_since=None,
    sworn=(),
    proof=None,
    language="en",
    notice_version=None,
    notice_seen_at=None,
    code="",
    signed_copy=" " * 8192,  # about as long as a signed form, so that opening it takes as long
    signed_copy_sha256="",
    registered_at="",
)


class NotFound(CleanNo):
    """No record has this code and this birth date; which of the two is wrong, nobody is told."""

    def __init__(self) -> None:
        super().__init__("no registration has this code and this birth date")


class NotSignedIn(CleanNo):
    """There is no such session (any more), or its registrant has left the roll."""

    def __init__(self) -> None:
        super().__init__("sign in with your code and birth date")


def sign_in(vault: Vault, city: City, code: str, birth: str, *, now: datetime) -> str:
    """Sign a registrant in by their code, as typed, and their birth date in ISO text; the new session's token.

    Raises:
        NotFound: the two belong to nobody who is registered.
        Wait: too many attempts with this code, or of all people together.
    """
    code_index = vault.index("code", plain_code(code)[:LONGEST_CODE])
    attempt = own_limits.count(vault.index("own-attempt", code_index), now)
    with transaction() as session:  # committed before any record is opened
        found = store.of_code(session, code_index)
        voter_id = _NOBODY_ID if found is None else found.id
        log_own(session, vault, RESIDENT, "sign-in", voter_id, now)
    nobody = RECORD.seal(vault, _NOBODY_ID, record_epoch(city.pack, city.today(now), None), _NOBODY)
    record = _opened(vault, voter_id, nobody if found is None else found.sealed)
    right = hmac.compare_digest(record.birth.encode(), birth.encode()) and bool(birth) and found is not None
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    with transaction() as session:
        if right and store.present(session, voter_id) is not None:
            store.begin(session, token_id(token), voter_id, now)
            store.take_back(session, attempt)
            log_own(session, vault, RESIDENT, "signed-in", voter_id, now)
            return token
        log_own(session, vault, RESIDENT, "sign-in-refused", voter_id, now)
    raise NotFound


def use(token: str, now: datetime, *, idle: timedelta = IDLE) -> str:
    """Whose record a session opens: the registrant's row. This counts as activity.

    `idle` is how long it may lie untouched, where the device is shared and that is less than 15 minutes.

    Raises:
        NotSignedIn: unknown, ended, idle for too long, 60 minutes old, or its registrant has left.
    """
    session_id = token_id(token)
    with transaction() as session:
        row = store.find(session, session_id)
        if row is not None:
            # The newest instant that a row has seen counts: a clock that is set back revives nothing.
            moment = max(now, row.seen_at)
            if (
                moment - row.seen_at < min(idle, IDLE)
                and moment - row.started_at < LONGEST
                and store.present(session, row.voter_id)
            ):
                store.see(session, session_id, moment)
                return row.voter_id
            store.end(session, session_id)
    raise NotSignedIn


def end(token: str) -> None:
    """End a session; one that is gone is left alone."""
    with transaction() as session:
        store.end(session, token_id(token))


def prune(now: datetime) -> int:
    """Remove sessions and codes that ended by themselves, and attempts that count no more; how many rows. For beat."""
    with transaction() as session:
        return store.remove_ended(
            session,
            now,
            idle_since=now - IDLE,
            started_before=now - LONGEST,
            attempts_before=now - own_limits.WITHIN,
        )


def token_id(token: str) -> str:
    """The id of the row that a token stands for."""
    return hashlib.sha256(b"own-session|" + token.encode("utf-8", "replace")).hexdigest()


def _opened(vault: Vault, voter_id: str, sealed: bytes) -> VoterRecord:
    """A record, or nobody's where its key is gone: that too gets the one answer."""
    try:
        return RECORD.open(vault, voter_id, sealed)
    except VaultError:
        return _NOBODY
