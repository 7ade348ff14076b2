"""What people change of their own account, in a session they have just confirmed; their other sessions end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from eligibility.errors import BadInput
from voter_reg.service import passkeys as ceremonies
from voter_reg.service import recovery_codes, sessions, totp
from voter_reg.service.actors import SERVICE, staff
from voter_reg.service.credentials import counted_factor
from voter_reg.service.gate import Gate
from voter_reg.service.limits import succeeded
from voter_reg.service.passwords import checked
from voter_reg.service.second_factor import WrongCode
from voter_reg.service.sessions import OpenSession, SessionGone, require_confirmed
from voter_reg.service.staff_log import log
from voter_reg.service.totp import TotpOffer
from voter_reg.store import staff as store
from voter_reg.store import staff_links, staff_sessions
from voter_reg.store.db import snapshot, transaction

_LONGEST_LABEL = 40


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey of an account, by the name its owner gave it."""

    id: str
    label: str
    added_at: datetime


def change_password(gate: Gate, token: str, password: str, now: datetime) -> None:
    """Set a new password. Raises SessionGone, ConfirmFirst, PasswordRefused."""
    mine = _confirmed(token, now)
    password_hash = gate.passwords.hash(checked(password, name=mine.account.name))
    with transaction() as session:
        mine = _still(session, token, now)
        store.change(session, mine.account.id, password_hash=password_hash)
        _changed(session, mine, "password-changed", now)


def offer_totp(gate: Gate, token: str, now: datetime) -> TotpOffer:
    """A secret for a new app; the same until the session is confirmed again. Raises SessionGone, ConfirmFirst."""
    return _offer(gate, _confirmed(token, now), token)


def change_totp(gate: Gate, token: str, code: str, *, source: str, now: datetime) -> None:
    """Replace the app by the offered one. Raises SessionGone, ConfirmFirst, WrongCode, TooMany."""
    mine = _confirmed(token, now)
    attempt = counted_factor(gate, mine.account.id, source=source, now=now)
    secret = _offer(gate, mine, token).secret
    step = totp.step_of(secret, code, now)
    with transaction() as session:
        if step is None or attempt.account is None:
            log(session, SERVICE, "totp-refused", mine.account.id, now)
        else:
            mine = _still(session, token, now)
            succeeded(session, attempt)
            sealed = totp.sealed(gate.vault, mine.account.id, secret)
            store.change(session, mine.account.id, sealed=sealed, totp_step=step)
            _changed(session, mine, "totp-changed", now)
            return
    raise WrongCode


def new_recovery_codes(gate: Gate, token: str, now: datetime) -> tuple[str, ...]:
    """Ten new recovery codes in place of all old ones. Raises SessionGone, ConfirmFirst."""
    with transaction() as session:
        mine = _still(session, token, now)
        _changed(session, mine, "recovery-codes-made", now)
        return recovery_codes.give(session, gate.vault, mine.account.id)


def passkeys(account_id: str) -> list[Passkey]:
    """The passkeys of an account, oldest first."""
    with snapshot() as session:
        return [Passkey(key.id, key.label, key.added_at) for key in store.passkeys(session, account_id)]


def offer_passkey(gate: Gate, token: str, now: datetime) -> str:
    """What the browser needs to make a passkey (`navigator.credentials.create`), as JSON. Raises as `offer_totp`."""
    with transaction() as session:
        mine = _still(session, token, now)
        account = store.find(session, mine.account.id)
        if account is None:
            raise SessionGone
        return ceremonies.offer(session, gate, account, mine.id, now)


def add_passkey(gate: Gate, token: str, answer: str, label: str, now: datetime) -> Passkey:
    """Add the passkey a browser made, from its answer as JSON.

    Raises:
        SessionGone, ConfirmFirst: as for every change.
        BadInput: the name is empty, or longer than 40 characters, or there are ten passkeys already.
        WrongCode: the answer is not one to the last offer of this session, or was given before.
    """
    named = " ".join(label.split())
    if not 0 < len(named) <= _LONGEST_LABEL or not named.isprintable():
        raise BadInput(f"is not 1 to {_LONGEST_LABEL} characters", "name of the passkey")
    with transaction() as session:
        mine = _still(session, token, now)
        if mine.account.passkeys >= ceremonies.MOST_PASSKEYS:
            raise BadInput(f"{ceremonies.MOST_PASSKEYS} is the most; remove one first", "passkeys")
        added = ceremonies.add(session, gate, mine.account.id, mine.id, answer, named, now)
        if added is not None:
            _changed(session, mine, "passkey-added", now)
            return Passkey(added, named, now)
        log(session, SERVICE, "passkey-refused", mine.account.id, now)
    raise WrongCode


def remove_passkey(gate: Gate, token: str, passkey_id: str, now: datetime) -> None:  # noqa: ARG001
    """Remove a passkey; one that is gone is left alone. Raises SessionGone, ConfirmFirst."""
    with transaction() as session:
        mine = _still(session, token, now)
        if store.remove_passkeys(session, mine.account.id, passkey_id):
            _changed(session, mine, "passkey-removed", now)


def _confirmed(token: str, now: datetime) -> OpenSession:
    mine = sessions.use(token, now)
    require_confirmed(mine)
    return mine


def _still(session: Session, token: str, now: datetime) -> OpenSession:
    """The session, open and confirmed within the transaction of the change."""
    mine = sessions.open_session(session, token, now)
    if mine is None:
        raise SessionGone
    require_confirmed(mine)
    return mine


def _changed(session: Session, mine: OpenSession, action: str, now: datetime) -> None:
    """A factor has changed: other sessions, tickets and links end."""
    staff_sessions.remove_all(session, mine.account.id, but=mine.id)
    staff_links.kill(session, mine.account.id)
    log(session, staff(mine.account.name, "staff"), action, mine.account.id, now)


def _offer(gate: Gate, mine: OpenSession, token: str) -> TotpOffer:
    return totp.offer(gate.vault, mine.account.name, f"session|{token}")
