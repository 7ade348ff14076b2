"""The place's own rule at the office: what was seen approves exactly when the rule says so, in every place."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility import BadInput, load_pack, pack_names
from eligibility.dated import Citation
from eligibility.proof import (
    PAPER_SHOWS,
    IdentityDocument,
    PaperRule,
    ResidencyDocument,
    recent_enough,
    satisfied,
)
from tests.voter_reg.papers import register_with_papers
from tests.voter_reg.reviewing import ONE, rows, the_review, voter_state
from voter_reg.service import review
from voter_reg.service.review_look import Verdict, counted_from, look
from voter_reg.service.review_opening import IN_PERSON, UPLOADED
from voter_reg.service.review_proof import SWORN, WHERE, WHO, Seen, offered
from voter_reg.service.review_record import REVIEW
from voter_reg.service.review_rules import checklist

LAW = Citation("A law", "https://example.org", date(2026, 11, 22))
DAY = date(2025, 11, 4)
ALL = ("name", "address")

PHOTO, CARD = Seen(WHO, "photo-id-any-government"), Seen(WHO, "photo-id-with-birth-date")
PAPER, BILL = Seen(WHERE, "paper-with-address"), Seen(WHERE, "utility-bill", DAY)
OLD = replace(BILL, dated=DAY - timedelta(days=31))
SECOND, BIRTH = Seen(WHO, "second-photo-card"), Seen(WHO, "birth-certificate")

# Place: (papers that are enough, the rule that they meet), and (papers that lack one thing, what it is).
ENOUGH = {
    "burlington": [((PAPER,), "paper-with-address")],
    "college-park": [((PHOTO, PAPER), "one-of-each")],
    "hyattsville": [((PHOTO, PAPER), "identity-age-and-residency")],
    "minneapolis": [
        ((CARD, BILL), "photo-card-and-paper"),
        ((Seen(WHO, "school-id"), Seen(WHERE, "lease")), "photo-card-and-paper"),
        ((Seen(WHO, "card-with-address"),), "card-with-address"),
    ],
    "new-york-city": [((PHOTO,), "photo-card"), ((PAPER,), "paper-with-address")],
    "san-francisco": [((CARD, BILL), "city-id-papers"), ((SECOND, BIRTH, BILL), "city-id-papers")],
    "takoma-park": [((Seen(WHO, "school-card"), Seen(WHERE, "deed-or-lease")), "one-of-each")],
    "washington-dc": [((PHOTO, PAPER), "one-of-each")],
    "winooski": [((PAPER,), "paper-with-address")],
}
ALMOST = {
    "burlington": [((PHOTO,), "one more paper that shows where they live")],
    "college-park": [((PHOTO,), "one more paper that shows where they live")],
    "hyattsville": [((PAPER,), "one more paper that shows who they are; birth date on an identity paper")],
    "minneapolis": [
        ((CARD, OLD), "address on the same identity paper. Not counted, since too old or without its date: Bill"),
        ((BILL,), "one more paper that shows who they are; photo and name on an identity paper"),
    ],
    "new-york-city": [((), "one more paper that shows where they live")],
    "san-francisco": [
        ((SECOND, BILL), "papers that show who they are worth 1 more point; birth date on an identity paper"),
        ((SECOND, SECOND, BILL), "lacks birth date on an identity paper"),
        ((CARD, OLD), "one more paper that shows where they live. Not counted, since too old"),
    ],
    "takoma-park": [((Seen(WHERE, "deed-or-lease"), Seen(WHERE, "bill-or-statement")), "who they are")],
    "washington-dc": [((PAPER,), "who they are")],
    "winooski": [((), "one more paper that shows where they live")],
}


def each(of):
    return [(place, *example) for place, examples in of.items() for example in examples]


def decide(office, place, papers, **more):
    """The decision on the one review as the office of another place takes it."""
    city = replace(office.city, pack=load_pack(place))
    day = counted_from(city, office.now)
    moved = tuple(one if one.dated is None else replace(one, dated=one.dated + (day - DAY)) for one in papers)
    row = the_review()
    verdict = Verdict("approve", row["version"], **{"checks": ALL, "papers": moved, **more})
    return review.decide(office.vault, city, row["id"], verdict, by=ONE, now=office.now)


def kept(office):
    row = the_review()
    return REVIEW.open(office.vault, row["id"], bytes(row["sealed"])).steps[-1]


class TestEveryPlace:
    def test_there_are_examples_of_every_pack_that_ships(self):
        assert set(ENOUGH) == set(ALMOST) == set(pack_names())

    @pytest.mark.parametrize(("place", "papers", "rule"), each(ENOUGH))
    def test_papers_that_meet_its_rule_put_a_person_on_the_roll(self, office, never_sampled, place, papers, rule):
        register_with_papers(office, ())

        assert decide(office, place, papers) == "approved"

        assert voter_state() == ["active"]
        step = kept(office)
        assert step.rule == rule
        assert set(step.checks) <= {*ALL, f"{WHO}:{rule}", f"{WHERE}:{rule}"}

    @pytest.mark.parametrize(("place", "papers", "lacks"), each(ALMOST))
    def test_papers_that_lack_one_thing_do_not_and_the_reviewer_is_told_which(self, office, place, papers, lacks):
        register_with_papers(office, ())

        with pytest.raises(BadInput) as problem:
            decide(office, place, papers)

        assert lacks in problem.value.what
        assert (voter_state(), rows("SELECT sealed FROM review")) == (["waiting"], [{"sealed": None}])

    @pytest.mark.parametrize("place", pack_names())
    def test_a_further_sworn_statement_does_where_the_place_takes_one(self, office, never_sampled, place):
        register_with_papers(office, ())

        if SWORN not in load_pack(place).proof.ways:
            with pytest.raises(BadInput, match="takes no sworn statement"):
                decide(office, place, (), checks=(), sworn=True)
            return
        assert decide(office, place, (), checks=(), sworn=True) == "approved"
        assert (kept(office).rule, kept(office).checks) == (SWORN, (SWORN,))

    def test_who_shows_a_paper_without_an_address_needs_none_on_it_where_the_rule_does_not(self, office, never_sampled):
        register_with_papers(office, ())

        with pytest.raises(BadInput, match="each point"):
            decide(office, "new-york-city", (PAPER,), checks=("name",))
        assert decide(office, "new-york-city", (PHOTO,), checks=("name",)) == "approved"

    @pytest.mark.parametrize("place", ["burlington", "winooski"])
    def test_no_identity_paper_is_listed_where_no_rule_asks_for_one(self, place):
        assert {row.half for row in offered(load_pack(place), ())} == {WHERE}

    def test_papers_that_were_sent_stand_first_by_what_they_are_said_to_be(self):
        listed = offered(load_pack("minneapolis"), [(1, "lease"), (3, "lease"), (4, "gone-from-the-list")])

        assert [(row.paper, row.copy, row.number) for row in listed[:2]] == [("lease", 1, 1), ("lease", 2, 3)]
        assert [row.number for row in listed[2:]] == [None] * (len(listed) - 2)
        assert "lease" not in [row.paper for row in listed[2:]]
        assert len({(row.half, row.paper, row.copy) for row in listed}) == len(listed)

    def test_where_points_count_a_second_paper_of_a_kind_can_be_ticked(self):
        listed = offered(load_pack("san-francisco"), ())

        assert [row.copy for row in listed if row.paper == "second-photo-card"] == [1, 2]
        assert [row.copy for row in listed if row.paper == "photo-id-with-birth-date"] == [1]


SHOWS = st.lists(st.sampled_from(PAPER_SHOWS), unique=True, max_size=3).map(tuple)
IDENTITY = st.builds(IdentityDocument, st.just(""), st.just("A card"), SHOWS, st.just(LAW), st.integers(1, 3))
AGE = st.none() | st.integers(1, 60)
RESIDENCY = st.builds(ResidencyDocument, st.just(""), st.just("A bill"), AGE, st.just(LAW), st.integers(1, 3))
RULE = st.builds(
    PaperRule,
    st.just(""),
    st.integers(0, 2),
    st.integers(0, 2),
    SHOWS,
    st.just(LAW),
    st.booleans(),
    st.integers(0, 4),
    st.integers(0, 4),
)


def numbered(documents):
    """With ids; the same ids in both lists, as a pack may have them."""
    return tuple(replace(one, id=f"n-{place}") for place, one in enumerate(documents))


@st.composite
def places(draw):
    rules = [one for one in draw(st.lists(RULE, max_size=3)) if one.identity or one.residency]
    pack = load_pack("minneapolis")
    return replace(
        pack,
        identity_documents=numbered(draw(st.lists(IDENTITY, min_size=1, max_size=3))),
        residency_documents=numbered(draw(st.lists(RESIDENCY, min_size=1, max_size=3))),
        proof=replace(pack.proof, papers=numbered(rules)),
    )


@st.composite
def looks(draw, pack, most=5):
    seen = [(WHO, one) for one in pack.identity_documents] + [(WHERE, one) for one in pack.residency_documents]
    dates = st.none() | st.integers(-70, 70).map(lambda days: DAY + timedelta(days=days))
    picked = draw(st.lists(st.sampled_from(seen), max_size=most))
    return [(document, Seen(half, document.id, draw(dates))) for half, document in picked]


def recent(papers):
    return [document for document, one in papers if recent_enough(document, one.dated, DAY)]


def said_of(pack, papers, before=(), way=UPLOADED, checks=ALL):
    verdict = Verdict("approve", 1, checks=checks, papers=tuple(one for _, one in papers))
    return look(pack, way, verdict, before, DAY)


def points(pack):
    """The points beside the papers that this place's checklist has."""
    return tuple(point.key for point in checklist(pack, UPLOADED))


@given(st.data())
def test_approval_is_possible_exactly_when_the_places_rule_is_satisfied(data):
    pack = data.draw(places())
    papers = data.draw(looks(pack))
    way = data.draw(st.sampled_from([UPLOADED, IN_PERSON]))

    found = said_of(pack, papers, way=way, checks=points(pack))

    expected = satisfied(pack.proof, recent(papers))
    assert (found.lacks is None) == expected.met
    assert found.rule == (expected.rule.id if expected.met else None)


@given(st.data())
def test_of_two_looks_each_half_of_a_rule_counts_that_either_of_them_met(data):
    pack = data.draw(places())
    first, second = data.draw(looks(pack)), data.draw(looks(pack))
    checks = points(pack)
    before = said_of(pack, first, checks=checks).points

    found = said_of(pack, second, before, checks=checks)

    def met(rule, **without):
        proof = replace(pack.proof, papers=(replace(rule, **without),))
        return any(satisfied(proof, recent(papers)).met for papers in (first, second))

    def whole(rule):
        return met(rule, residency=0, residency_points=0) and met(rule, identity=0, identity_points=0, shows=())

    kept_rule = next((one for one in pack.proof.papers if said_of(pack, first, checks=checks).rule == one.id), None)
    expected = [rule for rule in pack.proof.papers if whole(rule)]
    if kept_rule is None:
        assert (found.lacks is None) == bool(expected)
    else:
        assert found.lacks is None


@given(st.data())
def test_every_set_of_papers_that_the_page_can_tick_holds_one_that_meets_a_rule_that_can_be_met(data):
    pack = data.draw(places())
    ticked = offered(pack, ())
    by_key = {(WHO, one.id): one for one in pack.identity_documents}
    by_key |= {(WHERE, one.id): one for one in pack.residency_documents}

    everything = [by_key[row.half, row.paper] for row in ticked]
    endless = [document for document in by_key.values() for _ in range(9)]

    assert satisfied(pack.proof, everything).met == satisfied(pack.proof, endless).met
