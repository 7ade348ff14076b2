"""What a reviewer saw: what lacks is said, a second person looks for themselves, only the rule that was met is kept."""

from dataclasses import replace
from datetime import date

import pytest

from eligibility import BadInput
from tests.voter_reg.papers import register_with_papers
from tests.voter_reg.reviewing import (
    BILL,
    CARD,
    CHECKS,
    LEASE,
    MET,
    PAPERS,
    TWO,
    opened_by,
    say,
    the_review,
    voter_state,
)
from voter_reg.service.review_proof import Seen
from voter_reg.service.review_record import REVIEW


class TestTheRule:
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


class TestSeenBefore:
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

    def test_a_paper_that_was_too_old_when_asking_was_not_seen(self, office):
        register_with_papers(office)
        say(office, "ask", checks=CHECKS, papers=(CARD, replace(BILL, dated=date(2025, 9, 1))))

        assert opened_by(office, TWO).seen == {*CHECKS, f"identity:{MET}"}
