"""The rule of proof: which papers are enough, what is missing, and what a pack may not say about it."""

import re
import shutil
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import eligibility
from eligibility import PackError, load_pack, pack_names
from eligibility.dated import Citation
from eligibility.proof import (
    PAPER_SHOWS,
    IdentityDocument,
    Missing,
    PaperRule,
    Proof,
    ResidencyDocument,
    Vouching,
    recent_enough,
    satisfied,
    why_not_vouch,
)

PACKS = Path(eligibility.__file__).parent / "packs"
LAW = Citation("A law", "https://example.org", date(2026, 11, 22))
ELECTION_DAY = date(2029, 11, 6)
MINNEAPOLIS = load_pack("minneapolis")


def card(*shows, points=1):
    return IdentityDocument("card", "A card", shows, LAW, points)


def bill(points=1, within_days=30):
    return ResidencyDocument("bill", "A bill", within_days, LAW, points)


def proof(*rules):
    return Proof(("identity-and-residency-documents",), LAW, rules)


def rule(identity=1, residency=1, shows=(), **more):
    return PaperRule("rule", identity, residency, tuple(shows), LAW, **more)


def paper_of(pack, paper_id):
    return next(d for d in (*pack.identity_documents, *pack.residency_documents) if d.id == paper_id)


@pytest.mark.parametrize(
    ("papers", "met", "rule_id", "missing"),
    [
        (("photo-id-with-birth-date", "utility-bill"), True, "photo-card-and-paper", ()),
        (("school-id", "lease"), True, "photo-card-and-paper", ()),
        (("card-with-address",), True, "card-with-address", ()),
        (("card-with-address", "lease"), True, "card-with-address", ()),
        (("utility-bill", "lease"), False, "photo-card-and-paper", ("identity", "photo", "name")),
        (("photo-id-with-birth-date",), False, "card-with-address", ("address",)),
        (("tribal-id", "school-id"), False, "card-with-address", ("address",)),
        ((), False, "card-with-address", ("identity", "photo", "name", "address")),
    ],
)
def test_minneapolis_takes_a_card_with_address_or_a_photo_card_with_a_paper(papers, met, rule_id, missing):
    found = satisfied(MINNEAPOLIS.proof, [paper_of(MINNEAPOLIS, paper) for paper in papers])

    assert (found.met, found.rule.id) == (met, rule_id)
    assert tuple(lack.what for lack in found.missing) == missing


def test_san_francisco_takes_one_paper_of_the_first_list_or_two_of_the_second():
    pack = load_pack("san-francisco")
    first, photo, birth = (
        paper_of(pack, paper) for paper in ("photo-id-with-birth-date", "second-photo-card", "birth-certificate")
    )
    home = paper_of(pack, "utility-bill")

    assert satisfied(pack.proof, [first, home]).met
    assert satisfied(pack.proof, [photo, birth, home]).met
    assert not satisfied(pack.proof, [first]).met
    assert satisfied(pack.proof, [photo, home]).missing == (Missing("identity-points", 1), Missing("birth-date", 1))
    assert satisfied(pack.proof, [photo, photo, home]).missing == (Missing("birth-date", 1),)
    assert satisfied(pack.proof, [birth, birth, home]).missing == (Missing("photo", 1),)


@pytest.mark.parametrize("place", ["burlington", "winooski", "new-york-city"])
def test_places_that_ask_for_no_identity_paper_take_one_paper_with_an_address(place):
    pack = load_pack(place)

    assert satisfied(pack.proof, pack.residency_documents[:1]).met
    assert not satisfied(pack.proof, []).met


def test_hyattsville_asks_for_a_paper_that_shows_the_age():
    pack = load_pack("hyattsville")

    assert satisfied(pack.proof, [*pack.identity_documents, *pack.residency_documents]).met
    assert satisfied(pack.proof, [card("photo", "name"), bill()]).missing == (Missing("birth-date", 1),)


@pytest.mark.parametrize("place", pack_names())
def test_every_rule_of_every_pack_can_be_met_with_papers_that_it_lists(place):
    pack = load_pack(place)

    for one in pack.proof.papers:
        alone = proof(one)
        listed = [*pack.identity_documents, *pack.residency_documents]
        assert satisfied(alone, listed * 9).met
        assert not satisfied(alone, []).met


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_number_of_papers_is_met_exactly_at_it(count):
    asked = proof(rule(identity=count, residency=0))

    assert satisfied(asked, [card()] * count).met
    assert satisfied(asked, [card()] * (count - 1)).missing == (Missing("identity", 1),)
    assert not satisfied(asked, [bill()] * 5).met


def test_points_are_met_exactly_at_them_and_each_kind_counts_its_own():
    asked = proof(rule(identity=1, residency=1, identity_points=300, residency_points=2))

    assert satisfied(asked, [card(points=200), card(points=100), bill(2)]).met
    assert satisfied(asked, [card(points=299), bill(2)]).missing == (Missing("identity-points", 1),)
    assert satisfied(asked, [card(points=300), bill(1)]).missing == (Missing("residency-points", 1),)
    assert not satisfied(asked, [card(points=300), card(points=300)]).met


def test_what_must_be_shown_on_one_paper_is_not_put_together_from_two():
    together, alone = (rule(residency=0, shows=("photo", "address"), on_one_paper=flag) for flag in (False, True))
    halves = [card("photo"), card("address")]

    assert satisfied(proof(together), halves).met
    assert satisfied(proof(alone), halves).missing == (Missing("address", 1),)
    assert satisfied(proof(alone), [card("photo", "address", "name")]).met


def test_the_first_rule_that_is_met_is_named_and_a_place_without_rules_meets_none():
    first, second = rule(residency=0), PaperRule("second", 0, 1, (), LAW)

    assert satisfied(proof(first, second), [card(), bill()]).rule is first
    assert satisfied(proof(first, second), [bill()]).rule is second
    assert satisfied(proof(), [card(), bill()]) == satisfied(proof(), [])
    assert not satisfied(proof(), [card(), bill()]).met
    assert satisfied(proof(), []).rule is None


PAPERS = st.one_of(
    st.builds(
        lambda shows, points: card(*sorted(shows), points=points),
        st.sets(st.sampled_from(PAPER_SHOWS)),
        st.integers(1, 3),
    ),
    st.builds(bill, st.integers(1, 3)),
)
RULES = st.builds(
    PaperRule,
    id=st.just("rule"),
    identity=st.integers(0, 2),
    residency=st.integers(0, 2),
    shows=st.sets(st.sampled_from(PAPER_SHOWS), max_size=2).map(lambda shows: tuple(sorted(shows))),
    source=st.just(LAW),
    on_one_paper=st.booleans(),
    identity_points=st.integers(0, 4),
    residency_points=st.integers(0, 4),
)


def enough(one, papers):
    """The same rule worked out a second way."""
    cards = [paper for paper in papers if isinstance(paper, IdentityDocument)]
    homes = [paper for paper in papers if not isinstance(paper, IdentityDocument)]
    shown = {what for paper in cards for what in paper.shows}
    shows = all(what in shown for what in one.shows)
    if one.on_one_paper and one.shows:
        shows = any(all(what in paper.shows for what in one.shows) for paper in cards)
    return (
        len(cards) >= one.identity
        and len(homes) >= one.residency
        and sum(paper.points for paper in cards) >= one.identity_points
        and sum(paper.points for paper in homes) >= one.residency_points
        and shows
    )


@given(st.lists(RULES, max_size=3), st.lists(PAPERS, max_size=5), st.randoms())
def test_papers_are_enough_exactly_when_a_rule_worked_out_another_way_says_so(rules, papers, chance):
    found = satisfied(proof(*rules), papers)

    assert found.met == any(enough(one, papers) for one in rules)
    assert found.met == (found.rule is not None and found.missing == ())
    assert all(lack.short > 0 for lack in found.missing)
    mixed = papers[:]
    chance.shuffle(mixed)
    assert satisfied(proof(*rules), mixed).met == found.met


@given(st.lists(RULES, max_size=3), st.lists(PAPERS, max_size=4), PAPERS)
def test_one_more_paper_never_takes_away(rules, papers, more):
    if satisfied(proof(*rules), papers).met:
        assert satisfied(proof(*rules), [*papers, more]).met


@pytest.mark.parametrize(
    ("dated", "enough"),
    [(date(2029, 10, 7), True), (date(2029, 10, 6), False), (date(2029, 12, 6), True), (date(2029, 12, 7), False),
     (ELECTION_DAY, True), (None, False)],
)  # fmt: skip
def test_a_bill_is_recent_within_thirty_days_of_the_election_on_both_sides(dated, enough):
    assert recent_enough(bill(), dated, ELECTION_DAY) is enough
    assert recent_enough(bill(within_days=None), dated, ELECTION_DAY)
    assert recent_enough(card(), dated, ELECTION_DAY)


def test_a_voter_of_minneapolis_vouches_for_eight_and_not_after_being_vouched_for():
    vouching = MINNEAPOLIS.proof.vouching

    assert (vouching.most, vouching.same_precinct) == (8, True)
    assert why_not_vouch(vouching, vouched_for=7, was_vouched_for=False) is None
    assert why_not_vouch(vouching, vouched_for=8, was_vouched_for=False) == "most"
    assert why_not_vouch(vouching, vouched_for=0, was_vouched_for=True) == "was-vouched-for"


def test_a_place_without_a_limit_lets_anyone_vouch_for_any_number():
    free = Vouching(None, same_precinct=False, vouched_for_may_vouch=True, source=LAW)

    assert why_not_vouch(free, vouched_for=10_000, was_vouched_for=True) is None


def test_minneapolis_has_staff_of_facilities_without_a_limit_and_earlier_registrations():
    rules = MINNEAPOLIS.proof

    assert rules.ways[-3:] == ("vouching", "facility-staff", "prior-registration")
    assert rules.facility_staff.most is None
    assert rules.prior_registration.same_precinct
    for one in (*rules.papers, rules.vouching, rules.facility_staff, rules.prior_registration):
        assert one.source.cite.startswith("Minn. Stat. 201.061")


WAYS = ', "vouching", "facility-staff", "prior-registration"]'


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (WAYS, ', "facility-staff", "prior-registration"]', "proof.vouching stands there and ways has no 'vouching'"),
        ("[proof.vouching]", "[proof.vuoching]", "unknown key 'vuoching'"),
        ("most = 8", "most = 0", "most is 0"),
        ("most = 8\nsame_precinct = true", "most = 8", "missing same_precinct"),
        ("vouched_for_may_vouch = false", 'vouched_for_may_vouch = "no"', "must be true or false"),
        ('"prior-registration"]', '"prior-registraton"]', "did you mean 'prior-registration'?"),
        ("on_one_paper = true", "on_one_papers = true", "unknown key 'on_one_papers'"),
        ('shows = ["photo", "name", "address"]\non_one', 'shows = ["thumb"]\non_one', "shows unknown 'thumb'"),
        ('shows = ["photo", "name", "address"]\non_one', 'shows = ["birth-date", "address"]\non_one',
         "no [[identity_document]] shows birth-date, address: nobody could meet it"),
        ("identity = 1\nresidency = 0", "identity = 0\nresidency = 0", "asks for no paper at all"),
        ("identity = 1\nresidency = 0", "identity = -1\nresidency = 0", "identity is -1"),
        ('id = "photo-card-and-paper"', 'id = "card-with-address"', "papers id 'card-with-address' stands twice"),
    ],
)  # fmt: skip
def test_a_rule_of_proof_that_cannot_be_trusted_is_refused_with_the_reason(tmp_path, old, new, says):
    shutil.copytree(PACKS / "minneapolis", tmp_path / "pack")
    file = tmp_path / "pack" / "pack.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(PackError, match=re.escape(says)):
        load_pack(tmp_path / "pack")


def test_a_way_without_its_rule_is_refused(tmp_path):
    shutil.copytree(PACKS / "takoma-park", tmp_path / "pack")
    file = tmp_path / "pack" / "pack.toml"
    text = file.read_text(encoding="utf-8")
    for way, key in combinations(("vouching", "facility-staff", "prior-registration"), 2):
        file.write_text(text.replace('"municipal-id"]', f'"municipal-id", "{way}", "{key}"]'), encoding="utf-8")
        with pytest.raises(PackError, match=f"ways has '{way}' without its rule"):
            load_pack(tmp_path / "pack")
    start = text.index("[[proof.papers]]")
    file.write_text(text[:start] + text[text.index("[[registration]]") :], encoding="utf-8")
    with pytest.raises(PackError, match=r"without its rule, proof\.papers"):
        load_pack(tmp_path / "pack")
