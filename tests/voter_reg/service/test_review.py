"""Review of a registrant's proof: who decides, when a second person must, and who is told."""

from dataclasses import replace
from datetime import date, timedelta

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
from tests.voter_reg.town import card
from voter_reg.service import matches, review
from voter_reg.service.review_proof import Seen
from voter_reg.service.review_record import REVIEW
from voter_reg.store.db import db


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

    @pytest.mark.parametrize(
        ("papers", "says"),
        [
            ((), "lacks"),
            ((BILL,), "one more paper that shows who they are"),
            ((CARD,), "lacks address"),
            ((BILL, BILL), "who they are"),
            ((replace(BILL, dated=None), CARD), "without its date: Bill for phone"),
            ((replace(BILL, dated=date(2025, 10, 4)), CARD), "too old"),
        ],
    )
    def test_papers_that_do_not_meet_the_places_rule_approve_nobody_and_it_is_said_what_lacks(
        self, office, papers, says
    ):
        register_with_papers(office)

        with pytest.raises(BadInput, match="rule is not met") as problem:
            say(office, "approve", papers=papers)

        assert says in problem.value.what
        assert problem.value.where == "papers"
        assert (the_review()["version"], voter_state()) == (1, ["waiting"])

    @pytest.mark.parametrize(
        ("papers", "rule"),
        [
            ((LEASE, CARD), MET),
            ((replace(BILL, dated=date(2025, 12, 4)), CARD), MET),
            ((Seen("identity", "card-with-address"),), "card-with-address"),
        ],
    )
    def test_of_the_papers_only_the_rule_that_they_met_is_kept(self, office, never_sampled, papers, rule):
        register_with_papers(office, ())
        say(office, "approve", papers=papers)
        row = the_review()

        (step,) = REVIEW.open(office.vault, row["id"], bytes(row["sealed"])).steps

        assert step.rule == rule
        assert {key.partition(":")[2] or key for key in step.checks} == {*CHECKS, rule}
        assert not [word for word in ("school", "lease", "bill", "2025-12") if word in str(replace(step, at=""))]

    @pytest.mark.parametrize("paper", [Seen("identity", "passport"), Seen("residency", "school-id"), Seen("", "lease")])
    def test_a_paper_that_is_not_on_the_places_list_is_refused(self, office, paper):
        register_with_papers(office)

        with pytest.raises(BadInput, match="not on the place’s list"):
            say(office, "approve", papers=(*PAPERS, paper))

    def test_a_sworn_statement_does_not_do_where_the_place_takes_none(self, office):
        register_with_papers(office)

        with pytest.raises(BadInput, match="takes no sworn statement"):
            say(office, "approve", sworn=True)

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

    def test_a_second_person_looks_at_sent_papers_anew_and_nobody_comes_twice_to_show_a_card(
        self, office, always_sampled
    ):
        register_with_papers(office)
        say(office, "approve")

        assert opened_by(office, TWO).seen == {f"identity:{MET}"}
        with pytest.raises(BadInput, match="where they live"):
            say(office, "approve", by=TWO, papers=())
        assert say(office, "approve", by=TWO, papers=(BILL,)) == "approved"

    def test_what_was_shown_in_person_a_second_person_need_not_see(self, office, always_sampled):
        register_with_papers(office, ())
        say(office, "approve")

        assert say(office, "approve", by=TWO, checks=(), papers=()) == "approved"

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

    def test_a_paper_that_was_too_old_when_asking_was_not_seen(self, office):
        register_with_papers(office)
        say(office, "ask", checks=CHECKS, papers=(CARD, replace(BILL, dated=date(2025, 9, 1))))

        assert opened_by(office, TWO).seen == {*CHECKS, f"identity:{MET}"}

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
