"""The migration of matches: it leaves the voters alone, and the tables it makes hold what they should."""

import sqlite3
from contextlib import closing

import pytest

from voter_reg.store import migrate


def test_the_migration_of_matches_leaves_the_voters_alone_on_its_way_up_and_down(office, config):
    migrate.downgrade("0001")
    with closing(sqlite3.connect(config.instance_dir / "voter_reg.sqlite3")) as connection, connection:
        for voter in ("a", "b"):
            row = (voter, "active", "A-1", "2025-W30", "2030-01", b"sealed", f"code {voter}", None, "met")
            connection.execute("INSERT INTO voter VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)

    migrate.upgrade("0004")
    with closing(sqlite3.connect(config.instance_dir / "voter_reg.sqlite3")) as connection, connection:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("INSERT INTO match_key VALUES (1, 'a', x'00', 1)")
        pair = ("m", "b", "a", "weak", "open", "2025-09-01", "", "", "", "")
        connection.execute("INSERT INTO match VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", pair)
        with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
            connection.execute("INSERT INTO match VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", ("n", *pair[1:]))
        connection.execute("DELETE FROM voter WHERE id = 'b'")
        assert connection.execute("SELECT count(*) FROM match").fetchone() == (0,)
    migrate.downgrade("0001")

    with closing(sqlite3.connect(config.instance_dir / "voter_reg.sqlite3")) as connection:
        assert connection.execute("SELECT id, sealed FROM voter").fetchall() == [("a", b"sealed")]
