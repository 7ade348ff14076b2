"""The same forms over the real service: sealed drafts in a database, a built map, a card that is asked about."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.voter_reg.portal.conftest import SIGN, Person, hidden
from tests.voter_reg.town import NOW, Registry, card
from voter_reg.apps import create_portal
from voter_reg.store.db import db
from voter_reg.store.drafts import DraftRow

MINE, STRANGE, SLEEPING = card(5), card(6), card(7)


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def registry():
    return Registry({STRANGE: "not_confirmed", SLEEPING: "unavailable"})


@pytest.fixture
def portal(config, clock, registry):
    return create_portal(config, clock=clock, verifier=registry)


@pytest.fixture
def resident(portal):
    return Person(portal.test_client())


def up_to_card(resident):
    resident.accept()
    assert resident.live_at("100 oak street").location == "/contests/A-1"
    resident.be()


def test_a_resident_registers_and_keeps_the_document_they_signed(resident, registry):
    up_to_card(resident)
    assert resident.show_card(MINE).location == "/contact"
    assert resident.send("/review", **SIGN, sworn=[]).location == "/done"

    done = resident.get("/done").text
    copy = resident.get("/copy").text
    code = done.split('<p class="code">')[1].split("<")[0]
    assert code in copy
    assert "Nguyễn Thị Minh Khai" in copy
    assert registry.asked == [(MINE, "1990-01-01", "100 OAK ST")]


def test_nothing_that_was_typed_stands_in_the_database_in_clear(resident, config):
    up_to_card(resident)
    resident.show_card(MINE)
    resident.send("/review", **SIGN)

    kept = b"".join(file.read_bytes() for file in config.instance_dir.rglob("*") if file.is_file())
    for secret in ("Nguyễn", "Minh Khai", "1990-01-01", "100 OAK", "100 oak", MINE):
        assert secret.encode() not in kept


def test_a_wrong_card_can_be_tried_five_times_and_other_papers_remain(resident, registry):
    up_to_card(resident)
    for _ in range(5):
        assert resident.show_card(STRANGE).status_code == 422
    assert resident.show_card(MINE).status_code == 422, "the sixth gets the same answer and asks nobody"
    assert len(registry.asked) == 5

    assert resident.send("/way", page="/card", way="papers").location == "/contact"
    resident.send("/review", **SIGN)
    assert "Bring your papers" in resident.get("/done").text


def test_a_registry_that_is_away_costs_no_try(resident, registry):
    up_to_card(resident)
    for _ in range(6):
        assert resident.show_card(SLEEPING).status_code == 503

    assert resident.show_card(MINE).location == "/contact"


def test_a_card_used_before_gets_the_page_that_anyone_gets(portal):
    first, second = (receipt_page(Person(portal.test_client())) for _ in range(2))

    assert first == second


def receipt_page(person):
    """What is said after signing, without the code, which differs for everyone."""
    up_to_card(person)
    person.show_card(MINE)
    person.send("/review", **SIGN)
    return re.sub(r'<p class="code">[^<]+|value="[^"]+"', "", person.get("/done").text)


def test_a_draft_lives_a_day_and_to_the_end_of_it(resident, clock):
    resident.accept()
    resident.live_at("100 oak street")
    clock.now += timedelta(days=1)
    assert resident.get("/name").status_code == 200
    clock.now += timedelta(days=1)
    assert resident.get("/name").status_code == 404


def test_the_code_can_be_seen_again_for_a_day(resident, clock):
    up_to_card(resident)
    resident.show_card(MINE)
    resident.send("/review", **SIGN)
    clock.now += timedelta(days=1)
    assert resident.get("/done").status_code == 200
    clock.now += timedelta(days=1)
    assert resident.get("/done").status_code == 404


@pytest.mark.parametrize(("seconds", "then"), [(59, "/done"), (60, None)])
def test_registration_closes_with_the_minute_the_law_names(resident, clock, seconds, then):
    clock.now = datetime(2025, 10, 14, 22, 0, tzinfo=UTC)  # five in the afternoon in Minneapolis, 21 days before
    up_to_card(resident)
    resident.show_card(MINE)
    clock.now += timedelta(seconds=seconds)

    answer = resident.send("/review", **SIGN)

    assert answer.location == then
    assert ("Online registration is closed" in answer.text) == (then is None)


def test_two_tabs_are_settled_by_the_version_in_the_database(resident):
    resident.accept()
    resident.live_at("100 oak street")
    old_tab = hidden(resident.get("/address"))
    resident.live_at("200 oak street")

    answer = resident.client.post("/address", data={**old_tab, "address": "100 elm street"})

    assert answer.status_code == 409
    assert 'value="100 elm street"' in answer.text


def test_a_typo_is_offered_what_was_likely_meant(resident):
    resident.accept()
    answer = resident.live_at("100 oka street")

    assert answer.status_code == 422
    assert 'name="choice" value="100 OAK ST"' in answer.text


def test_leaving_takes_the_draft_out_of_the_database(resident, office):
    resident.accept()
    resident.live_at("100 oak street")
    resident.send("/leave", page="/name")

    assert db.session.query(DraftRow).count() == 0
