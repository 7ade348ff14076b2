"""The access log: who read or changed what, for what purpose, and how many. Rows are added and never changed.

Subjects are keyed hashes, so the log itself tells no one's name. Use cases add entries in their own transaction; the
sequencer gives each its place in the Merkle tree afterwards, one after another and without a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from sqlalchemy import JSON, ForeignKey, exists, func, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from voter_reg.store.db import Model, Moment
from voter_reg.store.kept import Kept
from voter_reg.vault.log_file import Checkpoint, canonical
from voter_reg.vault.merkle import Frontier, leaf_hash

_SEEN_BY = ("privacy-officer", "counsel")
_WINDOW = 10_000
"""How far behind the newest sequenced entry one may still come from a transaction that took long."""


class LogRow(Model):
    """One entry. `subject` is a voter's keyed hash, or a roster's or an election's id for a bulk read."""

    __tablename__ = "log_entry"
    __kept__ = Kept("log", "Who looked at what, and why; no personal data.", "security", ("resident", *_SEEN_BY))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, doc="The entry's number as it was made.")
    at: Mapped[Moment] = mapped_column(doc="When.")
    actor: Mapped[str] = mapped_column(doc="Who acted: an account, a resident without a name, or the service.")
    role: Mapped[str] = mapped_column(doc="In what role.")
    purpose: Mapped[str] = mapped_column(doc="For what purpose.")
    action: Mapped[str] = mapped_column(doc="What was done.")
    subject: Mapped[str] = mapped_column(index=True, doc="A keyed hash of whose record, or what was read in bulk.")
    count: Mapped[int] = mapped_column(doc="How many records.")

    def leaf(self) -> bytes:
        """The entry as the bytes that are hashed."""
        return canonical(
            {
                "action": self.action,
                "actor": self.actor,
                "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
                "count": self.count,
                "purpose": self.purpose,
                "role": self.role,
                "subject": self.subject,
            }
        )


class LeafRow(Model):
    """The place of an entry in the tree, counted from 0."""

    __tablename__ = "log_leaf"
    __kept__ = Kept("log", "The order of the log's entries.", "operational", _SEEN_BY)

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, doc="The leaf's place in the tree.")
    entry_id: Mapped[int] = mapped_column(ForeignKey("log_entry.id"), unique=True, doc="The entry that stands there.")


class TreeRow(Model):
    """The tree's frontier: one row, which the sequencer moves on. What it says can be worked out from the leaves."""

    __tablename__ = "log_tree"
    __kept__ = Kept("log", "Where the log's tree goes on.", "operational", _SEEN_BY)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, doc="Always 1.")
    size: Mapped[int] = mapped_column(doc="How many leaves there are.")
    hashes: Mapped[list[str]] = mapped_column(JSON, doc="The hashes of the whole subtrees, largest first.")
    newest: Mapped[int] = mapped_column(doc="The highest entry that was sequenced.")


class CheckpointRow(Model):
    """One signed checkpoint."""

    __tablename__ = "log_checkpoint"
    __kept__ = Kept("log", "Signed proof of what the log was at an instant.", "public", _SEEN_BY)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, doc="The checkpoint's number.")
    size: Mapped[int] = mapped_column(doc="How many leaves there were.")
    at: Mapped[Moment] = mapped_column(doc="When.")
    line: Mapped[bytes] = mapped_column(doc="The checkpoint as it is signed, with its signature.")


class SigningKeyRow(Model):
    """The key that signs checkpoints; its private half is sealed."""

    __tablename__ = "signing_key"
    __kept__ = Kept("log", "The key that signs the log's checkpoints.", "security")

    id: Mapped[str] = mapped_column(primary_key=True, doc="What the key is for.")
    public: Mapped[bytes] = mapped_column(doc="The public half, for whoever verifies.")
    sealed: Mapped[bytes] = mapped_column(doc="The private half.")


_ADD = insert(LogRow)


def add(  # noqa: PLR0917 - an entry is these eight things
    session: Session, at: datetime, actor: str, role: str, purpose: str, action: str, subject: str, count: int
) -> None:
    """Add an entry to the transaction it belongs to."""
    who = {"at": at, "actor": actor, "role": role}
    session.connection().execute(
        _ADD, {**who, "purpose": purpose, "action": action, "subject": subject, "count": count}
    )


def sequence(session: Session, most: int, *, all_of_it: bool = False) -> int:
    """Give up to `most` entries their places; how many. A write transaction is alone, so one caller at a time does it.

    Looks a window back for entries of transactions that took long, or through all of them.
    """
    tree = session.get(TreeRow, 1, populate_existing=True)
    if tree is None:
        tree = TreeRow(id=1, size=0, hashes=[], newest=0)
        session.add(tree)
        session.flush()
    since = 0 if all_of_it else tree.newest - _WINDOW
    placed = exists().where(LeafRow.entry_id == LogRow.id)
    wanted = select(LogRow).where(LogRow.id > since, ~placed).order_by(LogRow.id).limit(most)
    found = list(session.scalars(wanted))
    if found:
        frontier = Frontier(tree.size, tuple(map(bytes.fromhex, tree.hashes)))
        grown = frontier.grown([leaf_hash(row.leaf()) for row in found])
        places = [{"position": tree.size + number, "entry_id": row.id} for number, row in enumerate(found)]
        session.execute(insert(LeafRow), places)
        newest = max(tree.newest, found[-1].id)
        values = {"size": grown.size, "hashes": [one.hex() for one in grown.hashes], "newest": newest}
        session.execute(update(TreeRow).where(TreeRow.id == 1).values(**values))
        session.expunge_all()
    return len(found)


def frontier(session: Session) -> Frontier:
    """The tree's frontier as the sequencer left it."""
    tree = session.get(TreeRow, 1, populate_existing=True)
    return Frontier() if tree is None else Frontier(tree.size, tuple(map(bytes.fromhex, tree.hashes)))


def leaves(session: Session, most: int) -> Iterator[bytes]:
    """The first `most` leaves in order, as their bytes; streamed."""
    wanted = (
        select(LogRow)
        .join(LeafRow, LeafRow.entry_id == LogRow.id)
        .where(LeafRow.position < most)
        .order_by(LeafRow.position)
        .execution_options(yield_per=2000)
    )
    for row in session.scalars(wanted):
        yield row.leaf()
        session.expunge(row)


def add_checkpoint(session: Session, checkpoint: Checkpoint) -> None:
    """Add a checkpoint."""
    session.execute(insert(CheckpointRow).values(size=checkpoint.size, at=checkpoint.at, line=checkpoint.line()))


def checkpoints(session: Session) -> list[Checkpoint]:
    """All checkpoints, oldest first."""
    rows = session.scalars(select(CheckpointRow).order_by(CheckpointRow.id))
    return [Checkpoint.of_line(row.line, f"checkpoint {row.id}") for row in rows]


def last_checkpoint(session: Session) -> Checkpoint | None:
    """The newest checkpoint."""
    row = session.scalars(select(CheckpointRow).order_by(CheckpointRow.id.desc()).limit(1)).first()
    return None if row is None else Checkpoint.of_line(row.line, f"checkpoint {row.id}")


def signing_key(session: Session, key_id: str) -> tuple[bytes, bytes] | None:
    """The public half of a key and its sealed private half."""
    row = session.get(SigningKeyRow, key_id)
    return None if row is None else (row.public, row.sealed)


def add_signing_key(session: Session, key_id: str, public: bytes, sealed: bytes) -> None:
    """Add a key."""
    session.execute(insert(SigningKeyRow).values(id=key_id, public=public, sealed=sealed))


def of_subject(session: Session, subject: str) -> list[LogRow]:
    """The entries about one subject, oldest first."""
    return list(session.scalars(select(LogRow).where(LogRow.subject == subject).order_by(LogRow.id)))


def of_subjects_since(session: Session, subjects: Iterable[str], since: datetime) -> list[LogRow]:
    """The entries about any of some subjects from an instant on, oldest first."""
    wanted = select(LogRow).where(LogRow.subject.in_(list(subjects)), LogRow.at >= since)
    return list(session.scalars(wanted.order_by(LogRow.id)))


def count(session: Session) -> int:
    """How many entries there are, sequenced or not."""
    return int(session.execute(select(func.count()).select_from(LogRow)).scalar_one())


def every(session: Session) -> list[LogRow]:
    """All entries, oldest first."""
    return list(session.scalars(select(LogRow).order_by(LogRow.id)))
