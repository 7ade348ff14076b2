"""The VIP 6.0 example beside the checkout: a city's precinct in two splits, and one street segment."""

from pathlib import Path

import pytest

from eligibility import MapError
from eligibility.district_map import DistrictMap
from eligibility.map_build import build_map

EXAMPLE = Path(__file__).parents[2].parent / "shared" / "standards" / "examples" / "vip-v6-minimum.xml"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not EXAMPLE.is_file(), reason="the VIP example is not beside this checkout"),
]


def build(folder, *ids):
    folder.mkdir()
    (folder / "table.csv").write_text("precinct\n" + "".join(f"{one}\n" for one in ids), encoding="utf-8")
    (folder / "map.toml").write_text(
        'place = "exampleton"\neffective_from = 2026-01-01\n[precincts]\nfile = "table.csv"\nid = "precinct"\n'
        f'[[addresses]]\nkind = "vip"\nfile = "{EXAMPLE}"\n',
        encoding="utf-8",
    )
    build_map(folder, folder / "city.map")
    return DistrictMap.open(folder / "city.map")


@pytest.mark.parametrize("ids", [("2A", "2B"), ("Precinct 2 A", "Precinct 2 B"), ("1", "2"), ("Precinct 2",)])
def test_a_segment_is_found_in_the_precinct_that_its_name_or_number_and_split_name(tmp_path, ids):
    city = build(tmp_path / "map", *ids)
    expected = next(one for one in ids if one.startswith(("2", "Precinct 2")))

    assert city.lookup("50 Meadow Lane").split == expected
    assert [city.lookup(f"{n} Meadow Ln").status for n in (1, 2, 98, 99, 100)] == [
        "not_found",
        "found",
        "found",
        "not_found",
        "not_found",
    ]


def test_a_map_of_other_precincts_is_refused(tmp_path):
    with pytest.raises(MapError, match=r"vip-v6-minimum\.xml: line 17: StreetSegment ss1: is in the precinct"):
        build(tmp_path / "map", "1", "3")
