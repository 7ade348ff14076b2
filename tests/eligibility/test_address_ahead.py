"""What an address may become while it is typed: what stands in the map, the likeliest first, and never too much."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from eligibility import address_ahead, ahead_table
from eligibility.address import parse
from eligibility.address_ahead import MOST_OFFERS, AddressAhead, Offer
from eligibility.address_index import AddressRow, build_index
from tests.eligibility.grids import built, write

ROWS = [
    ("2117 Portland Ave", 0),
    ("2117 Porter St", 0),
    ("2121 Portland Ave", 0),
    ("12 3rd Ave S", 1),
    ("12 3rd Ave N", 2),
    ("12 3rd St S", 1),
    ("12 30th St E", 1),
    ("12 33rd Ave", 1),
    ("12 13th Ave", 1),
    ("12 36 1/2 Ave", 1),
    ("12 42nd St W", 1),
    ("1000 5th Ave N", 0),
    ("1000 5th Ave S", 0),
    ("1000 Nicollet Mall", 0),
    ("1704 1/2 Fillmore St NE", 3),
    ("33 Oakland Ave", 4),
    ("33A Oakland Ave", 4),
    ("401 1st St S 715", 5),
    ("401 1st St S 1804", 5),
    ("500 Park Pl 1", 6),
    ("500 Park Pl 2", 7),
    ("500 Park Ave", 6),
    ("500 Parkview Ter", 6),
    ("9 Lake St W", 3),
    ("9 Lakeview Ave", 3),
    ("12 St Anthony Pkwy", 4),
    ("70 N Main St E", 6),
    ("80 Como Lk Dr", 7),
    ("81 Mc Knight Rd", 7),
    ("82 County Rd 2", 7),
    ("83 Dr Carlton B Goodlett Pl", 7),
    ("84 North St", 7),
    ("84 Nevada Ave", 7),
    ("85 Hwy 55", 7),
    ("100 E 200 S", 8),
    ("86 SE Oak St", 8),
    ("42-15 Crescent St", 8),
]


def ahead_of(rows):
    index = build_index(AddressRow(address, "", split) for address, split in rows)
    return AddressAhead({name: memoryview(raw) for name, raw in index.sections.items()}, ["GRIDTOWN"])


AHEAD = ahead_of(ROWS)
BUILDINGS = {parse(address).building for address, _ in ROWS}


def offered(typed, limit=MOST_OFFERS):
    return [offer.address for offer in AHEAD.offer(typed, limit)]


@pytest.mark.parametrize(
    ("typed", "addresses"),
    [
        ("2117 por", ["2117 PORTER ST", "2117 PORTLAND AVE"]),
        ("2117 portl", ["2117 PORTLAND AVE"]),
        ("2117, PORTL", ["2117 PORTLAND AVE"]),
        ("2117 portland av", ["2117 PORTLAND AVE"]),
        ("33 oak", ["33 OAKLAND AVE"]),
        ("33a oak", ["33A OAKLAND AVE"]),
        ("42-15 cre", ["42-15 CRESCENT ST"]),
        ("1704 1/2 f", ["1704 1/2 FILLMORE ST NE"]),
        ("1704½ fill", ["1704 1/2 FILLMORE ST NE"]),
        ("80 como la", ["80 COMO LK DR"]),
        ("80 como lk d", ["80 COMO LK DR"]),
        ("81 mck", ["81 MC KNIGHT RD"]),
        ("81 mc k", ["81 MC KNIGHT RD"]),
        ("82 co road", ["82 COUNTY RD 2"]),
        ("83 dr car", ["83 DR CARLTON B GOODLETT PL"]),
        ("83 doctor c", ["83 DR CARLTON B GOODLETT PL"]),
        ("85 highw", ["85 HWY 55"]),
        ("85 hwy 5", ["85 HWY 55"]),
        ("12 st a", ["12 SAINT ANTHONY PKWY"]),
        ("12 st. anth", ["12 SAINT ANTHONY PKWY"]),
        ("12 saint", ["12 SAINT ANTHONY PKWY"]),
        ("12 4", ["12 42ND ST W"]),
        ("12 forty", ["12 42ND ST W"]),
        ("12 forty-sec", ["12 42ND ST W"]),
        ("12 42 nd", ["12 42ND ST W"]),
        ("12 36th", ["12 36 1/2 AVE"]),
        ("12 36 1/", ["12 36 1/2 AVE"]),
        ("100 e 2", ["100 E 200 S"]),
    ],
)
def test_a_number_and_the_beginning_of_a_street_offer_what_stands_there(typed, addresses):
    assert offered(typed) == addresses


@pytest.mark.parametrize(
    "typed", ["12 3rd a", "12 third av", "12 3 a", "12 3 rd ave", "12 3th ave", "12 THIRD AVENUE", "12 ３rd a"]
)
def test_an_ordinal_is_understood_however_it_is_typed(typed):
    assert offered(typed)[:2] == ["12 3RD AVE N", "12 3RD AVE S"]


def test_the_street_of_exactly_the_name_comes_first_and_the_others_as_people_count():
    third = ["12 3RD AVE N", "12 3RD AVE S", "12 3RD ST S"]

    assert offered("12 3") == [*third, "12 30TH ST E", "12 33RD AVE", "12 36 1/2 AVE"]
    assert offered("12 thi") == [*third, "12 13TH AVE", "12 30TH ST E", "12 33RD AVE"]
    assert offered("500 park") == ["500 PARK AVE", "500 PARK PL", "500 PARKVIEW TER"]
    assert offered("9 lake") == offered("9 lk") == ["9 LAKE ST W", "9 LAKEVIEW AVE"]


@pytest.mark.parametrize(
    ("typed", "addresses"),
    [
        ("12 3rd s", ["12 3RD AVE S", "12 3RD ST S"]),
        ("12 s 3rd", ["12 3RD AVE S", "12 3RD ST S"]),
        ("12 south third st", ["12 3RD ST S"]),
        ("12 3rd st so", ["12 3RD ST S"]),
        ("12 3rd s ave", ["12 3RD AVE S"]),
        ("1000 n 5", ["1000 5TH AVE N"]),
        ("1000 5th ave nor", ["1000 5TH AVE N"]),
        ("70 main", ["70 N MAIN ST E"]),
        ("70 n main st e", ["70 N MAIN ST E"]),
        ("70 e main", ["70 N MAIN ST E"]),
        ("70 e main st n", []),
        ("1704 1/2 n e fill", ["1704 1/2 FILLMORE ST NE"]),
        ("12 3rd ave e", []),
    ],
)
def test_a_direction_or_a_type_narrows(typed, addresses):
    assert offered(typed) == addresses


def test_a_letter_may_be_a_direction_or_the_beginning_of_a_name():
    assert offered("1000 n") == ["1000 NICOLLET MALL", "1000 5TH AVE N"]
    assert offered("84 nor") == ["84 NORTH ST"]
    assert offered("84 n") == ["84 NORTH ST", "84 NEVADA AVE"]
    assert offered("86 s") == offered("86 south e") == ["86 SE OAK ST"]


@pytest.mark.parametrize("tail", [" apt", " apt 3", " #", " #715", ", unit B", " 7", ", Gridtown", " gridt", " rear"])
def test_a_unit_or_the_city_behind_the_street_changes_nothing(tail):
    assert offered(f"401 1st St S{tail}") == ["401 1ST ST S"]


@pytest.mark.parametrize("tail", [", St Paul", " Edina", ", Springfield MN", " & 3rd"])
def test_another_city_or_a_crossing_behind_the_street_is_not_offered(tail):
    assert offered(f"401 1st St S{tail}") == []


def test_a_building_is_offered_once_and_without_a_split_where_its_units_disagree():
    assert AHEAD.offer("401 1st") == (Offer("401 1ST ST S", 5),)
    assert AHEAD.offer("500 park pl") == (Offer("500 PARK PL", None),)


def test_where_nothing_has_the_number_the_nearest_on_these_streets_are_offered_at_most_four():
    assert offered("2119 port") == ["2117 PORTER ST", "2117 PORTLAND AVE", "2121 PORTLAND AVE"]
    assert offered("33b oakland") == ["33 OAKLAND AVE", "33A OAKLAND AVE"]
    many = ahead_of([(f"{n} Elm St", 0) for n in range(100, 200, 2)])
    assert [offer.address[:3] for offer in many.offer("151 e")] == ["150", "152", "148", "154"]
    assert [offer.address[:3] for offer in many.offer("999999999 e")] == ["198", "196", "194", "192"]


@pytest.mark.parametrize("typed", ["2117 protl", "2117 portlnad ave", "2117 porltand", "2117 prtlan", "2117 ortland"])
def test_one_mistake_in_a_street_is_forgiven_where_it_is_not_in_the_first_letters_alone(typed):
    assert offered(typed) == ([] if typed == "2117 ortland" else ["2117 PORTLAND AVE"])


def test_what_is_one_mistake_away_comes_after_what_begins_so():
    rows = [("5 Parker St", 0), ("5 Parkes St", 0), ("5 Barker St", 0), ("5 Paker St", 0)]

    assert [offer.address for offer in ahead_of(rows).offer("5 paker")] == ["5 PAKER ST", "5 PARKER ST"]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "21",
        "2117 ",
        "2117 #3",
        "1704 1/2",
        "portl",
        "3rd ave",
        "Lake & 3rd",
        "2117 @ por",
        "under the bridge",
        "🏠",
        "\x00\x1b",
        "\ud800",
        "2117 " + "p" * 200,
        "9" * 300,
        "999999999999 oak",
        "2117 東京",
        "'; DROP TABLE",
    ],
)
def test_without_a_number_and_a_street_there_is_nothing_to_offer(typed):
    assert AHEAD.offer(typed) == ()


def test_never_more_than_the_limit_is_offered():
    assert offered("12 3", 2) == ["12 3RD AVE N", "12 3RD AVE S"]
    assert offered("12 3", 0) == offered("12 3", -1) == []


@given(
    st.text(max_size=80)
    | st.text("0123 nsewavort.,#&/½-'\u202e\x00\ud800", max_size=40)
    | st.sampled_from(ROWS).flatmap(lambda row: st.permutations(row[0].split()).map(" ".join)),
    st.integers(-1, 10),
)
def test_no_text_breaks_it_and_what_is_offered_stands_in_the_map(text, limit):
    offers = AHEAD.offer(text, limit)

    assert len(offers) <= max(limit, 0)
    assert len(set(offers)) == len(offers)
    assert {offer.address for offer in offers} <= BUILDINGS
    assert offers == AHEAD.offer(text, limit)


STREETS = ["1st", "2nd", "22nd", "Oak", "Oakland", "St Oaks", "Park", "Lake View", "N", "36 1/2", "Avenue E", "Co Rd 2"]
ADDRESSES = st.builds(
    lambda n, half, pre, name, kind, post: " ".join(filter(None, [str(n), half, pre, name, kind, post])),
    st.integers(1, 3),
    st.sampled_from(["", "", "1/2"]),
    st.sampled_from(["", "", "N", "SE"]),
    st.sampled_from(STREETS),
    st.sampled_from(["", "Ave", "St", "Park"]),
    st.sampled_from(["", "S", "NW", "Apt 3"]),
)


@given(st.lists(ADDRESSES, min_size=1, max_size=30), st.data())
def test_every_address_is_offered_while_it_is_typed_or_the_list_is_full(addresses, data):
    ahead = ahead_of([(address, 0) for address in addresses])
    parts = parse(data.draw(st.sampled_from(addresses)))
    assume(parts.kind == "address")

    whole = str(parts) if data.draw(st.booleans()) else str(parts).lower()
    for length in range(len(parts.house) + 2, len(whole) + 1):
        offers = ahead.offer(whole[:length])
        assert parts.building in {offer.address for offer in offers} or len(offers) == MOST_OFFERS, whole[:length]


def test_a_map_offers_candidates_with_their_precincts_and_none_outside(tmp_path):
    city, _ = built(
        write(
            tmp_path,
            addresses="address,zip,lon,lat\n7 Elm St,,-93.295,45.005\n7 Edge Rd,,-93.31,45.005\n"
            + "".join(f"{n} Elm St,,-93.295,45.005\n" for n in range(10, 60)),
        )
    )

    assert [tuple(one) for one in city.ahead("7 e")] == [("7 EDGE RD", None, None), ("7 ELM ST", "P-1", "P-1")]
    assert [one.address for one in city.ahead("7 e", 1)] == ["7 EDGE RD"]
    assert city.lookup(city.ahead("7 el")[0].address).status == "found"


def test_a_map_without_addresses_offers_nothing():
    assert ahead_of([]).offer("1 elm") == ()


def test_nothing_that_was_typed_is_kept():
    ahead = ahead_of(ROWS)
    ahead.offer("2117 portl")
    before = _held(ahead)
    for typed in ("2117 secretlane", "9 hidden place", "12 3rd ave"):
        ahead.offer(typed)

    assert _held(ahead) == before
    held = [vars(module).values() for module in (address_ahead, ahead_table)]
    assert not [one for values in held for one in values if hasattr(one, "cache_info")]


def _held(ahead):
    return {name: repr(value) for name, value in (vars(ahead) | vars(ahead._table)).items()}
