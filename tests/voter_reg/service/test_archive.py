"""An election goes on with the pack and the map it was created with, whatever becomes of them where they were."""

import shutil
from pathlib import Path

import pytest

import eligibility
from eligibility import BadInput
from tests.voter_reg.town import CLERK, DAY, card
from voter_reg.service import elections, rosters
from voter_reg.service.shelf import Shelf, open_on

PACKS = Path(eligibility.__file__).parent / "packs"


@pytest.fixture
def mine(tmp_path, town_map):
    shutil.copytree(PACKS / "minneapolis", tmp_path / "mine")
    shutil.copyfile(town_map, tmp_path / "mine.map")
    return tmp_path


def test_a_pack_that_changes_later_changes_no_election(office, mine):
    file = mine / "mine" / "pack.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("value = 18", "value = 17"), "utf-8")
    created = elections.create(
        str(mine / "mine"), mine / "mine.map", DAY, by=CLERK, now=office.now, archive=office.shelf.archive
    )
    file.write_text(file.read_text(encoding="utf-8").replace("value = 17", "value = 16"), "utf-8")
    (mine / "mine.map").unlink()
    office.register(card(1), birth="2008-11-04")
    office.register(card(2), birth="2008-11-05")

    frozen = rosters.freeze(office.vault, Shelf(office.shelf.archive), created, by=CLERK, now=office.now)

    assert frozen.voters == 1


def test_without_an_archive_a_changed_pack_is_refused(office, mine):
    file = mine / "mine" / "pack.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("value = 18", "value = 17"), "utf-8")
    created = elections.create(str(mine / "mine"), mine / "mine.map", DAY, by=CLERK, now=office.now)
    file.write_text(file.read_text(encoding="utf-8").replace("value = 17", "value = 16"), "utf-8")

    with pytest.raises(BadInput, match="its pack has changed"):
        open_on(Shelf(office.shelf.archive), created)
