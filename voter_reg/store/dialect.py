"""Which database it is: the only file that knows.

Both give the same: a transaction that writes is the only one that does, and one that reads sees one moment.

On SQLite a write transaction begins IMMEDIATE: a deferred one that reads and then writes loses most of its writes to
BUSY under load. WAL lets readers go on, FULL makes a commit durable, secure_delete overwrites what is deleted.

On PostgreSQL it takes one lock of the whole database first, and then sees at each statement what was committed before.
A stricter isolation would take its view with the lock's own statement, before the lock is given, and then fail.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, Insert, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError

from eligibility.errors import BadInput

WRITES = "voter_reg_writes"
"""The execution option that marks a connection whose transaction will write."""

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "secure_delete=ON", "foreign_keys=ON")
_POSTGRESQL = "postgresql"
_ONE_WRITER = "SELECT pg_advisory_xact_lock(8246927311)"  # any number, as long as it is ours
_SESSION = (
    "SET lock_timeout = '5s'",  # as long as SQLite's busy_timeout
    "SET idle_in_transaction_session_timeout = '60s'",  # a machine that vanished must not hold the lock for ever
    "SET synchronous_commit = on",
)


def database_url(text: str) -> URL:
    """A database's URL, on the driver that this service has.

    Raises:
        BadInput: it is neither SQLite's nor PostgreSQL's; the URL, which may hold a password, is not shown.
    """
    try:
        url = make_url(text)
    except ArgumentError:
        raise BadInput("is no database URL", "VOTER_REG_DATABASE_URL") from None
    name = url.drivername.partition("+")[0]
    if name == "sqlite":
        return url
    if name in (_POSTGRESQL, "postgres"):
        return url.set(drivername=f"{_POSTGRESQL}+psycopg")
    raise BadInput("names neither sqlite nor postgresql", "VOTER_REG_DATABASE_URL")


def engine_options(url: URL) -> dict[str, Any]:
    """What an engine for this database is made with. An error's text must not hold a row's data."""
    # A server may have ended our connections since they were last used; a file has not.
    return {"hide_parameters": True, "pool_pre_ping": url.get_backend_name() == _POSTGRESQL}


def make_room(url: URL) -> None:
    """Make the directory of an SQLite file, for its owner alone, and the file likewise."""
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        path = Path(url.database)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)


def insert_or_ignore(connection: Connection, table: type[Any]) -> Insert:
    """An insert that leaves alone what a unique constraint says is there already."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


def prepare(engine: Engine) -> None:
    """Give every connection of an engine what its database needs."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _open_postgresql)
        event.listen(engine, "begin", _begin_postgresql)


def _open_sqlite(connection: Any, record: object) -> None:  # noqa: ARG001 - SQLAlchemy's signature
    connection.isolation_level = None  # we begin our own transactions
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    if _will_write(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:  # it takes no lock and cannot fail, so the driver alone is asked: every page begins one
        _driver(connection).execute("BEGIN")


def _open_postgresql(connection: Any, record: object) -> None:  # noqa: ARG001 - SQLAlchemy's signature
    for setting in _SESSION:
        connection.execute(setting)
    connection.commit()


def _begin_postgresql(connection: Connection) -> None:
    writes = _will_write(connection)
    connection.dialect.set_isolation_level(_driver(connection), "READ COMMITTED" if writes else "REPEATABLE READ")
    if writes:
        connection.exec_driver_sql(_ONE_WRITER)


def _driver(connection: Connection) -> Any:
    return connection.connection.dbapi_connection


def _will_write(connection: Connection) -> bool:
    return bool(connection.get_execution_options().get(WRITES))
