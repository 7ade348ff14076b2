"""Paper forms through the office's page: read as the portal reads, judged by the day they came, a code shown once."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from eligibility import load_pack
from tests.voter_reg.office.conftest import csrf
from tests.voter_reg.office.town_office import TownOffice
from tests.voter_reg.town import Registry, card, install
from voter_reg.office.paper_answers import FIELDS
from voter_reg.roles import Role
from voter_reg.service.voter_record import RECORD
from voter_reg.store.db import db

FORM = {
    "version": "2025-09a", "form_language": "so", "received": "2025-08-29", "came": "otherwise", "home": "address",
    "address": "100 oak street", "unit": "4B", "name": "Amina Yusuf", "birth_month": "1", "birth_day": "1",
    "birth_year": "1990", "since_month": "5", "since_year": "2015", "proof": "papers-in-person", "signed": "paper",
}  # fmt: skip
SEEN = {"came": "in-person", "seen_papers": "yes"}
STRANGE, SLEEPING = card(6), card(7)


@pytest.fixture
def town(tmp_path, town_map, database):
    config = install(tmp_path / "instance", town_map, OFFICE_SECRET="o" * 40, **database)
    registry = Registry({STRANGE: "not_confirmed", SLEEPING: "unavailable"})
    opened = TownOffice(config, verifier=registry)
    opened.enrol("cleo", Role.CLERK)
    opened.enrol("rio", Role.REVIEWER)
    opened.registry = registry
    return opened


@pytest.fixture
def clerk(town):
    return town.signed_in("cleo")


@pytest.fixture(scope="module")
def shared(tmp_path_factory, town_map):
    """An office that many tests share, each of which enters nothing."""
    config = install(tmp_path_factory.mktemp("shared") / "instance", town_map, OFFICE_SECRET="o" * 40)
    opened = TownOffice(config)
    opened.enrol("cleo", Role.CLERK)
    opened.clerk = opened.signed_in("cleo")
    return opened


def refused(shared, field, **changes):
    """Send a form that is refused at a field; nothing is entered and what was typed stays."""
    answer = enter(shared.clerk, **changes)
    assert answer.status_code == 422
    assert re.search(f'id="{field}-error"', answer.text)
    assert 'value="Amina Yusuf"' in answer.text or "name" in changes
    assert rows(shared, "SELECT id FROM voter") == []


def enter(clerk, **changes):
    """Type a form on a fresh page and send it; None leaves a field out."""
    page = clerk.get("/paper")
    entry = re.search(r'name="entry" value="([0-9a-f]{32})"', page.text)[1]
    values = {"entry": entry, **FORM, **changes}
    sent = {name: value for name, value in values.items() if value is not None}
    return clerk.client.post("/paper", data={"csrf_token": csrf(page), **sent})


def rows(town, statement):
    with town.app.app_context():
        found = [dict(row) for row in db.session.execute(text(statement)).mappings()]
        db.session.rollback()
    return found


def record(town):
    (row,) = rows(town, "SELECT id, sealed FROM voter")
    return RECORD.open(town.gate.vault, row["id"], row["sealed"])


def codes(answer):
    return re.findall(r'<p class="code">([^<]+)</p>', answer.text)


@pytest.mark.both_databases
class TestEntering:
    def test_a_form_is_registered_by_the_clerk_and_its_code_shown_once(self, town, clerk):
        answer = enter(clerk)

        assert answer.status_code == 200
        assert len(codes(answer)) == 1
        assert "waits for proof" in answer.text
        kept = record(town)
        assert (kept.name, kept.address, kept.unit, kept.code) == ("Amina Yusuf", "100 OAK ST", "4B", codes(answer)[0])
        assert (kept.notice_version, kept.notice_language, kept.language) == ("2025-09a", "so", "so")
        assert kept.registered_at.startswith("2025-08-29T12:00:00")
        assert [(row["state"], row["split"]) for row in rows(town, "SELECT state, split FROM voter")] == [
            ("waiting", "A-1")]  # fmt: skip
        logged = rows(town, "SELECT actor, role, action FROM log_entry WHERE purpose = 'registration'")
        assert logged == [{"actor": "staff:cleo", "role": "clerk", "action": "enter-paper"}]
        assert [row["kind"] for row in rows(town, "SELECT kind FROM job")] == ["tag-voter"]

    def test_the_copy_says_that_staff_entered_it_and_from_which_form(self, town, clerk):
        enter(clerk, signed="mark", form_language="en")

        copy = record(town).signed_copy
        for said in ("From paper by staff, form version 2025-09a", "By a mark, on paper",
                     "in English, version 2025-09a", "The city keeps the blank form of that version",
                     "Received", "2025-08-29"):  # fmt: skip
            assert said in copy
        assert "The notice I read" not in copy

    def test_the_notice_is_in_the_copy_where_the_form_has_the_packs_own_version(self, town, clerk):
        digest = load_pack("minneapolis").as_demonstration().digest
        enter(clerk, version=digest[:12], form_language="en")

        copy = record(town).signed_copy
        assert "keeps the blank form" not in copy
        assert '<pre lang="en">' in copy

    def test_papers_seen_at_the_counter_make_a_voter_and_what_they_were_is_kept_nowhere(self, town, clerk):
        answer = enter(clerk, **SEEN, form_language="en")

        assert "The person is registered" in answer.text
        assert rows(town, "SELECT state FROM voter") == [{"state": "active"}]
        actions = [row["action"] for row in rows(town, "SELECT action FROM log_entry WHERE purpose = 'registration'")]
        assert actions == ["enter-paper", "proof-seen"]
        assert "Papers that meet the city" in record(town).signed_copy
        assert record(town).proof == "papers-in-person"

    def test_who_is_to_be_vouched_for_gets_both_codes(self, town, clerk):
        own, word = codes(enter(clerk, proof="vouching"))

        assert (len(own), len(word)) == (11, 14)
        assert rows(town, "SELECT state FROM voter") == [{"state": "waiting"}]
        assert len(rows(town, "SELECT * FROM vouching_code")) == 1

    def test_the_same_page_sent_twice_is_one_registration_and_shows_the_code_again(self, town, clerk):
        first = enter(clerk, entry="a" * 32)
        second = enter(clerk, entry="a" * 32)

        assert codes(first) == codes(second)
        assert len(rows(town, "SELECT id FROM voter")) == 1
        again = rows(town, "SELECT actor FROM log_entry WHERE action = 'enter-paper-again'")
        assert again == [{"actor": "staff:cleo"}]

    def test_to_be_vouched_for_twice_on_one_page_gives_one_code_that_works(self, town, clerk):
        first, second = (codes(enter(clerk, entry="a" * 32, proof="vouching")) for _ in range(2))

        assert first[0] == second[0]
        assert first[1] != second[1]
        assert len(rows(town, "SELECT * FROM vouching_code")) == 1

    def test_ten_minutes_later_the_page_shows_no_code_any_more(self, town, clerk):
        enter(clerk, entry="a" * 32)
        town.later(minutes=10, seconds=1)

        answer = enter(clerk, entry="a" * 32)

        assert (answer.status_code, codes(answer)) == (422, [])
        assert "entered already" in answer.text

    def test_another_clerk_with_the_same_page_is_shown_no_code(self, town, clerk):
        enter(clerk, entry="a" * 32)
        town.enrol("cora", Role.CLERK)

        assert enter(town.signed_in("cora"), entry="a" * 32).status_code == 422

    def test_a_likely_duplicate_gets_the_same_page_and_both_are_registered(self, town, clerk):
        first, second = enter(clerk, **SEEN), enter(clerk, **SEEN)

        blank = [re.sub(r'class="code">[^<]+|value="[^"]+"', "", one.text) for one in (first, second)]
        assert blank[0] == blank[1]
        assert len({row["match_index"] for row in rows(town, "SELECT match_index FROM voter")}) == 1

    def test_a_used_card_is_held_and_the_clerk_is_told_what_anyone_is(self, town, clerk):
        first = enter(clerk, proof="card", card=card(1))
        second = enter(clerk, proof="card", card=card(1), name="Someone Else")

        assert sorted(row["state"] for row in rows(town, "SELECT state FROM voter")) == ["active", "held"]
        assert ["The person is registered" in one.text for one in (first, second)] == [True, True]
        assert town.registry.asked == [(card(1), "1990-01-01", "100 OAK ST")] * 2

    @pytest.mark.parametrize(("number", "said"), [(STRANGE, "did not confirm"), (SLEEPING, "does not answer"),
                                                  ("123", "no Municipal ID"), ("", "no Municipal ID")])  # fmt: skip
    def test_a_card_that_is_not_confirmed_registers_nobody(self, town, clerk, number, said):
        answer = enter(clerk, proof="card", card=number)

        assert (answer.status_code, said in answer.text) == (422, True)
        assert rows(town, "SELECT id FROM voter") == []

    def test_nothing_of_the_form_stands_in_clear(self, town, clerk):
        enter(clerk, proof="card", card=card(1))

        if town.config.database_url.startswith("sqlite"):
            kept = b"".join(one.read_bytes() for one in town.config.instance_dir.rglob("*") if one.is_file())
            for secret in ("Amina", "100 OAK", "1990-01-01", card(1)):
                assert secret.encode() not in kept


class TestTheDayItCame:
    """Registration for 4 November 2025 closed on 14 October at 5 pm; in person one may register to the end."""

    def at(self, town):
        town.now = datetime(2025, 10, 20, 15, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("day", "clock", "status"),
        [("2025-10-13", "", 200), ("2025-10-14", "16:59", 200), ("2025-10-14", "17:00", 200),
         ("2025-10-14", "17:01", 422), ("2025-10-14", "", 422), ("2025-10-15", "", 422), ("2025-10-20", "", 422)],
    )  # fmt: skip
    def test_a_form_is_judged_by_the_minute_it_came(self, town, day, clock, status):
        self.at(town)
        answer = enter(town.signed_in("cleo"), received=day, received_time=clock)

        assert answer.status_code == status
        assert len(rows(town, "SELECT id FROM voter")) == (status == 200)

    def test_who_brings_it_in_person_is_in_time_as_the_law_of_that_day_says(self, town):
        self.at(town)
        closed = enter(town.signed_in("cleo"), received="2025-10-20")
        assert "Registration closed on October 14, 2025, 5:00 PM" in closed.text

        assert enter(town.signed_in("cleo"), received="2025-10-20", **SEEN).status_code == 200

    @pytest.mark.parametrize(
        ("day", "clock"), [("2025-09-02", ""), ("2025-09-01", "23:59"), ("2024-08-31", ""), ("1/9/2025", ""), ("", ""),
                           ("2025-09-01", "25:00"), ("2025-09-01", "now")]
    )  # fmt: skip
    def test_a_day_that_cannot_be_is_refused(self, shared, day, clock):
        refused(shared, "received(_time)?", received=day, received_time=clock)

    def test_today_needs_no_time(self, town, clerk):
        assert enter(clerk, received="2025-09-01").status_code == 200


class TestHomes:
    def test_a_place_described_gives_the_precinct_by_an_address_near_it_which_is_not_kept(self, town, clerk):
        enter(clerk, home="no-fixed", place="Under the bridge", address="200 elm st", unit=None)

        kept = record(town)
        assert (kept.home, kept.address) == ("no-fixed", "Under the bridge")
        assert "ELM" not in str(kept)
        assert rows(town, "SELECT split FROM voter") == [{"split": "B-2"}]

    def test_or_by_the_precinct(self, town, clerk):
        enter(clerk, home="program", place="PO Box 5, St. Paul", address=None, precinct="C-3")

        assert (record(town).address, rows(town, "SELECT split FROM voter")) == (
            "PO Box 5, St. Paul", [{"split": "C-3"}])  # fmt: skip

    def test_a_facility_is_kept_with_its_name_and_address(self, town, clerk):
        enter(clerk, home="facility", place="The Shelter", unit=None)

        assert (record(town).place, record(town).address) == ("The Shelter", "100 OAK ST")

    @pytest.mark.parametrize(
        ("changes", "field"),
        [({"address": ""}, "address"), ({"address": "100 oka street"}, "address"), ({"address": "\0"}, "address"),
         ({"home": "no-fixed"}, "place"), ({"home": "castle"}, "home"), ({"home": None}, "home"),
         ({"home": "no-fixed", "place": "X", "precinct": "Z-9"}, "precinct"),
         ({"home": "no-fixed", "place": "X", "address": ""}, "address")],
    )  # fmt: skip
    def test_a_home_that_gives_no_precinct_is_refused_at_its_field(self, shared, changes, field):
        refused(shared, field, **changes)


class TestBadInput:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [({"version": ""}, "version"), ({"version": "a b"}, "version"), ({"version": "x" * 65}, "version"),
         ({"form_language": "xx"}, "form_language"), ({"came": "flying"}, "came"), ({"name": ""}, "name"),
         ({"name": "🗳"}, "name"), ({"name": "x" * 300}, "name"), ({"birth_day": "31", "birth_month": "2"}, "birth_day"),
         ({"birth_year": "2030"}, "birth_year"), ({"since_year": ""}, "since_year"), ({"signed": None}, "signed"),
         ({"signed": "typed"}, "signed"), ({"proof": "sworn-statement"}, "proof"), ({"proof": ""}, "proof"),
         ({"seen_papers": "yes"}, "seen"), ({**SEEN, "proof": "vouching"}, "seen"),
         ({"birth_day": "", "birth_partly": "yes"}, "sworn-of-age"), ({"entry": "x"}, "version")],
    )  # fmt: skip
    def test_each_thing_wrong_is_told_at_its_field_and_what_was_typed_stays(self, shared, changes, field):
        refused(shared, field, **changes)

    def test_a_birth_date_known_in_part_is_entered_with_the_oath_of_age(self, town, clerk):
        assert (
            enter(
                clerk, birth_day="", birth_month="", birth_partly="yes", sworn="of-age", form_language="en"
            ).status_code
            == 200
        )
        assert (record(town).birth, record(town).sworn) == ("1990", ("of-age",))
        assert "I am old enough to vote on election day" in record(town).signed_copy

    def test_too_long_a_field_ends_the_request(self, shared):
        assert enter(shared.clerk, name="x" * 10_001).status_code == 413

    @given(sent=st.dictionaries(st.sampled_from([one for one in FIELDS if one != "entry"]), st.text(max_size=40)))
    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_no_answer_breaks_the_page(self, shared, sent):
        assert enter(shared.clerk, **{"signed": None, **sent}).status_code in {200, 422}


def test_only_a_clerk_enters_forms(town):
    reviewer = town.signed_in("rio")

    assert reviewer.get("/paper").status_code == 403
    assert 'href="/paper"' not in reviewer.get("/").text
    assert 'href="/paper"' in town.signed_in("cleo").get("/").text


def test_the_page_asks_for_no_kind_of_identity_paper(shared):
    page = shared.clerk.get("/paper").text.lower()

    assert "do not write down which they were" in page
    for word in ("passport", "licen", "consul", "citizen", "social security"):
        assert word not in page
