"""Checking a password or a second factor: counted first, checked then, and the failure committed before it is told.

Three transactions at most: one that counts, none while Argon2 works, and one that either records the failure or goes on
with what the credential was given for, if the account is still as it was when the check began.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.orm import Session

from eligibility.errors import CleanNo
from voter_reg.service import limits, passkeys, recovery_codes, totp
from voter_reg.service.actors import SERVICE
from voter_reg.service.gate import Gate
from voter_reg.service.limits import Attempt
from voter_reg.service.second_factor import Proof, WrongCode
from voter_reg.service.staff_log import UNKNOWN, log, owner
from voter_reg.store import staff as store
from voter_reg.store.db import transaction


class WrongSignIn(CleanNo):
    """Name and password do not open an account; which of them is not told."""

    def __init__(self) -> None:
        super().__init__("the name or the password is wrong")


@contextmanager
def password_given(
    gate: Gate, name: str, password: str, *, source: str, now: datetime
) -> Iterator[tuple[Session, store.Stored, Attempt]]:
    """A transaction that runs only if the password is that of an active account.

    Raises:
        WrongSignIn: it is not; the failure is committed.
        TooMany: too many attempts.
    """
    name = name if store.NAME.fullmatch(name) else ""  # what is no name is one name that nobody has
    attempt = limits.count(gate.vault, "password", name, source, now)
    found = attempt.account
    stored = found.password_hash if found is not None and found.state == store.ACTIVE else None
    right = gate.passwords.verify(stored, password)
    renewed = gate.passwords.rehash(password) if right and stored and gate.passwords.needs_rehash(stored) else None
    with transaction() as session:
        account = store.named(session, name)
        if right and account is not None and (account.password_hash, account.state) == (stored, store.ACTIVE):
            limits.succeeded(session, attempt)
            if renewed is not None:
                store.change(session, account.id, password_hash=renewed)
            yield session, account, attempt
            return
        log(session, SERVICE, "password-refused", UNKNOWN if account is None else account.id, now)
    raise WrongSignIn


@contextmanager
def second_factor_shown(
    gate: Gate, account_id: str, proof: Proof, *, holder: str, source: str, now: datetime
) -> Iterator[tuple[Session, store.Stored, Attempt]]:
    """A transaction that runs only if the second factor of an active account is shown, which uses it up.

    `holder` names the ticket, session or link whose challenge a passkey signed.

    Raises:
        WrongCode: it is not; the failure is committed.
        TooMany: too many attempts.
    """
    attempt = counted_factor(gate, account_id, source=source, now=now)
    with transaction() as session:
        account = store.find(session, account_id) if attempt.account is not None else None
        active = account if account is not None and account.state == store.ACTIVE else None
        if active is not None and _shown(session, gate, active, proof, holder, now):
            limits.succeeded(session, attempt)
            log(session, owner(active), f"{proof.kind}-accepted", active.id, now)
            yield session, active, attempt
            return
        log(session, SERVICE, f"{proof.kind}-refused", account_id, now)
    raise WrongCode


def counted_factor(gate: Gate, account_id: str, *, source: str, now: datetime) -> Attempt:
    """Count an attempt at the second factor of an account; raises TooMany."""
    with transaction() as session:
        found = store.find(session, account_id)
    return limits.count(gate.vault, "second-factor", found.name if found else account_id, source, now)


def _shown(  # noqa: PLR0917
    session: Session, gate: Gate, account: store.Stored, proof: Proof, holder: str, now: datetime
) -> bool:
    if proof.kind == "totp":
        return totp.use(session, gate.vault, account, proof.answer, now)
    if proof.kind == "recovery-code":
        return recovery_codes.use(session, gate.vault, account.id, proof.answer)
    return passkeys.use(session, gate, account.id, holder, proof.answer, now)
