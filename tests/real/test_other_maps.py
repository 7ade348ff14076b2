"""The real layers of other cities: St Paul, Takoma Park before and after its lines moved, San Francisco."""

import json
from datetime import date
from pathlib import Path

import pytest

from eligibility import BirthDate, Facts, MapError, decide, load_pack
from eligibility.district_map import DistrictMap, map_in_force
from eligibility.map_build import build_map
from voter_reg.cli import main

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


def test_an_old_election_of_takoma_park_uses_the_old_wards_and_a_new_one_the_new(tmp_path, capsys):
    for file, id_, since, until in (
        ("takoma_park_wards_2013-2022.geojson", "ward", "2013-01-01", "effective_until = 2021-12-31"),
        ("takoma_park_wards_2022.geojson", "district", "2022-01-01", ""),
    ):
        source = tmp_path / since
        source.mkdir()
        (source / "map.toml").write_text(
            f'place = "takoma-park"\neffective_from = {since}\n{until}\n[precincts]\nfile = "{REAL / "other" / file}"\n'
            f'id = "{id_}"\ndistricts = {{ ward = "{id_}" }}\n',
            encoding="utf-8",
        )
        build_map(source, tmp_path / f"{since}.map")

    old, _ = map_in_force(tmp_path, "takoma-park", date(2020, 11, 3))
    new, _ = map_in_force(tmp_path, "takoma-park", date(2024, 11, 5))

    assert (old.effective_until, new.effective_from) == (date(2021, 12, 31), date(2022, 1, 1))
    wards = {(old.split_at(lon, lat), new.split_at(lon, lat)) for lon, lat in _grid(old)}
    assert {(a, b) for a, b in wards if a and b and a != b} >= {("3", "1"), ("6", "2"), ("2", "3")}
    with pytest.raises(MapError, match="until 2021-12-31, before the election of 2024-11-05"):
        map_in_force(tmp_path / "2013-01-01.map", "takoma-park", date(2024, 11, 5))
    with pytest.raises(MapError, match=r"no map of 'takoma-park' for 2011-11-08"):
        map_in_force(tmp_path, "takoma-park", date(2011, 11, 8))
    asked = ["ballot", "styles", "--pack", "takoma-park", "--map", str(tmp_path), "--json"]
    for day in ("2020-11-03", "2024-11-05"):
        assert main([*asked, "--on", day]) == 0
    styles = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {style["split"] for style in styles} == set("123456")
    assert all([one["id"] for one in s["contests"]] == ["mayor", f"council-ward-{s['split']}"] for s in styles)


def _grid(city):
    """Points every hundred metres or so over Takoma Park."""
    return [(-77.03 + x / 1000, 38.96 + y / 1000) for x in range(60) for y in range(50)]
