"""Limits on guessing, in layers, kept in the database; whatever goes wrong, the answer is no.

Who counts as what: an address (IPv4, or an IPv6 network of 64 bits) is kept only as a keyed hash with the day in it. An
address from which both steps of signing in succeeded within 30 days is familiar to that account, remembered as a keyed
hash of the two together.

How a stranger is kept from locking a member of staff out by name alone (ASVS 5.0, 6.1.1): the account-wide limit and
the global one count what comes from unfamiliar addresses, and stop unfamiliar addresses alone. From a familiar address
only that address's own attempts count, and an account-wide limit five times as high. In the same way the 100 failures
in a row after which NIST SP 800-63B wants an account closed are shared out: 80 to strangers, who can close it to
strangers, and 20 to familiar addresses, which a stranger cannot spend. Signing in resets both; so may an administrator.

An attempt is counted before anything is checked, so many at once get no more than one after another. One that succeeds
is taken back; one that is refused here is not counted, so refusals do not prolong themselves.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from eligibility.errors import CleanNo
from voter_reg.service import access_log
from voter_reg.service.actors import SERVICE
from voter_reg.store import attempts
from voter_reg.store import staff as store
from voter_reg.store.db import transaction
from voter_reg.vault import Vault

Tried = Literal["password", "second-factor"]


@dataclass(frozen=True, slots=True)
class Layer:
    """At most so many attempts in a span under the same marks; `familiar` None counts and stops everyone's."""

    tried: Tried
    per: tuple[Literal["account_mark", "source_mark"], ...]
    most: int
    within: timedelta
    familiar: bool | None = None


_5_MINUTES = timedelta(minutes=5)

LAYERS = (
    Layer("password", ("account_mark", "source_mark"), 10, _5_MINUTES),
    Layer("password", ("source_mark",), 20, _5_MINUTES),
    Layer("password", ("account_mark",), 10, _5_MINUTES, familiar=False),
    Layer("password", ("account_mark",), 50, _5_MINUTES, familiar=True),
    Layer("password", (), 1000, _5_MINUTES, familiar=False),
    Layer("second-factor", ("account_mark",), 5, _5_MINUTES),
    Layer("second-factor", ("account_mark",), 20, timedelta(hours=1)),
    Layer("second-factor", ("account_mark",), 50, timedelta(days=1)),
)
"""All limits. Who shows a second factor has given the password, so strangers never come to those."""

STRANGER_FAILURES, FAMILIAR_FAILURES, FACTOR_FAILURES = 80, 20, 100
"""Failures in a row, after which an administrator is needed."""

FAMILIAR_FOR = timedelta(days=30)
_LONGEST = max(layer.within for layer in LAYERS)
_REFUSED = "refused"


class TooMany(CleanNo):
    """Too many attempts, or they could not be counted: nothing was checked. `seconds` is how long to wait."""

    def __init__(self, seconds: int) -> None:
        minutes = -(-seconds // 60)
        wait = f"{-(-minutes // 60)} hours" if minutes >= 120 else f"{minutes} minutes"
        super().__init__(f"too many attempts; try again in {wait}")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that is counted and may now be checked; `account` is None where nobody may sign in with it."""

    id: int
    counter: str
    familiar_mark: str
    account: store.Stored | None


def count(vault: Vault, tried: Tried, name: str, source: str, now: datetime) -> Attempt:
    """Count an attempt on the account of a name, whether or not there is one; a transaction of its own.

    Raises:
        TooMany: a limit is reached, or the database does not answer.
    """
    try:
        with transaction() as session:
            # Two at once would otherwise both find room for the last attempt.
            counted = _count(session, vault, tried, name, source, now)
    except SQLAlchemyError:
        raise TooMany(60) from None
    if isinstance(counted, TooMany):
        raise counted
    return counted


def succeeded(session: Session, attempt: Attempt) -> None:
    """Take back an attempt that was right."""
    attempts.take_back(session, attempt.id)
    if attempt.account is not None:
        store.take_back_failure(session, attempt.account.id, attempt.counter)


def signed_in(session: Session, attempt: Attempt, now: datetime) -> None:
    """Both steps succeeded: the address is familiar from now on, and no failure is in a row any more."""
    attempts.remember(session, attempt.familiar_mark, now)
    if attempt.account is not None:
        reset_failures(session, attempt.account.id)


def reset_failures(session: Session, account_id: str) -> None:
    """Begin counting an account's failures in a row anew."""
    store.change(session, account_id, stranger_failures=0, familiar_failures=0, factor_failures=0)


def forget(session: Session, vault: Vault, account: store.Stored) -> None:
    """An administrator resets a factor: whoever spent the account's attempts must not delay its owner further."""
    attempts.remove_of(session, vault.index("staff-attempt", account.name))
    reset_failures(session, account.id)


def is_blocked(account: store.Stored) -> bool:
    """Whether some way into an account is closed until an administrator opens it."""
    most = {"stranger_failures": STRANGER_FAILURES, "familiar_failures": FAMILIAR_FAILURES}
    most["factor_failures"] = FACTOR_FAILURES
    return any(getattr(account, counter) >= limit for counter, limit in most.items())


def prune_attempts(now: datetime) -> int:
    """Remove attempts that no limit looks at any more, and addresses nobody came from for a month. For beat."""
    with transaction() as session:
        return attempts.remove_before(session, now - _LONGEST, now - FAMILIAR_FOR)


def _count(  # noqa: PLR0917
    session: Session, vault: Vault, tried: Tried, name: str, source: str, now: datetime
) -> Attempt | TooMany:
    account, network = store.named(session, name), _network(source)
    familiar_mark = vault.index("staff-familiar", f"{name}|{network}")
    familiar = attempts.is_familiar(session, familiar_mark, now - FAMILIAR_FOR)
    marks: attempts.Marks = {
        "account_mark": vault.index("staff-attempt", name),
        "source_mark": vault.index("staff-source", f"{now.astimezone(UTC).date()}|{network}"),
    }
    waits = [
        _wait(session, layer, {**marks, "familiar": familiar}, now)
        for layer in LAYERS
        if layer.tried == tried and layer.familiar in (None, familiar)
    ]
    if longest := max(waits):
        _log_once(session, marks, account, now)
        return TooMany(int(longest.total_seconds()) + 1)
    counter, most = _counter(tried, familiar=familiar)
    attempt_id = attempts.add(session, now, tried, {**marks, "familiar": familiar})
    if account is not None and store.count_failure(session, account.id, counter) > most:
        account = None
    return Attempt(attempt_id, counter, familiar_mark, account)


def _wait(session: Session, layer: Layer, marks: attempts.Marks, now: datetime) -> timedelta:
    """How long until a layer has room for another attempt."""
    same: attempts.Marks = {mark: marks[mark] for mark in layer.per}
    if layer.familiar is not None:
        same["familiar"] = layer.familiar
    filled = attempts.nth_newest(session, layer.tried, same, now - layer.within, layer.most)
    # A clock set back must not make anyone wait longer than the limit's own span.
    return timedelta(0) if filled is None else min(layer.within, filled + layer.within - now)


def _counter(tried: Tried, *, familiar: bool) -> tuple[str, int]:
    if tried == "second-factor":
        return "factor_failures", FACTOR_FAILURES
    return ("familiar_failures", FAMILIAR_FAILURES) if familiar else ("stranger_failures", STRANGER_FAILURES)


def _log_once(session: Session, marks: attempts.Marks, account: store.Stored | None, now: datetime) -> None:
    """Log that a name is being tried too often; again only after five minutes, or the log could be flooded."""
    if attempts.nth_newest(session, _REFUSED, {"account_mark": marks["account_mark"]}, now - _5_MINUTES, 1) is None:
        attempts.add(session, now, _REFUSED, {**marks, "familiar": False})
        subject = "unknown" if account is None else account.id
        access_log.log_bulk(session, SERVICE, "accounts", "sign-in-limited", subject, 1, now)


def _network(source: str) -> str:
    try:
        address = ipaddress.ip_address(source.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.IPv6Network((address, 64), strict=False))
    return str(address)
