"""The migration of papers and reviews: it leaves drafts and voters alone, and what it makes goes with its owner."""

import sqlite3
from contextlib import closing

import pytest

from voter_reg.store import migrate


def test_it_leaves_drafts_and_voters_alone_on_its_way_up_and_down_and_papers_go_with_their_owner(office, config):
    migrate.downgrade("0005")
    file = config.instance_dir / "voter_reg.sqlite3"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("INSERT INTO draft VALUES ('d', x'00', '2025-09', 1, '2025-09-15')")
        for voter in ("a", "b"):
            row = (voter, "waiting", "A-1", "2025-W30", "2030-01", b"sealed", f"code {voter}", None, "met", "2030-01")
            connection.execute(f"INSERT INTO voter VALUES ({', '.join('?' * 10)})", row)

    migrate.upgrade("0006")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("PRAGMA foreign_keys=ON")
        paper = "INSERT INTO paper VALUES (?, ?, ?, 1, '2030-01', '2030-01', '2025-09-15', x'00', x'00')"
        for row in (("1", "d", None), ("2", None, "a"), ("3", None, "b")):
            connection.execute(paper, row)
        for nobodys in (("4", None, None), ("5", "d", "a")):
            with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
                connection.execute(paper, nobodys)
        review = "INSERT INTO review VALUES (?, ?, 'w', 'waiting', ?, ?, NULL, 1, '[]', 0, '2030-01', '2030-01', NULL)"
        connection.execute(review, ("r", "a", "2025-09-01", "2025-09-11"))
        with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
            connection.execute(review, ("s", "a", "2025-09-01", "2025-09-11"))
        connection.execute("DELETE FROM voter WHERE id = 'a'")
        connection.execute("DELETE FROM draft")
        assert connection.execute("SELECT id FROM paper").fetchall() == [("3",)]
        assert connection.execute("SELECT count(*) FROM review").fetchone() == (0,)
    migrate.downgrade("0005")

    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT id, sealed FROM voter").fetchall() == [("b", b"sealed")]
