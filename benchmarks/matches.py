"""Looking up by blind index among a million voters: by code, by name and birth date whole, and everyone whom one meets.

A million voters and five million weak keys are written straight into SQLite with random indexes, as blind indexes are,
without their sealed records, which no look-up reads. The budget is absolute, and the file is in the system's cache.
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random

from flask import Flask
from sqlalchemy import select

from benchmarks.row import Row, milliseconds
from voter_reg.store import matches, migrate
from voter_reg.store.db import db, open_database, snapshot
from voter_reg.store.voters import VoterRow

VOTERS, KEYS_EACH, NAMESAKES = 1_000_000, 5, 20
ASKED, MOST_SECONDS = 2_000, 0.002


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "voters.sqlite3"
        app = Flask("benchmark")
        open_database(app, f"sqlite:///{file}", lambda kind, job_id: None)  # noqa: ARG005 - no job is made
        with app.app_context():
            migrate.upgrade()
            db.session.remove()
            db.engine.dispose()
            _fill(file)
            chance = Random(1)
            asked = [f"{chance.randrange(VOTERS):032x}" for _ in range(ASKED)]
            with snapshot() as session:
                strong = list(session.scalars(select(VoterRow.match_index).where(VoterRow.id.in_(asked))))

                def by_strong_key(key: str) -> object:
                    return session.execute(select(VoterRow.id).where(VoterRow.match_index == key)).all()

                def meeting(voter_id: str) -> object:
                    return matches.meeting(session, voter_id)

                yield _row("find by the strong key", strong, by_strong_key)
                yield _row(f"find all whom one meets, {KEYS_EACH} weak keys each", asked, meeting)


def _row(words: str, asked: list[str], look_up: Callable[[str], object]) -> Row:
    seconds = []
    for one in asked:
        started = time.perf_counter()
        look_up(one)
        seconds.append(time.perf_counter() - started)
    middle, slow = statistics.median(seconds), statistics.quantiles(seconds, n=100)[-1]
    ours = f"{milliseconds(middle)}, 99th percentile {milliseconds(slow)}"
    return Row(f"{words}, 1,000,000 voters", ours, "", None, "≤ 2 ms", middle <= MOST_SECONDS)


def _fill(file: Path) -> None:
    """Voters with random indexes; one voter in `NAMESAKES` shares a weak key with the one before."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000"):
            connection.execute(f"PRAGMA {pragma}")
        indexes = connection.execute(
            "SELECT name, sql FROM sqlite_master"
            " WHERE type = 'index' AND tbl_name IN ('voter', 'match_key') AND sql > ''"
        ).fetchall()
        connection.execute("BEGIN")
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        connection.executemany(
            "INSERT INTO voter (id, state, split, week, key_id, due, sealed, code_index, match_index)"
            " VALUES (?, 'active', 'A-1', '2025-W30', '2030-01', '2030-01', x'', ?, ?)",
            _voters(),
        )
        connection.executemany("INSERT INTO match_key (voter_id, key, whole) VALUES (?, ?, ?)", _keys())
        for _, sql in indexes:
            connection.execute(sql)
        connection.execute("COMMIT")


def _voters() -> Iterator[tuple[str, str, str]]:
    for number in range(VOTERS):
        # The codes rise, so that building their index costs little; a look-up among them is no faster for it.
        yield f"{number:032x}", f"{number:064x}", os.urandom(32).hex()


def _keys() -> Iterator[tuple[str, bytes, bool]]:
    before = b""
    for number in range(VOTERS):
        keys = os.urandom(16 * KEYS_EACH)
        first = before if number % NAMESAKES == 1 else keys[:16]
        yield f"{number:032x}", first, True
        for place in range(1, KEYS_EACH):
            yield f"{number:032x}", keys[16 * place : 16 * (place + 1)], False
        before = first
