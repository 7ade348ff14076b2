"""Minneapolis's real layers in every way its map can be put together, and refused where one is stale."""

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from ballots.election import plan_election
from ballots.style import styles_of
from eligibility import MapError, load_pack
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
