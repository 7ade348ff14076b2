"""The pages of one's own record: correcting it, own papers, and leaving the list."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tests.voter_reg.officers import CLERK
from tests.voter_reg.portal.conftest import SIGN, Person, hidden
from tests.voter_reg.portal.own_pages import GETS, sign_in, signed_in, visible, without_tokens
from tests.voter_reg.service.own_person import CARD, hold, run_jobs
from tests.voter_reg.town import card
from voter_reg.service import own_papers, rosters
from voter_reg.store.db import db

ELECTION = "minneapolis-2025-11-04"


def finished(portal, number):
    """A person who has just registered in their browser, with their code."""
    person = Person(portal.test_client())
    person.accept()
    person.live_at("100 oak street")
    person.be()
    person.show_card(number)
    person.send("/review", **SIGN)
    person.code = person.get("/done").text.split('<p class="code">')[1].split("<")[0]
    return person


class TestChanges:
    def test_a_move_asks_which_address_keeps_what_was_typed_and_needs_a_card(self, me, own_registry, office):
        signed_in(me)
        answer = me.send("/record/address", address="100 ahs street", signed="Amina")
        assert answer.status_code == 422
        assert 'name="choice" value="100 ASH ST"' in answer.text
        assert me.send("/record/address", address="100 ash street", signed="").status_code == 422
        assert me.send("/record/address", choice="100 ASH ST", signed="Amina").location == "/record/card"
        assert "You are not on the list yet" in me.get("/record").text

        assert me.send("/record/card", card=card(8)).status_code == 422
        assert me.send("/record/card", card=card(9)).status_code == 503
        assert me.send("/record/card", card="12").status_code == 422
        assert me.send("/record/card", card=CARD).location == "/record"
        run_jobs(office)
        shown = visible(me.get("/record").text)
        assert "You are registered" in shown
        assert "Your precinct is C-1." in shown
        assert own_registry.asked[-1] == (CARD, "1990-01-01", "100 ASH ST")

    def test_an_address_that_only_finds_the_precinct_is_not_kept(self, me):
        signed_in(me)
        page, home = "/record/address?home=program", "program"
        sent = {"place": "PO Box 17", "address": "104 ash street", "signed": "Amina"}
        assert me.send("/record/address", page=page, home=home, **sent).location == "/record/card"

        shown = visible(me.get("/record").text)
        assert "PO Box 17" in shown
        assert "104 ASH" not in shown

    def test_a_name_is_read_by_the_forms_own_rules(self, me):
        signed_in(me)
        for name, problem in (
            ("", "Enter your name"),
            ("😀", "emoji"),
            ("1", "at least one letter"),
            ("x" * 201, "too long"),
        ):
            answer = me.send("/record/name", name=name, signed="Amina")
            assert answer.status_code == 422
            assert problem in answer.text
        answer = me.send("/record/name", name="Amina\u202e  Warsame", signed="")
        assert "Type your name to sign this change." in answer.text
        assert me.send("/record/name", name="Amina\u202e  Warsame", sort_name="", signed="Amina").location == "/record"
        assert "<bdi>Amina Warsame</bdi>" in me.get("/record").text

    def test_dates_and_contact(self, me):
        signed_in(me)
        dates = {"birth_month": "1", "birth_day": "1", "birth_year": "1990", "since_month": "4", "since_year": "2014"}
        assert me.send("/record/dates", **{**dates, "since_year": "1980"}, signed="A").status_code == 422
        assert me.send("/record/dates", **dates, signed="A").location == "/record"
        assert me.send("/record/contact", mail_to="PO Box 9\nMinneapolis MN 55401").location == "/record"
        shown = visible(me.get("/record").text)
        assert "April 2014" in shown
        assert "PO Box 9" in shown

    def test_another_tab_that_was_faster_is_told_of(self, me):
        signed_in(me)
        old = hidden(me.get("/record/name"))
        me.send("/record/name", name="First", signed="A")
        answer = me.client.post("/record/name", data={**old, "name": "Second", "signed": "A"})

        assert answer.status_code == 409
        assert 'value="Second"' in answer.text
        assert 'id="newer"' in answer.text
        again = me.client.post("/record/name", data={**hidden(answer), "name": "Second", "signed": "A"})
        assert again.location == "/record"

    def test_no_address_and_no_name_stands_in_an_address_of_a_page(self, me):
        signed_in(me)
        for path, values in (
            ("/record/name", {"name": "Zed", "signed": "Zed"}),
            ("/record/address", {"address": "100 ash street", "signed": "Zed"}),
        ):
            assert re.fullmatch(r"/record(/card)?", me.send(path, **values).location)


class TestPapers:
    def test_the_form_comes_byte_for_byte(self, me):
        signed_in(me)
        answer = me.send("/record/papers")

        assert answer.mimetype == "text/html"
        assert 'filename="my-papers.html"' in answer.headers["Content-Disposition"]
        assert answer.headers["Cache-Control"] == "no-store"
        assert me.code in answer.text

    def test_on_a_shared_device_no_file_is_left_behind(self, me):
        signed_in(me)
        me.client.set_cookie("__Host-shared", "yes")

        assert "a file would stay here" in me.get("/record/leave").text
        assert me.send("/record/papers").headers["Content-Disposition"].startswith("inline;")

    def test_letters_come_after_the_word_of_a_lawyer_and_voting_needs_more(self, me, office):
        signed_in(me)
        assert "Show your lawyer first" in me.get("/record/letters").text
        assert me.send("/record/letters", letter="rules").status_code == 422
        assert me.send("/record/letters", letter="everything", lawyer="yes").status_code == 422
        assert "Amina" not in me.send("/record/letters", letter="rules", lawyer="yes").text
        assert "Amina" in me.send("/record/letters", letter="registration", lawyer="yes").text
        assert me.send("/record/letters", letter="voting", lawyer="yes").status_code == 422
        wrong = me.send("/record/letters", letter="voting", lawyer="yes", shown=card(2))
        assert wrong.status_code == 422
        assert card(2) not in wrong.text
        assert "no record of whether" in me.send("/record/letters", letter="voting", lawyer="yes", shown=CARD).text
        voter_id = db.session.execute(text("SELECT voter_id FROM own_session")).scalar_one()
        code = own_papers.give_code(office.vault, voter_id, by=CLERK, now=office.now)
        assert me.send("/record/letters", letter="voting", lawyer="yes", shown=code).status_code == 200


class TestLeavingTheList:
    def test_papers_come_first_and_it_says_what_goes_and_what_stays(self, me, office):
        rosters.freeze(office.vault, office.shelf, ELECTION, by=CLERK, now=office.now)
        signed_in(me)
        shown = visible(me.get("/record/leave").text)

        assert shown.index("First, get your own papers") < shown.index("What is removed now")
        assert "kept locked until the end of September 2027" in shown
        assert "204B.40" in shown
        assert "at the latest after November 2029" in shown
        assert "A legal demand, such as a court order, can stop the removal" in shown

    def test_it_needs_one_tick_and_then_the_code_opens_nothing(self, me):
        signed_in(me)
        assert me.send("/record/leave").status_code == 422
        answer = me.send("/record/leave", sure="yes")

        assert answer.status_code == 200
        assert "You have left the list" in answer.text
        assert "State form" not in answer.text
        assert me.get("/record/papers").location == "/record"
        assert sign_in(me).status_code == 422

    def test_with_the_second_button_it_is_one_step_and_the_warning_comes_first(self, me):
        signed_in(me)
        answer = me.send("/record/leave", then="onward")
        shown = visible(answer.text)

        warning = "Only U.S. citizens may sign a State form. Never sign one to fix a problem here."
        assert warning in shown
        assert shown.index(warning) < shown.index("register with the State")
        assert 'href="/record' not in re.sub(r"<footer>.*", "", answer.text, flags=re.DOTALL)

    def test_the_form_that_was_finished_in_this_browser_is_forgotten(self, own_portal):
        person = finished(own_portal, card(6))
        signed_in(person)
        assert person.code in person.get("/copy").text

        person.send("/record/leave", sure="yes")
        assert (person.get("/done").status_code, person.get("/copy").status_code) == (404, 404)

    def test_the_form_that_another_finished_in_this_browser_stays(self, me, own_portal):
        person = finished(own_portal, card(6))
        sign_in(person, code=me.code)
        person.send("/record/leave", sure="yes")

        assert person.code in person.get("/done").text

    @pytest.mark.both_databases
    def test_both_ways_leave_the_same_rows_and_the_same_log(self, own_portal, office):
        traces = []
        for number, values in ((4, {"sure": "yes"}), (5, {"then": "onward"})):
            person = Person(own_portal.test_client())
            person.code = office.register(card(number)).code
            run_jobs(office)
            signed_in(person)
            answer = person.send("/record/leave", **values)
            assert (answer.status_code, answer.request.path, answer.request.query_string) == (200, "/record/leave", b"")
            db.session.rollback()
            tables = db.metadata.tables
            counts = {name: db.session.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one() for name in tables}
            logged = db.session.execute(
                text("SELECT actor, role, purpose, action, count FROM log_entry ORDER BY id")
            ).all()
            traces.append((counts, [tuple(row) for row in logged]))

        (first, first_log), (second, second_log) = traces
        added = {name: second[name] - first[name] for name in first if name not in {"log_entry", "job", "draft"}}
        assert set(added.values()) == {0}
        half = len(first_log) - 1  # the election's own entry is before both
        assert second_log[-half:] == first_log[-half:]

    def test_a_legal_demand_changes_no_word(self, me, office, own_portal):
        signed_in(me)
        without = without_tokens(me.get("/record/leave").text)
        hold(office)
        run_jobs(office)

        assert without_tokens(me.get("/record/leave").text) == without
        assert "You have left the list" in me.send("/record/leave", sure="yes").text

    def test_leaving_is_open_while_an_election_is_suspended(self, me, office):
        signed_in(me)
        db.session.execute(text("UPDATE election SET suspended = true"))
        db.session.commit()
        office.later(seconds=2)

        assert me.get("/address").status_code == 503
        assert "has paused this election" in me.get("/record").text
        assert "You have left the list" in me.send("/record/leave", sure="yes").text


FIELDS = ("code", "birth_month", "birth_day", "birth_year", "birth_partly", "since_month", "since_year", "name",
          "sort_name", "signed", "address", "unit", "choice", "place", "home", "email", "mail_to", "language", "card",
          "letter", "lawyer", "shown", "sure", "then", "version")  # fmt: skip
ODD = st.one_of(
    st.text(max_size=40), st.sampled_from(["\x00", "yes", "😀" * 99, "9999", "\u202e", "in-so", "x" * 10_000])
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(path=st.sampled_from(["/record", *GETS]), sent=st.dictionaries(st.sampled_from(FIELDS), ODD, max_size=8))
def test_whatever_is_sent_gets_an_answer_in_plain_words(me, path, sent):
    if me.get("/record/papers").status_code != 200:
        sign_in(me)
    token = hidden(me.get("/record/papers")) or hidden(me.get("/record"))

    answer = me.client.post(path, data={**token, **sent, "sure": ""})

    assert answer.status_code in {200, 303, 405, 409, 422, 429, 503}
