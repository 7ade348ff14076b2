"""Review of a registrant's proof: who decides, when a second person must, what becomes of the papers, who is told."""

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from eligibility import BadInput, load_pack
from tests.voter_reg.officers import CLERK, FIRST, approved
from tests.voter_reg.papers import MARK, clean, register_with_papers
from tests.voter_reg.town import Office, card
from voter_reg.language import words
from voter_reg.service import demands, holds, jobs, matches, purge, renewal, review, review_queue
from voter_reg.service.actors import RESIDENT, SERVICE, staff
from voter_reg.service.demands import Entry
from voter_reg.service.paper_record import PAGES
from voter_reg.service.review import Changed, Verdict
from voter_reg.service.review_opening import WAYS
from voter_reg.service.review_queue import Reader
from voter_reg.service.review_record import REVIEW
from voter_reg.service.review_rules import BY_STAFF, MISSING, REASONS, checklist, identity_rule
from voter_reg.service.review_state import in_words, public_state
from voter_reg.service.scope import Scope
from voter_reg.service.work import run
from voter_reg.store.db import db, snapshot, transaction
from voter_reg.store.jobs import unfinished_since

ONE, TWO, THREE = (staff(name, "reviewer") for name in ("one", "two", "three"))
JUDGE = staff("hana", "head-judge")
BOTH = frozenset({"reviewer", "head-judge"})
CHECKS = ("listed", "name", "address", "dated", "identity")


@pytest.fixture
def never_sampled(monkeypatch):
    monkeypatch.setattr(review, "SECOND_LOOK_ONE_IN", 2**40)


@pytest.fixture
def always_sampled(monkeypatch):
    monkeypatch.setattr(review, "SECOND_LOOK_ONE_IN", 1)


def rows(query):
    db.session.rollback()
    return db.session.execute(text(query)).mappings().all()


def the_review():
    (row,) = rows("SELECT * FROM review")
    return row


def voter_state():
    return [row["state"] for row in rows("SELECT state FROM voter")]


def say(office, answer, by=ONE, **more):
    row = the_review()
    whole = {
        "approve": {"checks": CHECKS},
        "ask": {"missing": ("newer-paper",)},
        "refuse": {"reason": "too-old", "note": "It is of last year."},
    }[answer]
    verdict = Verdict(**{"answer": answer, "version": row["version"], **whole, **more})
    return review.decide(office.vault, office.city, row["id"], verdict, by=by, now=office.now)


def state(office):
    (voter,) = rows("SELECT id FROM voter")
    with snapshot() as session:
        return public_state(session, office.vault, office.city, voter["id"], office.now)


def told(office):
    english = words("en")
    return " ".join(english.say(one) for one in in_words(state(office)))


def notices():
    return [row["args"] for row in rows("SELECT args FROM job WHERE kind = 'notify' ORDER BY id")]


def notice_words():
    return [str(args).split("notice")[1].strip("\"': }") for args in notices()]


def appeal(office):
    (voter,) = rows("SELECT id FROM voter")
    review.appeal(office.vault, office.city, voter["id"], by=RESIDENT, now=office.now)


def bring(office, *kinds):
    (voter,) = rows("SELECT id FROM voter")
    brought = [(kind, clean()) for kind in kinds]
    review.bring(office.vault, office.city, voter["id"], brought, RESIDENT, office.now)


def purged(office):
    job_id = jobs.create("purge", {}, office.now, send=False)
    run(job_id, office.bench)
    assert jobs.find(job_id).state == "done", jobs.find(job_id).problem
    return purge.every()[0]


def run_all(office):
    office.later(seconds=1)
    with snapshot() as session:
        waiting = unfinished_since(session, office.now)
    for job_id, kind in waiting:
        if kind != "notify":
            run(job_id, office.bench)


def hold(office, scope="everything"):
    entry = Entry(kind="subpoena", received_on=office.now.date(), sender="X", says="Y", scope=Scope.read(scope))
    placed = demands.log_demand(office.vault, office.city, entry, by=CLERK, now=office.now)
    run_all(office)
    return placed.hold_id


def release(office, hold_id):
    with transaction() as session:
        session.execute(text("UPDATE demand SET decision = 'reject'"))
    holds.release(hold_id, approved("release-hold", hold_id, {}, office.now), by=FIRST, now=office.now)
    run_all(office)


def opened_by(office, by):
    return review_queue.open_item(office.vault, office.city, the_review()["id"], by=by, now=office.now)


def page(office, by, number=1, sheet=1):
    return review_queue.page_of(office.vault, office.city, the_review()["id"], number, sheet, by, office.now)


def queue(office, label=ONE.label, roles=frozenset({"reviewer"})):
    return review_queue.queue(office.city, Reader(label, roles), office.now)


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
            read = lambda: b"".join(path.read_bytes() for path in sorted(folder.glob("voter_reg.sqlite3*")))  # noqa: E731
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

    def test_of_an_identity_paper_only_the_rule_that_it_satisfied_is_kept(self, office, never_sampled):
        register_with_papers(office, ())
        say(office, "approve", checks=("shown", "dated", "identity"))
        row = the_review()

        (step,) = REVIEW.open(office.vault, row["id"], bytes(row["sealed"])).steps

        assert step.rule == "photo and name"
        assert step.checks == ("shown", "dated", "identity")

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

        assert (state(office).standing, notice_words()[-1]) == ("waiting", "appeal")
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
        assert notice_words() == ["cure"]
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
        say(office, "ask", missing=("identity-in-person",), checks=CHECKS[:-1])
        purge_day = office.now + timedelta(days=5)
        office.now = purge_day

        opened = opened_by(office, TWO)
        assert opened.seen == frozenset(CHECKS[:-1])
        assert say(office, "approve", by=TWO, checks=("identity",)) == "approved"

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

        say(office, "approve", checks=tuple(check for check in CHECKS if check != "dated"))
        with pytest.raises(BadInput, match="no papers now"):
            bring(office, "lease")


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
        assert told(office) == "A reviewer looks at your papers. You have our answer by Thursday, September 11, 2025."

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
        assert (found.standing, found.missing, notice_words()) == ("more-needed", ("papers-again",), ["cure"])
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
        assert "within 30 days of November 4, 2025" in str(item.checks)
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
                verdict = Verdict("approve", row["version"], checks=CHECKS)
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
    @pytest.mark.parametrize(
        ("place", "rule"),
        [("minneapolis", "photo and name"), ("takoma-park", "photo and name"),
         ("hyattsville", "photo and name and birth date"), ("winooski", "photo and name")],
    )  # fmt: skip
    def test_only_what_all_identity_papers_of_a_place_show_is_named(self, place, rule):
        assert identity_rule(load_pack(place)) == rule

    @pytest.mark.parametrize("way", WAYS)
    @pytest.mark.parametrize("place", ["minneapolis", "san-francisco", "burlington", "hyattsville"])
    def test_each_way_has_points_of_its_own_in_every_place(self, place, way):
        points = checklist(load_pack(place), way, (), date(2026, 11, 3))

        assert points
        assert len({point.key for point in points}) == len(points)

    def test_the_age_of_a_paper_is_asked_where_the_kinds_that_were_sent_have_one(self):
        pack = load_pack("minneapolis")

        def keys(*kinds):
            return {point.key for point in checklist(pack, "papers-uploaded", kinds, None)}

        assert "dated" in keys("utility-bill")
        assert "dated" in keys("lease", "utility-bill")
        assert "dated" not in keys("lease")

    def test_every_reason_and_everything_that_may_be_asked_for_has_plain_words(self):
        for said in (*REASONS.values(), *MISSING.values()):
            assert str(said).endswith(".")
        assert set(BY_STAFF) < set(MISSING)
