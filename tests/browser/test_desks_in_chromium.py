"""The desks where residents are served, in Chromium over the real service: proofs, counter, paper forms, letters."""

import pytest
from sqlalchemy import text

from tests.browser.looking import STILL, fits_in_every_way
from tests.browser.test_custody_in_chromium import press
from tests.browser.test_office_in_chromium import carry
from tests.voter_reg.papers import picture, register_with_papers
from tests.voter_reg.town import Office, card
from voter_reg.office.cookies import OFFICE_COOKIE
from voter_reg.roles import Role
from voter_reg.service.work import run
from voter_reg.store.db import db

pytestmark = pytest.mark.browser


@pytest.fixture
def desks(office_real):
    """An office where papers were sent, someone will bring theirs, and a letter waits.

    Its address, the token of someone who may do all of it, the two reviews, and a registrant's code.
    """
    base, town = office_real
    for name in ("ada", "rio"):
        town.enrol(name, *Role)
    with Office(town.config, town.now).open() as office:
        register_with_papers(office, ("utility-bill", "lease"), picture(), name="Amina Yusuf")
        code = office.register(None, name="Hodan Nur", birth="1991-02-02").code
        office.register(card(1), name="Zahra Quux", mail_to="12 Elm St\nMinneapolis, MN 55401", birth="1985-05-05")
        for job_id in db.session.execute(text("SELECT id FROM job WHERE kind = 'notify'")).scalars().all():
            run(job_id, office.bench)
        db.session.rollback()
        reviews = db.session.execute(text("SELECT id FROM review ORDER BY way DESC")).scalars().all()
    token = town.signed_in("ada").client.get_cookie(OFFICE_COOKIE).value
    return base, token, reviews, code


def walk(page, desks):
    """Every page and state of the desks in turn."""
    base, token, (sent, brought), code = desks
    carry(page, base, token)
    for path in ("/proofs", f"/proofs/{brought}", f"/proofs/{sent}", "/counter", "/paper", "/letters"):
        page.goto(path)
        yield path
    page.goto(f"/proofs/{sent}")
    press(page, "Save")
    yield "proof, mistakes"
    page.get_by_label("Refuse: a second person must agree").check()
    page.locator("input[name=reason]").first.check()
    page.locator("#note").fill("It is of last year.")
    press(page, "Save")
    yield "proof, refused once"
    page.goto("/proofs")
    page.locator("#code").fill("nobody")
    page.locator("form[action='/proof-by-code'] button").click()
    yield "proof by code, nobody's"
    page.goto("/counter")
    page.locator("#code").fill("AAAAA-AAAAA")
    page.locator("main form button").click()
    yield "counter, nobody's"
    page.locator("#code").fill(code)
    page.locator("main form button").click()
    yield "counter, a registrant"
    page.locator("form[action='/counter/code'] button").click()
    yield "counter, a code"
    page.goto("/paper")
    press(page, "Enter the form")
    yield "paper, mistakes"
    page.goto("/letters")
    press(page, "Make a print file")
    yield "letters, a file"


def test_every_page_fits_is_read_and_breaks_no_rule(visit, desks):
    with visit(base_url=desks[0], bypass_csp=True, **STILL) as page:
        assert fits_in_every_way(page, walk(page, desks)) == 14


def test_nothing_on_any_page_breaks_the_policy_and_pictures_of_papers_are_shown(visit, desks):
    with visit(base_url=desks[0]) as page:
        for state in walk(page, desks):
            if state == f"/proofs/{desks[2][0]}":
                pictures = page.locator("section.paper img")
                assert pictures.count() == 2
                for one in pictures.all():
                    one.scroll_into_view_if_needed()
                    page.wait_for_function("e => e.complete && e.naturalWidth > 100", arg=one.element_handle())
