"""Drafts: a sealed blob under the hash of a token that only the browser holds."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from voter_reg.store.db import Model
from voter_reg.store.kept import Kept


class DraftRow(Model):
    """One unfinished registration, or for a day the receipt of a finished one."""

    __tablename__ = "draft"
    __kept__ = Kept("draft", "A registration in the making, for the browser that began it.", "private", ("resident",))

    id: Mapped[str] = mapped_column(primary_key=True, doc="Finds the draft: the hash of a token only the browser has.")
    sealed: Mapped[bytes] = mapped_column(doc="The answers so far, under a key that needs the browser's token.")
    key_id: Mapped[str] = mapped_column(doc="Which key sealed it, so that it ends with that key.")
    version: Mapped[int] = mapped_column(doc="Counts its changes, so that two tabs do not overwrite each other.")
    expires_on: Mapped[date] = mapped_column(index=True, doc="Its last day, after which it is removed.")


_columns = DraftRow.__table__.c

# Built once and run on the bare connection: every page of the form needs them, and the ORM would take as long again.
_ADD = insert(DraftRow)
_REPLACE = (
    update(DraftRow)
    .where(_columns.id == bindparam("draft_id"), _columns.version == bindparam("read_at"))
    .values(
        sealed=bindparam("sealed"),
        key_id=bindparam("key_id"),
        version=bindparam("version"),
        expires_on=bindparam("expires_on"),
    )
)
_FIND = select(_columns.sealed, _columns.version, _columns.expires_on).where(_columns.id == bindparam("draft_id"))


def add(session: Session, draft_id: str, sealed: bytes, key_id: str, expires_on: date) -> None:
    """Add a draft at version 1."""
    values = {"id": draft_id, "sealed": sealed, "key_id": key_id, "version": 1, "expires_on": expires_on}
    session.connection().execute(_ADD, values)


def find(connection: Connection, draft_id: str) -> tuple[bytes, int, date] | None:
    """The sealed draft, its version and its last day."""
    row = connection.execute(_FIND, {"draft_id": draft_id}).first()
    return None if row is None else (row.sealed, row.version, row.expires_on)


def replace(  # noqa: PLR0917 - one row's columns
    session: Session, draft_id: str, sealed: bytes, key_id: str, version: int, expires_on: date
) -> bool:
    """Replace a draft that is still at `version`; False when it is not."""
    values = {"sealed": sealed, "key_id": key_id, "version": version + 1, "expires_on": expires_on}
    done = session.connection().execute(_REPLACE, {"draft_id": draft_id, "read_at": version, **values})
    return _touched(done) == 1


def remove(session: Session, draft_id: str) -> None:
    """Remove a draft."""
    session.execute(delete(DraftRow).where(DraftRow.id == draft_id))


def remove_expired(session: Session, today: date) -> int:
    """Remove the drafts whose last day has passed; how many there were."""
    return _touched(session.execute(delete(DraftRow).where(DraftRow.expires_on < today)))


def _touched(result: object) -> int:
    return int(getattr(result, "rowcount", 0))
