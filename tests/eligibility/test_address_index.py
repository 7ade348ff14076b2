"""Looking addresses up: found, asked, or not found with what may have been meant; never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility.address_index import MOST_CANDIDATES, AddressIndex, AddressRow, build_index

ROWS = [
    ("100 3rd Ave S", "55401", 0),
    ("100 3rd Ave N", "55402", 1),
    ("100 3rd St S", "55401", 2),
    ("200 3rd Ave S", "", 0),
    ("1704 1/2 Fillmore St NE", "55413", 3),
    ("33 Oakland Ave", "55407", 4),
    ("401 1st St S 715", "55401", 5),
    ("401 1st St S 1804", "55401", 5),
    ("500 Park Pl 1", "", 6),
    ("500 Park Pl 2", "", 7),
    ("7 Nicollet Mall E", "", 2),
    ("9 Lake St W", "55408", 3),
    ("12 St Anthony Pkwy", "55418", 4),
    ("2017 2nd Ave N", "55405", 1),
    ("2017 2nd Ave S", "", 0),
    ("44 Elm St", "", 8),
    ("44 Elm St W", "", 9),
    ("51 Oak St SE", "", 2),
    ("51 Oak St S #E", "", 3),
    ("60 Birch St", "", 4),
    ("60 Birch St N", "", 5),
    ("70 N Main St E", "", 6),
    ("80 Como Lake Dr", "", 7),
    ("90 Parkridge Ave N", "", 1),
    ("90 Park Ridge Ave N", "", 2),
]


def index_of(rows):
    built = build_index(AddressRow(address, zip_code, split) for address, zip_code, split in rows)
    return AddressIndex({name: memoryview(raw) for name, raw in built.sections.items()}, ["GRIDTOWN"])


INDEX = index_of(ROWS)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("100 3rd Ave S", "100 3RD AVE S"),
        ("100 s third avenue", "100 3RD AVE S"),
        ("100 South 3 Ave.", "100 3RD AVE S"),
        ("200 3rd", "200 3RD AVE S"),
        ("1704½ Fillmore St NE", "1704 1/2 FILLMORE ST NE"),
        ("33 Oakland", "33 OAKLAND AVE"),
        ("9 W Lake Street, Gridtown, MN 55408-1234", "9 LAKE ST W"),
        ("12 Saint Anthony Parkway", "12 SAINT ANTHONY PKWY"),
        ("100 3rd Ave S Apt 5", "100 3RD AVE S"),
        ("401 1st St S", "401 1ST ST S"),
        ("401 1st St S #715", "401 1ST ST S #715"),
        ("7 Nicollet Mall E", "7 NICOLLET MALL E"),
        ("51 Oak St Southeast", "51 OAK ST SE"),
        ("70 Main St E", "70 N MAIN ST E"),
        ("80 Como Lk Dr", "80 COMO LAKE DR"),
        ("90 Parkridge Ave N", "90 PARKRIDGE AVE N"),
        ("90 Park Ridge Ave N", "90 PARK RIDGE AVE N"),
        ("33A Oakland Ave", "33 OAKLAND AVE"),
        ("33 Oakland Ave, Gridtwon", "33 OAKLAND AVE"),
        ("33 Oakland Ave in Gridtown", "33 OAKLAND AVE"),
        ("33 Oakland Gridtown MN", "33 OAKLAND AVE"),
        ("33 Oakland Ave lower level", "33 OAKLAND AVE"),
        ("33 Oakland Ave main floor, Gridtown 55407", "33 OAKLAND AVE"),
        ("33 Oakland Ave Gridtown apt 3", "33 OAKLAND AVE"),
        ("No. 33 Oakland Ave", "33 OAKLAND AVE"),
        ("1704 and a half NE Fillmore", "1704 1/2 FILLMORE ST NE"),
        ("1704 1/2 N E Fillmore St", "1704 1/2 FILLMORE ST NE"),
    ],
)
def test_an_address_is_found_however_it_is_typed(typed, address):
    found = INDEX.find(typed)

    assert (found.status, found.record.address) == ("found", address)


@pytest.mark.parametrize(
    ("typed", "candidates"),
    [
        ("100 3rd", {"100 3RD AVE S", "100 3RD AVE N", "100 3RD ST S"}),
        ("100 3rd Ave", {"100 3RD AVE S", "100 3RD AVE N"}),
        ("100 3rd S", {"100 3RD AVE S", "100 3RD ST S"}),
        ("500 Park Pl", {"500 PARK PL #1", "500 PARK PL #2"}),
        ("44 Elm St", {"44 ELM ST", "44 ELM ST W"}),
        ("51 Oak St S E", {"51 OAK ST SE", "51 OAK ST S #E"}),
        ("60 Birch St S", {"60 BIRCH ST"}),
    ],
)
def test_what_leaves_something_out_is_asked(typed, candidates):
    found = INDEX.find(typed)

    assert (found.status, found.record) == ("ambiguous", None)
    assert {candidate.address for candidate in found.candidates} == candidates


@pytest.mark.parametrize(
    ("typed", "candidate"),
    [
        ("33 Okaland Ave", "33 OAKLAND AVE"),
        ("33 Oakland St", "33 OAKLAND AVE"),
        ("200 3rd Ave N", "200 3RD AVE S"),
        ("9 Lake St W, 55401", "9 LAKE ST W"),
        ("2017 2nd Ave N 55400", "2017 2ND AVE N"),
        ("35 Oakland Ave", "33 OAKLAND AVE"),
        ("70 E Main St N", "70 N MAIN ST E"),
        ("200 3rd Aev S", "200 3RD AVE S"),
        ("33 Oakland Avee", "33 OAKLAND AVE"),
    ],
)
def test_a_contradiction_or_a_typo_is_never_corrected_only_offered(typed, candidate):
    found = INDEX.find(typed)

    assert (found.status, found.record) == ("not_found", None)
    assert candidate in {one.address for one in found.candidates}


@pytest.mark.parametrize("typed", ["9 Lake St W, St Paul", "9 Lake St W, Edina MN"])
def test_an_address_in_another_city_is_outside(typed):
    assert INDEX.find(typed).status == "outside"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "x" * 10_000,
        "🏠",
        "100",
        "Lake St & 3rd Ave",
        "under the bridge",
        "\x00\x01",
        "\ud800",
        "'; DROP TABLE",
        "100 100 100",
    ],
)
def test_what_is_no_address_is_not_found(typed):
    assert INDEX.find(typed).status == "not_found"


SPOT_ROWS = [
    ("3 Lake St", "", 0),
    ("9 Lake St W", "", 1),
    ("12 Lake St", "", 0),
    ("12 12th Ave", "", 0),
    ("26 Bloomington Ave", "", 1),
    ("100 5th Ave", "", 0),
    ("2 Powderhorn Park", "", 1),
    ("26 26th St", "", 0),
    ("2 Cub Ln", "", 0),
]


@pytest.mark.parametrize(
    "typed",
    [
        "corner of Lake and Bloomington",
        "under the Hiawatha bridge near 26th St",
        "Lake St & 12th Ave",
        "Lake St at 12th Ave",
        "12 Ave & Lake St",
        "12th Ave & E Lake St",
        "12 & Lake",
        "12/Lake",
        "26th and Bloomington",
        "26 and Bloomington",
        "26 & Bloomington Ave",
        "100 5th Ave and Lake St",
        "100 5th Ave @ Lake",
        "3 Lake St at 12th Ave",
        "tent behind the Cub on Lake",
        "3 blocks north of Lake St",
        "2nd bench in Powderhorn Park",
        "9 Lake St W behind the store",
        "12 Lake St near the Cub",
        "3 doors from 12 Lake St",
        "12 Lake St and 12th Ave, Gridtown",
    ],
)
def test_a_crossing_or_a_described_place_is_never_found_as_a_house_it_names(typed):
    found = index_of(SPOT_ROWS).find(typed)

    assert (found.status, found.record, found.candidates) == ("not_found", None, ())
    assert found.kind in {"intersection", "description"}


@given(
    st.sampled_from([row[0].partition(" ")[2] for row in SPOT_ROWS]),
    st.sampled_from(["&", "and", "@", "/", "at", "AND"]),
    st.sampled_from([row[0].partition(" ")[2] for row in SPOT_ROWS]),
)
def test_two_streets_of_the_map_that_cross_are_no_house(one, sign, other):
    found = index_of(SPOT_ROWS).find(f"{one} {sign} {other}")

    assert (found.status, found.kind) == ("not_found", "intersection")


@given(
    st.text(max_size=60)
    | st.sampled_from([row[0] for row in ROWS]).flatmap(lambda a: st.permutations(a.split()).map(" ".join))
)
def test_no_text_breaks_the_look_up_and_both_ways_agree(text):
    found = INDEX.find(text)

    assert found == INDEX.find_parsed(text)
    assert len(found.candidates) <= MOST_CANDIDATES
    assert (found.record is not None) == (found.status == "found")


@given(
    st.lists(
        st.builds(
            lambda n, d, name, kind, split: (f"{n} {name} {kind} {d}".strip(), "", split),
            st.integers(1, 3),
            st.sampled_from(["", "N", "S", "NE"]),
            st.sampled_from(["1st", "Oak", "Park"]),
            st.sampled_from(["Ave", "St"]),
            st.integers(0, 3),
        ),
        min_size=1,
        max_size=25,
    )
)
def test_an_address_of_the_source_is_found_in_its_own_split_or_asked(rows):
    index = index_of(rows)

    for address, _, split in rows:
        found = index.find(address)
        assert found == index.find_parsed(address)
        if found.status == "found":
            assert {s for a, _, s in rows if a == address} == {split} == {found.record.split}
        else:
            assert split in {candidate.split for candidate in found.candidates}


def test_at_most_eight_candidates_are_offered():
    index = index_of([(f"5 {n}th Ave S", "", n) for n in range(4, 40)])

    assert len(index.find("5 10h Ave S").candidates) <= MOST_CANDIDATES


def test_a_building_listed_by_its_units_alone_may_be_meant_as_well_as_one_with_a_row_of_its_own():
    index = index_of([("10 Pine St N 1", "", 0), ("10 Pine St N 2", "", 0), ("10 Pine St S", "", 1)])

    assert index.find("10 Pine St").status == "ambiguous"
    assert (index.find("10 Pine St N").status, index.find("10 Pine St N").record.split) == ("found", 0)
    assert (index.find("10 Pine St S").status, index.find("10 Pine St S").record.split) == ("found", 1)
    assert index.find("10 Pine St N #2").record.split == 0
