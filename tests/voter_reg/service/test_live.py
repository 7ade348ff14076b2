"""Law 8: nothing is live by accident. A law in force is not enough to open a portal or an election."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import eligibility
from eligibility import load_pack
from tests.voter_reg.town import CLERK, DAY
from voter_reg.apps import create_portal
from voter_reg.service import elections
from voter_reg.service.live import ApprovalMissing, not_live
from voter_reg.service.shelf import open_on

PACKS = Path(eligibility.__file__).parent / "packs"


@pytest.fixture
def in_force(tmp_path):
    """Minneapolis's pack as if its law were in force, in a directory."""
    shutil.copytree(PACKS / "minneapolis", tmp_path / "in-force")
    path = tmp_path / "in-force" / "pack.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('value = "proposed"', 'value = "in-force"'), "utf-8")
    return str(path.parent)


def test_a_proposed_law_is_a_demonstration_without_being_asked():
    assert not_live(load_pack("minneapolis"), demonstration=False).demonstration


def test_a_law_in_force_is_refused_until_a_demonstration_is_asked_for(in_force):
    with pytest.raises(ApprovalMissing, match="two officers"):
        not_live(load_pack(in_force), demonstration=False)

    shown = not_live(load_pack(in_force), demonstration=True)
    assert (shown.demonstration, shown.legal_status) == (True, "in-force")


def test_a_live_election_is_not_created_and_leaves_nothing(office, town_map, in_force):
    with pytest.raises(ApprovalMissing):
        elections.create(in_force, town_map, DAY, by=CLERK, now=office.now)

    assert elections.every() == []


def test_a_demonstration_of_a_law_in_force_stays_one_each_time_it_is_opened(office, town_map, in_force):
    created = elections.create(in_force, town_map, DAY, by=CLERK, now=office.now, demonstration=True)

    assert open_on(office.shelf, created).election.demonstration
    assert elections.every()[0].demonstration


def test_the_portal_of_a_law_in_force_does_not_open_unless_it_is_a_demonstration(config, in_force):
    with pytest.raises(ApprovalMissing):
        create_portal(replace(config, pack=in_force))

    portal = create_portal(replace(config, pack=in_force, demonstration=True))
    page = portal.test_client().get("/").get_data(as_text=True)
    assert "demonstration" in page.lower()
