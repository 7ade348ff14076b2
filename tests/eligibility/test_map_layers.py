"""Layers over precincts: what agrees, contradicts, crosses, leaves bare, and what is only a sliver."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.eligibility.grids import (
    ADDRESSES,
    MAP_TOML,
    PARK_LAYER,
    SIDE,
    SOUTH,
    WARD_LAYER,
    WARDS,
    WEST,
    built,
    collection,
    feature,
    precincts,
    refusal,
    square,
    write,
)


def test_a_layer_gives_each_precinct_the_ward_that_holds_most_of_it(tmp_path):
    toml = MAP_TOML.replace('districts = { ward = "ward" }\n', "") + WARD_LAYER
    city, _ = built(write(tmp_path, toml=toml, wards=WARDS))

    assert {split.id: dict(split.districts) for split in city.splits.values()} == {
        "P-1": {"ward": "1"},
        "P-2": {"ward": "1"},
        "P-3": {"ward": "2"},
        "P-10": {"ward": "2"},
    }


def test_a_layer_that_contradicts_the_precincts_is_refused_and_names_them(tmp_path):
    stale = collection(feature(square(0, 0, 1, 2), ward=1), feature(square(1, 0, 1, 2), ward=2))

    line = refusal(write(tmp_path, toml=MAP_TOML + WARD_LAYER, wards=stale))

    assert "contradicts the precincts on" in line
    assert "P-2 (ward 1, drawn in 2)" in line


@pytest.mark.parametrize(("second", "refused"), [(0.09, False), (0.11, True)])
def test_a_second_ward_may_hold_a_tenth_of_a_precinct_and_no_more(tmp_path, second, refused):
    crossing = collection(
        feature(square(0, 0, 2, 1 - second), ward=1), feature(square(0, 1 - second, 2, 1 + second), ward=2)
    )
    folder = write(tmp_path, toml=MAP_TOML + WARD_LAYER, wards=crossing)

    if refused:
        assert "P-1 (11% in ward 2)" in refusal(folder)
    else:
        assert len(built(folder)[0].splits) == 4


def test_a_river_that_no_ward_covers_is_a_warning(tmp_path):
    dry = collection(feature(square(0, 0, 2, 0.9), ward=1), feature(square(0, 1, 2, 1), ward=2))
    _, report = built(write(tmp_path, toml=MAP_TOML + WARD_LAYER, wards=dry))

    assert "no ward covers a part of precincts P-1 (10%), P-2 (10%)" in report.warnings[0]


def test_a_precinct_that_is_missing_at_the_edge_is_noticed_by_the_layer(tmp_path):
    assert "is a precinct missing" in refusal(
        write(
            tmp_path,
            toml=MAP_TOML + WARD_LAYER,
            layer=precincts(lambda f: f.pop(1)),
            wards=WARDS,
            addresses="address,zip,lon,lat\n",
        )
    )


def test_a_line_that_need_not_follow_precincts_splits_them(tmp_path):
    parks = collection(feature(square(0, 0, 0.5, 2), park="5"), feature(square(0.5, 0, 1.5, 2), park="6"))
    toml = MAP_TOML + PARK_LAYER
    addresses = ADDRESSES + "7 West Rd,,-93.298,45.005\n8 East Rd,,-93.292,45.005\n"
    city, _ = built(write(tmp_path, toml=toml, parks=parks, addresses=addresses))

    assert list(city.splits) == ["P-1.1", "P-1.2", "P-2", "P-3.1", "P-3.2", "P-10"]
    assert dict(city.lookup("7 West Rd").districts) == {"park": "5", "ward": "1"}
    assert dict(city.lookup("8 East Rd").districts) == {"park": "6", "ward": "1"}
    assert city.lookup("8 East Rd").precinct == "P-1"


TEN_METRES = 10 / 787  # in sides, east to west at this latitude
PARKS = MAP_TOML + PARK_LAYER
NO_WARDS = MAP_TOML.replace('districts = { ward = "ward" }\n', "")
CROSSING_WARDS = WARD_LAYER.replace("nests = true\n", "")


def west_and_east(line, kind="park"):
    """Two districts that meet at `line` sides from the west."""
    return collection(feature(square(0, 0, line, 2), **{kind: 5}), feature(square(line, 0, 2 - line, 2), **{kind: 6}))


@pytest.mark.parametrize("line", [1 - TEN_METRES, 1 + TEN_METRES, 1 - 0.02])
def test_a_line_drawn_ten_metres_beside_the_precincts_splits_nothing(tmp_path, line):
    city, report = built(write(tmp_path, toml=PARKS, parks=west_and_east(line)))

    assert {split.id: split.districts["park"] for split in city.splits.values()} == {
        "P-1": "5",
        "P-2": "6",
        "P-3": "5",
        "P-10": "6",
    }
    assert report.warnings == ()


def test_land_forty_metres_wide_is_split_off_however_large_its_precinct(tmp_path):
    addresses = ADDRESSES + "8 Slip Rd,,-93.2903,45.005\n"
    city, _ = built(write(tmp_path, toml=PARKS, parks=west_and_east(1 - 0.051), addresses=addresses))
    assert list(city.splits) == ["P-1.1", "P-1.2", "P-2", "P-3.1", "P-3.2", "P-10"]
    answer = city.lookup("8 Slip Rd")
    assert (answer.precinct, answer.split, answer.districts["park"]) == ("P-1", "P-1.2", "6")

    wide = (0.0, 0.0, 8.0, 2.0)
    one = collection(feature(square(*wide), precinct="P-1", ward=1))
    parks = collection(feature(square(0, 0, 7.9, 2), park=5), feature(square(7.9, 0, 0.1, 2), park=6))
    city, _ = built(write(tmp_path / "large", toml=PARKS, layer=one, parks=parks))
    assert list(city.splits) == ["P-1.1", "P-1.2"], "80 m wide, and 1.25 % of its precinct"


def test_two_layers_that_cross_a_precinct_give_it_four_splits(tmp_path):
    schools = collection(feature(square(0, 0, 2, 0.5), school="A"), feature(square(0, 0.5, 2, 1.5), school="B"))
    toml = PARKS + PARK_LAYER.replace("park", "school")
    city, _ = built(write(tmp_path, toml=toml, parks=west_and_east(0.5), schools=schools))

    assert {split.id: (split.districts["park"], split.districts["school"]) for split in city.splits.values()} == {
        "P-1.1": ("5", "A"),
        "P-1.2": ("5", "B"),
        "P-1.3": ("6", "A"),
        "P-1.4": ("6", "B"),
        "P-2.1": ("6", "A"),
        "P-2.2": ("6", "B"),
        "P-3.1": ("5", "B"),
        "P-3.2": ("6", "B"),
        "P-10": ("6", "B"),
    }


def test_land_of_a_split_precinct_that_no_district_covers_belongs_to_the_nearest_split(tmp_path):
    river = collection(feature(square(0, 0, 0.45, 2), park=5), feature(square(0.55, 0, 1.45, 2), park=6))
    boats = ADDRESSES + "1 Boat Rd,,-93.2953,45.005\n3 Boat Rd,,-93.2947,45.005\n"
    city, report = built(write(tmp_path, toml=PARKS, parks=river, addresses=boats))

    assert "no park covers a part of precincts P-1 (10%), P-3 (10%)" in report.warnings[0]
    assert [city.lookup(f"{n} Boat Rd").split for n in (1, 3)] == ["P-1.1", "P-1.2"]


def test_a_precinct_named_like_a_split_of_another_is_refused(tmp_path):
    layer = precincts(lambda f: f[1]["properties"].update(precinct="P-1.1"))

    assert "precinct P-1.1: is also the id of a split" in refusal(
        write(tmp_path, toml=PARKS, layer=layer, parks=west_and_east(0.5))
    )


def test_an_attribute_and_a_layer_must_agree_whether_or_not_it_says_nests(tmp_path):
    toml = MAP_TOML + CROSSING_WARDS
    assert list(built(write(tmp_path / "a", toml=toml, wards=WARDS))[0].splits) == ["P-1", "P-2", "P-3", "P-10"]

    turned = collection(feature(square(0, 0, 1, 2), ward=1), feature(square(1, 0, 1, 2), ward=2))
    assert "P-2 (ward 1, drawn in 2), P-3 (ward 2, drawn in 1)" in refusal(
        write(tmp_path / "b", toml=toml, wards=turned)
    )


@pytest.mark.parametrize("nests", [WARD_LAYER, CROSSING_WARDS])
def test_districts_of_one_layer_that_overlap_are_refused(tmp_path, nests):
    both = collection(feature(square(0, 0, 2, 1.5), ward=1), feature(square(0, 1, 2, 1), ward=2))

    assert "wards.geojson: wards 1, 2: overlap on 50" in refusal(write(tmp_path, toml=NO_WARDS + nests, wards=both))


@pytest.mark.parametrize("nests", [WARD_LAYER, CROSSING_WARDS])
def test_a_layer_that_lacks_a_district_is_refused_and_names_a_precinct(tmp_path, nests):
    none = collection(feature(square(0, 0, 2, 1), ward=1), feature(square(0, 1, 1, 1), ward=2))
    assert "precinct P-10: lies in no ward of wards.geojson" in refusal(
        write(tmp_path / "a", toml=NO_WARDS + nests, wards=none)
    )
    some = collection(feature(square(0, 0, 2, 1), ward=1), feature(square(0, 1, 1.4, 1), ward=2))
    assert "precinct P-10: lies 60% in no ward" in refusal(write(tmp_path / "b", toml=NO_WARDS + nests, wards=some))


def test_a_layer_of_another_city_is_refused(tmp_path):
    far = collection(feature(square(50, 50, 2, 1), ward=1), feature(square(50, 51, 2, 1), ward=2))

    assert "another city's" in refusal(write(tmp_path, toml=MAP_TOML + WARD_LAYER, wards=far))


def test_a_layer_that_reaches_beyond_the_city_must_say_so(tmp_path):
    wide = collection(feature(square(-3, 0, 5, 1), ward=1), feature(square(0, 1, 2, 3), ward=2))
    assert "beyond_city = true" in refusal(write(tmp_path, toml=MAP_TOML + WARD_LAYER, wards=wide))

    toml = MAP_TOML + WARD_LAYER + "beyond_city = true\n"
    assert len(built(write(tmp_path, toml=toml, wards=wide))[0].splits) == 4


@pytest.mark.parametrize(
    ("outline", "says"),
    [
        (square(0, 0, 2, 2), ""),
        (square(0, 0, 3, 2), "city: covers land, 2.0 times a median precinct, that no precinct covers"),
        (square(0, 0, 1, 2), "2.0 times a median precinct, outside the city's boundary"),
    ],
)
def test_precincts_must_fill_the_citys_own_outline(tmp_path, outline, says):
    toml = MAP_TOML + '[city]\nfile = "city.geojson"\n'
    folder = write(tmp_path, toml=toml, city=collection(feature(outline, name="Gridtown")))

    assert says in refusal(folder) if says else built(folder)[1].warnings == ()


def test_a_districts_own_two_parts_in_one_precinct_are_one_split(tmp_path):
    two_parts = feature([], park=5)
    two_parts["geometry"] = {"type": "MultiPolygon", "coordinates": [[square(0, 0, 0.3, 2)], [square(0.6, 0, 0.4, 2)]]}
    parks = collection(two_parts, feature(square(0.3, 0, 0.3, 2), park=6), feature(square(1, 0, 1, 2), park=7))
    city, _ = built(write(tmp_path, toml=PARKS, parks=parks))

    assert [split for split in city.splits if split.startswith("P-1.")] == ["P-1.1", "P-1.2"]
    assert [city.splits[split].districts["park"] for split in ("P-1.1", "P-1.2", "P-2")] == ["5", "6", "7"]
    assert city.lookup("12 1/2 Oak Ln").split == "P-1.2"


@settings(max_examples=25, deadline=None)
@given(
    line=st.floats(0.1, 0.9) | st.floats(1.1, 1.9),
    places=st.lists(st.tuples(st.floats(0.01, 1.99), st.floats(0.01, 1.99)), min_size=1, max_size=12),
)
def test_wherever_a_line_runs_each_address_has_the_district_on_its_own_side(line, places, tmp_path_factory):
    points = [(n, WEST + east * SIDE, SOUTH + north * SIDE) for n, (east, north) in enumerate(places, start=1)]
    rows = "".join(f"{n} Elm St,,{lon!r},{lat!r}\n" for n, lon, lat in points)
    folder = tmp_path_factory.mktemp("line")
    city, _ = built(write(folder, toml=PARKS, parks=west_and_east(line), addresses="address,zip,lon,lat\n" + rows))

    for (n, lon, _), (east, _) in zip(points, places, strict=True):
        answer = city.lookup(f"{n} Elm St")
        assert answer.status == "found"
        if abs(east - line) > 1e-6:
            assert answer.districts["park"] == ("5" if east < line else "6"), (line, lon)
