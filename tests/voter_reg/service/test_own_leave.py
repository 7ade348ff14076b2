"""Leaving the roll: off every list at once, nothing kept that no law keeps, and nothing that tells why."""

import itertools
from contextlib import contextmanager

import pytest
from sqlalchemy import inspect, text

from eligibility import BadInput
from tests.voter_reg.officers import CLERK, COUNSEL, approved
from tests.voter_reg.service.own_person import CARD, actions, hold, one, registered, rows, run_jobs
from tests.voter_reg.town import DAY, card
from voter_reg.service import (
    demands,
    holds,
    jobs,
    matches,
    own_leave,
    own_record,
    renewal,
    rosters,
    tagging,
)
from voter_reg.service.holds import RELEASE_HOLD
from voter_reg.service.own_record import NotFound, NotSignedIn
from voter_reg.service.scope import Scope
from voter_reg.service.shelf import open_on
from voter_reg.service.voter_record import RECORD
from voter_reg.service.work import run
from voter_reg.store import voters
from voter_reg.store.db import db, snapshot, transaction

ELECTION = "minneapolis-2025-11-04"


def freeze(office):
    return rosters.freeze(office.vault, office.shelf, ELECTION, by=CLERK, now=office.now)


def purged(office):
    job_id = jobs.create("purge", {}, office.now, send=False)
    run(job_id, office.bench)
    assert jobs.find(job_id).state == "done", jobs.find(job_id).problem


def everything():
    """Every row of every table but the log, without what is random or a time of its own."""
    db.session.rollback()
    tables = sorted(set(inspect(db.engine).get_table_names()) - {"alembic_version", "job", "log_leaf", "log_tree"})
    return {table: db.session.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one() for table in tables}


def of(voter_id, table, column):
    return one(f"SELECT count(*) FROM {table} WHERE {column} = :voter", voter=voter_id)


class TestAtOnce:
    def test_the_record_is_gone_with_all_that_hangs_on_it(self, office, me):
        voter_id = me.voter_id
        leaving = me.leave()

        assert (leaving.lists, leaving.record_until, leaving.backups_until) == ((), None, "2029-11")
        for table, column in (
            ("voter", "id"),
            ("decision", "voter_id"),
            ("match_key", "voter_id"),
            ("own_session", "voter_id"),
            ("letter", "voter_id"),
        ):
            assert of(voter_id, table, column) == 0, table

    def test_every_session_ends_and_the_code_opens_nothing(self, me):
        token, voter_id = me.sign_in(), me.voter_id
        me.leave(voter_id)

        with pytest.raises(NotSignedIn):
            own_record.use(token, me.office.now)
        with pytest.raises(NotSignedIn):
            me.leave(voter_id)
        with pytest.raises(NotFound):
            me.sign_in()

    def test_no_list_that_follows_has_them(self, office, me):
        registered(office, card(2), name="Stays")
        me.leave()

        frozen = freeze(office)
        assert [entry.name for entry in rosters.read(office.vault, open_on(office.shelf, ELECTION), frozen)] == [
            "Stays"
        ]

    def test_the_card_may_be_used_again(self, office, me):
        me.leave()

        assert registered(office, CARD).look().state == "registered"

    def test_a_job_that_comes_too_late_adds_nothing(self, office, election):
        me = registered(office)
        voter_id = me.voter_id
        me.leave()
        run_jobs(office)

        assert of(voter_id, "decision", "voter_id") == 0
        assert of(voter_id, "match_key", "voter_id") == 0
        assert rows("SELECT state FROM job") == ["done"]

    def test_what_is_said_before_is_what_is_done(self, office, me):
        for _ in range(2):
            voter_id = me.voter_id
            assert own_leave.what_leaving_removes(office.city, voter_id) == me.leave(voter_id)
            me = registered(office, CARD)
            run_jobs(office)
            freeze(office)


class TestAfterAListWasMade:
    @pytest.fixture
    def gone(self, office, me):
        with transaction() as session:
            session.execute(text("UPDATE voter SET due = '2029-11'"))
        me.change("contact", signed="", email="a@example.org")
        self.frozen = freeze(office)
        self.voter_id = me.voter_id
        self.leaving = me.leave(self.voter_id)
        return me

    def test_the_list_and_the_form_stay_as_long_as_that_elections_papers(self, office, gone):
        (kept,) = self.leaving.lists
        assert (kept.day, kept.until, self.leaving.record_until) == (DAY, "2027-09", "2027-09")
        assert "204B.40" in kept.source.cite
        assert rows("SELECT state FROM voter") == ["left"]
        assert rows("SELECT key_id FROM voter") == rows("SELECT due FROM voter") == ["2027-09"]
        assert len(rosters.read(office.vault, open_on(office.shelf, ELECTION), self.frozen)) == 1

    def test_nothing_finds_it_any_more(self, office, gone):
        (found,) = db.session.execute(text("SELECT code_index, card_index, match_index FROM voter")).all()
        assert tuple(found) == (f"left|{self.voter_id}", None, "")
        assert of(self.voter_id, "match_key", "voter_id") == 0
        with pytest.raises(NotFound):
            gone.sign_in()

    def test_the_form_is_kept_and_how_to_reach_them_is_not(self, office, gone):
        with snapshot() as session:
            kept = RECORD.open(office.vault, self.voter_id, voters.find(session, self.voter_id).sealed)

        assert kept.signed_copy
        assert (kept.email, kept.mail_to) == (None, None)

    def test_the_next_list_is_without_them_and_tagging_anew_comes_to_its_end(self, office, gone):
        job_id = jobs.create("tag-election", {"election": ELECTION}, office.now, send=False)
        run(job_id, office.bench)

        assert jobs.find(job_id).state == "done"
        assert freeze(office).voters == 0
        assert of(self.voter_id, "decision", "voter_id") == 1, "what the first list rests on"

    def test_it_is_purged_in_the_month_after_its_clock_and_not_before(self, office, gone):
        office.now = office.now.replace(year=2027, month=9, day=30)
        purged(office)
        assert of(self.voter_id, "voter", "id") == 1

        office.now = office.now.replace(month=10, day=1)
        purged(office)
        assert of(self.voter_id, "voter", "id") == 0
        assert one("SELECT count(*) FROM decision") == 0

    def test_no_renewal_brings_them_back(self, office, gone):
        with pytest.raises(BadInput):
            renewal.renew(office.vault, office.city, self.voter_id, by=CLERK, now=office.now)
        with transaction() as session:
            assert voters.change_state(session, self.voter_id, voters.ACTIVE) == voters.LEFT

    def test_whoever_registers_meets_no_one_who_left(self, office, gone):
        registered(office, CARD)
        run_jobs(office)

        assert one("SELECT count(*) FROM match") == 0


SCOPES = {"everything": lambda _: Scope(), "election": lambda _: Scope(election=ELECTION),
          "voters": lambda voter_id: Scope(voters=(voter_id,))}  # fmt: skip


class TestUnderALegalDemand:
    @pytest.mark.parametrize("placed", [True, False])
    @pytest.mark.parametrize("scope", SCOPES)
    def test_nothing_is_removed_and_nobody_is_told(self, office, me, scope, placed):
        voter_id = me.voter_id
        told = own_leave.what_leaving_removes(office.city, voter_id)
        hold(office, SCOPES[scope](voter_id))
        if placed:
            run_jobs(office)
        before = (
            rows("SELECT sealed FROM voter"),
            rows("SELECT sealed FROM decision"),
            rows("SELECT key FROM match_key"),
        )

        assert me.leave(voter_id) == told
        after = rows("SELECT sealed FROM voter"), rows("SELECT sealed FROM decision"), rows("SELECT key FROM match_key")
        assert before == after
        assert rows("SELECT state FROM voter") == ["left"]
        with pytest.raises(NotFound):
            me.sign_in()
        assert freeze(office).voters == 0

    def test_a_demand_about_someone_else_stops_nothing(self, office, me):
        other = registered(office, card(2))
        voter_id = me.voter_id
        hold(office, Scope(voters=(other.voter_id,)))
        me.leave(voter_id)

        assert of(voter_id, "voter", "id") == 0

    def test_no_purge_takes_it_and_after_the_release_the_next_month_does(self, office, me):
        voter_id = me.voter_id
        demand = hold(office)
        me.leave(voter_id)
        office.later(days=400)
        purged(office)
        assert of(voter_id, "voter", "id") == 1

        run_jobs(office)
        demands.decide(demand.id, "refuse", by=COUNSEL, now=office.now)
        holds.release(demand.hold_id, approved(RELEASE_HOLD, demand.hold_id, {}, office.now), by=CLERK, now=office.now)
        run_jobs(office)
        purged(office)
        assert of(voter_id, "voter", "id") == 1, "its month is not over"
        office.later(days=31)
        purged(office)
        assert of(voter_id, "voter", "id") == 0
        assert of(voter_id, "decision", "voter_id") == 0

    def test_reviewers_cannot_put_them_back(self, office, me):
        registered(office, card(2), name="Amina Yusuf")
        run_jobs(office)
        hold(office)
        me.leave()
        (match,) = matches.waiting(office.now)
        matches.decide(office.vault, match.id, "same", "person-said-so", by=COUNSEL, now=office.now)
        matches.decide(office.vault, match.id, "same", "person-said-so", by=CLERK, now=office.now)

        assert sorted(rows("SELECT state FROM voter")) == ["active", "left"], "nobody is anyone's double any more"
        for by in (COUNSEL, CLERK):
            matches.reopen(office.vault, match.id, "new-papers", by=by, now=office.now)
        assert sorted(rows("SELECT state FROM voter")) == ["active", "left"]


class TestWhoWasHeldAsTheirDouble:
    def test_with_the_same_card_may_show_papers(self, office, me):
        double = registered(office, CARD, name="Other Person", birth="1980-02-02")
        run_jobs(office)
        me.leave()

        assert double.look().state == "waiting"

    def test_with_the_same_card_may_show_papers_though_their_job_has_not_run(self, office, me):
        double = registered(office, CARD, name="Other Person", birth="1980-02-02")
        me.leave()
        run_jobs(office)

        assert double.look().state == "waiting"

    def test_by_two_reviewers_may_show_papers(self, office, me):
        double = registered(office, card(2))
        run_jobs(office)
        (match,) = matches.waiting(office.now)
        for by in (COUNSEL, CLERK):
            matches.decide(office.vault, match.id, "same", "person-said-so", by=by, now=office.now)
        assert double.look().state == "checking"
        me.leave()

        assert double.look().state == "waiting"

    def test_stays_held_where_another_record_holds_it_too(self, office, me):
        second = registered(office, card(2))
        third = registered(office, card(3))
        run_jobs(office)
        third_id = third.voter_id
        for match in matches.waiting(office.now):
            for by in (COUNSEL, CLERK):
                matches.decide(office.vault, match.id, "same", "person-said-so", by=by, now=office.now)
        me.leave()

        assert one("SELECT state FROM voter WHERE id = :id", id=third_id) == "held"
        assert second.look().state == "waiting"


def test_leaving_while_everyone_is_tagged_anew_does_not_hold_it_up(office, me, monkeypatch):
    for number in (2, 3):
        registered(office, card(number))
    freeze(office)
    voter_id, real, calls = me.voter_id, tagging.transaction, itertools.count()

    @contextmanager
    def leaving_between():
        if next(calls) == 3:
            me.leave(voter_id)
        with real() as session:
            yield session

    monkeypatch.setattr(tagging, "_CHUNK", 1)
    monkeypatch.setattr(tagging, "transaction", leaving_between)
    job_id = jobs.create("tag-election", {"election": ELECTION}, office.now, send=False)
    run(job_id, office.bench)

    assert jobs.find(job_id).state == "done"
    assert one("SELECT state FROM voter WHERE id = :id", id=voter_id) == "left"
    assert freeze(office).voters == 2


def test_two_people_who_leave_leave_the_same_traces(office, election):
    seen = []
    for number in range(2):
        person = registered(office, card(number))
        run_jobs(office)
        before, done = everything(), len(actions())
        person.leave()
        after = everything()
        seen.append(({table: after[table] - before[table] for table in after}, actions()[done:]))

    assert seen[0] == seen[1]
    assert seen[0][1] == ["sign-in", "signed-in", "leave"]
