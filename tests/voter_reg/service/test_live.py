"""Law 8: nothing is live by accident. A law in force is not enough to open a portal, an election or a roster."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from eligibility import BadInput, load_pack
from tests.voter_reg.officers import AUTHORISATION, CLERK, COUNSEL, FIRST, approved, live_election, live_pack
from tests.voter_reg.town import DAY, card
from voter_reg.apps import create_portal
from voter_reg.service import elections, publishing, rosters, tagging
from voter_reg.service.demands import NotCounsel
from voter_reg.service.live import ApprovalMissing, missing_for_live
from voter_reg.service.shelf import open_on
from voter_reg.store.db import snapshot


@pytest.fixture
def in_force(tmp_path):
    return live_pack(tmp_path / "in-force")


def authorise(pack, now, **changes):
    publishing.authorise(load_pack(pack), replace(AUTHORISATION, **changes), by=COUNSEL, now=now)


def missing(office, folder, today=None):
    with snapshot() as session:
        return missing_for_live(session, load_pack(folder), folder, today or office.now.date())


def test_a_live_election_is_not_created_without_an_authorisation_and_leaves_nothing(office, town_map, in_force):
    with pytest.raises(ApprovalMissing, match="authorisation"):
        elections.create(in_force, town_map, DAY, by=CLERK, now=office.now)

    assert elections.every() == []


def test_an_authorised_election_does_nothing_before_it_is_published(office, town_map, in_force):
    authorise(in_force, office.now)
    election = elections.create(in_force, town_map, DAY, by=CLERK, now=office.now)

    assert not elections.every()[0].demonstration
    with pytest.raises(ApprovalMissing, match="not published"):
        rosters.freeze(office.vault, office.shelf, election, by=CLERK, now=office.now)


def test_a_published_election_works_and_is_no_demonstration(office, town_map, tmp_path):
    election = live_election(office, town_map, tmp_path / "live")
    office.register(card(1))

    frozen = rosters.freeze(office.vault, office.shelf, election, by=CLERK, now=office.now)

    assert frozen.voters == 1
    assert not open_on(office.shelf, election).election.demonstration


def test_publishing_needs_a_request_for_these_very_rules_and_lines(office, town_map, in_force):
    authorise(in_force, office.now)
    archive = office.shelf.archive
    election = elections.create(in_force, town_map, DAY, by=CLERK, now=office.now, archive=archive)
    for args in ({}, {"pack": "0" * 64, "map": "0" * 64}):
        request = approved("publish", election, args, office.now)
        with pytest.raises(ApprovalMissing):
            publishing.publish(election, request, archive, office.now.date(), by=CLERK, now=office.now)
    with pytest.raises(ApprovalMissing):
        publishing.publish(election, None, archive, office.now.date(), by=CLERK, now=office.now)

    assert elections.every()[0].status == "open"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('value = "in-force"', 'value = "struck-down"', "struck-down, not in force"),
        ('kinds = ["record", ', "kinds = [", "classifies data of kind 'record'"),
        ("checked_on = 2025-08-20", 'checked_on = 2025-08-20\nto_confirm = "Look."', "1 values are not confirmed"),
        ("checked_on = 2025-08-20", "checked_on = 2025-06-02", "1 values are not confirmed, or were checked more"),
    ],
)
def test_each_thing_that_is_missing_is_named(office, in_force, old, new, says):
    path = Path(in_force) / "pack.toml"
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    authorise(in_force, office.now)

    assert [line for line in missing(office, in_force) if says in line]


def test_a_value_counts_for_ninety_days_and_not_one_more(office, in_force):
    authorise(in_force, office.now)

    assert missing(office, in_force, date(2025, 8, 20) + timedelta(days=90)) == []
    assert missing(office, in_force, date(2025, 8, 20) + timedelta(days=91))


def test_a_changed_pack_needs_another_authorisation(office, in_force):
    authorise(in_force, office.now)
    path = Path(in_force) / "notices" / "en.md"
    path.write_text(path.read_text("utf-8") + "\nOne more sentence.\n", "utf-8")

    assert missing(office, in_force) == ["no authorisation is entered for this pack"]


def test_only_counsel_enters_an_authorisation(office, in_force):
    for by in (CLERK, FIRST):
        with pytest.raises(NotCounsel):
            publishing.authorise(load_pack(in_force), AUTHORISATION, by=by, now=office.now)


@pytest.mark.parametrize(
    "changes",
    [{"document": " "}, {"href": "http://example.org"}, {"adopted_on": date(2099, 1, 1)}, {"retention_document": ""}],
)
def test_an_authorisation_is_refused_when_a_part_of_it_is_missing(office, in_force, changes):
    with pytest.raises(BadInput):
        authorise(in_force, office.now, **changes)


def test_a_demonstration_of_a_law_in_force_stays_one_each_time_it_is_opened(office, town_map, in_force):
    created = elections.create(in_force, town_map, DAY, by=CLERK, now=office.now, demonstration=True)

    assert open_on(office.shelf, created).election.demonstration
    assert elections.every()[0].demonstration


def test_a_demonstration_is_published_without_a_request(office, town_map):
    created = elections.create("minneapolis", town_map, DAY, by=CLERK, now=office.now)

    publishing.publish(created, None, office.shelf.archive, office.now.date(), by=CLERK, now=office.now)

    assert elections.every()[0].status == "published"
    with pytest.raises(BadInput, match="already"):
        publishing.publish(created, None, office.shelf.archive, office.now.date(), by=CLERK, now=office.now)


def test_the_portal_of_a_law_in_force_opens_once_an_election_is_published(office, config, town_map, tmp_path):
    live = tmp_path / "live"
    with pytest.raises(ApprovalMissing):
        create_portal(replace(config, pack=live_pack(tmp_path / "in-force")))
    live_election(office, town_map, live)

    page = create_portal(replace(config, pack=str(live))).test_client().get("/").get_data(as_text=True)
    assert "demonstration" not in page.lower()
    portal = create_portal(replace(config, pack=str(live), demonstration=True))
    assert "demonstration" in portal.test_client().get("/").get_data(as_text=True).lower()


def test_tagging_for_a_live_election_waits_for_its_publishing(office, town_map, in_force):
    authorise(in_force, office.now)
    election = elections.create(in_force, town_map, DAY, by=CLERK, now=office.now)

    with pytest.raises(ApprovalMissing):
        tagging.tag_election(office.vault, office.shelf, election, {}, None, office.clock)
