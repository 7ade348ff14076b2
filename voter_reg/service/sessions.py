"""Sessions of staff: 30 minutes without a request end one, and 12 hours end it in any case.

These are the times of NIST SP 800-63B for its second level of assurance. The row's id is the SHA-256 of a token of 256
bits that only the browser holds. Roles are read from the account at each request. The newest instant that a row has
seen counts, so a clock that is set back revives nothing, and a session found ended is removed.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from eligibility.errors import CleanNo
from voter_reg.roles import Role
from voter_reg.service import passkeys
from voter_reg.service.accounts import Account, shown
from voter_reg.service.actors import SERVICE, Actor, staff
from voter_reg.service.administrators import NotAllowed, require_administrator
from voter_reg.service.credentials import password_given, second_factor_shown
from voter_reg.service.gate import Gate
from voter_reg.service.second_factor import Proof
from voter_reg.service.staff_log import log, owner
from voter_reg.store import staff as accounts
from voter_reg.store import staff_links
from voter_reg.store import staff_sessions as store
from voter_reg.store.db import snapshot, transaction
from voter_reg.store.staff_sessions import SessionRow

IDLE, LONGEST, CONFIRMED = timedelta(minutes=30), timedelta(hours=12), timedelta(minutes=5)
LINKS_KEPT = timedelta(days=30)
"""How long it is known who issued a link; longer than anything asks for it."""

_TOKEN_BYTES = 32


class SessionGone(CleanNo):
    """There is no such session (any more): sign in again."""

    def __init__(self) -> None:
        super().__init__("this session has ended; sign in again")


class ConfirmFirst(CleanNo):
    """This needs a fresh confirmation: password and second factor, within the last five minutes."""

    def __init__(self) -> None:
        super().__init__("confirm that it is you first")


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that is open now, and whose. `id` is not the token and opens nothing."""

    id: str
    account: Account
    started_at: datetime
    seen_at: datetime
    ends_at: datetime
    confirmed: bool

    @property
    def roles(self) -> frozenset[Role]:
        """What its owner may do now."""
        return self.account.roles

    def actor(self, role: Role) -> Actor:
        """Its owner as the log names them, in the role they act in; raises NotAllowed when they do not have it."""
        if role not in self.roles:
            raise NotAllowed(f"only a {role.replace('-', ' ')} may do this")
        return staff(self.account.name, role)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that begins, or goes on after a confirmation: `token` is for the browser alone, and always new."""

    token: str
    session: OpenSession


def use(token: str, now: datetime) -> OpenSession:
    """The open session of a token; this counts as activity. Call it once a request.

    Raises:
        SessionGone: unknown, ended, idle for 30 minutes, or 12 hours old.
    """
    with transaction() as session:
        found = open_session(session, token, now)
    if found is None:
        raise SessionGone
    return found


def require_confirmed(session: OpenSession) -> None:
    """Refuse what is dangerous unless its owner has just confirmed that it is them; raises ConfirmFirst."""
    if not session.confirmed:
        raise ConfirmFirst


def confirm(gate: Gate, token: str, password: str, proof: Proof, *, source: str, now: datetime) -> SignedIn:
    """Sign in again within a session; good for five minutes. The old token ends. `source` is the network address.

    Raises:
        SessionGone: there is no session.
        WrongSignIn: the password is wrong.
        WrongCode: the second factor was not proven.
        TooMany: too many attempts.
    """
    before = use(token, now)
    name, account_id = before.account.name, before.account.id
    with password_given(gate, name, password, source=source, now=now):
        pass
    new = secrets.token_urlsafe(_TOKEN_BYTES)
    with second_factor_shown(gate, account_id, proof, holder=before.id, source=source, now=now) as (session, mine, _):
        # Not with what a clock set back says: the row's newest instant holds here as well.
        if not store.renew(session, before.id, token_id(new), before.seen_at):
            raise SessionGone
        log(session, owner(mine), "confirmed", mine.id, now)
        renewed = open_session(session, new, now)
    if renewed is None:
        raise SessionGone
    return SignedIn(new, renewed)


def passkey_options(gate: Gate, token: str, now: datetime) -> str:
    """What the browser needs to ask for a passkey (`navigator.credentials.get`), as JSON, to confirm with."""
    mine = use(token, now)
    with transaction() as session:
        return passkeys.ask(session, gate, mine.account.id, mine.id, now)


def begin(session: Session, account: accounts.Stored, now: datetime) -> SignedIn:
    """Begin a session of an account that has just shown both factors, within that transaction."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    store.add(session, token_id(token), account.id, now)
    log(session, owner(account), "signed-in", account.id, now)
    begun = open_session(session, token, now)
    assert begun is not None
    return SignedIn(token, begun)


def open_session(session: Session, token: str, now: datetime) -> OpenSession | None:
    """The same as `use`, within a transaction; one that has ended is removed."""
    row = store.find(session, token_id(token))
    account = None if row is None else accounts.find(session, row.account_id)
    if row is None or account is None:
        return None
    moment = max(now, row.seen_at)
    if _ended(row, moment) or account.state != accounts.ACTIVE:
        log(session, SERVICE, "session-expired", row.account_id, now)
        store.remove(session, row.id, row.account_id)
        return None
    store.see(session, row.id, moment)
    return _shown(row, account, moment)


def sign_out(token: str, now: datetime) -> None:
    """End one's own session; one that is gone already is left alone."""
    with transaction() as session:
        found = open_session(session, token, now)
        if found is not None:
            store.remove(session, found.id, found.account.id)
            log(session, staff(found.account.name, "staff"), "signed-out", found.account.id, now)


def of_account(account_id: str, now: datetime) -> list[OpenSession]:
    """The open sessions of an account, the newest first."""
    with snapshot() as session:
        account = accounts.find(session, account_id)
        if account is None:
            return []
        rows = [(row, max(now, row.seen_at)) for row in store.of_account(session, account_id)]
        return [_shown(row, account, row.seen_at) for row, moment in rows if not _ended(row, moment)]


def end(session_id: str, account_id: str, *, by: Actor, now: datetime) -> None:
    """End one session of an account; one that is gone is left alone.

    Raises:
        NotAllowed: whoever asks is neither its owner nor an administrator.
    """
    with transaction() as session:
        _require_owner_or_administrator(session, account_id, by)
        if store.remove(session, session_id, account_id):
            log(session, by, "session-ended", account_id, now)


def end_all(account_id: str, *, by: Actor, now: datetime, but: str | None = None) -> int:
    """End the sessions of an account, all but one if its id is given; how many. Raises as `end` does."""
    with transaction() as session:
        _require_owner_or_administrator(session, account_id, by)
        ended = store.remove_all(session, account_id, but)
        log(session, by, "sessions-ended", account_id, now)
        return ended


def prune(now: datetime) -> int:
    """Remove sessions, tickets and challenges that ended by themselves, and old links; how many rows. For beat."""
    with transaction() as session:
        ended = store.remove_expired(session, now, idle_since=now - IDLE, started_before=now - LONGEST)
        return ended + staff_links.remove_before(session, now - LINKS_KEPT)


def token_id(token: str) -> str:
    """The id of the row that a token stands for."""
    return hashlib.sha256(b"staff-token|" + token.encode("utf-8", "replace")).hexdigest()


def _ended(row: SessionRow, moment: datetime) -> bool:
    return moment - row.seen_at >= IDLE or moment - row.started_at >= LONGEST


def _shown(row: SessionRow, account: accounts.Stored, moment: datetime) -> OpenSession:
    confirmed = row.confirmed_at is not None and moment - row.confirmed_at < CONFIRMED
    ends_at = min(moment + IDLE, row.started_at + LONGEST)
    return OpenSession(row.id, shown(account), row.started_at, moment, ends_at, confirmed)


def _require_owner_or_administrator(session: Session, account_id: str, by: Actor) -> None:
    account = accounts.find(session, account_id)
    if account is None or by.label != staff(account.name).label:
        require_administrator(by)
