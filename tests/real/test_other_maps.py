"""The real layers of other cities: St Paul, Takoma Park before and after its lines moved, San Francisco."""

import json
from datetime import date
from pathlib import Path

import pytest

from eligibility import BirthDate, Facts, MapError, decide, load_pack
from eligibility.district_map import DistrictMap
from eligibility.map_build import build_map

REAL = Path(__file__).parents[2].parent / "shared" / "geodata"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not REAL.is_dir(), reason="the real maps are not beside this checkout"),
]


def built(folder, body, place):
    (folder / "map.toml").write_text(f'place = "{place}"\neffective_from = 2013-01-01\n{body}', encoding="utf-8")
    build_map(folder, folder / "city.map")
    return DistrictMap.open(folder / "city.map")


@pytest.mark.parametrize(
    ("place", "file", "id_", "count"),
    [
        ("saint-paul", "stpaul/wards.geojson", "ward", 7),
        ("takoma-park", "other/takoma_park_wards_2022.geojson", "district", 6),
        ("takoma-park", "other/takoma_park_wards_2013-2022.geojson", "ward", 6),
        ("san-francisco", "other/san_francisco_boundary_land.geojson", "name", 1),
    ],
)
def test_the_layers_of_other_cities_are_taken_as_they_are(tmp_path, place, file, id_, count):
    body = f'[precincts]\nfile = "{REAL / file}"\nid = "{id_}"\ndistricts = {{ ward = "{id_}" }}\n'
    splits = built(tmp_path, body, place).splits.values()

    assert len(splits) == count
    assert {split.precinct: split.districts["ward"] for split in splits} == {split.id: split.id for split in splits}


def test_takoma_parks_new_wards_do_not_nest_in_the_old_ones_and_are_split_where_they_cross(tmp_path):
    new = f'[precincts]\nfile = "{REAL}/other/takoma_park_wards_2022.geojson"\nid = "district"\n'
    old = '[[layer]]\nkind = "ward"\nid = "ward"\n'
    old += f'file = "{REAL}/other/takoma_park_wards_2013-2022.geojson"\n'

    with pytest.raises(MapError, match=r"cuts precincts 3 \(11% in ward 2\), 4 \(21% in ward 3\)"):
        built(tmp_path, new + old + "nests = true\n", "takoma-park")
    splits = built(tmp_path, new + old, "takoma-park").splits.values()
    moved = {(split.precinct, split.districts["ward"]) for split in splits if split.precinct != split.districts["ward"]}
    assert {("1", "3"), ("2", "6"), ("3", "1"), ("3", "2"), ("4", "3"), ("5", "3"), ("6", "2")} == moved


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
