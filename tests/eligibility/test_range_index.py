"""Typed addresses over ranges: found, asked, near a line, outside or not found; and points, which always win."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility.range_index import SECTIONS, RangeIndex, Run, build_ranges, read_street
from tests.eligibility.grids import ADDRESSES, MAP_TOML, built, refusal, write
from tests.eligibility.ranges import BOTH_TOML, EDGES, edge, write_ranges

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    return built(write_ranges(tmp_path_factory.mktemp("ranges")))[0]


@pytest.mark.parametrize(
    ("typed", "address", "split"),
    [
        ("101 Elm St", "101 ELM ST", "P-1"),
        ("  150 elm street ", "150 ELM ST", "P-1"),
        ("150 Elm", "150 ELM ST", "P-1"),
        ("0150 Elm St., Gridtown, MN 55401-1234", "150 ELM ST", "P-1"),
        ("150 Elm St Apt 12", "150 ELM ST", "P-1"),
        ("150 Elm St #4", "150 ELM ST", "P-1"),
        ("150A Elm St", "150A ELM ST", "P-1"),
        ("150½ Elm St", "150 1/2 ELM ST", "P-1"),
        ("250 Elm St", "250 ELM ST", "P-2"),
        ("30 N Oak Ave", "30 N OAK AVE", "P-3"),
        ("30 Oak Ave North", "30 N OAK AVE", "P-3"),
        ("30 Oak N", "30 N OAK AVE", "P-3"),
        ("31 South Oak Ave", "31 S OAK AVE", "P-1"),
        ("849 Back Ln", "849 BACK LN", "P-1"),
        ("850 Back Ln", "850 BACK LN", "P-1"),
    ],
)
def test_a_house_of_a_range_is_found_and_named_as_typed_without_its_unit(city, typed, address, split):
    answer = city.lookup(typed)

    assert (answer.status, answer.address, answer.split) == ("found", address, split)
    assert answer.districts == {"ward": "2" if split == "P-3" else "1"}


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("30 Oak Ave", {("30 N OAK AVE", "P-3"), ("30 S OAK AVE", "P-1")}),
        ("30 Oak", {("30 N OAK AVE", "P-3"), ("30 S OAK AVE", "P-1")}),
    ],
)
def test_a_missing_direction_on_a_street_that_has_the_number_in_several_is_asked(city, typed, offered):
    answer = city.lookup(typed)

    assert (answer.status, answer.split, answer.districts) == ("ambiguous", None, {})
    assert {(one.address, one.split) for one in answer.candidates} == offered


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("30 E Oak Ave", {"30 N OAK AVE", "30 S OAK AVE"}),
        ("150 Elm Ave", {"150 ELM ST"}),
        ("150 Elm St 55402", {"150 ELM ST"}),
        ("150 Elmm St", {"150 ELM ST"}),
        ("150 Elm Sreet", {"150 ELM ST"}),
        ("300 Elm St", {"296 ELM ST", "297 ELM ST", "298 ELM ST", "299 ELM ST"}),
        ("5000 Elm St", {"298 ELM ST", "299 ELM ST"}),
        ("899 Back Ln", {"895 BACK LN", "896 BACK LN", "897 BACK LN", "898 BACK LN"}),
        ("12-05 Elm St", {"100 ELM ST", "101 ELM ST"}),
        ("5 Nowhere Blvd", set()),
        ("Elm St", set()),
        ("", set()),
        ("9999999999 Elm St", set()),
    ],
)
def test_what_contradicts_is_mistyped_or_lies_beyond_the_ranges_is_never_found_and_the_nearest_offered(
    city, typed, offered
):
    answer = city.lookup(typed)

    assert (answer.status, answer.address, answer.split) == ("not_found", None, None)
    assert {one.address for one in answer.candidates} == offered


def test_a_house_near_the_line_of_wards_is_asked_with_every_split_that_it_may_be_in(city):
    answer = city.lookup("50 Line Rd #2")

    assert (answer.status, answer.address, answer.split, answer.districts) == ("near_boundary", "50 LINE RD", None, {})
    assert [(one.address, one.precinct, one.split) for one in answer.candidates] == [
        ("50 LINE RD", "P-1", "P-1"),
        ("50 LINE RD", "P-3", "P-3"),
    ]


def test_parity_counts(tmp_path):
    even = edge("EVEN ST", (0.1, 0.3), (0.9, 0.3), "2-98 E", "")
    city, _ = built(write_ranges(tmp_path, even))

    assert [city.lookup(f"{n} Even St").status for n in (2, 50, 98)] == ["found"] * 3
    assert [city.lookup(f"{n} Even St").status for n in (1, 49, 51, 97, 99, 100)] == ["not_found"] * 6
    assert "50 EVEN ST" in [one.address for one in city.lookup("51 Even St").candidates]


def test_land_outside_every_precinct_is_outside_and_at_the_citys_edge_it_is_asked(tmp_path):
    beyond = edge("EDGE ST", (0.1, 0.0), (0.5, -0.5), "", "2-98 E")
    city, _ = built(write_ranges(tmp_path, *EDGES, beyond))

    assert city.lookup("98 Edge St")._replace(query="") == (
        "", "outside", "98 EDGE ST", None, None, {}, (), "address")  # fmt: skip
    at_the_line = city.lookup("2 Edge St")
    assert (at_the_line.status, [one.split for one in at_the_line.candidates]) == ("near_boundary", ["P-1", None])
    assert city.lookup("150 Elm St, Otherville, MN").status == "outside"


def test_a_house_on_two_edges_in_different_splits_is_ambiguous_and_warned_of(tmp_path):
    again = edge("ELM ST", (0.1, 1.5), (0.9, 1.5), "", "150-160 E")
    city, report = built(write_ranges(tmp_path, *EDGES, again))

    assert report.warnings == (
        "1 pairs of ranges hold the same houses in different places (150 ELM ST first) and are ambiguous there",
    )
    assert [city.lookup(f"{n} Elm St").status for n in (148, 150, 151, 160, 162)] == [
        "found",
        "ambiguous",
        "found",
        "ambiguous",
        "found",
    ]
    assert [one.split for one in city.lookup("150 Elm St").candidates] == ["P-1", "P-3"]


def test_two_edges_in_one_split_or_in_two_zips_are_no_contradiction(tmp_path):
    same = edge("ST ELM", (0.1, 0.6), (0.9, 0.6), "", "150-160 E").replace("ST ELM", "ELM ST")
    other = edge("ELM ST", (0.1, 1.5), (0.9, 1.5), "", "150-160 E 55409")
    city, report = built(write_ranges(tmp_path, *EDGES, same.replace("160,E,", "160,E,55401"), other))

    assert report.warnings == ()
    assert city.lookup("150 Elm St 55401").split == "P-1"
    assert city.lookup("150 Elm St 55409").split == "P-3"
    assert city.lookup("150 Elm St").status == "ambiguous"


def test_one_street_with_its_direction_in_front_and_behind_is_one(tmp_path):
    behind = edge("OAK AVE N", (0.5, 1.1), (0.5, 1.9), "2-98 E", "1-99 O")
    city, report = built(write_ranges(tmp_path, *EDGES, behind))

    assert report.warnings == ()
    assert city.lookup("30 N Oak Ave").split == city.lookup("30 Oak Ave N").split == "P-3"


def test_points_win_over_ranges_and_ranges_find_what_no_point_is(tmp_path):
    rows = ADDRESSES + "150 Elm St,55401,-93.285,45.015\n155 Elm St Apt 1,55401,-93.285,45.015\n"
    city, _ = built(write_ranges(tmp_path, *EDGES, toml=BOTH_TOML, addresses=rows))

    assert [city.lookup(f"{n} Elm St").split for n in (150, 152, 155, 156)] == ["P-10", "P-1", "P-10", "P-1"]
    assert city.lookup("150 Elm").split == "P-10"
    assert city.lookup("150 Elm St Unit 9").split == "P-10"


def test_every_point_is_answered_as_without_ranges(tmp_path):
    streets = ("1ST AVE S", "1ST AVE N", "1ST AVE", "2ND ST E", "2ND ST", "OAK LN", "N 1ST AVE")
    ranges = [edge(street, (1.1, 1.5), (1.9, 1.6), "1-299 O", "2-298 E") for street in streets]
    plain, _ = built(write(tmp_path / "plain"))
    both, _ = built(write_ranges(tmp_path / "both", *ranges, toml=BOTH_TOML))

    for row in ADDRESSES.strip().splitlines()[1:]:
        typed = row.partition(",")[0]
        assert plain.lookup(typed) == both.lookup(typed)
        assert plain.lookup(typed).status == "found"


def test_a_point_of_another_direction_does_not_hide_a_range_that_may_be_meant(tmp_path):
    rows = "address,zip,lon,lat\n30 S Oak Ave,,-93.295,45.005\n32 S Oak Ave Apt 1,,-93.295,45.005\n"
    city, _ = built(write_ranges(tmp_path, EDGES[2], toml=BOTH_TOML, addresses=rows))

    for house in ("30", "32"):
        answer = city.lookup(f"{house} Oak Ave")
        offered = {(one.address, one.split) for one in answer.candidates}
        assert (answer.status, offered) == (
            "ambiguous",
            {(f"{house} S OAK AVE", "P-1"), (f"{house} N OAK AVE", "P-3")},
        )


def test_the_last_letter_is_a_unit_where_a_point_has_it_and_else_stands_at_its_number(tmp_path):
    rows = "address,zip,lon,lat\n150 Elm St #A,,-93.285,45.015\n"
    city, _ = built(write_ranges(tmp_path, *EDGES, toml=BOTH_TOML, addresses=rows))

    assert city.lookup("150A Elm St").address == "150 ELM ST #A"
    assert city.lookup("152A Elm St").address == "152A ELM ST"


def test_effective_until_is_kept_and_must_not_be_before_effective_from(tmp_path):
    until = MAP_TOML.replace("2022-05-01", "2022-05-01\neffective_until = 2032-04-30")
    city, _ = built(write(tmp_path / "a", toml=until))
    assert city.effective_until.isoformat() == city.info()["effective_until"] == "2032-04-30"
    one_day = MAP_TOML.replace("2022-05-01", "2022-05-01\neffective_until = 2022-05-01")
    assert built(write(tmp_path / "b", toml=one_day))[0].effective_until == city.effective_from
    assert built(write(tmp_path / "c"))[0].effective_until is None


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("effective_until = 2022-04-30", "effective_until, 2022-04-30, is before effective_from, 2022-05-01"),
        ('effective_until = "2032"', "effective_until must be a date"),
        ("effective_untl = 2032-04-30", "unknown key 'effective_untl' (did you mean 'effective_until'?)"),
    ],
)
def test_a_last_day_that_is_none_is_refused(tmp_path, written, says):
    assert says in refusal(write(tmp_path, toml=MAP_TOML.replace("2022-05-01", f"2022-05-01\n{written}")))


RUNS = st.lists(
    st.builds(
        lambda street, low, span, parity, split: Run(read_street(street), low, low + span, parity, "", split, False),
        st.sampled_from(["ELM ST", "N ELM ST", "OAK AVE", "1ST ST", "MAIN"]),
        st.integers(0, 60),
        st.integers(0, 30),
        st.sampled_from([0, 1, 2]),
        st.integers(0, 9),
    ),
    max_size=12,
)


def opened(runs):
    sections = build_ranges(runs)
    assert set(sections) == set(SECTIONS)
    return RangeIndex({name: memoryview(raw) for name, raw in sections.items()})


@given(RUNS, st.integers(0, 95), st.sampled_from(["ELM", "OAK", "1", "MAIN", "ASH"]))
def test_the_index_answers_as_a_search_through_all_runs_does(runs, number, name):
    found = {(one.record.address, one.record.split) for one in opened(runs).standing(str(number), name)}
    expected = {
        (f"{number} {run.parts.building}", run.split)
        for run in runs
        if run.parts.name in {name, "1ST" if name == "1" else name}
        and run.low <= number <= run.high
        and run.parity in (2, number % 2)
    }

    assert found == expected


@given(RUNS, st.integers(0, 95))
def test_the_nearest_houses_stand_where_they_are_offered(runs, number):
    index = opened(runs)
    near = [one for one in index.nearest(number, "ELM") if one.building.number]
    far = [abs(int(one.building.number) - number) for one in near]

    assert far == sorted(far)
    if all(run.numbers()[0] <= run.numbers()[1] for run in runs):  # as every run is that a builder makes
        for one in near:
            standing = index.standing(one.building.number, "ELM")
            assert (one.record.address, one.record.split) in [(s.record.address, s.record.split) for s in standing]


def test_a_look_up_does_not_wait_for_the_geometry_library(tmp_path):
    built(write_ranges(tmp_path))
    asked = f"import sys; from eligibility.district_map import DistrictMap as D; D.open({str(tmp_path / 'city.map')!r})"
    program = asked + ".lookup('150 elm'); sys.exit('shapely' in sys.modules or 'numpy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


def test_the_bytes_do_not_depend_on_the_order_of_the_runs():
    runs = [Run(read_street(text), 1, 9, 1, "", 0, True) for text in ("ELM ST", "OAK AVE", "N ELM ST")]

    assert build_ranges(runs) == build_ranges(runs[::-1])
