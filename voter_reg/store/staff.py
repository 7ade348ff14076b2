"""Staff accounts and what they sign in with: passwords as hashes, sealed secrets, public keys, hashed codes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from voter_reg.store.db import Model, Moment
from voter_reg.store.kept import Kept

INVITED, ACTIVE, DISABLED = "invited", "active", "disabled"

NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,30}[a-z0-9])?")
"""What names look like; nothing else is ever looked for."""


class AccountRow(Model):
    """One member of staff, by a short name for the log. `sealed` is the secret of their authenticator app."""

    __tablename__ = "staff_account"
    __kept__ = Kept("account", "Lets a member of staff sign in.", "security", ("administrator", "service"))

    id: Mapped[str] = mapped_column(primary_key=True, doc="Names the account in sessions and in the log.")
    name: Mapped[str] = mapped_column(unique=True, doc="What its owner types to sign in, and the log calls them.")
    roles: Mapped[str] = mapped_column(doc="What its owner may do, as words with spaces between.")
    state: Mapped[str] = mapped_column(index=True, doc="Whether it is invited, active or disabled.")
    password_hash: Mapped[str | None] = mapped_column(doc="Checks the password.")
    sealed: Mapped[bytes | None] = mapped_column(doc="Checks the codes of the authenticator app.")
    totp_step: Mapped[int] = mapped_column(doc="Refuses a code that was used, or an older one.")
    stranger_failures: Mapped[int] = mapped_column(doc="Wrong passwords in a row from addresses new to the account.")
    familiar_failures: Mapped[int] = mapped_column(doc="Wrong passwords in a row from addresses known to it.")
    factor_failures: Mapped[int] = mapped_column(doc="Wrong second factors in a row.")
    created_at: Mapped[Moment] = mapped_column(doc="Tells administrators how old the account is.")
    disabled_at: Mapped[Moment | None] = mapped_column(doc="Keeps a closed officer's account counting for a month.")


class PasskeyRow(Model):
    """One passkey: a public key and how often its authenticator says it was used."""

    __tablename__ = "staff_passkey"
    __kept__ = Kept("account", "Checks a passkey as the second factor.", "security", ("service",))

    id: Mapped[str] = mapped_column(primary_key=True, doc="Finds the key that an answer names.")
    account_id: Mapped[str] = mapped_column(ForeignKey("staff_account.id"), index=True, doc="Whose passkey it is.")
    public_key: Mapped[bytes] = mapped_column(doc="Checks the passkey's signatures.")
    sign_count: Mapped[int] = mapped_column(BigInteger(), doc="Finds out a copied authenticator.")
    label: Mapped[str] = mapped_column(doc="Lets its owner tell passkeys apart.")
    added_at: Mapped[Moment] = mapped_column(doc="Lets its owner tell passkeys apart.")


class RecoveryCodeRow(Model):
    """One recovery code that was not used yet."""

    __tablename__ = "staff_recovery_code"
    __kept__ = Kept("account", "Stands in once for a lost second factor.", "security")

    id: Mapped[str] = mapped_column(primary_key=True, doc="The code's keyed hash.")
    account_id: Mapped[str] = mapped_column(ForeignKey("staff_account.id"), index=True, doc="Whose code it is.")


@dataclass(frozen=True, slots=True)
class Stored:
    """An account as it stood when it was read, with how many passkeys and recovery codes it has."""

    id: str
    name: str
    roles: str
    state: str
    password_hash: str | None
    sealed: bytes | None
    totp_step: int
    stranger_failures: int
    familiar_failures: int
    factor_failures: int
    created_at: datetime
    disabled_at: datetime | None
    passkeys: int
    recovery_codes: int


_PASSKEYS = select(func.count()).select_from(PasskeyRow).where(PasskeyRow.account_id == AccountRow.id).scalar_subquery()
_CODES = (
    select(func.count()).select_from(RecoveryCodeRow).where(RecoveryCodeRow.account_id == AccountRow.id)
).scalar_subquery()
_READ = select(*AccountRow.__table__.columns, _PASSKEYS.label("passkeys"), _CODES.label("recovery_codes"))


def add(session: Session, **values: Any) -> None:
    """Add an account."""
    counters = {"totp_step": 0, "stranger_failures": 0, "familiar_failures": 0, "factor_failures": 0}
    session.execute(insert(AccountRow).values(**counters, **values))


def change(session: Session, account_id: str, **values: Any) -> None:
    """Change an account."""
    session.execute(update(AccountRow).where(AccountRow.id == account_id).values(**values))


def find(session: Session, account_id: str) -> Stored | None:
    """The account of an id."""
    row = session.execute(_READ.where(AccountRow.id == account_id)).first()
    return None if row is None else Stored(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def named(session: Session, name: str) -> Stored | None:
    """The account of a name."""
    row = session.execute(_READ.where(AccountRow.name == name)).first()
    return None if row is None else Stored(**row._mapping)  # noqa: SLF001


def every(session: Session) -> list[Stored]:
    """All accounts, by name."""
    return [Stored(**row._mapping) for row in session.execute(_READ.order_by(AccountRow.name))]  # noqa: SLF001


def count_failure(session: Session, account_id: str, counter: str) -> int:
    """Add one to a counter of failures; what it says then."""
    column = AccountRow.__table__.c[counter]
    added = update(AccountRow).where(AccountRow.id == account_id).values({counter: column + 1}).returning(column)
    return int(session.execute(added).scalar_one())


def take_back_failure(session: Session, account_id: str, counter: str) -> None:
    """Take one from a counter of failures: the attempt it was counted for succeeded."""
    column = AccountRow.__table__.c[counter]
    session.execute(update(AccountRow).where(AccountRow.id == account_id, column > 0).values({counter: column - 1}))


def use_step(session: Session, account_id: str, step: int) -> bool:
    """Use up a time step; False when it, or a later one, was used before."""
    unused = (AccountRow.id == account_id, AccountRow.totp_step < step)
    return _touched(session.execute(update(AccountRow).where(*unused).values(totp_step=step))) == 1


def replace_codes(session: Session, account_id: str, hashes: Iterable[str]) -> None:
    """Give an account new recovery codes, or none."""
    session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.account_id == account_id))
    rows = [{"id": one, "account_id": account_id} for one in hashes]
    if rows:
        session.execute(insert(RecoveryCodeRow), rows)


def use_code(session: Session, account_id: str, code_hash: str) -> bool:
    """Use up a recovery code; False when there is none such."""
    wanted = (RecoveryCodeRow.id == code_hash, RecoveryCodeRow.account_id == account_id)
    return _touched(session.execute(delete(RecoveryCodeRow).where(*wanted))) == 1


def add_passkey(session: Session, **values: Any) -> None:
    """Add a passkey."""
    session.execute(insert(PasskeyRow).values(**values))


def passkeys(session: Session, account_id: str) -> list[PasskeyRow]:
    """The passkeys of an account, oldest first."""
    wanted = select(PasskeyRow).where(PasskeyRow.account_id == account_id)
    return list(session.scalars(wanted.order_by(PasskeyRow.added_at, PasskeyRow.id)))


def has_passkey(session: Session, passkey_id: str) -> bool:
    """Whether any account has this passkey."""
    return session.get(PasskeyRow, passkey_id) is not None


def use_passkey(session: Session, passkey_id: str, before: int, after: int) -> bool:
    """Move a passkey's counter from where it was read; False when someone else moved it first."""
    unused = (PasskeyRow.id == passkey_id, PasskeyRow.sign_count == before)
    return _touched(session.execute(update(PasskeyRow).where(*unused).values(sign_count=after))) == 1


def remove_passkeys(session: Session, account_id: str, passkey_id: str | None = None) -> int:
    """Remove one passkey of an account, or all; how many there were."""
    wanted = delete(PasskeyRow).where(PasskeyRow.account_id == account_id)
    return _touched(session.execute(wanted if passkey_id is None else wanted.where(PasskeyRow.id == passkey_id)))


def _touched(result: object) -> int:
    return int(getattr(result, "rowcount", 0))
