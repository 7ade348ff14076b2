"""The queue of reviews: by when, who may look, what a hold and the clock do to papers, and the place's rule."""

from datetime import date

import pytest

from eligibility import BadInput, load_pack
from tests.voter_reg.officers import CLERK
from tests.voter_reg.papers import MARK, register_with_papers
from tests.voter_reg.reviewing import (
    BOTH,
    CHECKS,
    JUDGE,
    ONE,
    THREE,
    TWO,
    hold,
    notice_words,
    opened_by,
    page,
    purged,
    queue,
    release,
    rows,
    run_all,
    say,
    state,
    the_review,
    told,
    voter_state,
)
from tests.voter_reg.town import card
from voter_reg.service import matches, renewal, review_queue
from voter_reg.service.actors import RESIDENT, SERVICE, staff
from voter_reg.service.paper_record import PAGES
from voter_reg.service.review_opening import WAYS
from voter_reg.service.review_queue import Reader
from voter_reg.service.review_record import REVIEW
from voter_reg.service.review_rules import BY_STAFF, MISSING, REASONS, checklist


class TestDeadlines:
    def test_what_is_due_first_stands_first_with_its_age_and_late_ones_before_all(self, office):
        for day in range(3):
            register_with_papers(office, name=f"Person {'ABC'[day]}")
            office.later(days=4)

        listed = queue(office).waiting

        assert [(one.age_days, one.late) for one in listed] == [(12, True), (8, False), (4, False)]
        counts = review_queue.counts(Reader(ONE.label, BOTH), office.now)
        assert (counts.waiting, counts.late) == (3, 1)
        assert review_queue.next_for(Reader(ONE.label, BOTH), office.now) == listed[0].id

    def test_the_list_names_nobody(self, office):
        register_with_papers(office)

        assert not [word for word in ("Amina", "OAK", "1990", "utility") if word in str(queue(office))]

    def test_the_person_knows_the_date_and_that_we_are_late(self, office):
        register_with_papers(office)
        assert (
            told(office) == "A person looks at what you gave us. You have our answer by Thursday, September 11, 2025."
        )

        office.later(days=11)
        assert "We are late. You need to do nothing." in told(office)

    def test_who_is_to_come_in_is_told_until_when(self, office):
        office.register()

        assert told(office) == ("Please come in and show your papers by Tuesday, November 4, 2025. Then we can decide.")
        assert (queue(office).waiting, len(queue(office).expected)) == ((), 1)

    def test_who_waits_without_a_review_gets_one(self, office):
        office.register(card(1), name="Mohamed Ali")
        office.register(card(1), name="Mohamed Ali")
        run_all(office)
        (match,) = rows("SELECT id FROM match")
        matches.decide(office.vault, match["id"], "different", "other-card", by=ONE, now=office.now)
        assert sorted(voter_state()) == ["active", "waiting"]
        assert rows("SELECT id FROM review") == []

        for _ in range(2):
            assert len(queue(office).expected) == 1

    def test_papers_that_nobody_looked_at_in_time_are_asked_for_again_and_nobody_is_refused(self, office):
        register_with_papers(office)
        office.later(days=14)
        purged(office)
        assert len(rows("SELECT id FROM paper")) == 1

        office.later(days=1)
        purged(office)

        assert rows("SELECT id FROM paper") == []
        found = state(office)
        assert (found.standing, found.missing, notice_words()) == ("more-needed", ("papers-again",), ["more-needed"])
        assert "we were late" in told(office)

    @pytest.mark.parametrize("first", ["refuse", "approve"])
    def test_the_same_while_a_second_person_is_waited_for(self, office, always_sampled, first):
        register_with_papers(office)
        say(office, first)
        office.later(days=15)

        purged(office)

        assert (the_review()["state"], voter_state()) == ("cure", ["waiting"])


class TestLooking:
    def log(self):
        return [(row["actor"], row["action"]) for row in rows("SELECT actor, action FROM log_entry ORDER BY id")][1:]

    def test_it_shows_what_it_takes_to_decide_and_is_logged_first(self, office):
        register_with_papers(office, unit="4B")

        item = opened_by(office, ONE)

        assert (item.name, item.birth, item.address) == ("Amina Yusuf", "1990-01-01", "100 OAK ST UNIT 4B")
        assert [(paper.number, paper.title[:4], paper.pages) for paper in item.papers] == [(1, "Bill", 2)]
        assert [check.key for check in item.checks] == list(CHECKS)
        assert item.election == date(2025, 11, 4)
        assert [(row.paper, row.within_days) for row in item.rows if row.number == 1] == [("utility-bill", 30)]
        assert [row.paper for row in item.rows].count("utility-bill") == 1
        assert self.log() == [("staff:one", "review")]

    def test_each_page_is_logged_before_it_is_opened(self, office, monkeypatch):
        register_with_papers(office)
        name = the_review()["id"]

        def broken(*_):
            raise OSError("the disk")

        monkeypatch.setattr(PAGES, "open", broken)
        with pytest.raises(OSError, match="the disk"):
            review_queue.page_of(office.vault, office.city, name, 1, 2, ONE, office.now)
        assert self.log() == [("staff:one", "review-page")]

    def test_a_page_is_the_page(self, office):
        register_with_papers(office)

        pages = [
            review_queue.page_of(office.vault, office.city, the_review()["id"], 1, n, ONE, office.now) for n in (1, 2)
        ]

        assert pages == [MARK + b"one", MARK + b"two"]

    @pytest.mark.parametrize(("number", "sheet"), [(0, 1), (2, 1), (1, 0), (1, 3), (1, -1)])
    def test_a_page_that_is_not_there_is_not_shown(self, office, number, sheet):
        register_with_papers(office)

        with pytest.raises(BadInput, match="no such"):
            page(office, ONE, number, sheet)

    @pytest.mark.parametrize("ends", ["approve", "refuse"])
    def test_what_is_not_in_the_queue_nobody_sees(self, office, never_sampled, ends):
        register_with_papers(office)
        say(office, ends)
        if ends == "refuse":
            say(office, ends, by=TWO)
        before = len(self.log())

        for by in (ONE, TWO, THREE, JUDGE):
            for look in (
                lambda by=by: review_queue.open_item(
                    office.vault, office.city, the_review()["id"], by=by, now=office.now
                ),
                lambda by=by: page(office, by),
                lambda by=by: review_queue.open_item(office.vault, office.city, "f" * 16, by=by, now=office.now),
            ):
                with pytest.raises(BadInput):
                    look()
        assert len(self.log()) == before

    @pytest.mark.parametrize("by", [RESIDENT, SERVICE, CLERK, staff("x", "administrator"), staff("x", "judge")])
    def test_nobody_but_a_reviewer_opens_one(self, office, by):
        register_with_papers(office)

        with pytest.raises(BadInput, match="another person's"):
            opened_by(office, by)

    def test_a_second_person_is_not_told_what_the_first_one_said_and_a_head_judge_is(self, office):
        register_with_papers(office)
        say(office, "refuse")

        def opened(by):
            return opened_by(office, by)

        assert opened(TWO).steps == ()
        say(office, "approve", by=TWO)
        assert [step.answer for step in opened(JUDGE).steps] == ["refuse", "approve"]

    def test_a_paper_past_its_last_day_is_shown_to_nobody_though_it_is_still_there(self, office):
        register_with_papers(office)
        office.later(days=15)

        assert opened_by(office, ONE).papers == ()
        with pytest.raises(BadInput, match="no such paper"):
            page(office, ONE)


class TestHolds:
    def test_a_hold_pauses_the_destruction_and_its_release_lets_it_happen(self, office, never_sampled):
        register_with_papers(office)
        hold_id = hold(office)
        assert [row["key_id"] for row in rows("SELECT key_id FROM paper")] == [hold_id]

        assert say(office, "approve") == "approved"
        office.later(days=30)
        certificate = purged(office)
        assert (len(rows("SELECT id FROM paper")), certificate.held["paper"]) == (1, 1)
        assert voter_state() == ["active"]

        release(office, hold_id)
        purged(office)
        assert rows("SELECT id FROM paper") == []

    def test_a_hold_on_another_pauses_nothing(self, office, never_sampled):
        register_with_papers(office)
        office.register(card(1))
        (other,) = rows("SELECT id FROM voter WHERE state = 'active'")
        hold(office, f"voters:{other['id']}")

        say(office, "approve")

        assert rows("SELECT id FROM paper") == []

    def test_what_a_hold_covers_still_opens_and_is_reviewed_as_before(self, office):
        register_with_papers(office)
        say(office, "refuse")
        (voter,) = rows("SELECT id FROM voter")
        hold_id = hold(office, f"voters:{voter['id']}")

        assert the_review()["key_id"] == hold_id
        opened = opened_by(office, TWO)
        assert opened.papers[0].pages == 2
        assert review_queue.page_of(office.vault, office.city, opened.id, 1, 1, TWO, office.now) == MARK + b"one"
        say(office, "refuse", by=TWO)
        assert the_review()["key_id"] == hold_id

        release(office, hold_id)
        (voter,) = rows("SELECT key_id FROM voter")
        assert {row["key_id"] for row in rows("SELECT key_id FROM paper UNION SELECT key_id FROM review")} == {
            voter["key_id"]
        }

    def test_renewing_the_record_keeps_what_was_said_as_long(self, office):
        register_with_papers(office)
        say(office, "refuse")
        office.later(days=400)
        (voter,) = rows("SELECT id FROM voter")

        due = renewal.renew(office.vault, office.city, voter["id"], by=RESIDENT, now=office.now)

        row = the_review()
        assert (row["due"], row["key_id"]) == (due, due)
        assert REVIEW.open(office.vault, row["id"], bytes(row["sealed"])).steps[0].answer == "refuse"

    def test_the_review_goes_with_its_record(self, office):
        register_with_papers(office)
        office.later(days=365 * 6)

        purged(office)

        assert rows("SELECT id FROM review") == rows("SELECT id FROM paper") == rows("SELECT id FROM voter") == []


class TestTheRule:
    @pytest.mark.parametrize("way", WAYS)
    @pytest.mark.parametrize("place", ["minneapolis", "san-francisco", "burlington", "hyattsville"])
    def test_each_way_has_points_of_its_own_in_every_place(self, place, way):
        found = checklist(load_pack(place), way)

        assert found
        assert len({point.key for point in found}) == len(found)

    @pytest.mark.parametrize("home", ["no-fixed", "program", "unlisted", "facility", "address"])
    def test_the_precinct_of_a_home_that_the_map_does_not_know_is_a_point_of_its_own(self, home):
        found = checklist(load_pack("minneapolis"), "papers-in-person", home)

        assert ("placed" in {point.key for point in found}) is (home in {"no-fixed", "program", "unlisted"})

    def test_every_reason_and_everything_that_may_be_asked_for_has_plain_words(self):
        for said in (*REASONS.values(), *MISSING.values()):
            assert str(said).endswith(".")
        assert set(BY_STAFF) < set(MISSING)
