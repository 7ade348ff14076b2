"""An installation for each test that asks for one."""

import pytest

from tests.voter_reg.town import Office, install


@pytest.fixture
def config(tmp_path, town_map, database):
    return install(tmp_path / "instance", town_map, **database)


@pytest.fixture
def office(config):
    with Office(config).open() as opened:
        yield opened
