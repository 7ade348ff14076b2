"""A built map, opened: what it answers for an address and for a point, and what it never does."""

import math
import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility import MapError
from eligibility.district_map import Candidate, DistrictMap
from eligibility.map_build import build_map
from tests.eligibility.grids import (
    ADDRESSES,
    MAP_TOML,
    PARK_LAYER,
    built,
    collection,
    feature,
    precincts,
    square,
    write,
)

EDGE = "".join(f"{n} 9th Ave S,,-93.295,45.005\n" for n in range(1, 60)) + "9 Edge Rd,,-93.31,45.005\n"
SPLIT = collection(feature(square(0, 0, 0.5, 2), park=5), feature(square(0.5, 0, 1.5, 2), park=6))


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    addresses = ADDRESSES + EDGE + "7 West Rd,,-93.298,45.005\n7 Far Rd,,-93.298,45.005\n7 Far Rd,,-93.292,45.005\n"
    folder = tmp_path_factory.mktemp("city")
    return built(write(folder, toml=MAP_TOML + PARK_LAYER, parks=SPLIT, addresses=addresses))[0]


def test_a_map_says_whose_it_is_and_from_when(city):
    assert (city.place, city.effective_from) == ("gridtown", date(2022, 5, 1))
    assert re.fullmatch("[0-9a-f]{64}", city.digest)
    assert city.info()["districts"] == {"park": 2, "ward": 2}


def test_a_found_address_has_its_precinct_split_and_districts(city):
    answer = city.lookup("7 west road")

    assert (answer.query, answer.status, answer.address) == ("7 west road", "found", "7 WEST RD")
    assert (answer.precinct, answer.split, answer.candidates) == ("P-1", "P-1.1", ())
    assert dict(answer.districts) == {"park": "5", "ward": "1"}


def test_an_address_in_two_splits_of_one_precinct_is_asked(city):
    answer = city.lookup("7 Far Rd")

    assert (answer.status, answer.precinct, dict(answer.districts)) == ("ambiguous", None, {})
    assert answer.candidates == (Candidate("7 FAR RD", "P-1", "P-1.1"), Candidate("7 FAR RD", "P-1", "P-1.2"))


def test_an_address_beyond_the_precincts_is_outside_and_so_is_another_city(city):
    assert city.lookup("9 Edge Rd")[1:] == ("outside", "9 EDGE RD", None, None, {}, (), "address")
    assert city.lookup("7 West Rd, Elsewhere, MN").status == "outside"
    assert city.lookup("7 West Rd, Gridtown, MN").status == "found"


def test_a_typo_beside_an_address_outside_offers_it_without_a_precinct(city):
    assert city.lookup("9 Edeg Rd").candidates == (Candidate("9 EDGE RD", None, None),)


@pytest.mark.parametrize(
    ("typed", "kind", "review"),
    [
        ("7 West Rd", "address", False),
        ("8 West Rd", "address", False),
        ("7 West Rd, Elsewhere, MN", "address", False),
        ("West Rd", "street", False),
        ("West Rd & 9th Ave S", "intersection", True),
        ("9th Ave S at West Rd", "intersection", True),
        ("tent behind the Cub on West Rd", "description", True),
        ("🏠", "nothing", False),
        ("", "nothing", False),
        ("7 West Rd" + " " * 200, "nothing", False),
    ],
)
def test_a_crossing_and_a_described_place_go_to_a_person_and_nothing_else_does(city, typed, kind, review):
    answer = city.lookup(typed)

    assert (answer.kind, answer.needs_review) == (kind, review)


def test_what_a_map_tells_cannot_be_changed_by_who_asks(city):
    with pytest.raises(TypeError):
        city.splits["P-1.1"].districts["park"] = "6"
    with pytest.raises(TypeError):
        city.splits["P-9"] = None


@given(st.text() | st.text("0123456789 nsew.,#/½-'\u202e\x00\ud800", max_size=40) | st.integers(0, 10**6).map(str))
def test_no_text_breaks_a_look_up_or_is_guessed(city, text):
    answer = city.lookup(text)

    assert answer.query == text
    assert (answer.status == "found") == (answer.split is not None) == bool(answer.districts)
    assert len(answer.candidates) <= 8
    assert answer.status != "found" or answer.kind == "address"
    assert answer.needs_review == (answer.kind in {"intersection", "description"})


@pytest.mark.parametrize(
    ("lon", "lat", "split"),
    [
        (-93.285, 45.005, "P-2"),
        (-93.285, 45.015, "P-10"),
        (-93.295, 45.005, None),
        (-93.27, 45.02, None),
        (-93.2801, 45.0101, "P-10"),
        (0, 0, None),
        (math.nan, 45.0, None),
        (math.inf, 45.0, None),
    ],
)
def test_a_point_has_the_one_split_of_its_precinct_or_none(city, lon, lat, split):
    assert city.split_at(lon, lat) == split


def test_a_map_without_polygons_has_no_answer_for_a_point(tmp_path):
    toml = MAP_TOML.replace("precincts.geojson", "table.csv").replace('lon = "lon", lat = "lat"', 'precinct = "p"')
    folder = write(tmp_path, toml=toml, addresses="address,zip,p\n1 Elm St,,P-1\n")
    (folder / "table.csv").write_text("precinct,ward\nP-1,1\n", encoding="utf-8")
    city, _ = built(folder)

    assert city.lookup("1 Elm St").precinct == "P-1"
    with pytest.raises(MapError, match="has no polygons"):
        city.split_at(-93.295, 45.005)


def test_a_map_without_addresses_finds_none(tmp_path):
    city, _ = built(write(tmp_path, toml=MAP_TOML.split("[addresses]", maxsplit=1)[0]))

    assert (city.info()["addresses"], city.lookup("100 1st Ave S").status) == (0, "not_found")
    assert city.split_at(-93.295, 45.005) == "P-1"


def test_an_opened_map_keeps_answering_while_a_new_one_takes_its_place(tmp_path):
    before, _ = built(write(tmp_path))
    build_map(
        write(tmp_path, layer=precincts(lambda f: f[0]["properties"].update(precinct="Q-1"))), tmp_path / "city.map"
    )

    assert before.lookup("100 1st Ave S").precinct == "P-1"
    after = DistrictMap.open(tmp_path / "city.map")
    assert after.lookup("100 1st Ave S").precinct == "Q-1"
    assert before.digest != after.digest
