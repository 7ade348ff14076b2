"""Ranges along street edges: what a file may hold, where each house is placed, and which edges are another city's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility import MapError
from eligibility.address_ranges import Edge, Side
from eligibility.house_numbers import BOTH, EVEN, ODD
from eligibility.map_geometry import Plane
from eligibility.range_places import OFFSET, houses_on, lines_of, numbers_of
from tests.eligibility.grids import SIDE, SOUTH, WEST, built, collection, feature, refusal, square, write
from tests.eligibility.ranges import EDGES, HEADER, RANGES_TOML, edge, write_ranges

LINE = edge("ELM ST", (0.1, 0.5), (0.9, 0.5), "101-199 O 55401", "100-198 E 55401")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (",O,", ",X,", "ranges.csv: line 2: l_parity is 'X'; it must be E (even), O (odd) or B (both)"),
        (",O,", ",,", "line 2: l_parity is ''"),
        (",O,", ",o,", "line 2: l_parity is 'o'"),
        (",O,", ",E,", "line 2: l_parity is E, and yet the range is from 101 to 199"),
        (",199,", ",,", "line 2: has l_from '101' and l_to ''; a range has both or neither"),
        (",100,", ",,", "line 2: has r_from '' and r_to '198'"),
        (",199,", ",100101,", "line 2: has a range of more than 100,000 house numbers, 101 to 100101"),
        (",199,", ",999999999,", "more than 100,000 house numbers"),
        ("-93.299000,45.005000", "45.005000,-93.299000", "line 2: has latitude and longitude swapped"),
        ("-93.299000", "", "line 2: longitude and latitude are not numbers: ''"),
        ("-93.299000", "nan", "line 2: is in a wrong coordinate system"),
        ("-93.299000", "-39.299", "line 2: has end points more than 0.5 degrees apart"),
        ("55401,100", "55401,,100", "line 2: has 14 fields where the header has 13"),
        ("l_parity", "l_party", "has no column 'l_parity', which map.toml: addresses[1]: columns names (did you mean"),
        (LINE, "", "ranges.csv: has no address range that can be read"),
    ],
)
def test_a_file_of_ranges_with_a_mistake_is_refused_by_its_line(tmp_path, old, new, says):
    folder = write_ranges(tmp_path, LINE)
    raw = (folder / "ranges.csv").read_text(encoding="utf-8")
    assert old in raw
    (folder / "ranges.csv").write_text(raw.replace(old, new, 1), encoding="utf-8")

    assert says in refusal(folder)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('kind = "ranges"', 'kind = "range"', "unknown kind 'range' (did you mean 'ranges'?)"),
        ('kind = "ranges"', "", "unknown key 'street'"),
        ('l_from = "l_from", ', "", "missing l_from"),
        ('l_zip = "l_zip"', 'l_zpi = "l_zip"', "unknown key 'l_zpi' (did you mean 'l_zip'?)"),
        ('file = "ranges.csv"', 'file = "lost.csv"', "lost.csv: cannot be read"),
        ("precincts.geojson", "table.csv", "ranges need precincts with polygons"),
    ],
)
def test_a_description_of_ranges_that_is_not_understood_whole_is_refused(tmp_path, old, new, says):
    folder = write_ranges(tmp_path, toml=RANGES_TOML.replace(old, new, 1))
    (folder / "table.csv").write_text("precinct,ward\nP-1,1\n", encoding="utf-8")

    line = refusal(folder)
    assert says in line or "missing address" in line


def test_an_empty_file_of_ranges_is_refused(tmp_path):
    folder = write_ranges(tmp_path)
    (folder / "ranges.csv").write_text("", encoding="utf-8")
    assert "ranges.csv: is empty" in refusal(folder)
    (folder / "ranges.csv").write_text(HEADER + "\n", encoding="utf-8")
    assert "has no address range that can be read" in refusal(folder)


def test_hyphened_house_numbers_are_left_out_with_a_warning_and_never_found(tmp_path):
    queens = edge("QUEENS BLVD", (0.2, 0.3), (0.4, 0.3), "12/01-12/99 O", "2-98 E").replace("12/", "12-")
    city, report = built(write_ranges(tmp_path, *EDGES, queens))

    assert report.warnings == ("1 ranges are left out, not understood ('12-01 to 12-99 QUEENS BLVD' first)",)
    answers = [city.lookup(f"{house} Queens Blvd").status for house in ("2", "12-05", "1205", "12")]
    assert answers == ["found", "not_found", "not_found", "found"]


def test_a_street_that_is_none_is_left_out_with_a_warning(tmp_path):
    bare = [edge(name, (0.2, 0.3), (0.4, 0.3), "1-9 O") for name in ("", "Elm St Apt 4")]
    _, report = built(write_ranges(tmp_path, *EDGES, *bare))

    assert report.warnings == ("2 streets are left out, unnamed or not read as streets ('' first)",)


@pytest.mark.parametrize(("far", "refused"), [(1, False), (2, True)])
def test_one_edge_in_twenty_may_lie_outside_and_no_more(tmp_path, far, refused):
    near = [edge(f"{n}TH ST", (0.1, n / 20), (0.4, n / 20), "1-99 O") for n in range(1, 20)]
    away = [edge(f"FAR{n} ST", (9, n), (9.5, n), "1-99 O") for n in range(far)]
    folder = write_ranges(tmp_path, *near, *away)

    if refused:
        assert "ranges.csv: 2 of 21 street edges lie outside every precinct: another city's?" in refusal(folder)
    else:
        assert built(folder)[0].lookup("5 Far0 St").status == "outside"


def test_an_edge_without_length_has_all_its_houses_at_its_point(tmp_path):
    city, _ = built(write_ranges(tmp_path, edge("DOT CT", (0.5, 0.5), (0.5, 0.5), "1-99 O", "2-98 E")))

    assert {city.lookup(f"{house} Dot Ct").split for house in range(1, 100)} == {"P-1"}


def test_the_same_edges_in_any_order_and_twice_give_the_same_bytes(tmp_path):
    first, second = (
        write_ranges(tmp_path / name, *edges) for name, edges in (("a", EDGES), ("b", (*EDGES[::-1], LINE)))
    )
    for folder in (first, second):
        built(folder)

    assert (first / "city.map").read_bytes() == (second / "city.map").read_bytes()


def test_spreadsheets_decimals_are_whole_numbers(tmp_path):
    city, _ = built(write_ranges(tmp_path, LINE.replace("101,199,O,55401", "101.0,199.0,O,55401.0")))

    assert (city.lookup("150 Elm St 55401").status, city.lookup("151 Elm St 55401").status) == ("found", "found")


SIDES = st.builds(
    lambda first, span, parity: Side(first, max(0, first + span), parity, ""),
    st.integers(0, 9_000),
    st.integers(-400, 400),
    st.sampled_from([EVEN, ODD, BOTH]),
)
SPOTS = st.tuples(st.floats(-1, 3), st.floats(-1, 3))


@given(SIDES, SPOTS, SPOTS, st.booleans())
def test_every_house_is_in_the_box_of_its_edge_and_on_its_own_side(side, start, end, is_left):
    places = [at for x, y in (start, end) for at in (WEST + x * SIDE, SOUTH + y * SIDE)]
    left, right = (side, None) if is_left else (None, side)
    plane = Plane(SOUTH)
    lines = lines_of([Edge("ELM ST", *places, left, right)], plane)
    houses = houses_on(side, lines.starts[0], lines.ends[0])
    ends = np.array([[point.x, point.y] for point in plane.points(np.array(places[::2]), np.array(places[1::2]))])
    low, high = sorted((side.first, side.last))

    assert list(numbers_of(side)) == [n for n in range(low, high + 1) if side.parity == BOTH or n % 2 == side.parity]
    assert len(houses) == len(numbers_of(side))
    assert (houses >= ends.min(axis=0) - OFFSET - 1e-6).all()
    assert (houses <= ends.max(axis=0) + OFFSET + 1e-6).all()
    along, away = ends[1] - ends[0], houses - ends[0]
    if np.hypot(*along) > 1e-3:
        across = (along[0] * away[:, 1] - along[1] * away[:, 0]) / np.hypot(*along)
        assert np.allclose(across, OFFSET if is_left else -OFFSET, atol=1e-4)


def test_a_house_lies_between_the_ends_in_proportion_whichever_is_larger():
    start, end = np.array([0.0, 0.0]), np.array([98.0, 0.0])

    assert houses_on(Side(2, 100, EVEN, ""), start, end)[:, 0].tolist() == pytest.approx(
        [n - 2 for n in range(2, 101, 2)]
    )
    assert houses_on(Side(100, 2, EVEN, ""), start, end)[:, 0].tolist() == pytest.approx(
        [100 - n for n in range(2, 101, 2)]
    )
    assert houses_on(Side(7, 7, ODD, ""), start, end)[:, 0].tolist() == [49.0]


@settings(max_examples=20)
@given(st.integers(1, 99), st.floats(0.2, 1.8), st.floats(-60, 60))
def test_a_house_is_found_where_no_other_split_is_within_twenty_metres_and_else_near(tmp_path_factory, n, y, metres):
    """One house on a street that runs north, `metres` east of the line between P-1 and P-2 (north: P-3 and P-10)."""
    house = 1 + metres / 787.1  # where the house is to be, in sides; a side is 787.1 m at this latitude
    x = house - OFFSET / 787.1 if n % 2 else house + OFFSET / 787.1  # odd on the right (east), even on the left
    side = f"{n}-{n} {'O' if n % 2 else 'E'}"
    row = edge("TEST ST", (x, y - 0.01), (x, y + 0.01), *(("", side) if n % 2 else (side, "")))
    answer = built(write_ranges(tmp_path_factory.mktemp("near"), row))[0].lookup(f"{n} Test St")

    if abs(y - 1) * 1113 < 25 or 19 < abs(metres) < 21:
        return
    south = ("P-1", "P-2") if y < 1 else ("P-3", "P-10")
    if abs(metres) < 20:
        assert (answer.status, answer.split) == ("near_boundary", None)
        assert sorted(one.split for one in answer.candidates) == sorted(south)
    else:
        assert (answer.status, answer.split) == ("found", south[metres > 0])


def test_splits_of_one_precinct_are_told_apart_and_land_that_no_district_covers_is_asked(tmp_path):
    toml = RANGES_TOML + '[[layer]]\nkind = "park"\nfile = "parks.geojson"\nid = "park"\n'
    parks = collection(feature(square(0, 0, 0.5, 2), park=5), feature(square(0.6, 0, 1.4, 2), park=6))
    row = edge("ELM ST", (0.1, 0.5), (0.9, 0.5), "101-199 O")
    city, _ = built(write_ranges(tmp_path, row, toml=toml, parks=parks))

    answers = [city.lookup(f"{house} Elm St") for house in (111, 155, 191)]
    assert [answer.status for answer in answers] == ["found", "near_boundary", "found"]
    assert [answer.districts.get("park") for answer in answers] == ["5", None, "6"]
    assert [one.split for one in answers[1].candidates] == ["P-1.1", "P-1.2"]


def test_a_map_without_ranges_has_no_section_of_them(tmp_path):
    city, _ = built(write(tmp_path))

    assert not [name for name in city._file.names if name.startswith("range.")]
    assert "ranges" not in city._file.meta


@settings(max_examples=60)
@given(data=st.data())
def test_no_mangled_file_ends_in_anything_but_a_clear_refusal_or_a_map_that_answers(data, tmp_path_factory):
    folder = write_ranges(tmp_path_factory.mktemp("mangled"))
    path = folder / data.draw(st.sampled_from(["ranges.csv", "map.toml"]))
    raw = path.read_bytes()
    start = data.draw(st.integers(0, len(raw) - 1))
    end = min(len(raw), start + data.draw(st.integers(0, 12)))
    path.write_bytes(raw[:start] + data.draw(st.binary(max_size=8)) + raw[end:])

    try:
        city, _ = built(folder)
    except MapError as refused:
        assert "\n" not in str(refused)
    else:
        assert city.lookup("30 Oak Ave").status in {"found", "ambiguous", "near_boundary", "outside", "not_found"}
