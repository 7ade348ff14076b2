"""A coming election, and a registrant who was tagged for it."""

import pytest

from tests.voter_reg.officers import CLERK
from tests.voter_reg.service.own_person import registered, run_jobs
from tests.voter_reg.town import DAY
from voter_reg.service import elections


@pytest.fixture
def election(office, town_map):
    elections.create("minneapolis", town_map, DAY, by=CLERK, now=office.now)


@pytest.fixture
def me(office, election):
    found = registered(office)
    run_jobs(office)
    return found
