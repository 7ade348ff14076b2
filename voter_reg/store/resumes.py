"""Links to finish later: a sealed token under the hash of the link's secret."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from voter_reg.store.db import Model, Moment
from voter_reg.store.kept import Kept


class ResumeRow(Model):
    """One link to an unfinished form, for a day."""

    __tablename__ = "resume"
    __kept__ = Kept("draft", "A link to finish a form later, which opens once with its code.", "private", ("resident",))

    id: Mapped[str] = mapped_column(primary_key=True, doc="Finds it: the hash of a secret only the link has.")
    draft_hash: Mapped[str] = mapped_column(index=True, doc="So that a new link of a form ends the one before.")
    sealed: Mapped[bytes] = mapped_column(doc="The form's token, under a key that needs the link and the code.")
    key_id: Mapped[str] = mapped_column(doc="Which key sealed it, so that it ends with that key.")
    tries: Mapped[int] = mapped_column(doc="How many codes were tried, so that nobody guesses.")
    expires_at: Mapped[Moment] = mapped_column(index=True, doc="When it ends.")


def replace(  # noqa: PLR0917 - one row's columns
    session: Session, row_id: str, draft_hash: str, sealed: bytes, key_id: str, expires_at: datetime
) -> None:
    """Add a link, and remove an earlier one of the same draft."""
    remove_of(session, draft_hash)
    row = {"id": row_id, "draft_hash": draft_hash, "sealed": sealed, "key_id": key_id, "tries": 0}
    session.execute(insert(ResumeRow), [{**row, "expires_at": expires_at}])


def count_try(session: Session, row_id: str, now: datetime, most: int) -> bytes | None:
    """Count a try; the sealed token, or None when there is no such link, it is over, or it was tried too often."""
    open_still = (ResumeRow.id == row_id, ResumeRow.expires_at > now, ResumeRow.tries < most)
    counted = session.execute(update(ResumeRow).where(*open_still).values(tries=ResumeRow.tries + 1))
    if not getattr(counted, "rowcount", 0):
        return None
    return session.execute(select(ResumeRow.sealed).where(ResumeRow.id == row_id)).scalar_one_or_none()


def is_kept(session: Session, draft_hash: str, now: datetime) -> bool:
    """Whether a draft has a link that is still good."""
    wanted = select(ResumeRow.id).where(ResumeRow.draft_hash == draft_hash, ResumeRow.expires_at > now).limit(1)
    return session.execute(wanted).first() is not None


def remove(session: Session, row_id: str) -> bool:
    """Remove a link; False when it is gone already."""
    return bool(getattr(session.execute(delete(ResumeRow).where(ResumeRow.id == row_id)), "rowcount", 0))


def remove_of(session: Session, draft_hash: str) -> None:
    """Remove the links of a draft."""
    session.execute(delete(ResumeRow).where(ResumeRow.draft_hash == draft_hash))


def remove_expired(session: Session, now: datetime) -> int:
    """Remove the links that are over; how many."""
    return int(getattr(session.execute(delete(ResumeRow).where(ResumeRow.expires_at <= now)), "rowcount", 0))
