"""Review of a registrant's proof: who decides, when a second person must, and who is told."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from eligibility import BadInput
from tests.voter_reg.papers import register_with_papers
from tests.voter_reg.reviewing import (
    BILL,
    CARD,
    CHECKS,
    JUDGE,
    LEASE,
    MET,
    ONE,
    PAPERS,
    THREE,
    TWO,
    appeal,
    bring,
    notice_words,
    opened_by,
    purged,
    queue,
    rows,
    run_all,
    say,
    state,
    the_review,
    told,
    voter_state,
)
from tests.voter_reg.town import Office, Registry, card
from voter_reg.service import matches, own_changes, review
from voter_reg.service.actors import RESIDENT, staff
from voter_reg.service.own_changes import Change
from voter_reg.service.review import Changed
from voter_reg.service.review_look import Verdict
from voter_reg.service.voter_record import version_of
from voter_reg.store.db import db


def show_card(office, number=None):
    """The registrant shows a Municipal ID instead."""
    (voter,) = rows("SELECT id FROM voter")
    vault, city = office.vault, office.city
    return own_changes.prove_by_card(vault, city, Registry(), voter["id"], number or card(7), office.now)


class TestACardInstead:
    def test_nobody_has_to_look_any_more_and_the_papers_are_gone(self, office):
        register_with_papers(office)

        assert show_card(office) == "confirmed"

        assert (voter_state(), the_review()["state"], rows("SELECT id FROM paper")) == (["active"], "approved", [])
        with pytest.raises(BadInput, match="no such review"):
            say(office, "refuse")

    def test_a_refusal_can_then_not_be_appealed(self, office):
        register_with_papers(office)
        say(office, "refuse", by=ONE)
        say(office, "refuse", by=TWO)
        assert state(office).may_appeal

        show_card(office)

        with pytest.raises(BadInput, match="no refusal"):
            appeal(office)
        assert "refused" not in notice_words()[2:]


class TestWhatChangesMeanwhile:
    """What a reviewer saw is what is approved: a change in between begins the review anew."""

    def change(self, office, what, **fields):
        (voter,) = rows("SELECT id FROM voter")
        split = fields.pop("split", None)
        sealed = rows("SELECT sealed FROM voter")[0]["sealed"]
        wanted = Change(what, fields, "Amina Yusuf", split)
        own_changes.change(office.vault, office.city, voter["id"], wanted, version_of(sealed), office.now)

    @pytest.mark.parametrize(
        ("what", "fields"),
        [
            ("address", {"address": "300 ASH ST", "unit": None, "split": "C-3"}),
            ("name", {"name": "Another", "sort_name": "Another"}),
            ("dates", {"birth": "1991-01-01", "resident_since": "2015-05"}),
        ],
    )
    def test_an_approval_of_what_was_before_is_refused_and_the_second_person_begins_anew(self, office, what, fields):
        register_with_papers(office)
        say(office, "refuse", by=ONE)
        seen = the_review()["version"]

        self.change(office, what, **fields)

        with pytest.raises(Changed):
            say(office, "refuse", by=TWO, version=seen)
        row = the_review()
        assert (row["state"], row["deciders"], voter_state()) in (
            ("waiting", [], ["waiting"]),
            ("waiting", "[]", ["waiting"]),
        )

    def test_a_change_of_how_to_be_reached_leaves_the_review_as_it_is(self, office):
        register_with_papers(office)
        seen = the_review()["version"]

        self.change(office, "contact", email="a@example.org")

        assert the_review()["version"] == seen


class TestAHomeThatTheMapDoesNotKnow:
    def register(self, office, **answers):
        token, draft, _ = office.draft(proof=None, **answers)
        draft, version = office.prove(token, card(3))
        return office.submit(token, draft, version)

    def test_a_confirmed_card_does_not_put_it_into_the_precinct_that_was_typed(self, office, never_sampled):
        receipt = self.register(office, home="unlisted", address="100 Nowhere Lane", split="C-3")

        assert (receipt.public_state, voter_state(), the_review()["way"]) == (
            "waiting-for-papers", ["waiting"], "placing")  # fmt: skip
        say(office, "approve", checks=("placed",), papers=())
        assert voter_state() == ["active"]

    def test_nor_does_it_put_a_known_address_into_another_precinct(self, office):
        self.register(office, home="unlisted", address="100 OAK ST", split="C-3")

        assert voter_state() == ["waiting"]

    def test_the_reviewer_has_to_see_that_it_lies_there(self, office):
        self.register(office, home="no-fixed", address="Under the bridge", split="C-3")

        with pytest.raises(BadInput, match="each point"):
            say(office, "approve", checks=(), papers=())

    def test_what_a_first_person_saw_of_the_place_a_second_one_looks_up_again(self, office, always_sampled):
        register_with_papers(office, (), home="unlisted", address="100 Nowhere Lane", split="C-3")
        say(office, "approve", checks=(*CHECKS, "placed"))

        with pytest.raises(BadInput, match="each point"):
            say(office, "approve", by=TWO, checks=(), papers=())
        assert say(office, "approve", by=TWO, checks=("placed",), papers=()) == "approved"


class TestApproving:
    def test_the_registrant_is_on_the_roll_and_told_and_the_papers_are_gone(self, office, never_sampled):
        register_with_papers(office)
        assert voter_state() == ["waiting"]
        office.sent.clear()

        assert say(office, "approve") == "approved"

        assert (voter_state(), rows("SELECT id FROM paper")) == (["active"], [])
        assert [kind for kind, _ in office.sent] == ["tag-voter", "notify"]
        assert notice_words() == ["approved"]
        assert state(office).standing == "approved"
        assert "You are on the list of voters" in told(office)

    def test_no_byte_of_a_paper_is_in_the_database_afterwards(self, office, config, never_sampled):
        register_with_papers(office)
        (row,) = rows("SELECT sealed FROM paper")
        sealed = bytes(row["sealed"])
        if config.database_url.startswith("sqlite"):
            folder = config.instance_dir
            read = lambda: b"".join(path.read_bytes() for path in sorted(folder.glob("voter_reg.sqlite3*")))  # noqa: E731 - a name for a look taken twice
            assert sealed in read()
            say(office, "approve")
            db.session.rollback()
            db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            assert sealed[20:60] not in read()
        else:
            say(office, "approve")
            assert rows("SELECT * FROM paper") == []

    @pytest.mark.parametrize("missing", CHECKS)
    def test_every_point_of_the_rule_must_be_met(self, office, missing):
        register_with_papers(office)

        with pytest.raises(BadInput, match="each point"):
            say(office, "approve", checks=tuple(check for check in CHECKS if check != missing))
        assert voter_state() == ["waiting"]
        assert len(rows("SELECT id FROM paper")) == 1

    def test_a_point_that_is_not_on_the_list_is_refused(self, office):
        register_with_papers(office)

        with pytest.raises(BadInput, match="not on the list"):
            say(office, "approve", checks=(*CHECKS, "passport"))

    def test_one_in_ten_waits_for_a_second_person_and_nobody_foresees_which(self, office):
        sampled = [review.is_sampled(office.vault, _Row(f"{number:016x}")) for number in range(2000)]

        assert 130 < sum(sampled) < 270
        assert sampled == [review.is_sampled(office.vault, _Row(f"{number:016x}")) for number in range(2000)]

    def test_a_sampled_one_changes_nothing_until_another_person_agrees(self, office, always_sampled):
        register_with_papers(office)

        assert say(office, "approve") == "second"
        assert (voter_state(), len(rows("SELECT id FROM paper")), notice_words()) == (["waiting"], 1, [])
        with pytest.raises(BadInput, match="another person's"):
            say(office, "approve", by=ONE)

        assert say(office, "approve", by=TWO) == "approved"
        assert voter_state() == ["active"]

    def test_who_is_held_as_another_ones_same_person_is_on_the_roll_once_that_is_settled(self, office, never_sampled):
        register_with_papers(office, name="Mohamed Ali")
        office.register(card(1), name="Mohamed Ali")
        run_all(office)
        (match,) = rows("SELECT id, newer, older FROM match")
        for by in (ONE, TWO):
            matches.decide(office.vault, match["id"], "same", "person-said-so", by=by, now=office.now)
        assert sorted(voter_state()) == ["active", "held"]

        assert say(office, "approve", by=THREE) == "approved"
        assert sorted(voter_state()) == ["active", "held"]

        for by in (ONE, TWO):
            matches.reopen(office.vault, match["id"], "person-appealed", by=by, now=office.now)
        assert sorted(voter_state()) == ["active", "active"]


class _Row:
    def __init__(self, name):
        self.id = name


class TestRefusing:
    def test_every_refusal_waits_for_another_person(self, office):
        register_with_papers(office)

        assert say(office, "refuse") == "second"
        assert notice_words() == []
        assert state(office).standing == "waiting"
        with pytest.raises(BadInput, match="another person's"):
            say(office, "refuse")

    def test_two_who_agree_refuse_and_the_person_is_told_why_and_until_when_to_appeal(self, office):
        register_with_papers(office)
        say(office, "refuse")

        assert say(office, "refuse", by=TWO) == "refused"

        found = state(office)
        assert (found.standing, found.reason, found.may_appeal) == ("refused", "too-old", True)
        assert found.by == office.now.date() + timedelta(days=14)
        assert notice_words() == ["refused"]
        assert voter_state() == ["waiting"]
        assert "older than the rule allows" in told(office)
        assert "appeal until Monday, September 15, 2025" in told(office)

    def test_the_papers_stay_sealed_until_the_appeal_ends_and_are_gone_the_day_after(self, office):
        register_with_papers(office)
        say(office, "refuse")
        office.later(days=3)
        say(office, "refuse", by=TWO)

        office.later(days=14)
        purged(office)
        assert len(rows("SELECT id FROM paper")) == 1
        assert state(office).may_appeal

        office.later(days=1)
        certificate = purged(office)
        assert (rows("SELECT id FROM paper"), certificate.removed["paper"]) == ([], 1)
        assert (state(office).standing, state(office).by, state(office).may_appeal) == ("refused", None, False)
        assert "register again" in told(office)
        with pytest.raises(BadInput, match="appealed"):
            appeal(office)

    @pytest.mark.parametrize(
        "lacking", [{"reason": ""}, {"reason": "not-liked"}, {"note": ""}, {"note": "  "}, {"note": "x" * 1001}]
    )
    def test_a_refusal_without_a_reason_of_the_list_or_a_note_is_none(self, office, lacking):
        register_with_papers(office)

        with pytest.raises(BadInput):
            say(office, "refuse", **lacking)
        assert the_review()["state"] == "waiting"

    @pytest.mark.parametrize(("first", "second"), [("refuse", "approve"), ("approve", "refuse")])
    @pytest.mark.parametrize("last", ["approve", "refuse"])
    def test_where_two_disagree_a_head_judge_decides(self, office, always_sampled, first, second, last):
        register_with_papers(office)
        say(office, first)

        assert say(office, second, by=TWO) == "third"
        assert (voter_state(), notice_words()) == (["waiting"], [])
        with pytest.raises(BadInput, match="another person's"):
            say(office, last, by=THREE)
        with pytest.raises(BadInput, match="another person's"):
            say(office, last, by=replace(ONE, role="head-judge"))
        with pytest.raises(BadInput, match="disagreed"):
            say(office, "ask", by=JUDGE)

        assert say(office, last, by=JUDGE) == {"approve": "approved", "refuse": "refused"}[last]
        assert voter_state() == [{"approve": "active", "refuse": "waiting"}[last]]

    def test_a_head_judge_sees_nothing_before(self, office):
        register_with_papers(office)

        with pytest.raises(BadInput, match="another person's"):
            say(office, "approve", by=JUDGE)
        assert queue(office, JUDGE.label, frozenset({"head-judge"})).waiting == ()


class TestAppealing:
    def refused(self, office):
        register_with_papers(office)
        say(office, "refuse")
        say(office, "refuse", by=TWO)

    def test_it_is_looked_at_again_by_people_who_have_not_decided_before(self, office, never_sampled):
        self.refused(office)
        office.later(days=14)

        appeal(office)

        assert (state(office).standing, notice_words()[-1]) == ("waiting", "appeal-received")
        for by in (ONE, TWO):
            with pytest.raises(BadInput, match="another person's"):
                say(office, "approve", by=by)
        assert say(office, "approve", by=THREE) == "approved"
        assert rows("SELECT id FROM paper") == []

    def test_the_papers_are_still_there_to_be_looked_at(self, office):
        self.refused(office)
        office.later(days=14)
        appeal(office)
        office.later(days=9)
        purged(office)

        opened = opened_by(office, THREE)
        assert [paper.pages for paper in opened.papers] == [2]

    def test_refused_again_by_two_others_it_is_over_and_the_papers_are_destroyed_at_once(self, office):
        self.refused(office)
        appeal(office)
        say(office, "refuse", by=THREE)
        assert say(office, "refuse", by=staff("four", "reviewer")) == "refused"

        assert rows("SELECT id FROM paper") == []
        assert (state(office).may_appeal, notice_words()[-1]) == (False, "refused")
        with pytest.raises(BadInput, match="appealed"):
            appeal(office)

    def test_who_was_not_refused_cannot_appeal(self, office):
        register_with_papers(office)

        with pytest.raises(BadInput, match="appealed"):
            appeal(office)
        with pytest.raises(BadInput, match="appealed"):
            review.appeal(office.vault, office.city, "0" * 32, by=RESIDENT, now=office.now)


class TestAskingForMore:
    def test_the_person_is_told_what_is_missing_and_by_when(self, office):
        register_with_papers(office)

        assert say(office, "ask", missing=("newer-paper", "all-pages")) == "cure"

        found = state(office)
        assert (found.standing, found.missing) == ("more-needed", ("newer-paper", "all-pages"))
        assert found.by == office.now.date() + timedelta(days=10)
        assert notice_words() == ["more-needed"]
        assert told(office).startswith("We need something more from you by Thursday, September 11, 2025:")
        assert "A newer paper. All pages of your papers." in told(office)

    @pytest.mark.parametrize("missing", [(), ("a-passport",), ("papers-again",)])
    def test_it_must_be_of_the_list(self, office, missing):
        register_with_papers(office)

        with pytest.raises(BadInput, match="missing"):
            say(office, "ask", missing=missing)

    def test_what_the_person_sends_then_goes_to_the_reviewers_again(self, office, never_sampled):
        register_with_papers(office)
        say(office, "ask")
        office.later(days=2)

        bring(office, "lease")

        assert (state(office).standing, len(rows("SELECT id FROM paper"))) == ("waiting", 2)
        assert [one.late for one in queue(office).waiting] == [False]
        opened = opened_by(office, ONE)
        assert [paper.title.split()[0] for paper in opened.papers] == ["Bill", "Residential"]
        assert say(office, "approve") == "approved"

    def test_what_was_seen_when_asking_need_not_be_seen_again(self, office, never_sampled):
        register_with_papers(office)
        say(office, "ask", missing=("identity-in-person",), checks=CHECKS, papers=(BILL,))
        office.later(days=5)

        opened = opened_by(office, TWO)
        assert opened.seen == {*CHECKS, f"residency:{MET}"}
        with pytest.raises(BadInput, match="who they are"):
            say(office, "approve", by=TWO, checks=(), papers=())
        assert say(office, "approve", by=TWO, checks=(), papers=(CARD,)) == "approved"

    def test_while_the_person_has_time_it_is_not_in_staffs_way_and_afterwards_it_is(self, office):
        register_with_papers(office)
        say(office, "ask")

        office.later(days=10)
        assert (len(queue(office).waiting), len(queue(office).expected)) == (0, 1)
        office.later(seconds=1)
        assert (len(queue(office).waiting), len(queue(office).expected)) == (1, 0)
        office.later(days=1)
        assert "That day has passed" in told(office)

    def test_a_second_person_may_ask_too_and_then_everyone_may_look_again(self, office):
        register_with_papers(office)
        say(office, "refuse")

        assert say(office, "ask", by=TWO) == "cure"
        bring(office, "lease")
        assert say(office, "refuse") == "second"

    def test_five_papers_in_all_and_none_when_nothing_is_asked(self, office, never_sampled):
        register_with_papers(office, ["lease"] * 4)
        say(office, "ask")
        for kinds in ((), ("lease", "lease")):
            with pytest.raises(BadInput, match="at most 5"):
                bring(office, *kinds)
        bring(office, "lease")

        say(office, "approve", papers=(LEASE, CARD))
        with pytest.raises(BadInput, match="no papers now"):
            bring(office, "lease")


class TestTwoAtOnce:
    def test_who_comes_second_must_look_again(self, office):
        register_with_papers(office)
        version = the_review()["version"]
        say(office, "refuse")

        with pytest.raises(Changed):
            say(office, "refuse", by=TWO, version=version)
        assert the_review()["state"] == "second"

    def test_of_many_decisions_at_one_moment_one_counts(self, office, config, never_sampled):
        register_with_papers(office)
        row, endings, start = the_review(), [], threading.Barrier(4)
        db.session.rollback()

        def go(number):
            with Office(config, office.now).open() as mine:
                verdict = Verdict("approve", row["version"], checks=CHECKS, papers=PAPERS)
                start.wait()
                try:
                    by = staff(f"number-{number}", "reviewer")
                    endings.append(review.decide(mine.vault, mine.city, row["id"], verdict, by=by, now=mine.now))
                except (Changed, BadInput) as problem:
                    endings.append(type(problem).__name__)

        threads = [threading.Thread(target=go, args=(number,)) for number in range(4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

        assert sorted(endings) == ["BadInput"] * 3 + ["approved"]
        assert notice_words() == ["approved"]
