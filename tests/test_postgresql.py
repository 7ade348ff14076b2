"""The PostgreSQL of the tests: closed to others, gone afterwards, and able to run from a copy of its binaries."""

import os
import socket

import psycopg
import pytest
from sqlalchemy import make_url

from tests import postgresql
from tests.postgresql import NotHere, plain, server

pytestmark = pytest.mark.slow


@pytest.fixture(params=[True, False], ids=["where it is", "from a copy"])
def started(request, monkeypatch):
    if not request.param:
        monkeypatch.setattr(postgresql, "_may_run", lambda *_: False)
    try:
        with server() as running:
            yield running
    except NotHere as reason:
        pytest.skip(f"no PostgreSQL here: {reason}")


def test_it_lets_in_who_has_the_word_and_nobody_else(started):
    assert started.data.parent.stat().st_mode & 0o077 == 0
    assert os.geteuid() != 0 or started.data.stat().st_uid != 0
    with started.database() as url:
        with psycopg.connect(plain(url)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        wrong = make_url(url).set(password="guessed").render_as_string(hide_password=False)
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(plain(wrong))


def test_a_database_is_gone_after_its_test_though_someone_is_still_there(started):
    with started.database() as url:
        still_there = psycopg.connect(plain(url))

    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(plain(url))
    still_there.close()


def test_nothing_of_it_is_left():
    try:
        with server() as running:
            port = make_url(running.url).port
    except NotHere as reason:
        pytest.skip(f"no PostgreSQL here: {reason}")

    assert not running.data.parent.exists()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=2)
