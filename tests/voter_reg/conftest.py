"""An installation for each test that asks for one."""

import pytest

from tests.voter_reg.town import Office, install
from voter_reg.service import review


@pytest.fixture
def config(tmp_path, town_map, database):
    return install(tmp_path / "instance", town_map, **database)


@pytest.fixture
def office(config):
    with Office(config).open() as opened:
        yield opened


@pytest.fixture
def never_sampled(monkeypatch):
    monkeypatch.setattr(review, "SECOND_LOOK_ONE_IN", 2**40)


@pytest.fixture
def always_sampled(monkeypatch):
    monkeypatch.setattr(review, "SECOND_LOOK_ONE_IN", 1)
