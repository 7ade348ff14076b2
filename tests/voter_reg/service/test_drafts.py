"""Drafts: opened by their token alone, kept for a day, and never overwritten by an older tab."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from voter_reg.service import drafts
from voter_reg.service.drafts import Draft, Receipt, Stale
from voter_reg.store.db import db, transaction
from voter_reg.vault import VaultError


@pytest.fixture
def token(office):
    return drafts.start(office.vault, office.now, notice_version="n" * 64)


def test_a_draft_remembers_which_notice_was_seen_when_and_in_which_language(office):
    token = drafts.start(office.vault, office.now, notice_version="v1", language="so")

    draft, version = drafts.load(office.vault, token, office.now)

    assert (draft.notice_version, draft.notice_seen_at, draft.language) == ("v1", "2025-09-01T17:00:00+00:00", "so")
    assert version == 1


def test_every_answer_comes_back_as_it_was_given(office, token):
    answered = Draft(
        notice_version="v", notice_seen_at="2025-09-01T17:00:00+00:00", typed_address="1 oak", address="1 OAK ST",
        unit="4b", split="A-1", name="Nguyễn Thị Minh Khai", sort_name="Nguyễn", birth="1990", resident_since="2015-05",
        sworn=("guardian", "intends-to-remain"), proof="card", card_mark="m", card_tries=3,
        receipt=Receipt("7K2M9-QX4TB", "registered", "<p>Zoë</p>", "2025-09-01"),
    )  # fmt: skip

    version = drafts.save(office.vault, token, answered, 1, office.now)

    assert drafts.load(office.vault, token, office.now) == (answered, version)


def test_two_tabs_cannot_overwrite_each_other(office, token):
    drafts.save(office.vault, token, Draft(name="first"), 1, office.now)

    with pytest.raises(Stale):
        drafts.save(office.vault, token, Draft(name="second"), 1, office.now)

    assert drafts.load(office.vault, token, office.now)[0].name == "first"


def test_another_token_finds_nothing(office, token):
    assert drafts.load(office.vault, token[:-1] + ("A" if token[-1] != "A" else "B"), office.now) is None


def test_the_server_cannot_open_a_draft_from_its_own_row(office, token):
    drafts.save(office.vault, token, Draft(name="Amina"), 1, office.now)
    row_id, sealed = db.session.execute(text("SELECT id, sealed FROM draft")).one()

    assert token not in row_id
    assert b"Amina" not in sealed
    for guess in (b"", row_id.encode(), bytes.fromhex(row_id)):
        with pytest.raises(VaultError):
            office.vault.open_for(guess, "draft", row_id, sealed)


def test_a_draft_cannot_be_put_in_anothers_place(office, token):
    other = drafts.start(office.vault, office.now, notice_version="n")
    drafts.save(office.vault, token, Draft(name="Amina"), 1, office.now)
    db.session.execute(text("UPDATE draft SET sealed = (SELECT sealed FROM draft WHERE version = 2)"))
    db.session.commit()

    with pytest.raises(VaultError):
        drafts.load(office.vault, other, office.now)


@pytest.mark.parametrize(("days", "there"), [(0, True), (1, True), (2, False)])
def test_a_draft_is_kept_to_the_end_of_the_next_day(office, token, days, there):
    assert (drafts.load(office.vault, token, office.now + timedelta(days=days)) is not None) is there


def test_each_answer_begins_the_day_anew(office, token):
    office.later(days=1)
    drafts.save(office.vault, token, Draft(name="Amina"), 1, office.now)

    assert drafts.load(office.vault, token, office.now + timedelta(days=1)) is not None


@pytest.mark.parametrize(("days", "removed"), [(1, 0), (2, 1)])
def test_expired_drafts_are_removed_and_no_others(office, token, days, removed):
    assert drafts.remove_expired(office.now + timedelta(days=days)) == removed


def test_a_discarded_draft_is_gone_and_discarding_again_does_no_harm(office, token):
    for _ in range(2):
        with transaction() as session:
            drafts.end(session, token)

    assert drafts.load(office.vault, token, office.now) is None
    with pytest.raises(Stale):
        drafts.save(office.vault, token, Draft(), 1, office.now)


def test_the_same_draft_is_never_stored_as_the_same_bytes(office, token):
    def stored():
        return db.session.execute(text("SELECT sealed FROM draft")).scalar_one()

    draft, version = drafts.load(office.vault, token, office.now)
    before = stored()
    drafts.save(office.vault, token, replace(draft), version, office.now)

    assert stored() != before
