"""The database as Flask-SQLAlchemy gives it, and what a transaction is."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Dialect, MetaData, TypeDecorator, event
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column

from voter_reg.store.dialect import WRITES, database_url, engine_options, make_room, prepare
from voter_reg.store.kept import require_stated

Send = Callable[[str, int], None]
"""Hands a job to the workers: its kind and its id."""

_SEND = "voter_reg_send"
_AFTER_COMMIT = "after_commit"


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept and given back in UTC; SQLite alone would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """To UTC; an instant without a zone is a mistake."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """As UTC."""
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Moment = Annotated[datetime, mapped_column(Instant())]
"""The type of a column that holds an instant."""


class Base(DeclarativeBase):
    """The base of all models: constraints have names, so that a migration can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:

    class Model(Base):
        """What every table is a class of: `db.Model`, as type checkers can follow it."""

        __abstract__ = True

else:
    Model = db.Model

# A model that does not say what it is kept for cannot even be imported.
event.listen(Model, "after_mapper_constructed", require_stated, propagate=True)


def open_database(app: Flask, url: str, send: Send) -> None:
    """Give an application its database. `send` is called for each job after the transaction that made it.

    Raises:
        BadInput: the URL is of no database that this service knows.
    """
    parts = database_url(url)
    app.config["SQLALCHEMY_DATABASE_URI"] = parts
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(parts)
    app.extensions[_SEND] = send
    make_room(parts)
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
        # Close what the pool holds when the application goes, rather than leave it to chance.
        weakref.finalize(app, db.engine.dispose)


@contextmanager
def transaction() -> Iterator[Session]:
    """One write transaction: all of it is committed, or none. Jobs made in it are sent after the commit."""
    session: Any = db.session
    session.rollback()  # a read before this may hold a snapshot that a write could not build on
    session.connection(execution_options={WRITES: True})
    waiting: list[tuple[str, int]] = session.info.setdefault(_AFTER_COMMIT, [])
    waiting.clear()
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    for kind, job_id in waiting:
        current_app.extensions[_SEND](kind, job_id)
    waiting.clear()


@contextmanager
def snapshot() -> Iterator[Session]:
    """One read transaction: everything read in it is of one moment."""
    session: Any = db.session
    session.rollback()
    try:
        yield session
    finally:
        session.rollback()


@contextmanager
def glance() -> Iterator[Connection]:
    """A read transaction on a bare connection, for the one row that every page needs: a session takes as long again."""
    with db.engine.connect() as connection:
        yield connection


def send_after_commit(session: Session, kind: str, job_id: int) -> None:
    """Have a job sent once the transaction is committed."""
    session.info.setdefault(_AFTER_COMMIT, []).append((kind, job_id))
