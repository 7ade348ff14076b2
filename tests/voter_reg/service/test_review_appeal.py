"""Appealing a refusal: once, in time, to people who have not decided before."""

import pytest

from eligibility import BadInput
from tests.voter_reg.papers import register_with_papers
from tests.voter_reg.reviewing import (
    ONE,
    THREE,
    TWO,
    appeal,
    notice_words,
    opened_by,
    purged,
    rows,
    say,
    state,
)
from voter_reg.service import review
from voter_reg.service.actors import RESIDENT, staff


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
