"""Fixtures: a town's map built once, and the database that a test's installation stands on, SQLite or PostgreSQL."""

from zlib import crc32

import pytest
from sqlalchemy import make_url

from tests.postgresql import found_server
from tests.voter_reg.town import build_town, install
from voter_reg.store.db import db

ONE_IN = 8
"""Of so many tests that run on both databases one does so in every run, always the same; `make test-long` runs all."""

_ROWS_ALONE = ("service", "office", "portal")
"""Where tests change rows and leave the rest of a database as it was, and no process outlives them."""


def pytest_generate_tests(metafunc):
    """Run what opens a database on both: every use case, and whatever else is marked so."""
    both = metafunc.definition.path.parent.name == "service" or metafunc.definition.get_closest_marker("both_databases")
    if both and "database" in metafunc.fixturenames:
        here = metafunc.definition.nodeid.encode()
        in_each_run = metafunc.definition.path.parent.name == "store" or crc32(here) % ONE_IN == 0
        marks = () if in_each_run else (pytest.mark.long,)
        metafunc.parametrize("database", ["sqlite", pytest.param("postgresql", marks=marks)], indirect=True)


@pytest.fixture(scope="session")
def town_map(tmp_path_factory):
    return build_town(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="session")
def postgresql():
    with found_server() as server:
        yield server


@pytest.fixture(scope="session")
def migrated(postgresql, tmp_path_factory, town_map):
    """A database with every migration run, for others to be copied from."""
    with postgresql.database() as url:
        install(tmp_path_factory.mktemp("migrated"), town_map, DATABASE_URL=url)
        yield make_url(url).database


@pytest.fixture(scope="session")
def reused(postgresql, migrated):
    """A database for one test after another: to empty it takes a tenth of the time that another one takes."""
    with postgresql.database(migrated) as url:
        yield url


@pytest.fixture
def database(request):
    """Changes of the settings that put an installation on a database; SQLite's own file without any."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield {}
        return
    server = request.getfixturevalue("postgresql")
    if request.path.parent.name in _ROWS_ALONE:
        url = request.getfixturevalue("reused")
        yield {"DATABASE_URL": url}
        server.empty(url, [table.name for table in reversed(db.metadata.sorted_tables)])
    else:
        with server.database(request.getfixturevalue("migrated")) as url:
            yield {"DATABASE_URL": url}
