"""Finishing later: a link and a code open a draft once within a day, and neither opens it alone."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.voter_reg.papers import clean
from voter_reg.service import drafts, papers, resume
from voter_reg.store.db import db, transaction

pytestmark = pytest.mark.both_databases


@pytest.fixture
def token(office):
    return drafts.start(office.vault, office.now, notice_version="n")


def test_link_and_code_open_the_draft_once_and_its_old_browser_opens_it_no_more(office, token):
    papers.attach(office.vault, token, 1, "utility-bill", clean(), office.now)
    before = drafts.load(office.vault, token, office.now)[0]
    link, code = resume.keep_for_later(office.vault, token, office.now)

    new = resume.take_up(office.vault, link, code.lower().replace("-", " "), office.now)

    assert drafts.load(office.vault, new, office.now)[0] == before
    assert [one.kind for one in papers.listed(office.vault, new, office.now)] == ["utility-bill"]
    assert drafts.load(office.vault, token, office.now) is None
    assert papers.listed(office.vault, token, office.now) == ()
    assert resume.take_up(office.vault, link, code, office.now) is None


def test_what_was_saved_for_later_outlives_leaving_for_as_long_as_its_link(office, token):
    resume.keep_for_later(office.vault, token, office.now)

    resume.discard(token, office.now + timedelta(hours=23))
    assert drafts.load(office.vault, token, office.now) is not None
    resume.discard(token, office.now + timedelta(hours=24))
    assert drafts.load(office.vault, token, office.now) is None
    resume.discard("another", office.now)


def test_neither_the_link_nor_the_row_opens_anything_without_the_code(office, token):
    link, code = resume.keep_for_later(office.vault, token, office.now)
    row = dict(db.session.execute(text("SELECT * FROM resume")).one()._mapping)

    assert resume.take_up(office.vault, link, "", office.now) is None
    assert resume.take_up(office.vault, code, code, office.now) is None
    for secret in (token, link, code):
        assert secret.encode() not in repr(row).encode()


@pytest.mark.parametrize(("hours", "opens"), [(23.9, True), (24, False)])
def test_a_link_works_for_a_day(office, token, hours, opens):
    link, code = resume.keep_for_later(office.vault, token, office.now)

    assert (resume.take_up(office.vault, link, code, office.now + timedelta(hours=hours)) is not None) is opens


@pytest.mark.parametrize(("wrong", "opens"), [(4, True), (5, False)])
def test_five_wrong_codes_end_a_link(office, token, wrong, opens):
    link, code = resume.keep_for_later(office.vault, token, office.now)
    for _ in range(wrong):
        assert resume.take_up(office.vault, link, "AAAAA-AAAAA", office.now) is None

    assert (resume.take_up(office.vault, link, code, office.now) is not None) is opens


def test_a_new_link_ends_the_one_before_and_leaving_ends_it_too(office, token):
    old = resume.keep_for_later(office.vault, token, office.now)
    new = resume.keep_for_later(office.vault, token, office.now)

    assert resume.take_up(office.vault, *old, office.now) is None
    with transaction() as session:
        resume.forget(session, token)
    assert resume.take_up(office.vault, *new, office.now) is None


def test_links_that_are_over_are_removed_and_no_others(office, token):
    resume.keep_for_later(office.vault, token, office.now)

    assert resume.remove_expired(office.now + timedelta(hours=23)) == 0
    assert resume.remove_expired(office.now + timedelta(hours=24)) == 1
