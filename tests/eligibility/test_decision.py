"""Decisions: properties that hold for everyone, in every pack."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility import BirthDate, Facts, Split, contests_due, contests_in, decide, load_pack, pack_names
from eligibility.bulk import Tagger, people_of
from eligibility.decision import digest_of
from eligibility.office import CONTROLLED_AUTHORITIES
from eligibility.truth_classes import days_that_matter
from tests.eligibility.people import MINNEAPOLIS, SAN_FRANCISCO, WARD_3_PARK_5, facts, people

ELECTIONS = [
    (MINNEAPOLIS, date(2013, 11, 5)),
    (MINNEAPOLIS, date(2021, 11, 2)),
    (MINNEAPOLIS, date(2023, 11, 7)),
    (MINNEAPOLIS, date(2025, 11, 4)),
    (SAN_FRANCISCO, date(2022, 2, 15)),
    (SAN_FRANCISCO, date(2024, 11, 5)),
    *((load_pack(name), day) for name in pack_names() for day in days_that_matter(load_pack(name))),
]
SPLITS = [
    Split(f"{w}-{p}", f"{w}", {"ward": str(w), "park": str(p), "district": "East", "anc": "1A01"})
    for w in range(1, 14)
    for p in (1, 2, 6)
]

elections = st.sampled_from(ELECTIONS)
splits = st.sampled_from(SPLITS)


@given(person=people(), election=elections, split=splits)
def test_no_contest_from_outside_is_ever_tagged(person, election, split):
    pack, on = election
    decision = decide(person, pack, on, split)

    assert not decision.eligible_ids & {outside.id for outside in pack.outside}
    assert all(c.contest.authority in CONTROLLED_AUTHORITIES for c in decision.contests)
    assert all(not outside.finding.met for outside in decision.outside)


@given(person=people(), election=elections, split=splits, days=st.integers(1, 9_000))
def test_growing_older_or_living_here_longer_never_takes_a_contest_away(person, election, split, days):
    pack, on = election
    earlier = person.birth.earliest - timedelta(days=days)
    older = replace(person, birth=BirthDate(earlier.year, earlier.month, earlier.day))
    since = person.resident_since
    longer = replace(person, resident_since=None if since is None else since - timedelta(days=days))

    now = decide(person, pack, on, split).eligible_ids
    assert now <= decide(older, pack, on, split).eligible_ids
    assert now <= decide(longer, pack, on, split).eligible_ids


@given(crowd=st.lists(st.tuples(people(), st.integers(-1, len(SPLITS) - 1)), max_size=30), election=elections)
def test_bulk_tagging_gives_each_person_what_a_single_decision_gives(crowd, election):
    pack, on = election
    tagger = Tagger(pack, on, SPLITS)
    tags = tagger.tag(people_of([person for person, _ in crowd], [where for _, where in crowd]))

    for (person, where), tag in zip(crowd, tags, strict=True):
        expected = frozenset() if where < 0 else decide(person, pack, on, SPLITS[where]).eligible_ids
        assert frozenset(contest.id for contest in tagger.contests_of(tag)) == expected


def test_bulk_tagging_knows_each_side_of_each_boundary():
    on = date(2028, 2, 29)  # a leap day: 18 years before it there was none
    pack = _pack_with_an_election_on(on)
    tagger = Tagger(pack, on, [WARD_3_PARK_5])
    crowd = [Facts(BirthDate(2010, 2, 28), on), Facts(BirthDate(2010, 3, 1), on), Facts(BirthDate(2009, 3, 1), None)]

    tags = tagger.tag(
        people_of([replace(p, resident_since=p.resident_since and date(2020, 1, 1)) for p in crowd], [0, 0, 0])
    )

    assert [len(tagger.contests_of(tag)) for tag in tags] == [1, 0, 0]


def _pack_with_an_election_on(day):
    question = replace(MINNEAPOLIS.questions[0], day=day)
    return replace(MINNEAPOLIS, questions=(question,))


def test_without_a_split_each_district_contest_stands_once_as_a_class():
    decision = decide(facts(), MINNEAPOLIS, date(2025, 11, 4), None)

    assert [(c.id, c.contest.district) for c in decision.contests] == [
        ("mayor", None),
        ("council", None),
        ("board-of-estimate", None),
        ("park-at-large", None),
        ("park-district", None),
    ]


def test_a_contest_of_a_district_carries_the_district_in_id_title_and_finding():
    decision = decide(facts(), MINNEAPOLIS, date(2025, 11, 4), WARD_3_PARK_5)
    council = next(c for c in decision.contests if c.contest.office == "council")

    assert (council.id, council.title) == ("council-ward-3", "City Council Member, Ward 3")
    assert [(f.requirement, f.value) for f in council.findings][-1] == ("district", "ward-3")


def test_a_place_in_no_ward_has_no_council_contest():
    nowhere = Split("x", "x", {"park": "2"})

    assert "council" not in {c.office for c in contests_in(contests_due(MINNEAPOLIS, date(2025, 11, 4)), nowhere)}


def test_the_facts_digest_changes_with_the_salt_and_with_every_fact():
    base = facts()
    digests = {
        digest_of(base, b"salt"),
        digest_of(base, b"other"),
        digest_of(facts(born="1990-06-16"), b"salt"),
        digest_of(facts(since="2020-01-02"), b"salt"),
        digest_of(facts(sworn=["guardian"]), b"salt"),
    }

    assert len(digests) == 5


@pytest.mark.parametrize("name", pack_names())
def test_every_finding_of_every_pack_carries_a_citation(name):
    pack = load_pack(name)
    on = days_that_matter(pack)[-1]

    decision = decide(facts(), pack, on, None)

    assert decision.contests
    assert all(f.cite for c in decision.contests for f in c.findings)
    assert all(o.finding.cite and o.outside.why for o in decision.outside)
