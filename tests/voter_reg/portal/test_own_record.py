"""The pages of one's own record: signing in, what a stranger learns, and how a record stands."""

import re
import time
from dataclasses import replace

import pytest
from sqlalchemy import text

from tests.voter_reg.officers import CLERK
from tests.voter_reg.portal.conftest import Person, hidden
from tests.voter_reg.portal.own_pages import BORN, GETS, sign_in, signed_in, visible, without_tokens
from tests.voter_reg.service.own_person import CARD, actions, run_jobs
from tests.voter_reg.town import card
from voter_reg.apps import create_portal
from voter_reg.portal.record_desk import record
from voter_reg.service import matches, polling_places
from voter_reg.service.polling_places import PollingPlace
from voter_reg.service.shelf import open_on
from voter_reg.store.db import db

ELECTION = "minneapolis-2025-11-04"
OUTING = re.compile(r"non-?citizen|\balien|immigrant|undocumented|foreign", re.IGNORECASE)
PROMISES = re.compile(r"\b(safe|safely|anonymous|erased?)\b", re.IGNORECASE)


class TestSigningIn:
    @pytest.mark.both_databases
    def test_it_shows_how_the_record_stands_and_what_is_open(self, me):
        shown = visible(signed_in(me))

        assert "You are registered in the demonstration" in shown
        assert "Council Member" in shown
        assert "Your precinct is A-1." in shown
        assert "This website does not know your polling place for Tuesday, November 4, 2025 yet." in shown
        assert "Amina Yusuf" in shown
        assert me.code not in shown

    def test_where_one_votes_stands_there_and_on_the_sample_ballot(self, me, office):
        places = [
            PollingPlace(f"{row}-{column}", f"School {row}{column}", "1 Main St", "Ring at the side.")
            for row in "ABC"
            for column in (1, 2, 3)
        ]
        polling_places.assign(open_on(office.shelf, ELECTION), places, by=CLERK, now=office.now)
        shown = visible(signed_in(me))

        assert "On Tuesday, November 4, 2025 you would vote here: School A1 1 Main St Ring at the side." in shown
        assert "does not know your polling place" not in shown
        assert "At the polling place School A1 1 Main St" in visible(me.get("/record/ballot").text)
        assert "Your polling place School B2 1 Main St" in visible(me.get("/contests/B-2").text)
        assert "Rau hnub" in me.get("/record?lang=hmn").text

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

    def test_all_that_is_wrong_gets_one_page(self, own_portal, office, me):
        gone = office.register(card(2)).code
        other = Person(own_portal.test_client())
        other.code = gone
        signed_in(other)
        other.send("/record/leave", sure="yes")
        said = set()
        for code, values in (("7K2M9-QX4TB", {}), (me.code, {"birth_year": "1991"}), (gone, {})):
            answer = sign_in(Person(own_portal.test_client()), code, **values)
            assert answer.status_code == 422
            said.add(without_tokens(answer.text).replace(f'value="{code}"', "").replace('value="1991"', 'value="1990"'))

        assert len(said) == 1
        assert "We cannot open a registration with this code and this birth date." in said.pop()

    def test_all_that_is_wrong_takes_the_same_time(self, config, office, own_registry, own_portal, me):
        slow = create_portal(replace(config, card_answer_seconds=0.25), clock=office.clock, verifier=own_registry)
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


class TestWhoIsNotSignedIn:
    def test_every_page_leads_to_the_one_to_sign_in(self, own_portal):
        stranger = Person(own_portal.test_client())

        assert {stranger.get(path).location for path in GETS} == {"/record"}

    def test_a_cookie_that_opens_nothing_is_like_none(self, own_portal):
        for cookie in ("", "x", "0" * 43, "é" * 43, "../../etc/passwd", "a" * 4000):
            client = own_portal.test_client()
            client.set_cookie("__Host-record", cookie)
            assert "Confirmation code" in client.get("/record").text
            assert client.get("/record/looks").location == "/record"

    def test_every_route_but_the_first_asks_for_a_session(self, own_portal):
        rules = [rule for rule in own_portal.url_map.iter_rules() if rule.endpoint.startswith(f"{record.name}.")]
        open_to_all = {
            rule.endpoint for rule in rules if not getattr(own_portal.view_functions[rule.endpoint], "is_own", False)
        }

        assert open_to_all == {"record.home", "record.sign_in"}
        assert all(getattr(own_portal.view_functions[rule.endpoint], "is_public", False) for rule in rules)
        assert len(rules) > 15

    def test_every_post_is_refused_without_a_session_and_changes_nothing(self, own_portal, me):
        stranger = Person(own_portal.test_client())
        token = hidden(stranger.get("/record"))
        before = len(actions())
        for rule in own_portal.url_map.iter_rules():
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
    def test_who_waits_for_papers_is_told_until_when(self, own_portal, office):
        person = Person(own_portal.test_client())
        person.code = office.register(None).code
        shown = visible(signed_in(person))

        assert "You are not on the list yet" in shown
        assert "The last day for the next election is Tuesday, November 4, 2025" in shown
        assert "One of these is enough: One paper that shows both who you are and where you live." in shown

    def test_a_double_is_told_when_and_never_why(self, own_portal, office, me):
        person = Person(own_portal.test_client())
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
