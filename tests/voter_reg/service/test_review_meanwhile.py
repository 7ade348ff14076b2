"""What else moves a review: a card that is shown instead, a change of the record, a home that the map does not know."""

import functools
from datetime import date

import pytest

from eligibility import BadInput, load_pack
from tests.voter_reg.papers import register_with_papers
from tests.voter_reg.reviewing import (
    CHECKS,
    ONE,
    TWO,
    appeal,
    bring,
    notice_words,
    rows,
    say,
    state,
    the_review,
    voter_state,
)
from tests.voter_reg.town import Registry, card
from voter_reg.service import own_changes
from voter_reg.service.own_changes import Change
from voter_reg.service.review import Changed
from voter_reg.service.review_look import Verdict, look
from voter_reg.service.review_opening import ask_anew
from voter_reg.service.voter_record import version_of


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

    def test_a_card_that_another_holds_is_held_there_as_well(self, office):
        office.register(card(3))

        self.register(office, home="unlisted", address="100 Nowhere Lane", split="C-3")

        assert sorted(voter_state()) == ["active", "held"]

    def test_who_moves_on_from_there_has_to_prove_the_new_home(self, office, never_sampled):
        self.register(office, home="unlisted", address="100 Nowhere Lane", split="C-3")
        row = rows("SELECT id, sealed FROM voter")[0]
        wanted = Change("address", {"home": "unlisted", "address": "9 Elsewhere"}, "Amina Yusuf", "A-1")

        opened = functools.partial(ask_anew, office.city)
        vault, city, version = office.vault, office.city, version_of(row["sealed"])
        assert own_changes.change(vault, city, row["id"], wanted, version, office.now, review_opened=opened)

        assert the_review()["way"] == "papers-in-person"
        with pytest.raises(BadInput):
            say(office, "approve", checks=("placed",), papers=())
        assert voter_state() == ["waiting"]

    def test_a_paper_would_not_help_and_the_card_shown_again_moves_no_date(self, office):
        self.register(office, home="unlisted", address="100 Nowhere Lane", split="C-3")
        due, version = the_review()["due_at"], the_review()["version"]
        office.later(days=3)

        assert not state(office).takes_papers
        with pytest.raises(BadInput, match="needs no papers"):
            bring(office, "utility-bill")
        show_card(office, card(3))
        assert (the_review()["due_at"], the_review()["version"]) == (due, version)

    def test_the_reviewer_has_to_see_that_it_lies_there(self, office):
        self.register(office, home="no-fixed", address="Under the bridge", split="C-3")

        with pytest.raises(BadInput, match="each point"):
            say(office, "approve", checks=(), papers=())

    def test_what_a_first_person_looked_up_of_it_a_second_one_looks_up_again(self, office, always_sampled):
        register_with_papers(office, (), home="unlisted", address="100 Nowhere Lane", split="C-3")
        say(office, "approve", checks=(*CHECKS, "placed"))

        with pytest.raises(BadInput, match="each point"):
            say(office, "approve", by=TWO, checks=(), papers=())
        assert say(office, "approve", by=TWO, checks=("placed",), papers=()) == "approved"

    def test_a_further_sworn_statement_does_not_say_in_which_precinct_it_lies(self):
        pack = load_pack("san-francisco")
        sworn = [Verdict("approve", 1, checks=checks, sworn=True) for checks in ((), ("placed",))]

        found = [look(pack, "papers-in-person", one, (), date(2025, 11, 4), "unlisted").lacks for one in sworn]

        assert (found[0] is None, found[1]) == (False, None)
