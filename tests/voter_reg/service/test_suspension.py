"""Two officers suspend an election at once: registering, tagging, freezing and export stop. Resuming takes two too."""

import pytest
from sqlalchemy import text

from eligibility import BadInput
from tests.voter_reg.officers import CLERK, FIRST, approved
from tests.voter_reg.town import DAY, Registry, card
from voter_reg.apps import create_portal
from voter_reg.service import elections, exports, publishing, rosters, tagging
from voter_reg.service.exports import Export
from voter_reg.service.live import ApprovalMissing, Suspended
from voter_reg.store.db import db

ELECTION = "minneapolis-2025-11-04"


@pytest.fixture
def election(office, town_map):
    return elections.create("minneapolis", town_map, DAY, by=CLERK, now=office.now)


def suspend(office):
    publishing.suspend(ELECTION, approved("suspend", ELECTION, {}, office.now), by=FIRST, now=office.now)


def test_nobody_registers_while_it_is_suspended_and_the_draft_is_kept(office, election):
    token, draft, version = office.draft(proof="papers")
    suspend(office)

    with pytest.raises(Suspended):
        office.submit(token, draft, version)
    assert db.session.execute(text("SELECT count(*) FROM voter")).scalar_one() == 0

    publishing.resume(ELECTION, approved("resume", ELECTION, {}, office.now), by=FIRST, now=office.now)
    assert office.submit(token, draft, version).code


def test_nothing_is_tagged_frozen_or_exported_while_it_is_suspended(office, election, tmp_path):
    office.register(card(1))
    roster = rosters.freeze(office.vault, office.shelf, ELECTION, by=CLERK, now=office.now).id
    suspend(office)

    with pytest.raises(Suspended):
        rosters.freeze(office.vault, office.shelf, ELECTION, by=CLERK, now=office.now)
    with pytest.raises(Suspended):
        tagging.tag_election(office.vault, office.shelf, ELECTION, {}, None, office.clock)
    with pytest.raises(Suspended):
        exports.require_exportable(office.shelf, Export(roster, tmp_path / "out"))


@pytest.mark.parametrize("request_id", [None, "q-00001"])
def test_it_takes_two_officers(office, election, request_id):
    with pytest.raises(ApprovalMissing):
        publishing.suspend(ELECTION, request_id, by=FIRST, now=office.now)

    assert not elections.every()[0].suspended


def test_an_approval_to_suspend_does_not_resume(office, election):
    suspend(office)
    with pytest.raises(ApprovalMissing):
        publishing.resume(ELECTION, approved("suspend", ELECTION, {}, office.now), by=FIRST, now=office.now)
    with pytest.raises(BadInput, match="suspended already"):
        suspend(office)


def test_the_portal_says_so_on_every_page_but_those_for_leaving(office, config, election):
    client = create_portal(config, clock=office.clock, verifier=Registry()).test_client()
    assert client.get("/").status_code == 200
    suspend(office)
    office.later(seconds=1)

    for path in ("/", "/check", "/notice", "/address", "/review", "/contests/A-1"):
        answer = client.get(path)
        assert (answer.status_code, "has stopped" in answer.text, path) == (503, True, path)
    assert client.get("/left").status_code == 200
    publishing.resume(ELECTION, approved("resume", ELECTION, {}, office.now), by=FIRST, now=office.now)
    office.later(seconds=1)
    assert client.get("/").status_code == 200


def test_another_days_election_stops_nothing(office, config, election):
    suspend(office)
    office.now = office.now.replace(year=2026)

    assert create_portal(config, clock=office.clock, verifier=Registry()).test_client().get("/").status_code == 200
