"""Registering without a plain address, over the real service: what finds the precinct is used for that and let go."""

import logging
from dataclasses import asdict

import pytest
from sqlalchemy import text

from tests.voter_reg.portal.conftest import SIGN, Person, hidden
from tests.voter_reg.portal.own_pages import signed_in, visible
from tests.voter_reg.service.own_person import CARD, one, run_jobs
from voter_reg.service import drafts
from voter_reg.service.voter_record import RECORD
from voter_reg.store.db import db

FINDS, SPLIT = "104 ash street", "C-1"
REAL = ("104 ash", "104 ASH", "104 Ash")
"""Where someone in a program really lives, as they typed it and as the map writes it."""

PLACES = {
    "program": "PO Box 17, Saint Paul",
    "no-fixed": "Under the bridge at Elm",
    "unlisted": "9 New Lane",
}
"""The words beside the address that stand on the list instead of it."""


@pytest.fixture
def resident(own_portal):
    return Person(own_portal.test_client())


def tell_home(person, home, place, address=FINDS, **values):
    page = f"/address?home={home}"
    return person.send("/address", page=page, home=home, place=place, address=address, **values)


def register(person, card=CARD):
    person.be()
    person.show_card(card) if card else person.send("/way", page="/card", way="papers")
    assert person.send("/review", **SIGN).location == "/done"


def draft_of(person, office):
    token = person.client.get_cookie("__Host-draft").value.rsplit(".", 2)[0]
    return drafts.load(office.vault, token, office.now)[0]


def record_of(office):
    return RECORD.open(office.vault, one("SELECT id FROM voter"), one("SELECT sealed FROM voter"))


def files_of(config):
    """Every byte that the installation has on disk, the database and its log among them."""
    return b"".join(file.read_bytes() for file in config.instance_dir.rglob("*") if file.is_file())


def stands_in(told, words):
    return [word for word in words if word in told]


class TestAddressProtectionProgram:
    def test_where_they_really_live_is_in_no_draft_no_record_no_copy_and_no_file(
        self, resident, office, config, own_registry, caplog
    ):
        caplog.set_level(logging.DEBUG)
        resident.accept()
        assert tell_home(resident, "program", PLACES["program"]).location == f"/contests/{SPLIT}"
        draft = draft_of(resident, office)
        assert stands_in(str(asdict(draft)), REAL) == []
        assert (draft.home, draft.address, draft.split) == ("program", PLACES["program"], SPLIT)

        register(resident)
        run_jobs(office)
        record = record_of(office)
        assert stands_in(str(asdict(record)), REAL) == []
        assert (record.home, record.address, record.place) == ("program", PLACES["program"], None)
        assert PLACES["program"] in record.signed_copy
        assert stands_in(resident.get("/copy").text, REAL) == []
        assert one("SELECT split FROM voter") == SPLIT
        assert own_registry.asked == [(CARD, "1990-01-01", PLACES["program"])]
        assert stands_in(caplog.text, (*REAL, PLACES["program"])) == []
        kept = files_of(config)
        assert b"SQLite format 3" in kept
        assert stands_in(kept, [word.encode() for word in (*REAL, PLACES["program"])]) == []

    def test_no_table_holds_it_in_clear(self, resident, office):
        resident.accept()
        tell_home(resident, "program", PLACES["program"])
        register(resident)
        run_jobs(office)
        db.session.rollback()
        for table in db.metadata.sorted_tables:
            rows = str(db.session.execute(text(f"SELECT * FROM {table.name}")).all())
            assert stands_in(rows, (*REAL, "PO Box")) == [], table.name

    def test_the_pages_that_follow_show_the_program_s_address_alone(self, resident, office):
        resident.accept()
        tell_home(resident, "program", PLACES["program"])
        resident.be()
        resident.show_card(CARD)
        for path in ("/address", f"/contests/{SPLIT}", "/card", "/review", "/save"):
            assert stands_in(resident.get(path).text, REAL) == [], path
        assert PLACES["program"] in resident.get("/review").text

    def test_a_plain_address_told_before_goes_when_the_program_is_named_and_so_does_its_unit(self, resident, office):
        resident.accept()
        resident.live_at(FINDS, unit="Apt 7")
        assert stands_in(str(asdict(draft_of(resident, office))), REAL) != []
        tell_home(resident, "program", PLACES["program"], unit="Apt 7")

        assert stands_in(str(asdict(draft_of(resident, office))), (*REAL, "Apt 7")) == []

    def test_an_address_chosen_among_several_is_let_go_as_well(self, resident, office):
        resident.accept()
        asked = tell_home(resident, "program", PLACES["program"], "104 ahs street")
        assert 'name="choice" value="104 ASH ST"' in asked.text
        sent = {**hidden(asked), "home": "program", "place": PLACES["program"], "choice": "104 ASH ST"}
        assert resident.client.post("/address", data=sent).location == f"/contests/{SPLIT}"

        assert stands_in(str(asdict(draft_of(resident, office))), (*REAL, "104 ahs")) == []

    def test_saving_for_later_keeps_nothing_that_was_only_typed(self, resident, office, config):
        resident.accept()
        tell_home(resident, "program", PLACES["program"], then="save")
        resident.send("/save")

        assert stands_in(str(asdict(draft_of(resident, office))), REAL) == []
        assert stands_in(files_of(config), [word.encode() for word in REAL]) == []

    def test_a_card_confirmed_for_the_home_told_before_does_not_serve_for_the_program(self, resident, office):
        resident.accept()
        resident.live_at(FINDS)
        resident.be()
        resident.show_card(CARD)
        tell_home(resident, "program", PLACES["program"])

        assert draft_of(resident, office).proof is None
        assert resident.get("/review").status_code == 303

    def test_without_the_program_s_address_nothing_is_kept(self, resident, office):
        resident.accept()
        answer = tell_home(resident, "program", "")

        assert answer.status_code == 422
        assert "Enter the address that the program gave you." in answer.text
        assert draft_of(resident, office).split is None


@pytest.mark.parametrize("home", ["no-fixed", "unlisted"])
def test_a_place_in_their_own_words_stands_on_the_list_and_the_house_that_found_it_does_not(resident, office, home):
    resident.accept()
    assert tell_home(resident, home, PLACES[home]).location == f"/contests/{SPLIT}"
    register(resident, card=None)
    run_jobs(office)
    record = record_of(office)

    assert (record.home, record.address, record.place, record.unit) == (home, PLACES[home], None, None)
    assert one("SELECT split FROM voter") == SPLIT
    assert stands_in(str(asdict(record)), REAL) == []


def test_a_shelter_is_kept_by_its_name_and_its_street_address(resident, office):
    resident.accept()
    assert tell_home(resident, "facility", "Harbor Light", unit="Bed 4").location == f"/contests/{SPLIT}"
    register(resident, card=None)
    run_jobs(office)
    record = record_of(office)

    assert (record.home, record.address, record.place, record.unit) == (
        "facility",
        "104 ASH ST",
        "Harbor Light",
        "Bed 4",
    )
    assert "Harbor Light" in record.signed_copy
    assert one("SELECT split FROM voter") == SPLIT


@pytest.mark.parametrize("home", [*PLACES, "facility"])
def test_the_own_record_tells_the_home_as_it_is_kept(own_portal, office, home):
    person = Person(own_portal.test_client())
    place = PLACES.get(home, "Harbor Light")
    person.accept()
    tell_home(person, home, place)
    register(person)
    run_jobs(office)
    person.code = record_of(office).code
    signed_in(person)
    shown = visible(person.get("/record").text)

    assert place in shown
    assert ("104 ASH" in shown) == (home == "facility")
    assert f"Your precinct is {SPLIT}." in shown


@pytest.mark.parametrize("home", ["no-fixed", "facility", "program", "unlisted"])
def test_each_way_asks_in_its_own_words_and_says_what_is_not_kept(resident, home):
    resident.accept()
    page = resident.get(f"/address?home={home}").text
    said = visible(page)

    assert f'name="home" value="{home}"' in page
    assert 'name="place"' in page
    assert ("do not keep it" in said) == (home != "facility")
    assert ("Only this address is kept." in said) == (home == "program")
    assert ('name="unit"' in page) == (home == "facility")


def test_the_precinct_is_that_of_the_house_that_was_named(resident, office):
    resident.accept()
    tell_home(resident, "no-fixed", PLACES["no-fixed"], "300 oak street")

    assert draft_of(resident, office).split == "A-3"
