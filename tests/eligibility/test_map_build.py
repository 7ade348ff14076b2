"""Building maps: what is refused, with the feature named, and what is taken as it is."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility import MapError
from eligibility.map_build import build_map
from tests.eligibility.grids import (
    ADDRESSES,
    MAP_TOML,
    PARK_LAYER,
    WARD_LAYER,
    WARDS,
    built,
    collection,
    feature,
    precincts,
    refusal,
    square,
    write,
)


def test_a_small_city_is_built_and_describes_itself(tmp_path):
    city, report = built(write(tmp_path))

    assert report.warnings == ()
    assert city.info() == {
        "place": "gridtown",
        "effective_from": "2022-05-01",
        "effective_until": None,
        "digest": report.digest,
        "precincts": 4,
        "splits": 4,
        "districts": {"ward": 2},
        "addresses": 5,
        "ranges": 0,
        "warnings": [],
    }
    assert list(city.splits) == ["P-1", "P-2", "P-3", "P-10"]
    assert city.lookup("100 1st Ave N").precinct == "P-3"


def test_the_same_city_gives_the_same_bytes_in_whatever_order_it_is_written(tmp_path):
    first = write(tmp_path / "a")
    rows = ADDRESSES.strip().splitlines()
    second = write(
        tmp_path / "b",
        layer=precincts(lambda features: features.reverse()),
        addresses="\n".join([rows[0], *reversed(rows[1:])]) + "\n",
    )
    for folder in (first, second):
        build_map(folder, folder / "city.map")

    assert (first / "city.map").read_bytes() == (second / "city.map").read_bytes()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda f: f[1]["properties"].update(precinct="P-1"), "already that of"),
        (lambda f: f[1]["properties"].update(precinct=None), "has no precinct"),
        (lambda f: f[1]["properties"].pop("ward"), "has no attribute 'ward'"),
        (lambda f: f[1]["properties"].update(ward=""), "P-2 has no ward"),
        (lambda f: f[1].update(geometry=None), "must be a Polygon"),
        (lambda f: f[1].update(geometry={"type": "Point", "coordinates": [-93, 45]}), "found a Point"),
        (lambda f: f[1]["geometry"].update(coordinates=[]), "has a polygon without rings"),
        (lambda f: f[1]["geometry"]["coordinates"][0].pop(), "does not close"),
        (lambda f: f[1]["geometry"].update(coordinates=[square(1, 0, 1.3, 1)[:2] * 2 + square(1, 0)[:1]]), "feature 2"),
        (lambda f: f[1]["geometry"].update(coordinates=[square(0.7, 0, 1.3, 1)]), "precincts P-1, P-2: overlap on 30"),
        (lambda f: f[1]["geometry"].update(coordinates=[[[y, x] for x, y in square(1, 0)]]), "swapped"),
        (lambda f: f[1]["geometry"].update(coordinates=[[[478000.0, 4980000.0]] * 5]), "wrong coordinate system"),
        (lambda f: f.clear(), "has no features"),
    ],
)
def test_a_precinct_layer_that_cannot_be_trusted_is_refused_with_the_feature(tmp_path, change, says):
    assert says in refusal(write(tmp_path, layer=precincts(change)))


def test_a_bow_tie_is_refused_as_an_invalid_area(tmp_path):
    west, south = square(0, 0)[0]
    tie = [[west, south], [west + 0.01, south + 0.01], [west + 0.01, south], [west, south + 0.01], [west, south]]

    assert "is not a valid area" in refusal(
        write(tmp_path, layer=precincts(lambda f: f[0]["geometry"].update(coordinates=[tie])))
    )


def test_a_hole_between_precincts_is_refused_and_names_its_neighbours(tmp_path):
    cells = [
        feature(square(x, y), precinct=f"P-{x}{y}", ward=1) for x in range(3) for y in range(3) if (x, y) != (1, 1)
    ]

    assert "surround a gap" in refusal(write(tmp_path, layer=collection(*cells), addresses="address,zip,lon,lat\n"))


def test_slivers_of_ten_metres_between_precincts_are_the_drawings_own(tmp_path):
    def shift(features):
        features[1]["geometry"]["coordinates"] = [square(1.008, 0, 0.992, 1)]

    city, _ = built(write(tmp_path, layer=precincts(shift)))

    assert len(city.splits) == 4


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "is empty"),
        (json.dumps(precincts()).encode()[:700], "is the file cut short?"),
        (b"\xff\xfe{}", "is not UTF-8"),
        (b'{"type": "Feature"}', "is not a GeoJSON FeatureCollection"),
        (b"[1, 2", "is not JSON"),
        (json.dumps(collection(crs={"type": "name", "properties": {"name": "EPSG:26915"}})).encode(), "EPSG:26915"),
        (b'{"type": "FeatureCollection", "features": [NaN]}', "is not JSON"),
    ],
)
def test_a_file_that_is_no_layer_is_refused(tmp_path, raw, says):
    line = refusal(write(tmp_path, precincts=raw))

    assert says in line
    assert "precincts.geojson" in line


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[precincts]", "[precinct]", "missing precincts; found the unknown key 'precinct'"),
        ('id = "precinct"', 'id = "precinct"\nidd = 3', "unknown key 'idd'"),
        ('id = "precinct"', 'id = "precint"', "did you mean 'precinct'?"),
        ('ward = "ward"', 'ward = "wrd"', "did you mean 'ward'?"),
        ("2022-05-01", "2022-02-30", "is not TOML"),
        ("2022-05-01", '"2022"', "effective_from must be a date"),
        ('"gridtown"', '"Grid Town"', "is not a slug"),
        ("precincts.geojson", "missing.geojson", "cannot be read"),
        ('lon = "lon"', 'lon = "longitude"', "has no column 'longitude'"),
    ],
)
def test_a_description_with_a_mistake_is_refused_with_the_nearest_word(tmp_path, old, new, says):
    assert says in refusal(write(tmp_path, toml=MAP_TOML.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("5 Oak St,,x,45.0", "line 7: longitude and latitude are not numbers"),
        ("5 Oak St,,nan,45.0", "line 7"),
        ("5 Oak St,,45.0,-93.3", "swapped"),
        ("5 Oak St,,-93.3", "has 3 fields where the header has 4"),
    ],
)
def test_an_address_row_with_a_mistake_is_refused_with_its_line(tmp_path, row, says):
    assert says in refusal(write(tmp_path, addresses=ADDRESSES + row + "\n"))


def test_addresses_of_another_city_are_refused_and_a_few_at_the_edge_are_outside(tmp_path):
    far = "".join(f"{n} Far Rd,,-92.0,45.0\n" for n in range(1, 4))
    assert "lie outside every precinct" in refusal(write(tmp_path / "a", addresses=ADDRESSES + far))

    many = "".join(f"{n} 1st Ave S,,-93.295,45.005\n" for n in range(300, 340))
    city, report = built(write(tmp_path / "b", addresses=ADDRESSES + many + "9 Edge Rd,,-93.0,45.0\n"))
    assert "1 addresses lie outside" in report.warnings[0]
    assert (city.lookup("9 Edge Rd").status, city.lookup("9 Edge Rd").precinct) == ("outside", None)


def test_an_address_without_a_number_is_left_out_with_a_warning(tmp_path):
    _, report = built(write(tmp_path, addresses=ADDRESSES + "Oak Street,,-93.295,45.005\n"))

    assert "1 addresses are left out" in report.warnings[0]


def test_one_address_in_two_precincts_is_ambiguous_and_warned_of(tmp_path):
    city, report = built(write(tmp_path, addresses=ADDRESSES + "100 1st Ave S,55401,-93.285,45.005\n"))

    assert any("two precinct splits" in warning for warning in report.warnings)
    answer = city.lookup("100 1st Ave S")
    assert (answer.status, {c.split for c in answer.candidates}) == ("ambiguous", {"P-1", "P-2"})


def test_a_table_joined_to_the_precincts_must_name_the_same_ones_and_agree(tmp_path):
    toml = MAP_TOML.replace('id = "precinct"\n', 'id = "precinct"\ntable = "table.csv"\n')
    folder = write(tmp_path, toml=toml)
    (folder / "table.csv").write_text("precinct,ward\nP-1,01\nP-2,1\nP-3,2\nP-10,2.0\n", encoding="utf-8")
    assert len(built(folder)[0].splits) == 4
    (folder / "city.map").unlink()
    (folder / "table.csv").write_text("precinct,ward\nP-1,1\nP-2,2\nP-3,2\nP-10,2\n", encoding="utf-8")
    assert "P-2 (ward 1 in precincts.geojson, 2 in table.csv)" in refusal(folder)
    (folder / "table.csv").write_text("precinct,ward\nP-1,1\nP-3,2\nP-10,2\n", encoding="utf-8")
    assert "lacks precinct P-2" in refusal(folder)


def test_a_precinct_column_of_the_addresses_must_agree_with_the_map(tmp_path):
    toml = MAP_TOML.replace('lat = "lat" }', 'lat = "lat", precinct = "precinct" }')
    header, *rows = ADDRESSES.strip().splitlines()
    places = dict(zip(rows, ("P-1", "P-3", "P-2", "P-10", "P-1"), strict=True))
    good = "\n".join([f"{header},precinct", *(f"{row},{place}" for row, place in places.items())]) + "\n"

    assert len(built(write(tmp_path / "a", toml=toml, addresses=good))[0].splits) == 4
    wrong = good.replace("45.005,P-2", "45.005,P-3")
    assert "said to be in precinct P-3, and lies in precinct P-2" in refusal(
        write(tmp_path / "b", toml=toml, addresses=wrong)
    )


def test_an_older_map_stays_when_the_new_one_is_refused(tmp_path):
    folder = write(tmp_path)
    built(folder)
    before = (folder / "city.map").read_bytes()
    write(folder, layer=precincts(lambda f: f.clear()))

    with pytest.raises(MapError):
        build_map(folder, folder / "city.map")

    assert (folder / "city.map").read_bytes() == before


@settings(max_examples=60)
@given(data=st.data())
def test_no_mangled_source_ends_in_anything_but_a_clear_refusal(data, tmp_path_factory):
    folder = write(tmp_path_factory.mktemp("mangled"), toml=MAP_TOML + WARD_LAYER, wards=WARDS)
    path = folder / data.draw(st.sampled_from(["map.toml", "precincts.geojson", "wards.geojson", "addresses.csv"]))
    raw = path.read_bytes()
    start = data.draw(st.integers(0, len(raw) - 1))
    end = min(len(raw), start + data.draw(st.integers(0, 12)))
    path.write_bytes(raw[:start] + data.draw(st.binary(max_size=8)) + raw[end:])

    try:
        build_map(folder, folder / "city.map")
    except MapError as refused:
        assert "\n" not in str(refused)


NAMED = MAP_TOML.replace('lat = "lat" }', 'lat = "lat", precinct = "precinct" }')


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (
            "100 1st Ave S,,-93.295,45.005,P-9",
            "address '100 1st Ave S': is in precinct 'P-9', which the map does not have",
        ),
        ("100 1st Ave S,,-93.295,45.005,", "addresses.csv: line 2: has no precinct"),
        ("100 1st Ave S,,-93.2898,45.005,P-1", "is said to be in precinct P-1, and lies in precinct P-2"),
        ("100 1st Ave S,,-93.31,45.005,P-1", "is said to be in precinct P-1, and lies outside every precinct"),
    ],
)
def test_an_address_that_names_a_precinct_it_does_not_lie_in_is_refused(tmp_path, row, says):
    assert says in refusal(write(tmp_path, toml=NAMED, addresses=f"address,zip,lon,lat,precinct\n{row}\n"))


def test_a_point_ten_metres_over_the_line_stays_in_the_precinct_that_its_source_names(tmp_path):
    rows = "100 1st Ave S,,-93.28988,45.005,P-1\n100 1st Ave N,,-93.30012,45.015,P-3\n"
    city, _ = built(write(tmp_path, toml=NAMED, addresses="address,zip,lon,lat,precinct\n" + rows))

    assert [city.lookup(f"100 1st Ave {way}").precinct for way in "SN"] == ["P-1", "P-3"]


def test_the_name_of_a_split_precinct_alone_does_not_place_an_address(tmp_path):
    parks = collection(feature(square(0, 0, 0.5, 2), park=5), feature(square(0.5, 0, 1.5, 2), park=6))
    toml = NAMED.replace('lon = "lon", lat = "lat", ', "") + PARK_LAYER
    rows = "address,zip,precinct\n200 2nd St E,,P-2\n"
    assert len(built(write(tmp_path / "a", toml=toml, parks=parks, addresses=rows))[0].splits) == 6
    assert "precinct P-1 is split, and it has no point" in refusal(
        write(tmp_path / "b", toml=toml, parks=parks, addresses=rows + "100 1st Ave S,,P-1\n")
    )


@pytest.mark.parametrize(("far", "refused"), [(5, False), (6, True)])
def test_one_address_in_twenty_may_lie_outside_and_no_more(tmp_path, far, refused):
    near = "".join(f"{n} Elm St,,-93.295,45.005\n" for n in range(1, 101 - far))
    rows = "address,zip,lon,lat\n" + near + "".join(f"{n} Far Rd,,-92.0,45.0\n" for n in range(1, far + 1))
    folder = write(tmp_path, addresses=rows)

    if refused:
        assert "6 of 100 addresses lie outside every precinct" in refusal(folder)
    else:
        assert built(folder)[0].lookup("5 Far Rd").status == "outside"


@pytest.mark.parametrize("overlap", [10, 20])
def test_an_overlap_is_a_sliver_up_to_fifteen_metres(tmp_path, overlap):
    wide = overlap / 787  # in sides, east to west at this latitude
    layer = precincts(lambda f: f[1]["geometry"].update(coordinates=[square(1 - wide, 0, 1 + wide, 1)]))
    folder = write(tmp_path, layer=layer)

    if overlap > 15:
        assert "precincts P-1, P-2: overlap on 2.5%" in refusal(folder)
    else:
        assert built(folder)[1].warnings == ()
