"""Real layers: Minneapolis in every way its map can be put together, and the other cities' outlines."""

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from ballots.election import plan_election
from ballots.style import styles_of
from eligibility import BirthDate, Facts, MapError, decide, load_pack
from eligibility.district_map import DistrictMap
from eligibility.map_build import build_map

REAL = Path(__file__).parents[2].parent / "shared" / "geodata"
MPLS = REAL / "minneapolis"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not REAL.is_dir(), reason="the real maps are not beside this checkout"),
]

PRECINCTS = f'[precincts]\nfile = "{MPLS}/precincts.geojson"\nid = "precinct"\n'
TABLE = f'table = "{MPLS}/precinct_table.csv"\n'
BOTH = 'districts = { ward = "ward", park = "park_district" }\n'
WARDS = f'[[layer]]\nkind = "ward"\nfile = "{MPLS}/wards.geojson"\nid = "ward"\nnests = true\n'
PARKS = f'[[layer]]\nkind = "park"\nfile = "{MPLS}/park_districts.geojson"\nid = "park"\nnests = true\n'
MINNEAPOLIS = load_pack("minneapolis")


def built(folder, body, place="minneapolis", since="2013-01-01"):
    (folder / "map.toml").write_text(f'place = "{place}"\neffective_from = {since}\n{body}', encoding="utf-8")
    build_map(folder, folder / "city.map")
    return DistrictMap.open(folder / "city.map")


def official():
    with (MPLS / "precinct_table.csv").open(encoding="utf-8", newline="") as file:
        return {row["precinct"]: {"ward": row["ward"], "park": row["park_district"]} for row in csv.DictReader(file)}


def districts(city):
    return {split.precinct: dict(split.districts) for split in city.splits.values()}


@pytest.mark.parametrize(
    "body",
    [PRECINCTS + TABLE + BOTH + WARDS, PRECINCTS + TABLE + BOTH + WARDS + PARKS, PRECINCTS + WARDS + PARKS],
    ids=["table and ward layer", "table and both layers", "layers alone"],
)
def test_however_it_is_put_together_each_precinct_has_its_official_districts(tmp_path, body):
    city = built(tmp_path, body)

    assert len(city.splits) == 137
    assert districts(city) == official()


@pytest.mark.parametrize(
    ("day", "contests"),
    [(date(2013, 11, 5), 5), (date(2017, 11, 7), 5), (date(2021, 11, 2), 8), (date(2025, 11, 4), 5)],
)
def test_24_styles_each_with_mayor_one_ward_estimate_park_at_large_and_one_park_district(tmp_path, day, contests):
    city = built(tmp_path, PRECINCTS + TABLE + BOTH)
    election = plan_election(MINNEAPOLIS, day, city.splits.values())
    styles = styles_of(election).of_split

    assert len({style.code for style in styles.values()}) == 24
    for split, style in styles.items():
        offices = Counter((c.office, c.seats) for c in style.contests if c.method == "ranked-choice")
        assert offices == Counter(
            [("mayor", 1), ("council", 1), ("board-of-estimate", 2), ("park-at-large", 3), ("park-district", 1)]
        )
        assert len(style.contests) == contests
        lives = {c.district for c in style.contests if c.district}
        assert lives == {f"ward-{official()[split]['ward']}", f"park-{official()[split]['park']}"}


def test_a_stale_ward_layer_is_refused_and_its_precincts_named(tmp_path):
    layer = json.loads((MPLS / "wards.geojson").read_text(encoding="utf-8"))
    labels = {3: 5, 5: 3}
    for feature in layer["features"]:
        feature["properties"]["ward"] = labels.get(feature["properties"]["ward"], feature["properties"]["ward"])
    (tmp_path / "stale.geojson").write_text(json.dumps(layer), encoding="utf-8")
    stale = '[[layer]]\nkind = "ward"\nfile = "stale.geojson"\nid = "ward"\nnests = true\n'

    with pytest.raises(MapError, match=r"stale\.geojson: contradicts the precincts on \d+ precincts: MINNEAPOLIS W-3"):
        built(tmp_path, PRECINCTS + TABLE + BOTH + stale)


def test_a_ward_layer_moved_by_a_kilometre_is_refused(tmp_path):
    layer = json.loads((MPLS / "wards.geojson").read_text(encoding="utf-8"))
    for feature in layer["features"]:
        geometry = feature["geometry"]
        parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        for part in parts:
            for ring in part:
                for position in ring:
                    position[0] += 0.0127
    (tmp_path / "moved.geojson").write_text(json.dumps(layer), encoding="utf-8")

    with pytest.raises(MapError, match=r"moved\.geojson"):
        built(tmp_path, PRECINCTS + TABLE + BOTH + WARDS.replace(f"{MPLS}/wards", "moved"))


@pytest.mark.parametrize(
    ("place", "file", "id_", "count"),
    [
        ("saint-paul", "stpaul/wards.geojson", None, 7),
        ("takoma-park", "other/takoma_park_wards_2022.geojson", None, 6),
        ("takoma-park", "other/takoma_park_wards_2013-2022.geojson", None, 6),
        ("san-francisco", "other/san_francisco_boundary_land.geojson", None, 1),
    ],
)
def test_the_layers_of_other_cities_are_taken_as_they_are(tmp_path, place, file, id_, count):
    features = json.loads((REAL / file).read_text(encoding="utf-8"))["features"]
    names = [name for name in features[0]["properties"] if len({str(f["properties"][name]) for f in features}) == count]
    body = f'[precincts]\nfile = "{REAL / file}"\nid = "{id_ or names[0]}"\n'

    assert len(built(tmp_path, body, place).splits) == count


def test_takoma_parks_old_and_new_wards_are_not_the_same_lines(tmp_path):
    pairs = set()
    for year, file in (("2013-01-01", "2013-2022"), ("2022-01-01", "2022")):
        path = REAL / "other" / f"takoma_park_wards_{file}.geojson"
        name = next(iter(json.loads(path.read_text(encoding="utf-8"))["features"][0]["properties"]))
        (tmp_path / file).mkdir()
        body = f'[precincts]\nfile = "{path}"\nid = "{name}"\n'
        pairs.add(built(tmp_path / file, body, "takoma-park", year).digest)

    assert len(pairs) == 2


def test_on_san_franciscos_real_outline_a_guardian_has_one_contest_and_others_none(tmp_path):
    file = REAL / "other" / "san_francisco_boundary_land.geojson"
    layer = json.loads(file.read_text(encoding="utf-8"))
    layer["features"][0]["properties"]["precinct"] = "city"
    (tmp_path / "sf.geojson").write_text(json.dumps(layer), encoding="utf-8")
    city = built(tmp_path, '[precincts]\nfile = "sf.geojson"\nid = "precinct"\n', "san-francisco")
    pack, day = load_pack("san-francisco"), date(2024, 11, 5)
    sworn = [frozenset(), frozenset({"guardian"}), frozenset({"guardian", "intends-to-remain"})]
    people = [Facts(BirthDate(1985, 5, 5), date(2020, 1, 1), statements) for statements in sworn]

    assert city.split_at(-122.4194, 37.7749) == "city"
    assert [len(decide(one, pack, day, city.splits["city"]).eligible_ids) for one in people] == [0, 0, 1]
