"""Two people at one review at the same moment: one step counts."""

import threading

import pytest

from eligibility import BadInput
from tests.voter_reg.papers import register_with_papers
from tests.voter_reg.reviewing import (
    CHECKS,
    PAPERS,
    TWO,
    notice_words,
    say,
    the_review,
)
from tests.voter_reg.town import Office
from voter_reg.service import review
from voter_reg.service.actors import staff
from voter_reg.service.review import Changed
from voter_reg.service.review_look import Verdict
from voter_reg.store.db import db


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
