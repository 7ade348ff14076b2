"""The pages of one's own record, over the real service and without scripts."""

import re
import time
from html import unescape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tests.voter_reg.officers import CLERK
from tests.voter_reg.portal.conftest import Person, hidden
from tests.voter_reg.service.own_person import CARD, actions, hold, run_jobs
from tests.voter_reg.town import ANSWERS, DAY, Registry, card
from voter_reg.apps import create_portal
from voter_reg.portal.record_desk import record
from voter_reg.service import elections, matches, own_papers, rosters
from voter_reg.store.db import db

ELECTION = "minneapolis-2025-11-04"
BORN = {"birth_month": "1", "birth_day": "1", "birth_year": "1990"}
GETS = ("/record/ballot", "/record/looks", "/record/card", "/record/address", "/record/name", "/record/dates",
        "/record/contact", "/record/papers", "/record/letters", "/record/leave")  # fmt: skip
OUTING = re.compile(r"non-?citizen|\balien|immigrant|undocumented|foreign", re.IGNORECASE)
PROMISES = re.compile(r"\b(safe|safely|anonymous|erased?)\b", re.IGNORECASE)


@pytest.fixture
def registry():
    return Registry({card(8): "not_confirmed", card(9): "unavailable"})


@pytest.fixture
def portal(config, office, registry, town_map):
    elections.create("minneapolis", town_map, DAY, by=CLERK, now=office.now)
    return create_portal(config, clock=office.clock, verifier=registry)


@pytest.fixture
def me(portal, office):
    person = Person(portal.test_client())
    person.code = office.register(CARD).code
    run_jobs(office)
    return person


def sign_in(person, code=None, **values):
    return person.send("/record", code=code or person.code, **{**BORN, **values})


def signed_in(person):
    answer = sign_in(person)
    assert (answer.status_code, answer.location) == (303, "/record")
    return person.get("/record").text


def visible(html):
    html = re.sub(r'<div class="law">.*?</div>|<(head|style|script).*?</\1>', "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def without_tokens(html):
    return re.sub(r'name="csrf_token" value="[^"]*"', "", html)


class TestSigningIn:
    @pytest.mark.both_databases
    def test_it_shows_how_the_record_stands_and_what_is_open(self, me):
        shown = visible(signed_in(me))

        assert "You are registered in the demonstration" in shown
        assert "Council Member" in shown
        assert "Your precinct is A-1." in shown
        assert "This website does not know the polling places." in shown
        assert "Amina Yusuf" in shown
        assert me.code not in shown

    def test_every_page_is_found_from_the_start_page(self, me):
        assert '<a href="/record">' in me.get("/").text
        shown = signed_in(me)
        for path in (
            "/record/ballot",
            "/record/papers",
            "/record/looks",
            "/record/leave",
            "/record/address",
            "/record/name",
        ):
            assert f'href="{path}' in shown

    def test_every_page_has_the_button_to_leave_the_site_and_outs_nobody(self, me):
        signed_in(me)
        for path in ("/record", *GETS):
            answer = me.get(path)
            assert answer.status_code == 200 or (path, answer.status_code) == ("/record/card", 303)
            if answer.status_code == 200:
                assert 'action="/leave"' in answer.text
                assert "<h1>" in answer.text
                said = visible(answer.text).replace("Immigrant Law Center of Minnesota", "")
                assert not OUTING.search(said)
                assert not PROMISES.search(said)

    def test_all_that_is_wrong_gets_one_page(self, portal, office, me):
        gone = office.register(card(2)).code
        other = Person(portal.test_client())
        other.code = gone
        signed_in(other)
        other.send("/record/leave", sure="yes")
        said = set()
        for code, values in (("7K2M9-QX4TB", {}), (me.code, {"birth_year": "1991"}), (gone, {})):
            answer = sign_in(Person(portal.test_client()), code, **values)
            assert answer.status_code == 422
            said.add(without_tokens(answer.text).replace(f'value="{code}"', "").replace('value="1991"', 'value="1990"'))

        assert len(said) == 1
        assert "We cannot open a registration with this code and this birth date." in said.pop()

    def test_all_that_is_wrong_takes_the_same_time(self, config, office, registry, portal, me):
        slow = create_portal(
            config.__class__(**{**vars_of(config), "card_answer_seconds": 0.25}), clock=office.clock, verifier=registry
        )
        for code, year in ((me.code, "1990"), (me.code, "1991"), ("7K2M9-QX4TB", "1990")):
            person = Person(slow.test_client())
            sent = {**hidden(person.get("/record")), "code": code, **BORN, "birth_year": year}
            began = time.perf_counter()
            person.client.post("/record", data=sent)
            assert time.perf_counter() - began >= 0.25

    def test_too_many_tries_are_told_honestly(self, me):
        for _ in range(5):
            sign_in(me, birth_year="1991")
        answer = sign_in(me)

        assert answer.status_code == 429
        assert "Try again at September 1, 2025, 12:01 PM." in visible(answer.text)

    def test_mistakes_in_the_date_cost_no_try_and_keep_what_was_typed(self, me):
        for _ in range(7):
            answer = sign_in(me, birth_day="32")
            assert answer.status_code == 422
        assert f'value="{me.code}"' in answer.text
        assert sign_in(me).status_code == 303

    def test_the_cookie_is_random_bound_to_the_host_and_goes_with_the_browser(self, me):
        (cookie,) = [one for one in sign_in(me).headers.getlist("Set-Cookie") if one.startswith("__Host-record")]

        parts = {part.strip() for part in cookie.split(";")}
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= parts
        assert not any(part.startswith(("Expires", "Max-Age", "Domain")) for part in parts)
        assert len(cookie.split(";")[0].partition("=")[2]) == 43

    def test_signing_in_again_ends_the_session_before(self, me):
        signed_in(me)
        old = me.client.get_cookie("__Host-record").value
        me.client.delete_cookie("__Host-record")
        me.client.set_cookie("__Host-record", old)
        sent = {**hidden(me.get("/")), **hidden(me.get("/record/papers")), "code": me.code, **BORN}
        assert me.client.post("/record", data=sent).status_code == 303

        assert db.session.execute(text("SELECT count(*) FROM own_session")).scalar_one() == 1


def vars_of(config):
    return {name: getattr(config, name) for name in config.__dataclass_fields__}


class TestWhoIsNotSignedIn:
    def test_every_page_leads_to_the_one_to_sign_in(self, portal):
        stranger = Person(portal.test_client())

        assert {stranger.get(path).location for path in GETS} == {"/record"}

    def test_a_cookie_that_opens_nothing_is_like_none(self, portal):
        for cookie in ("", "x", "0" * 43, "é" * 43, "../../etc/passwd", "a" * 4000):
            client = portal.test_client()
            client.set_cookie("__Host-record", cookie)
            assert "Confirmation code" in client.get("/record").text
            assert client.get("/record/looks").location == "/record"

    def test_every_route_but_the_first_asks_for_a_session(self, portal):
        rules = [rule for rule in portal.url_map.iter_rules() if rule.endpoint.startswith(f"{record.name}.")]
        open_to_all = {
            rule.endpoint for rule in rules if not getattr(portal.view_functions[rule.endpoint], "is_own", False)
        }

        assert open_to_all == {"record.home", "record.sign_in"}
        assert all(getattr(portal.view_functions[rule.endpoint], "is_public", False) for rule in rules)
        assert len(rules) > 15

    def test_every_post_is_refused_without_a_session_and_changes_nothing(self, portal, me):
        stranger = Person(portal.test_client())
        token = hidden(stranger.get("/record"))
        before = len(actions())
        for rule in portal.url_map.iter_rules():
            if rule.endpoint.startswith("record.") and "POST" in rule.methods and rule.rule != "/record":
                assert stranger.client.post(rule.rule, data={**token, "sure": "yes"}).location == "/record", rule.rule
        assert len(actions()) == before

    def test_after_fifteen_minutes_the_page_to_sign_in_comes_back(self, me, office):
        signed_in(me)
        office.later(minutes=15)

        assert me.get("/record/name").location == "/record"
        assert "Confirmation code" in me.get("/record").text

    def test_leaving_the_site_ends_the_session_on_the_server_too(self, me):
        signed_in(me)
        token = me.client.get_cookie("__Host-record").value
        assert me.send("/leave", page="/record").location == "/left"
        me.client.set_cookie("__Host-record", token)

        assert me.get("/record/looks").location == "/record"


class TestStates:
    def test_who_waits_for_papers_is_told_until_when(self, portal, office):
        person = Person(portal.test_client())
        person.code = office.register(None).code
        shown = visible(signed_in(person))

        assert "You are not on the list yet" in shown
        assert "The last day for the next election is Tuesday, November 4, 2025" in shown

    def test_a_double_is_told_when_and_never_why(self, portal, office, me):
        person = Person(portal.test_client())
        person.code = office.register(CARD, name="Other Person").code
        run_jobs(office)
        shown = visible(signed_in(person))

        by = (office.now + matches.REVIEW_WITHIN).date()
        assert f"They are done by Thursday, September {by.day}, 2025" in shown
        for told in ("Municipal ID is", "another registration", "same person", "double"):
            assert told not in shown.replace("This registration", "")

    def test_a_sample_ballot_says_what_it_is_and_names_no_candidates(self, me):
        signed_in(me)
        shown = visible(me.get("/record/ballot").text)

        assert "It is not a ballot" in shown
        assert "You may rank up to 3 candidates." in shown
        assert "does not know who the candidates are" in shown

    def test_who_has_looked_is_shown_newest_first_with_this_look(self, me):
        signed_in(me)
        shown = visible(me.get("/record/looks").text)

        assert "asked who had looked at this record" in shown
        assert shown.index("asked who had looked") < shown.index("You registered.")

    def test_looking_is_logged_before_it_is_shown(self, me, monkeypatch):
        signed_in(me)

        def broken(*_):
            raise RuntimeError

        me.client.application.config["PROPAGATE_EXCEPTIONS"] = False
        monkeypatch.setattr("voter_reg.service.own_view.RECORD.open", broken)
        before = len(actions())
        assert me.get("/record").status_code == 500
        assert actions()[before:] == ["look"]


class TestChanges:
    def test_a_move_asks_which_address_keeps_what_was_typed_and_needs_a_card(self, me, registry, office):
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
        assert registry.asked[-1] == (CARD, "1990-01-01", "100 ASH ST")

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
        assert me.send("/record/contact", mail_to="PO Box 9").location == "/record"
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

    @pytest.mark.both_databases
    def test_both_ways_leave_the_same_rows_and_the_same_log(self, portal, office):
        traces = []
        for number, values in ((4, {"sure": "yes"}), (5, {"then": "onward"})):
            person = Person(portal.test_client())
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

    def test_a_legal_demand_changes_no_word(self, me, office, portal):
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
