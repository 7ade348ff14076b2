"""Looking at and correcting one's own record: what was signed stays, what follows is decided anew, all is logged."""

import hashlib

import pytest

from tests.voter_reg.officers import CLERK
from tests.voter_reg.papers import register_with_papers
from tests.voter_reg.reviewing import purged
from tests.voter_reg.service.own_person import CARD, Self, actions, hold, one, registered, rows, run_jobs
from tests.voter_reg.town import DAY, Registry, card
from voter_reg.service import matches, own_changes, own_record, rosters
from voter_reg.service.actors import RESIDENT
from voter_reg.service.own_changes import Stale
from voter_reg.service.own_limits import FREE, Wait
from voter_reg.service.own_record import NotSignedIn
from voter_reg.service.shelf import open_on
from voter_reg.service.voter_record import RECORD
from voter_reg.service.who_looked import who_looked
from voter_reg.store import voters
from voter_reg.store.db import snapshot

ELECTION = "minneapolis-2025-11-04"
MOVED = {"address": "100 ASH ST", "unit": None, "split": "C-1"}


def freeze(office):
    return rosters.freeze(office.vault, office.shelf, ELECTION, by=CLERK, now=office.now)


def listed(office, frozen):
    return rosters.read(office.vault, open_on(office.shelf, ELECTION), frozen)


def titles(shown):
    (coming,) = shown.elections
    return {contest.title: contest.district for contest in coming.open}


def record_of(me, voter_id):
    with snapshot() as session:
        return RECORD.open(me.office.vault, voter_id, voters.find(session, voter_id).sealed)


class TestLooking:
    def test_the_contests_are_those_of_the_sealed_decision(self, me):
        shown = me.look()

        (coming,) = shown.elections
        assert (shown.state, shown.by, shown.card, coming.planned) == ("registered", None, True, False)
        assert coming.day == DAY
        assert "ward-1" in titles(shown).values()
        assert all(one.contest.district in (None, "ward-1", "park-1") for one in coming.contests)

    def test_a_contest_that_is_not_open_says_why(self, office, election):
        young = registered(office, birth="2007-11-05")
        run_jobs(office)

        (coming,) = young.look().elections
        assert coming.open == ()
        assert {finding.requirement for one in coming.contests for finding in one.unmet} == {"age"}

    def test_before_the_job_has_run_there_are_none_yet(self, office, election):
        (coming,) = registered(office).look().elections

        assert coming.contests is None

    def test_an_election_that_is_not_set_up_is_worked_out_and_said_to_be_so(self, office):
        (coming,) = registered(office).look().elections

        assert (coming.day, coming.planned) == (DAY, True)
        assert coming.open

    def test_who_waits_is_told_the_last_day(self, office, election):
        shown = registered(office, None).look()

        assert (shown.state, shown.by.isoformat()) == ("waiting", "2025-11-04")

    def test_who_is_held_is_told_by_when_it_is_looked_at_and_not_why(self, office, me):
        double = registered(office, CARD, name="Someone Else", birth="1980-02-02")
        run_jobs(office)

        shown = double.look()
        assert (shown.state, shown.by) == ("checking", (office.now + matches.REVIEW_WITHIN).date())

    def test_each_look_is_logged_as_the_registrants_own(self, office, me):
        me.look()

        looks = who_looked(office.vault, me.voter_id, by=RESIDENT, now=office.now)
        assert actions()[-1] == "who-looked"
        said = [str(look.what) for look in looks]
        assert "You, or who signed in with your code, looked at this record." in said
        assert "Someone typed the code of this record, to sign in." in said

    def test_nobody_learns_there_of_a_double_or_of_a_legal_demand(self, office, me):
        registered(office, card(2))
        run_jobs(office)
        (match,) = matches.waiting(office.now)
        matches.open_match(office.vault, match.id, by=CLERK, now=office.now)
        matches.decide(office.vault, match.id, "same", "person-said-so", by=CLERK, now=office.now)
        hold(office)
        run_jobs(office)

        said = " ".join(str(look.what) for look in who_looked(office.vault, me.voter_id, by=RESIDENT, now=office.now))
        for told in ("reviewer", "like one", "one person", "demand", "match"):
            assert told not in said
        to_staff = who_looked(office.vault, me.voter_id, by=CLERK, now=office.now)
        assert "A legal demand came" in " ".join(str(look.what) for look in to_staff)


class TestAName:
    def test_what_was_signed_stays_and_the_change_is_kept_beside_it(self, me):
        voter_id = me.voter_id
        before = record_of(me, voter_id)
        me.change("name", signed="Amina Warsame", name="Amina Warsame", sort_name="Amina Warsame")

        after = record_of(me, voter_id)
        (amendment,) = after.amendments
        assert after.name == "Amina Warsame"
        assert (after.signed_copy, after.signed_copy_sha256) == (before.signed_copy, before.signed_copy_sha256)
        assert amendment.sha256 == hashlib.sha256(amendment.text.encode()).hexdigest()
        assert "Amina Warsame" in amendment.text
        assert before.signed_copy_sha256 in amendment.text
        assert "2025-09-01" in amendment.text

    def test_it_needs_no_proof_and_the_next_list_has_it(self, office, me):
        assert not me.change("name", name="Amina Warsame", sort_name="Warsame")

        run_jobs(office)
        assert [entry.name for entry in listed(office, freeze(office))] == ["Amina Warsame"]

    def test_whoever_is_met_by_the_new_name_is_looked_for(self, office, me):
        registered(office, card(2), name="Amina Warsame")
        run_jobs(office)
        assert one("SELECT count(*) FROM match") == 0

        me.change("name", name="Amina Warsame", sort_name="Amina Warsame")
        run_jobs(office)
        assert one("SELECT count(*) FROM match") == 1

    def test_markup_in_a_name_is_text_in_the_document(self, me):
        me.change("name", signed="<b>x", name="<script>alert(1)", sort_name="x")

        assert "<script>" not in record_of(me, me.voter_id).amendments[0].text


class TestAnAddress:
    def test_it_brings_new_contests_and_takes_the_old_ones_away(self, office, me):
        me.change("address", **MOVED)

        assert me.look().elections[0].contests is None, "the old ones are gone at once"
        run_jobs(office)
        assert "ward-3" in titles(me.look()).values()
        assert one("SELECT split FROM voter") == "C-1"

    def test_what_the_card_proved_has_to_be_proved_anew(self, office, me):
        assert me.change("address", **MOVED)

        shown = me.look()
        assert (shown.state, shown.card, shown.record.proof) == ("waiting", False, "papers")
        assert freeze(office).voters == 0

    def test_who_is_held_for_the_movers_card_is_shown_to_reviewers_though_their_job_has_not_run(self, office, me):
        double = registered(office, CARD, name="Other Person", birth="1980-02-02")
        me.change("address", **MOVED)
        run_jobs(office)

        assert [match.strength for match in matches.waiting(office.now)] == ["card"]
        assert double.look().by is not None

    def test_the_reviewers_are_told_in_the_same_transaction(self, office, me):
        told, voter_id = [], me.voter_id
        wanted = own_changes.Change("address", {"address": "100 ASH ST"}, "Amina", "C-1")
        shown = me.look(voter_id)

        own_changes.change(
            office.vault, office.city, voter_id, wanted, shown.version, office.now,
            review_opened=lambda session, whose, _: told.append((voters.state_of(session, whose), whose)),
        )  # fmt: skip

        assert told == [("waiting", voter_id)]

    def test_another_flat_in_the_same_house_needs_no_proof(self, office, me):
        assert not me.change("address", address="100 OAK ST", unit="2", split="A-1")
        assert me.look().state == "registered"

    def test_who_waits_anyway_goes_on_waiting(self, office, election):
        me = registered(office, None)
        assert not me.change("address", **MOVED)
        assert me.look().state == "waiting"

    def test_a_list_that_was_made_before_keeps_what_it_rests_on(self, office, me):
        first = freeze(office)
        me.change("address", **MOVED)
        run_jobs(office)

        assert len(listed(office, first)) == 1
        assert rows("SELECT generation FROM decision ORDER BY generation") == [-1, 1]
        assert freeze(office).voters == 0

    def test_moving_twice_keeps_each(self, office, me):
        freeze(office)
        me.change("address", **MOVED)
        run_jobs(office)
        me.change("address", address="100 ELM ST", unit=None, split="B-1")
        run_jobs(office)

        assert rows("SELECT generation FROM decision ORDER BY generation") == [-2, -1, 1]
        assert "ward-2" in titles(me.look()).values()

    def test_a_legal_demand_keeps_the_old_decision(self, office, me):
        hold(office)
        me.change("address", **MOVED)
        run_jobs(office)

        assert rows("SELECT generation FROM decision ORDER BY generation") == [-1, 1]

    def test_under_a_legal_demand_the_record_stays_under_its_key(self, office, me):
        hold(office)
        run_jobs(office)
        me.change("address", **MOVED)

        assert one("SELECT key_id FROM voter").startswith("h-")
        assert me.look().record.address == "100 ASH ST"

    def test_a_job_that_read_the_old_address_does_not_put_the_old_contests_back(self, office, me, monkeypatch):
        voter_id = me.voter_id
        me.change("address", **MOVED)
        real, moved = own_changes.voters.find, []

        def then_move(session, wanted):
            found = real(session, wanted)
            if not moved:
                moved.append(True)
                session.rollback()
                me.change("address", address="100 ELM ST", unit=None, split="B-1", voter_id=voter_id)
                session.rollback()
            return found

        monkeypatch.setattr("voter_reg.service.tagging.voters.find", then_move)
        run_jobs(office)
        monkeypatch.undo()
        run_jobs(office)

        assert "ward-2" in titles(me.look()).values()


class TestDates:
    def test_a_corrected_birth_date_is_the_one_to_sign_in_with(self, office, me):
        assert me.change("dates", birth="1991-02-03", resident_since="2015-05")

        with pytest.raises(own_record.NotFound):
            me.sign_in()
        me.birth = "1991-02-03"
        assert me.look().state == "waiting"

    def test_since_when_alone_needs_no_proof_and_is_decided_anew(self, office, me):
        assert not me.change("dates", birth="1990-01-01", resident_since="2025-10-30")

        run_jobs(office)
        (coming,) = me.look().elections
        assert coming.open == ()
        assert {finding.requirement for one in coming.contests for finding in one.unmet} == {"residency"}


class TestContact:
    def test_it_needs_no_signature_and_leaves_no_document(self, me):
        me.change("contact", signed="", email="a@example.org", mail_to=None, language="so")

        kept = me.look().record
        assert (kept.email, kept.language, kept.amendments) == ("a@example.org", "so", ())
        me.change("contact", signed="", email=None, mail_to=None, language="so")
        assert me.look().record.email is None

    def test_under_a_legal_demand_what_was_there_before_is_kept(self, office, me):
        me.change("contact", signed="", email="a@example.org")
        hold(office)
        me.change("contact", signed="", email=None)

        kept = me.look().record
        assert kept.email is None
        assert "a@example.org" in kept.amendments[0].text


class TestTwoTabs:
    def test_the_second_is_told_and_changes_nothing(self, me):
        version = me.look().version
        me.change("name", name="First", sort_name="First", version=version)

        with pytest.raises(Stale):
            me.change("name", name="Second", sort_name="Second", version=version)
        assert me.look().record.name == "First"

    def test_pressing_twice_is_pressing_once(self, me):
        version = me.look().version
        for _ in range(2):
            me.change("name", name="First", sort_name="First", version=version)

        assert len(me.look().record.amendments) == 1

    def test_who_has_left_changes_nothing(self, me):
        voter_id = me.voter_id
        me.leave()

        with pytest.raises(NotSignedIn):
            me.change("name", name="x", sort_name="x", version="v", voter_id=voter_id)


class TestACardForTheNewHome:
    def prove(self, me, number=CARD, registry=None, voter_id=None):
        office = me.office
        return own_changes.prove_by_card(
            office.vault, office.city, registry or Registry(), voter_id or me.voter_id, number, office.now
        )

    def test_it_puts_the_mover_back_on_the_list(self, office, me):
        me.change("address", **MOVED)
        registry = Registry()

        assert self.prove(me, registry=registry) == "confirmed"
        assert registry.asked == [(CARD, "1990-01-01", "100 ASH ST")]
        assert me.look().state == "registered"
        assert [entry.split for entry in listed(office, freeze(office))] == ["C-1"]

    def test_nobody_looks_at_papers_or_vouches_for_who_is_proven(self, office, election):
        me = Self(office, register_with_papers(office).code)
        neighbor = Self(office, office.submit(*office.draft(proof="vouching", birth="1991-02-02")).code, "1991-02-02")
        for number, one_of_them in ((CARD, me), (card(2), neighbor)):
            assert one_of_them.look().state == "waiting"
            self.prove(one_of_them, number)
            assert one_of_them.look().state == "registered"

        assert rows("SELECT state FROM review") == ["approved", "approved"]
        assert rows("SELECT code_index FROM vouching_code") == []
        run_jobs(office)
        purged(office)
        assert rows("SELECT id FROM paper") == []

    def test_papers_that_a_legal_demand_covers_stay(self, office, election):
        me = Self(office, register_with_papers(office).code)
        hold(office)
        run_jobs(office)
        self.prove(me)

        purged(office)
        assert len(rows("SELECT id FROM paper")) == 1

    def test_a_card_that_another_holds_leaves_the_papers_to_be_looked_at(self, office, me):
        double = Self(office, register_with_papers(office, birth="1991-02-02").code, "1991-02-02")
        self.prove(double)

        assert double.look().state == "checking"
        assert rows("SELECT state FROM review") == ["waiting"]

    def test_a_card_that_another_holds_gets_the_same_answer_and_is_held(self, office, me):
        registered(office, card(2), birth="1970-01-01")
        me.change("address", **MOVED)

        assert self.prove(me, card(2)) == "confirmed"
        assert me.look().state == "checking"

    def test_wrong_cards_are_limited_and_a_registry_that_is_away_costs_nothing(self, me):
        me.change("address", **MOVED)
        for _ in range(FREE + 2):
            assert self.prove(me, registry=Registry({CARD: "unavailable"})) == "unavailable"
        for _ in range(FREE):
            assert self.prove(me, registry=Registry({CARD: "not_confirmed"})) == "not_confirmed"

        with pytest.raises(Wait):
            self.prove(me)

    def test_it_changes_nothing_for_who_waits_for_nothing(self, me):
        assert self.prove(me, card(7)) == "confirmed"
        assert me.look().card
        assert "proved" not in actions()

    def test_a_number_that_cannot_be_one_is_not_asked_about(self, me):
        registry = Registry()

        assert self.prove(me, "123", registry) == "not_confirmed"
        assert registry.asked == []
