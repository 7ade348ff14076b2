"""The office's custody pages in Chromium, over the real service: approvals, demands, matches, elections, the log."""

import pytest
from sqlalchemy import text

from tests.browser.looking import STILL, fits_in_every_way
from tests.browser.test_office_in_chromium import carry
from tests.voter_reg.town import DAY, Office, card
from voter_reg.office.cookies import OFFICE_COOKIE
from voter_reg.roles import Role
from voter_reg.service import approvals, demands, elections, purge
from voter_reg.service.actors import staff
from voter_reg.service.demands import Entry
from voter_reg.service.scope import Scope
from voter_reg.service.work import run
from voter_reg.store.db import db

pytestmark = pytest.mark.browser
BO = staff("bo", Role.PRIVACY_OFFICER)
ELECTION = "minneapolis-2025-11-04"
LONG = "All papers, electronic or not, about everyone who has ever asked. " * 8


@pytest.fixture
def full(office_real, town_map):
    """An office in which something of everything waits; its address, and the token of someone who may do all of it."""
    base, town = office_real
    town.enrol("ada", *Role)
    with Office(town.config, town.now).open() as office:
        elections.create("minneapolis", town_map, DAY, by=BO, now=office.now)
        for number, name in ((1, "Amina Yusuf"), (2, "Yusuf Amina")):
            office.register(card(number), name=name)
        for _, job_id in office.sent:
            run(job_id, office.bench)
        entry = Entry("subpoena", office.now.date(), "A Bureau of Very Long Names and Longer Demands", LONG, Scope())
        demands.log_demand(office.vault, office.city, entry, by=BO, now=office.now)
        purge.start_if_due(office.now)
        for _, job_id in office.sent[2:]:
            run(job_id, office.bench)
        asked = {"to": ["age1" + "q" * 58] * 3, "contest": "mayor"}
        approvals.file("export", f"{ELECTION}-r1", asked, LONG[:400], by=BO, now=office.now)
        voter, match = (
            db.session.execute(text(f"SELECT id FROM {table}")).scalars().first() for table in ("voter", "match")
        )
    person = town.signed_in("ada")
    town.confirm(person, "ada", "/approvals/q-00001")
    return base, person.client.get_cookie(OFFICE_COOKIE).value, voter, match


def walk(page, full):
    """Every custody page and state in turn."""
    base, token, voter, match = full
    carry(page, base, token)
    for path in ("/", "/approvals", "/approvals/q-00001", "/demands", "/demands/new", "/demands/d-00001", "/matches",
                 f"/matches/{match}", "/elections", f"/elections/{ELECTION}/ask/suspend", "/elections/authorise",
                 "/log"):  # fmt: skip
        page.goto(path)
        yield path
    page.goto("/demands/new")
    press(page, "Enter it")
    yield "demand, mistakes"
    page.goto(f"/matches/{match}")
    press(page, "Save")
    yield "match, mistakes"
    page.goto("/demands/d-00001")
    page.get_by_label("Comply in part").check()
    press(page, "Enter the decision")
    yield "decided"
    page.goto("/demands/d-00001/release")
    press(page, "Ask the second officer")
    yield "release, mistakes"
    page.goto("/elections/authorise")
    press(page, "Enter it")
    yield "authorise, mistakes"
    page.goto("/log")
    press(page, "Sign a checkpoint now")
    page.get_by_label("The record’s id").fill(voter)
    press(page, "Show who looked")
    yield "who looked"
    page.goto(f"/elections/{ELECTION}/ask/suspend")
    page.get_by_label("Why?").fill("A court has ruled.")
    press(page, "Suspend: ask the second officer")
    yield "asked"


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def test_every_page_fits_is_read_and_breaks_no_rule(visit, full):
    with visit(base_url=full[0], bypass_csp=True, **STILL) as page:
        assert fits_in_every_way(page, walk(page, full)) == 19


def test_nothing_on_any_page_breaks_the_policy_and_nothing_leaves_the_origin(visit, full):
    # `visit` fails the test for any error of the console, any policy violation and any request to elsewhere.
    with visit(base_url=full[0]) as page:
        assert len(list(walk(page, full))) == 19


def test_without_scripts_and_by_keyboard_a_reviewer_settles_a_match(visit, full):
    base, token, _, match = full
    with visit(base_url=base, java_script_enabled=False) as page:
        carry(page, base, token)
        page.goto(f"/matches/{match}")
        first = page.get_by_label("Another person of the same name")
        first.focus()
        page.keyboard.press("Space")
        assert first.is_checked()
        page.get_by_role("button", name="Save", exact=True).focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/matches?done=different")

        assert page.get_by_role("status").inner_text() == "Two people, it is settled"
