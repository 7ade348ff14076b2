"""At the counter: a clerk compares a registrant with their record, and gives a code for one letter, shown once."""

import re

import pytest
from sqlalchemy import text

from eligibility import load_pack
from tests.voter_reg.office.test_paper import enter
from tests.voter_reg.office.town_office import TownOffice
from tests.voter_reg.town import install
from voter_reg.roles import Role
from voter_reg.service import own_papers
from voter_reg.store.db import db


@pytest.fixture
def town(tmp_path, town_map):
    opened = TownOffice(install(tmp_path / "instance", town_map, OFFICE_SECRET="o" * 40))
    opened.enrol("cleo", Role.CLERK)
    return opened


@pytest.fixture
def clerk(town):
    return town.signed_in("cleo")


def code_in(answer):
    return re.search(r'class="code">([^<]+)<', answer.text)[1]


def test_the_record_is_logged_before_it_is_shown_and_the_code_opens_the_letter_once(town, clerk):
    confirmation = code_in(enter(clerk))
    page = clerk.send("/counter", page="/counter", code=confirmation.lower())

    assert "Amina Yusuf" in page.text
    assert "100 OAK ST" in page.text
    voter = re.search(r'name="voter" value="([0-9a-f]{32})"', page.text)[1]
    with town.app.app_context():
        logged = db.session.execute(text("SELECT actor, action FROM log_entry WHERE action = 'counter'")).all()
    assert [tuple(row) for row in logged] == [("staff:cleo", "counter")]

    given = code_in(clerk.send("/counter/code", page="/counter", voter=voter))
    with town.app.app_context():
        vault, papers = town.gate.vault, own_papers.PlainPapers(load_pack("minneapolis"))
        words = {"language": "en", "now": town.now}
        assert own_papers.letter(vault, papers, voter, "voting", given, **words).content
        with pytest.raises(own_papers.NotShown):
            own_papers.letter(vault, papers, voter, "voting", given, **words)


@pytest.mark.parametrize("code", ["", "AAAAA-AAAAA", "x" * 100, "<b>"])
def test_a_code_of_nobody_shows_nothing(clerk, code):
    answer = clerk.send("/counter", page="/counter", code=code)

    assert answer.status_code == 422
    assert "No one with this code" in answer.text


def test_a_code_is_made_for_nobody_who_is_not_there(clerk):
    assert clerk.send("/counter/code", page="/counter", voter="0" * 32).status_code == 422
