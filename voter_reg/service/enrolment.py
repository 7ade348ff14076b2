"""Following a one-time link: a person sets up their account, or the one factor that was reset.

The secret that a link offers for an authenticator app is derived from the link itself, so nothing half set up is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from voter_reg.service import passkeys, recovery_codes, staff_links, totp
from voter_reg.service.actors import SERVICE
from voter_reg.service.credentials import counted_factor, password_given, second_factor_shown
from voter_reg.service.gate import Gate
from voter_reg.service.limits import reset_failures, succeeded
from voter_reg.service.passwords import checked
from voter_reg.service.second_factor import Kind, Proof, WrongCode, kinds
from voter_reg.service.staff_links import Held, LinkGone, Purpose
from voter_reg.service.staff_log import log, owner
from voter_reg.service.totp import TotpOffer
from voter_reg.store import staff as store
from voter_reg.store import staff_sessions
from voter_reg.store.db import snapshot, transaction


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link asks of its holder: `offer` where an app is to be set up, `kinds` where a proof is to be shown."""

    purpose: Purpose
    account_name: str
    expires_at: datetime
    offer: TotpOffer | None
    kinds: tuple[Kind, ...]


def open_link(gate: Gate, link: str, now: datetime) -> Opened:
    """What a link (the token in its path) is for; using it up comes later. Raises LinkGone."""
    held, account = _held(gate, link, None, now)
    if held.purpose == "password":
        return Opened(held.purpose, account.name, held.expires_at, None, kinds(account))
    return Opened(held.purpose, account.name, held.expires_at, _offer(gate, account, held), ())


def passkey_options(gate: Gate, link: str, now: datetime) -> str:
    """What the browser needs to ask for a passkey, as JSON, where a password is reset; raises LinkGone."""
    held, account = _held(gate, link, "password", now)
    with transaction() as session:
        return passkeys.ask(session, gate, account.id, held.nonce_hash, now)


def accept_invitation(
    gate: Gate, link: str, password: str, code: str, *, source: str, now: datetime
) -> tuple[str, ...]:
    """Set a password and confirm the offered app by a code of it: the account is active. Ten recovery codes.

    Raises:
        LinkGone: the link does not work.
        PasswordRefused: the password cannot be taken; the link stays good.
        WrongCode: the code is not of the offered secret; the link stays good.
        TooMany: too many attempts.
    """
    held, account = _held(gate, link, "invitation", now)
    taken = checked(password, name=account.name)
    secret, step = _confirmed(gate, held, account, code, source, now)
    password_hash = gate.passwords.hash(taken)
    with transaction() as session:
        staff_links.use(session, held)
        store.change(session, account.id, state=store.ACTIVE, password_hash=password_hash, disabled_at=None)
        log(session, owner(account), "invitation-accepted", account.id, now)
        return _set_up(session, gate, account, secret, step)


def set_new_password(gate: Gate, link: str, password: str, proof: Proof, *, source: str, now: datetime) -> None:
    """Set a new password by showing the second factor; every session ends. Raises as `accept_invitation`."""
    held, account = _held(gate, link, "password", now)
    password_hash = gate.passwords.hash(checked(password, name=account.name))
    with second_factor_shown(gate, account.id, proof, holder=held.nonce_hash, source=source, now=now) as shown:
        session, account, _ = shown
        staff_links.use(session, held)
        store.change(session, account.id, password_hash=password_hash)
        reset_failures(session, account.id)
        staff_sessions.remove_all(session, account.id)
        log(session, owner(account), "password-reset", account.id, now)


def set_new_second_factor(
    gate: Gate, link: str, password: str, code: str, *, source: str, now: datetime
) -> tuple[str, ...]:
    """Set up a new app by giving the password and a code of it; passkeys and sessions end. Ten recovery codes.

    Raises:
        WrongSignIn: the password is wrong; the link stays good.
        LinkGone, WrongCode, TooMany: as `accept_invitation`.
    """
    held, account = _held(gate, link, "second-factor", now)
    secret, step = _confirmed(gate, held, account, code, source, now)
    with password_given(gate, account.name, password, source=source, now=now) as (session, account, _):
        staff_links.use(session, held)
        log(session, owner(account), "second-factor-reset", account.id, now)
        return _set_up(session, gate, account, secret, step)


def _held(gate: Gate, link: str, purpose: Purpose | None, now: datetime) -> tuple[Held, store.Stored]:
    with snapshot() as session:
        held = staff_links.held(session, gate, link, purpose, now)
        account = store.find(session, held.account_id)
    if account is None:
        raise LinkGone
    return held, account


def _offer(gate: Gate, account: store.Stored, held: Held) -> TotpOffer:
    return totp.offer(gate.vault, account.name, f"link|{held.nonce}")


def _confirmed(  # noqa: PLR0917
    gate: Gate, held: Held, account: store.Stored, code: str, source: str, now: datetime
) -> tuple[str, int]:
    """The offered secret and the time step of the code that confirms it; the attempt is counted."""
    attempt = counted_factor(gate, account.id, source=source, now=now)
    secret = _offer(gate, account, held).secret
    step = totp.step_of(secret, code, now)
    with transaction() as session:
        if step is not None and attempt.account is not None:
            succeeded(session, attempt)
        else:
            log(session, SERVICE, "totp-refused", account.id, now)
    if step is None or attempt.account is None:
        raise WrongCode
    return secret, step


def _set_up(session: Session, gate: Gate, account: store.Stored, secret: str, step: int) -> tuple[str, ...]:
    """Give an account its new second factor in place of all it had; the recovery codes."""
    sealed = totp.sealed(gate.vault, account.id, secret)
    store.change(session, account.id, sealed=sealed, totp_step=step)
    store.remove_passkeys(session, account.id)
    staff_sessions.remove_all(session, account.id)
    reset_failures(session, account.id)
    return recovery_codes.give(session, gate.vault, account.id)
