"""What each place's rule of proof asks for, in words."""

from dataclasses import replace
from datetime import date

import pytest

from eligibility import load_pack, pack_names
from eligibility.dated import Citation
from eligibility.proof import PaperRule
from voter_reg.language import words
from voter_reg.proof_words import always_asks_who, needed, points_of, sentence, where_documents, who_documents

LAW = Citation("A law", "https://example.org", date(2026, 11, 22))
ENGLISH = words("en")
BOTH = "One paper that shows who you are and one that shows where you live."
NEEDED = {
    "burlington": "One paper that shows where you live.",
    "college-park": BOTH,
    "hyattsville": BOTH,
    "minneapolis": (
        "One of these is enough: One paper that shows both who you are and where you live. "
        f"The paper that shows who you are must have: a photo, your name, your address. {BOTH}"
    ),
    "new-york-city": ("One of these is enough: One paper that shows who you are. One paper that shows where you live."),
    "san-francisco": (
        "Papers that show who you are, worth 2 points together, and one paper that shows where you live. "
        "The papers that show who you are must have, together: a photo, your birth date."
    ),
    "takoma-park": BOTH,
    "washington-dc": BOTH,
    "winooski": "One paper that shows where you live.",
}


@pytest.mark.parametrize("place", pack_names())
def test_each_place_asks_for_what_its_rule_says(place):
    assert needed(load_pack(place), ENGLISH) == NEEDED[place]


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ((2, 0), "2 papers that show who you are."),
        ((0, 3), "3 papers that show where you live."),
        ((1, 2), "You need both. One paper that shows who you are. 2 papers that show where you live."),
        ((0, 1, (), 0, 4), "Papers that show where you live, worth 4 points together."),
        ((1, 1, (), 3, 4), ("You need both. Papers that show who you are, worth 3 points together. "
                           "Papers that show where you live, worth 4 points together.")),
        ((1, 0, ("address",)), "One paper that shows both who you are and where you live."),
        ((0, 1, ("photo",)), BOTH),
    ],
)  # fmt: skip
def test_a_rule_of_any_shape_has_its_words(rule, says):
    identity, residency, shows, identity_points, residency_points = (*rule, *((), 0, 0)[len(rule) - 2 :])
    made = PaperRule("one", identity, residency, shows, LAW, False, identity_points, residency_points)

    assert ENGLISH.say(sentence(made)) == says


def test_that_it_must_be_on_one_paper_is_said():
    pack = load_pack("minneapolis")
    (first, *_) = pack.proof.papers
    one = replace(pack, proof=replace(pack.proof, papers=(replace(first, identity=2),)))

    assert "One of the papers that show who you are must have: a photo, your name" in needed(one, ENGLISH)


def test_a_place_without_a_rule_for_papers_asks_for_none():
    pack = load_pack("minneapolis")
    none = replace(pack, proof=replace(pack.proof, papers=()))

    assert (needed(none, ENGLISH), who_documents(none), where_documents(none)) == ("", (), ())
    assert not always_asks_who(none)


def test_only_lists_that_a_rule_asks_for_are_lists_of_the_place():
    assert [place for place in pack_names() if not who_documents(load_pack(place))] == ["burlington", "winooski"]
    assert [place for place in pack_names() if not where_documents(load_pack(place))] == []


def test_who_has_sent_papers_comes_in_only_where_each_rule_asks_who_they_are():
    asking = [place for place in pack_names() if always_asks_who(load_pack(place))]

    assert set(pack_names()) - set(asking) == {"burlington", "new-york-city", "winooski"}


def test_points_are_told_only_where_they_count():
    pack, other = load_pack("san-francisco"), load_pack("takoma-park")

    assert [points_of(pack, one) for one in pack.identity_documents] == [2, 1, 1]
    assert [points_of(pack, one) for one in pack.residency_documents] == [0]
    assert [points_of(other, one) for one in other.identity_documents] == [0, 0]
