"""A town's map, built once, and an installation for each test that asks for one."""

import pytest

from tests.voter_reg.town import Office, build_town, install


@pytest.fixture(scope="session")
def town_map(tmp_path_factory):
    return build_town(tmp_path_factory.mktemp("town"))


@pytest.fixture
def config(tmp_path, town_map):
    return install(tmp_path / "instance", town_map)


@pytest.fixture
def office(config):
    with Office(config).open() as opened:
        yield opened
