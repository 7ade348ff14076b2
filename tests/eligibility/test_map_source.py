"""A map's source files one by one: what is missing, malformed, doubled or contradictory, and what is cleaned."""

import json

import pytest

from eligibility.district_id import district_id, natural, precinct_id
from tests.eligibility.grids import (
    ADDRESSES,
    MAP_TOML,
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

TABLE = MAP_TOML.replace('id = "precinct"\n', 'id = "precinct"\ntable = "table.csv"\n', 1)
NO_POLYGONS = MAP_TOML.replace("precincts.geojson", "table.csv")
ROWS = "precinct,ward\nP-1,1\nP-2,1\nP-3,2\nP-10,2\n"
LINE = {"type": "LineString", "coordinates": [[-93.3, 45.0], [-93.29, 45.0]]}
TWO_POLYGONS = {"type": "MultiPolygon", "coordinates": [[square(0, 0)], [square(0, 0)]]}


def with_table(folder, rows=ROWS, **source):
    write(folder, **source)
    (folder / "table.csv").write_text(rows, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ("", "is empty"),
        (MAP_TOML[:45], "is not TOML"),
        ('cities = ["--"]\n' + MAP_TOML, "map.toml: cities: names something that is no city's name"),
        ('plac = "x"\n' + MAP_TOML, "unknown key 'plac'"),
        (MAP_TOML.replace("place", "plase"), "missing place; found the unknown key 'plase'"),
        (MAP_TOML.replace('"gridtown"', '"grid\\ntown"'), "is not a slug"),
        (MAP_TOML.replace('"gridtown"', '""'), "place is blank"),
        (MAP_TOML.replace("2022-05-01", "2022-05-01T00:00:00"), "effective_from must be a date"),
        (MAP_TOML.replace('file = "precincts.geojson"', 'file = ""'), "file is blank"),
        (MAP_TOML.replace('file = "precincts.geojson"', 'file = "."'), "cannot be read"),
        (MAP_TOML.replace("[addresses]", "tolerance = 2\n[addresses]"), "tolerance is 2; it must lie from 0 to 0.5"),
        (MAP_TOML.replace("[addresses]", "tolerance = nan\n[addresses]"), "tolerance is nan"),
        (MAP_TOML.replace("ward = ", '"Ward 1" = '), "the district kind 'Ward 1' must be small letters"),
        (MAP_TOML + "colums = {}\n", "addresses: unknown key 'colums' (did you mean 'columns'?)"),
        (MAP_TOML.replace('lat = "lat"', 'lat = "lat", lng = "x"'), "unknown key 'lng' (did you mean 'lon'?)"),
        (MAP_TOML.replace(', lon = "lon"', ""), "must name lon and lat, or precinct, or all three"),
        (MAP_TOML.replace('address = "address", ', ""), "missing address"),
        (MAP_TOML + WARD_LAYER + "nest = true\n", "layer[1]: unknown key 'nest' (did you mean 'nests'?)"),
        (MAP_TOML + WARD_LAYER.replace("[[layer]]", "[layer]"), "must be a list of tables, [[layer]]"),
        (MAP_TOML + WARD_LAYER + WARD_LAYER, "has the layer kind 'ward' twice"),
        (MAP_TOML + WARD_LAYER.replace('id = "ward"', 'id = "wrad"'), "did you mean 'ward'?"),
        (MAP_TOML + WARD_LAYER.replace("wards.geojson", "lost.geojson"), "lost.geojson: cannot be read"),
        (MAP_TOML + WARD_LAYER.replace('"ward"', '"WARD"', 1), "must be small letters"),
        (MAP_TOML + WARD_LAYER.replace("true", '"yes"'), "nests"),
    ],
)
def test_a_description_that_is_not_understood_whole_is_refused(tmp_path, toml, says):
    assert says in refusal(write(tmp_path, toml=toml, wards=WARDS))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda f: f[1].update(geometry=LINE), "feature 2: must be a Polygon or a MultiPolygon, found a LineString"),
        (lambda f: f[1].update(geometry=TWO_POLYGONS), "feature 2: is not a valid area"),
        (lambda f: f[1].update(type="Point"), "feature 2: is not a GeoJSON Feature"),
        (lambda f: f[1].update(properties=None), "feature 2: has no attribute 'precinct'"),
        (lambda f: f[1].update(properties=[1]), "feature 2: has properties that are not a table"),
        (lambda f: f[1]["properties"].update(precinct=True), "feature 2: has no precinct: True"),
        (lambda f: f[1]["properties"].update(precinct=[1]), "feature 2: has no precinct: [1]"),
        (lambda f: f[1]["properties"].update(precinct="x" * 81), "feature 2: has no precinct"),
        (lambda f: f[1]["properties"].update(precinct="a\nb"), "feature 2: has no precinct"),
        (lambda f: f[1]["properties"].update(precinct=" P-1 "), "the id 'P-1' is already that of"),
        (lambda f: f[1]["properties"].update(ward="null"), "precinct P-2 has no ward"),
        (lambda f: f[1]["geometry"]["coordinates"][0][0].__setitem__(0, "-93"), "a position that is not two numbers"),
        (lambda f: f[1]["geometry"]["coordinates"][0][0].__setitem__(0, True), "a position that is not two numbers"),
        (lambda f: f[1]["geometry"]["coordinates"][0][0].__setitem__(0, 10**400), "wrong coordinate system"),
        (lambda f: f[1]["geometry"]["coordinates"][0][0].clear(), "a position that is not two numbers"),
    ],
)
def test_a_feature_that_is_no_precinct_is_refused_by_its_number(tmp_path, change, says):
    line = refusal(write(tmp_path, layer=precincts(change)))

    assert says in line
    assert line.startswith("precincts.geojson: ")


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (json.dumps(precincts()).replace("-93.3,", "NaN,", 1), "NaN is not a number that JSON knows"),
        (json.dumps(precincts()).replace("-93.3,", "1e999,", 1), "wrong coordinate system: (inf, 45.0)"),
        ("[" * 100_000, "is not JSON"),
        ('{"type": "FeatureCollection", "features": null}', "has no list of features"),
        ("null", "is not a GeoJSON FeatureCollection"),
        (json.dumps({"type": "Topology", "objects": {}}), "is not a GeoJSON FeatureCollection"),
    ],
)
def test_a_file_that_is_json_and_no_layer_is_refused(tmp_path, raw, says):
    assert says in refusal(write(tmp_path, precincts=raw.encode()))


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"])
def test_a_layer_that_names_wgs84_is_taken(tmp_path, name):
    layer = {**precincts(), "crs": {"type": "name", "properties": {"name": name}}}

    assert len(built(write(tmp_path, layer=layer))[0].splits) == 4


@pytest.mark.parametrize(
    "crs",
    [
        {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}},
        {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::14326"}},
        {"type": "link", "properties": {"href": "https://example.org/crs"}},
        "EPSG:26915",
    ],
)
def test_a_layer_in_any_other_coordinate_system_is_refused(tmp_path, crs):
    assert "is in the coordinate system" in refusal(write(tmp_path, layer={**precincts(), "crs": crs}))


def test_heights_and_a_mark_at_the_files_start_are_dropped(tmp_path):
    def raised(features):
        for position in features[0]["geometry"]["coordinates"][0]:
            position.append(250.0)

    marked = b"\xef\xbb\xbf" + json.dumps(precincts(raised)).encode()

    assert len(built(write(tmp_path, precincts=marked, addresses="\ufeff" + ADDRESSES))[0].splits) == 4


@pytest.mark.parametrize(
    ("addresses", "says"),
    [
        ("", "addresses.csv: is empty"),
        (ADDRESSES.replace("zip", "lon", 1), "addresses.csv: has the column 'lon' twice"),
        (ADDRESSES.replace(",", ";"), "has no column"),
        (ADDRESSES + '"5 Oak St,,-93.295,45.005\n', "line 7: is not CSV"),
        (ADDRESSES + "5 " + "Oak" * 50_000 + " St,,-93.295,45.005\n", "line 7: is not CSV"),
        (ADDRESSES + "5 Oak St,,-93.295,45.005,\n", "line 7: has 5 fields where the header has 4"),
        (ADDRESSES + "5 Oak St,,,\n", "line 7: longitude and latitude are not numbers: '', ''"),
        (ADDRESSES + "5 Oak St,,inf,45.005\n", "line 7: is in a wrong coordinate system"),
        (ADDRESSES + "5 Oak St,,478000,4980000\n", "line 7: is in a wrong coordinate system"),
    ],
)
def test_an_address_list_with_a_mistake_is_refused_by_its_line(tmp_path, addresses, says):
    assert says in refusal(write(tmp_path, addresses=addresses))


@pytest.mark.parametrize("zip_code", ["55401", "55401-1234", "554011234", "55401.0", " 55401 "])
def test_a_zip_is_read_as_spreadsheets_and_the_post_write_it(tmp_path, zip_code):
    city, _ = built(write(tmp_path, addresses=ADDRESSES + f"5 Oak Ln,{zip_code},-93.295,45.005\n"))

    assert city.lookup("5 Oak Ln 55401").status == "found"
    assert city.lookup("5 Oak Ln 55402").status == "not_found"


@pytest.mark.parametrize("zip_code", ["", "n/a", "5540", "99999999999", "٥٥٤٠١"])
def test_a_zip_that_cannot_be_read_contradicts_nothing(tmp_path, zip_code):
    city, _ = built(write(tmp_path, addresses=ADDRESSES + f"5 Oak Ln,{zip_code},-93.295,45.005\n"))

    assert city.lookup("5 Oak Ln 55402").status == "found"


@pytest.mark.parametrize("ward", ["03", 3, 3.0, "3.0", " 3 ", "003"])
def test_a_ward_is_the_same_however_a_spreadsheet_wrote_it(tmp_path, ward):
    layer = precincts(lambda f: [one["properties"].update(ward=ward) for one in f])

    assert {s.districts["ward"] for s in built(write(tmp_path, layer=layer))[0].splits.values()} == {"3"}


@pytest.mark.parametrize(
    ("value", "precinct", "district"),
    [
        ("W-3 P-02", "W-3 P-02", "W-3 P-02"),
        ("07B", "07B", "7B"),
        ("0", "0", "0"),
        ("000", "000", "0"),
        (5.0, "5", "5"),
        (2.5, "2.5", "2.5"),
        ("1.50", "1.50", "1.50"),
        (float("nan"), None, None),
        (float("inf"), None, None),
        (False, None, None),
        (10**90, None, None),
        ("<Null>", None, None),
        ({}, None, None),
    ],
)
def test_a_precinct_keeps_the_sources_id_and_a_district_loses_its_padding(value, precinct, district):
    assert (precinct_id(value), district_id(value)) == (precinct, district)


def test_ids_are_ordered_as_people_count():
    ids = ["W-10", "W-2 P-10", "W-2 P-9", "W-1", "A", "2", "10"]

    assert sorted(ids, key=natural) == ["2", "10", "A", "W-1", "W-2 P-9", "W-2 P-10", "W-10"]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (ROWS.replace("P-10,2\n", ""), "table.csv: lacks precinct P-10 of precincts.geojson"),
        (ROWS + "P-11,2\n", "precincts.geojson: lacks precinct P-11 of table.csv (did you mean"),
        (ROWS + "P-1,1\n", "table.csv: line 6: the id 'P-1' is already that of table.csv: line 2"),
        (ROWS.replace("P-2,1", "P-2,2"), "precinct P-2 (ward 1 in precincts.geojson, 2 in table.csv)"),
        (ROWS.replace("P-2,1", "P-2,"), "table.csv: line 3: precinct P-2 has no ward"),
        (ROWS.replace("P-2,1", ",1"), "table.csv: line 3: has no precinct"),
        (ROWS.replace("P-2,1", "P-2"), "table.csv: line 3: has 1 fields where the header has 2"),
        (ROWS.replace("precinct,ward", "precinct,precinct"), "table.csv: has the column 'precinct' twice"),
        (ROWS.replace("precinct", "pct"), "table.csv: has no column 'precinct'"),
        ("precinct,ward\n", "table.csv: has no rows"),
        ("", "table.csv: is empty"),
    ],
)
def test_a_table_that_does_not_fit_its_polygons_is_refused(tmp_path, rows, says):
    assert says in refusal(with_table(tmp_path, rows, toml=TABLE))


def test_polygons_without_wards_take_them_from_the_table(tmp_path):
    layer = precincts(lambda f: [one["properties"].pop("ward") for one in f])
    city, _ = built(with_table(tmp_path, toml=TABLE, layer=layer))

    assert [split.districts["ward"] for split in city.splits.values()] == ["1", "1", "2", "2"]


def test_a_table_alone_is_a_map_without_polygons(tmp_path):
    toml = NO_POLYGONS.replace('lon = "lon", lat = "lat"', 'precinct = "precinct"')
    addresses = "address,zip,precinct\n100 1st Ave S,,P-1\n100 1st Ave N,,P-3\n"
    city, _ = built(with_table(tmp_path, toml=toml, addresses=addresses))

    assert city.lookup("100 1st Ave N").districts == {"ward": "2"}


def test_a_map_without_polygons_takes_no_points_and_no_layers(tmp_path):
    assert "columns must name precinct" in refusal(with_table(tmp_path, toml=NO_POLYGONS))
    assert "a layer needs precincts with polygons" in refusal(
        with_table(tmp_path, toml=NO_POLYGONS + WARD_LAYER, wards=WARDS)
    )


def test_two_districts_of_a_layer_with_one_id_are_refused(tmp_path):
    wards = collection(feature(square(0, 0, 2, 1), ward=1), feature(square(0, 1, 2, 1), ward="01"))

    assert "wards.geojson: feature 2: the ward '1' is already that of wards.geojson: feature 1" in refusal(
        write(tmp_path, toml=MAP_TOML + WARD_LAYER, wards=wards)
    )


def test_several_address_lists_are_one(tmp_path):
    more = '[[addresses]]\nfile = "more.csv"\ncolumns = { address = "a", lon = "x", lat = "y" }\n'
    folder = write(tmp_path, toml=MAP_TOML.replace("[addresses]", "[[addresses]]") + more)
    (folder / "more.csv").write_text("a,x,y\n7 Elm St,-93.285,45.015\n100 1st Ave S,-93.295,45.005\n", encoding="utf-8")
    city, report = built(folder)

    assert (city.lookup("7 Elm St").precinct, city.info()["addresses"], report.warnings) == ("P-10", 6, ())
