"""Residency papers of a draft: sealed for its browser, five at most, gone in time, a voter's once it is signed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from eligibility import BadInput
from tests.voter_reg.officers import CLERK
from tests.voter_reg.papers import MARK, clean, draft_with_papers, register_with_papers
from tests.voter_reg.town import card
from voter_reg.residency.papers import CleanPaper
from voter_reg.service import demands, drafts, papers
from voter_reg.service.demands import Entry
from voter_reg.service.drafts import Stale
from voter_reg.service.paper_record import KIND, PAGES
from voter_reg.service.papers import TooManyPapers
from voter_reg.service.review_opening import due_at
from voter_reg.service.review_queue import Reader, queue
from voter_reg.service.scope import Scope
from voter_reg.store.db import db, transaction
from voter_reg.vault import VaultError


def rows(query="SELECT * FROM paper ORDER BY position"):
    db.session.rollback()
    return db.session.execute(text(query)).mappings().all()


def kinds(office, token):
    return [one.kind for one in papers.listed(office.vault, token, office.now)]


def test_papers_are_listed_in_the_order_they_were_sent_with_their_pages_counted(office):
    token, draft, _ = draft_with_papers(office, ("utility-bill", "lease"))

    listed = papers.listed(office.vault, token, office.now)

    assert [(one.kind, one.pages) for one in listed] == [("utility-bill", 2), ("lease", 2)]
    assert draft.papers == tuple(one.id for one in listed)


def test_the_service_alone_cannot_open_the_papers_of_a_draft(office):
    token, _, _ = draft_with_papers(office)
    (row,) = rows()

    for envelope, sealed in ((PAGES, row["sealed"]), (KIND, row["sealed_kind"])):
        with pytest.raises(VaultError):
            envelope.open(office.vault, row["id"], bytes(sealed))
        with pytest.raises(VaultError):
            envelope.open_for(office.vault, b"another token", row["id"], bytes(sealed))
    pages = PAGES.open_for(office.vault, drafts.key_of(token), row["id"], bytes(row["sealed"])).pages
    assert pages == (MARK + b"one", MARK + b"two")
    assert MARK not in bytes(row["sealed"])
    assert "utility" not in str(dict(row))


def test_five_papers_may_be_sent_and_a_sixth_is_refused(office):
    token, _, version = draft_with_papers(office, ["lease"] * 5)

    with pytest.raises(TooManyPapers):
        papers.attach(office.vault, token, version, "lease", clean(), office.now)

    version = papers.remove(
        office.vault, token, version, papers.listed(office.vault, token, office.now)[2].id, office.now
    )
    papers.attach(office.vault, token, version, "rent-statement", clean(), office.now)
    assert kinds(office, token) == ["lease"] * 4 + ["rent-statement"]


@pytest.mark.parametrize("kind", ["", "Utility", "a b", "../x", "é", "a" * 65, "a\n"])
def test_a_kind_that_is_no_id_of_a_list_is_refused(office, kind):
    token, _, version = office.draft()

    with pytest.raises(BadInput, match="kind"):
        papers.attach(office.vault, token, version, kind, clean(), office.now)
    assert rows() == []


def test_a_paper_without_a_page_is_refused(office):
    token, _, version = office.draft()

    with pytest.raises(BadInput, match="no page"):
        papers.attach(office.vault, token, version, "lease", CleanPaper(()), office.now)


def test_the_slower_of_two_tabs_keeps_nothing(office):
    token, _, version = draft_with_papers(office)

    for act in (
        lambda: papers.attach(office.vault, token, version - 1, "lease", clean(), office.now),
        lambda: papers.remove(office.vault, token, version - 1, rows()[0]["id"], office.now),
        lambda: papers.attach(office.vault, "no such token", 1, "lease", clean(), office.now),
    ):
        with pytest.raises(Stale):
            act()
    assert kinds(office, token) == ["utility-bill"]


def test_nobody_removes_a_paper_of_another_draft(office):
    theirs, _, _ = draft_with_papers(office)
    token, _, version = draft_with_papers(office)
    other = papers.listed(office.vault, theirs, office.now)[0].id

    with pytest.raises(BadInput, match="no such paper"):
        papers.remove(office.vault, token, version, other, office.now)
    assert len(rows()) == 2


def test_papers_go_with_their_draft(office):
    token, _, _ = draft_with_papers(office)
    kept, _, _ = draft_with_papers(office)

    with transaction() as session:
        drafts.end(session, token)

    assert [row["draft_id"] for row in rows()] == [drafts.row_of(kept)]


def kept_alive(office, token, days):
    """A draft that is saved each day; its version."""
    for _ in range(days):
        office.later(days=1)
        draft, version = drafts.load(office.vault, token, office.now)
        version = drafts.save(office.vault, token, replace(draft, unit=f"{version}"), version, office.now)
    return version


def test_papers_are_kept_for_14_days_and_not_for_15_however_long_the_draft_lives(office):
    token, _, _ = draft_with_papers(office)
    kept_alive(office, token, 14)
    drafts.remove_expired(office.now)
    assert kinds(office, token) == ["utility-bill"]

    kept_alive(office, token, 1)
    assert kinds(office, token) == []
    drafts.remove_expired(office.now)
    assert rows() == []
    assert drafts.load(office.vault, token, office.now) is not None


def test_an_abandoned_draft_takes_its_papers_along(office):
    draft_with_papers(office)
    office.later(days=15)

    assert drafts.remove_expired(office.now) == 1
    assert rows() == []


def test_a_hold_on_everything_keeps_the_papers_of_drafts_too(office):
    draft_with_papers(office)
    entry = Entry(kind="subpoena", received_on=office.now.date(), sender="X", says="Y", scope=Scope.read("everything"))
    demands.log_demand(office.vault, office.city, entry, by=CLERK, now=office.now)
    office.later(days=15)

    assert drafts.remove_expired(office.now) == 0
    assert len(rows()) == 1


def test_signing_makes_them_the_voters_under_the_key_of_the_record(office):
    receipt = register_with_papers(office, ("utility-bill", "lease"))

    (voter,) = rows("SELECT id, key_id, state FROM voter")
    assert (receipt.public_state, voter["state"]) == ("waiting-for-papers", "waiting")
    assert [(row["voter_id"], row["draft_id"], row["key_id"]) for row in rows()] == [
        (voter["id"], None, voter["key_id"])
    ] * 2
    for row, kind in zip(rows(), ("utility-bill", "lease"), strict=True):
        assert PAGES.open(office.vault, row["id"], bytes(row["sealed"])).pages == (MARK + b"one", MARK + b"two")
        assert KIND.open(office.vault, row["id"], bytes(row["sealed_kind"])).kind == kind


def test_signing_twice_takes_them_over_once(office):
    token, draft, version = draft_with_papers(office)

    assert office.submit(token, draft, version) == office.submit(token, draft, version)
    assert len(rows()) == len(rows("SELECT * FROM review")) == 1


def test_a_paper_past_its_last_day_is_not_taken_over(office):
    token, draft, _ = draft_with_papers(office)
    version = kept_alive(office, token, 15)

    office.submit(token, draft, version)

    assert [row["voter_id"] for row in rows()] in ([], [None])
    assert [row["way"] for row in rows("SELECT way FROM review")] == ["papers-in-person"]


def test_who_proves_by_card_after_all_leaves_no_papers_behind(office):
    token, _, _ = draft_with_papers(office)
    draft, version = office.prove(token, card(7))

    office.submit(token, draft, version)

    assert rows() == rows("SELECT * FROM review") == []


@pytest.mark.parametrize(
    ("proof", "way"),
    [
        ("papers", "papers-in-person"),
        ("facility-staff", "facility-staff"),
        ("prior-registration", "prior-registration"),
    ],
)
def test_who_sends_none_has_a_review_of_their_way_and_a_date(office, proof, way):
    token, draft, version = office.draft(proof=proof)
    office.submit(token, draft, version)

    (review,) = rows("SELECT way, state, opened_at, due_at FROM review")
    assert (review["way"], review["state"]) == (way, "waiting")
    assert review["due_at"] > review["opened_at"]


def test_who_comes_in_has_until_registration_in_person_ends_and_who_sent_papers_ten_days(office):
    register_with_papers(office)
    office.register()

    due = {one.way: one.due_at - office.now for one in _queued(office)}
    assert due["papers-uploaded"] == timedelta(days=10)
    assert due["papers-in-person"] > timedelta(days=60)


def test_close_to_the_end_of_registration_the_ten_days_are_shorter(office):
    office.now = office.now.replace(month=11, day=1)
    assert due_at(office.city, "papers-uploaded", office.now) - office.now < timedelta(days=4)
    office.now = office.now.replace(month=11, day=5)
    assert due_at(office.city, "papers-uploaded", office.now) - office.now == timedelta(days=10)


def _queued(office):
    found = queue(office.city, Reader("staff:x", frozenset({"reviewer"})), office.now)
    return [*found.waiting, *found.expected]
