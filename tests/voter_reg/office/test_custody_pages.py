"""Approvals, demands, matches, elections and the log through the office's pages, over the real service."""

import re

import pytest
from sqlalchemy import text

from tests.voter_reg.office.town_office import town_office
from tests.voter_reg.town import DAY, Office, card
from voter_reg.roles import Role
from voter_reg.service import approvals, demands, elections
from voter_reg.service.actors import staff
from voter_reg.service.work import run
from voter_reg.store.db import db

ELECTION = "minneapolis-2025-11-04"


@pytest.fixture
def town(tmp_path, town_map):
    with town_office(tmp_path / "instance", town_map) as opened:
        for name, role in (
            ("ada", Role.PRIVACY_OFFICER),
            ("bo", Role.PRIVACY_OFFICER),
            ("cy", Role.COUNSEL),
            ("cleo", Role.CLERK),
            ("rio", Role.REVIEWER),
            ("ren", Role.REVIEWER),
        ):
            opened.enrol(name, role)
        with opened.app.app_context():
            elections.create("minneapolis", town_map, DAY, by=staff("cleo", "clerk"), now=opened.now)
        yield opened


def fresh(town, name, page):
    """Someone signed in who has confirmed that it is them, on their way to a page."""
    person = town.signed_in(name)
    assert town.confirm(person, name, page) == page
    return person


def enter(person, **changes):
    values = {"kind": "subpoena", "received": "2025-09-01", "sender": "A Bureau", "says": "All of it.",
              "scope": "everything", **changes}  # fmt: skip
    return person.send("/demands/new", **values)


def rows(town, statement):
    with town.app.app_context():
        found = [tuple(row) for row in db.session.execute(text(statement))]
        db.session.rollback()
    return found


class TestSuspending:
    def test_the_second_officers_approval_does_it_at_once(self, town):
        ask = f"/elections/{ELECTION}/ask/suspend"
        first = fresh(town, "ada", ask)
        sent = first.send(ask, reason="A court has ruled.")
        assert sent.location == "/approvals/q-00001?done=approved"
        assert "A second officer must approve" in first.get("/approvals/q-00001").text
        assert rows(town, "SELECT suspended FROM election") == [(0,)]

        second = fresh(town, "bo", "/approvals/q-00001")
        page = second.get("/approvals/q-00001").text
        assert "A court has ruled." in page
        done = second.send("/approvals/q-00001/approve", page="/approvals/q-00001")

        assert done.location == "/approvals/q-00001?done=done"
        assert rows(town, "SELECT suspended FROM election") == [(1,)]
        assert "Suspended" in second.get("/elections").text
        assert "Resume" in second.get("/elections").text

    def test_one_officer_alone_does_nothing_however_often(self, town):
        ask = f"/elections/{ELECTION}/ask/suspend"
        first = fresh(town, "ada", ask)
        for _ in range(2):
            first.send(ask, reason="A court has ruled.")
            first.send("/approvals/q-00001/approve", page="/approvals/q-00001")

        assert rows(town, "SELECT suspended FROM election") == [(0,)]
        assert first.client.post("/approvals/q-00001/carry-out").status_code == 400, "no token, nothing done"
        assert first.send("/approvals/q-00001/carry-out", page="/approvals/q-00001").status_code == 409

    def test_a_reason_is_asked_for_and_what_was_typed_is_kept(self, town):
        ask = f"/elections/{ELECTION}/ask/suspend"
        first = fresh(town, "ada", ask)
        empty = first.send(ask, reason=" ")
        long = first.send(ask, reason="x" * 501)

        assert (empty.status_code, "needs a reason" in empty.text.lower()) == (422, True)
        assert (long.status_code, "x" * 501 in long.text) == (422, True)

    def test_a_refused_request_is_over(self, town):
        ask = f"/elections/{ELECTION}/ask/suspend"
        fresh(town, "ada", ask).send(ask, reason="A court has ruled.")
        second = fresh(town, "bo", "/approvals/q-00001")
        second.send("/approvals/q-00001/refuse", page="/approvals/q-00001")

        assert "Refused" in second.get("/approvals").text
        assert rows(town, "SELECT suspended FROM election") == [(0,)]

    def test_unknown_elections_kinds_and_requests_are_not_there(self, town):
        ada = fresh(town, "ada", "/approvals/q-00099")
        for path in ("/approvals/q-00099", "/elections/nowhere/ask/suspend", f"/elections/{ELECTION}/ask/burn"):
            assert ada.get(path).status_code == 404


class TestDemands:
    def test_a_demand_from_its_coming_to_its_close(self, town):
        clerk = town.signed_in("cleo")
        assert enter(clerk).location == "/demands?done=logged"
        assert "A Bureau" not in clerk.get("/demands").text
        assert clerk.get("/demands/d-00001").status_code == 403
        counsel = town.signed_in("cy")
        assert "A Bureau" in counsel.get("/demands/d-00001").text
        assert counsel.send("/demands/d-00001/decide", page="/demands/d-00001", decision="refuse").status_code == 303
        counsel.send("/demands/d-00001/told", page="/demands/d-00001", told="forbidden")
        officer = fresh(town, "ada", "/demands/d-00001/release")
        asked = officer.send("/demands/d-00001/release", reason="Withdrawn.")
        assert asked.location == "/approvals/q-00001?done=approved"
        second = fresh(town, "bo", "/approvals/q-00001")
        second.send("/approvals/q-00001/approve", page="/approvals/q-00001")
        with Office(town.config, town.now).open() as office:
            for (job_id,) in rows(town, "SELECT id FROM job WHERE state = 'queued' ORDER BY id"):
                run(job_id, office.bench)
        assert "Released" in officer.get("/demands/d-00001").text
        closed = officer.send("/demands/d-00001/close", page="/demands/d-00001")

        assert closed.location == "/demands/d-00001?done=closed"
        assert "This demand is closed" in officer.get("/demands/d-00001").text

    def test_reading_one_is_logged_each_time(self, town):
        enter(town.signed_in("cleo"))
        counsel = town.signed_in("cy")
        for _ in range(2):
            counsel.get("/demands/d-00001")

        logged = rows(town, "SELECT actor, role FROM log_entry WHERE action = 'read-demand'")
        assert logged == [("staff:cy", "counsel")] * 2

    def test_who_is_not_counsel_has_no_way_to_decide(self, town):
        enter(town.signed_in("cleo"))
        officer = town.signed_in("ada")
        assert "What does counsel decide?" not in officer.get("/demands/d-00001").text

        assert officer.send("/demands/d-00001/decide", page="/demands/d-00001", decision="comply").status_code == 403

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"kind": "letter"}, "Choose what it is."),
            ({"received": "yesterday"}, "Enter the day it came"),
            ({"received": "2099-01-01"}, "Enter the day it came"),
            ({"sender": " "}, "Enter who makes it."),
            ({"scope": "all"}, "A scope is everything"),
            ({"scope": "election:nowhere"}, "No such election"),
        ],
    )
    def test_what_is_missing_is_said_and_what_was_typed_is_kept(self, town, changes, says):
        answer = enter(town.signed_in("cleo"), **changes)

        assert answer.status_code == 422
        assert says in answer.text
        assert "All of it." in answer.text
        with town.app.app_context():
            assert demands.register() == []

    @pytest.mark.parametrize(
        "values",
        [
            {"records": "-1", "people": "1"},
            {"records": "x", "people": ""},
            {"records": "1", "people": "2"},
            {"records": "9" * 50, "people": "1"},
        ],
    )
    def test_counts_that_are_none_are_refused(self, town, values):
        enter(town.signed_in("cleo"))
        counsel = town.signed_in("cy")
        counsel.send("/demands/d-00001/decide", page="/demands/d-00001", decision="comply")

        assert counsel.send("/demands/d-00001/disclosed", page="/demands/d-00001", **values).status_code == 422


class TestMatches:
    @pytest.fixture
    def match(self, town):
        with Office(town.config, town.now).open() as office:
            for number, name in ((1, "Amina Yusuf"), (2, "Yusuf Amina")):
                office.register(card(number), name=name)
            for _, job_id in office.sent:
                run(job_id, office.bench)
        ((found,),) = rows(town, "SELECT id FROM match")
        return found

    def test_two_reviewers_say_one_person_and_two_give_it_back(self, town, match):
        rio, ren = town.signed_in("rio"), town.signed_in("ren")
        assert "Amina" not in rio.get("/matches").text
        page = rio.get(f"/matches/{match}").text
        assert "Amina Yusuf" in page
        assert "Yusuf Amina" in page
        assert rows(town, "SELECT count(*) FROM log_entry WHERE action = 'match-review'") == [(2,)]
        same = {"reason": "same/person-said-so"}
        assert rio.send(f"/matches/{match}/decide", page=f"/matches/{match}", **same).location.endswith("same-asked")
        assert rio.send(f"/matches/{match}/decide", page="/account", **same).status_code == 422, "not the same reviewer"
        assert rows(town, "SELECT state FROM voter ORDER BY state") == [("active",), ("active",)]
        assert ren.send(f"/matches/{match}/decide", page=f"/matches/{match}", **same).location.endswith("done=same")
        assert rows(town, "SELECT state FROM voter ORDER BY state") == [("active",), ("held",)]

        again = {"reason": "person-appealed"}
        ren.send(f"/matches/{match}/reopen", page=f"/matches/{match}", **again)
        rio.send(f"/matches/{match}/reopen", page=f"/matches/{match}", **again)

        assert rows(town, "SELECT state FROM voter ORDER BY state") == [("active",), ("active",)]

    def test_two_people_is_settled_by_one_reviewer(self, town, match):
        rio = town.signed_in("rio")
        rio.send(f"/matches/{match}/decide", page=f"/matches/{match}", reason="different/twins-or-siblings")

        assert "Nothing waits" in rio.get("/matches").text
        assert "This match is settled" in rio.get(f"/matches/{match}").text

    @pytest.mark.parametrize("reason", ["", "same", "same/nothing", "different/person-said-so", "burn/it"])
    def test_an_answer_that_is_none_changes_nothing(self, town, match, reason):
        rio = town.signed_in("rio")
        answer = rio.send(f"/matches/{match}/decide", page=f"/matches/{match}", reason=reason)

        assert answer.status_code == 422
        assert rows(town, "SELECT state FROM match") == [("open",)]

    def test_a_match_that_is_not_there_is_not_found(self, town):
        assert town.signed_in("rio").get("/matches/ffff").status_code == 404


class TestTheLog:
    def test_a_checkpoint_is_signed_and_shown(self, town):
        ada = town.signed_in("ada")
        ada.send("/log/checkpoint", page="/log")

        assert re.search(r"Entries</dt><dd>\d+", ada.get("/log").text)

    def test_who_looked_at_a_record(self, town):
        with Office(town.config, town.now).open() as office:
            office.register(card(1))
        ((voter,),) = rows(town, "SELECT id FROM voter")
        ada = town.signed_in("ada")

        told = ada.send("/log/who", page="/log", voter=voter)

        assert "You registered." in told.text
        assert "staff:" not in told.text

    @pytest.mark.parametrize("voter", ["", "x" * 32, "0" * 31, "' OR 1=1 --"])
    def test_what_is_no_records_id_is_refused(self, town, voter):
        assert town.signed_in("ada").send("/log/who", page="/log", voter=voter).status_code == 422


class TestRolesThatOthersRelyOn:
    def test_an_administrator_alone_makes_no_officer_once_there_are_two(self, town):
        town.enrol("fay", Role.ADMINISTRATOR)
        fay = fresh(town, "fay", "/people/invite")
        refused = fay.send("/people/invite", name="mal", roles=["privacy-officer"])
        assert (refused.status_code, "q-00001" in refused.text) == (422, True)
        assert rows(town, "SELECT count(*) FROM staff_account WHERE name = 'mal'") == [(0,)]
        with town.app.app_context():
            for name in ("ada", "bo"):
                approvals.approve("q-00001", by=staff(name, "privacy-officer"), now=town.now)

        other = fay.send("/people/invite", name="mal", roles=["counsel"])
        assert other.status_code == 422, "the approval is for other roles"
        assert "/staff/link/" in fay.send("/people/invite", name="mal", roles=["privacy-officer"]).text
        again = fay.send("/people/invite", name="mal2", roles=["privacy-officer"])
        assert again.status_code == 422, "and for one name, once"


GOOD = {"document": "Ordinance 2025-1", "href": "https://example.org/law", "adopted": "2025-06-01",
        "retention_document": "Resolution 2", "retention_approved": "2025-06-02"}  # fmt: skip


class TestAuthorising:
    def test_counsel_enters_it(self, town):
        counsel = fresh(town, "cy", "/elections/authorise")

        assert counsel.send("/elections/authorise", **GOOD).location == "/elections?done=authorised"
        assert rows(town, "SELECT document, recorded_by FROM authorisation") == [("Ordinance 2025-1", "staff:cy")]

    @pytest.mark.parametrize(
        "changes", [{"document": ""}, {"href": "ftp://x"}, {"adopted": "soon"}, {"adopted": "2099-01-01"}]
    )
    def test_what_is_wrong_is_said_and_nothing_is_entered(self, town, changes):
        counsel = fresh(town, "cy", "/elections/authorise")
        answer = counsel.send("/elections/authorise", **{**GOOD, **changes})

        assert answer.status_code == 422
        assert rows(town, "SELECT count(*) FROM authorisation") == [(0,)]
