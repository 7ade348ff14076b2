"""Letters to print, through the office's page: counts first, names on the pages to print alone, for clerks alone."""

import re

import pytest
from sqlalchemy import text

from tests.voter_reg.office.town_office import town_office
from tests.voter_reg.town import Office, card
from voter_reg.roles import Role
from voter_reg.service.work import run
from voter_reg.store.db import db


@pytest.fixture
def town(tmp_path, town_map):
    with town_office(tmp_path / "instance", town_map) as opened:
        opened.enrol("cleo", Role.CLERK)
        opened.enrol("rio", Role.REVIEWER)
        with Office(opened.config, opened.now).open() as office:
            office.register(card(1), name="Zahra Quux", mail_to="12 Elm St\nMinneapolis, MN 55401")
            run(db.session.execute(text("SELECT id FROM job WHERE kind = 'notify'")).scalar_one(), office.bench)
        yield opened


def test_a_clerk_makes_prints_and_settles_a_print_file(town):
    clerk = town.signed_in("cleo")
    assert "Letters to print" in clerk.get("/").text
    assert "Zahra" not in clerk.get("/letters").text
    assert clerk.send("/letters/gather", page="/letters").location == "/letters?done=made"
    listed = clerk.get("/letters").text
    batch = re.search(r"/letters/(letters-[0-9a-f]{16})/pages", listed)[1]
    assert "Zahra" not in listed

    shown = clerk.send(f"/letters/{batch}/pages", page="/letters")
    assert "Zahra Quux<br>12 Elm St<br>Minneapolis, MN 55401" in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert clerk.send(f"/letters/{batch}/printed", page="/letters").location == "/letters?done=printed"
    again = clerk.send(f"/letters/{batch}/pages", page="/")
    assert (again.status_code, "Zahra" in again.text) == (404, False)


def test_others_than_clerks_see_no_letters(town):
    reviewer = town.signed_in("rio")
    assert reviewer.get("/letters").status_code in (403, 404)
    assert "Letters" not in reviewer.get("/").text
