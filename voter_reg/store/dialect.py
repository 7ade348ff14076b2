"""Which database it is: the only file that knows.

On SQLite a write transaction begins IMMEDIATE: a deferred one that reads and then writes loses most of its writes to
BUSY under load. WAL lets readers go on, FULL makes a commit durable, secure_delete overwrites what is deleted.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zlib import crc32

from sqlalchemy import Engine, event, make_url, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

WRITES = "voter_reg_writes"
"""The execution option that marks a connection whose transaction will write."""

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "secure_delete=ON", "foreign_keys=ON")


def make_room(url: str) -> None:
    """Make the directory of an SQLite file, for its owner alone, and the file likewise."""
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite" and parts.database and parts.database != ":memory:":
        path = Path(parts.database)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)


def prepare(engine: Engine) -> None:
    """Give every connection of an engine what its database needs."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


def take_turns(session: Session, what: str) -> None:
    """Until its end, be the only write transaction that took this turn; on SQLite a writer is alone anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": crc32(what.encode())})


def _open_sqlite(connection: Any, record: object) -> None:  # noqa: ARG001 - SQLAlchemy's signature
    connection.isolation_level = None  # we begin our own transactions
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(WRITES) else "BEGIN")
