"""The built map's file: whole, or refused; never a wrong answer from a damaged one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility import MapError
from eligibility.district_map import DistrictMap
from eligibility.map_build import build_map
from tests.eligibility.grids import write


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = write(tmp_path_factory.mktemp("city"))
    build_map(folder, folder / "city.map")
    return folder / "city.map"


@pytest.mark.parametrize(
    ("raw", "says"), [(b"", "is empty"), (b"not a map at all, but long enough to be read", "is not a built map")]
)
def test_what_is_no_map_is_refused(tmp_path, raw, says):
    (tmp_path / "x.map").write_bytes(raw)

    with pytest.raises(MapError, match=says):
        DistrictMap.open(tmp_path / "x.map")


def test_a_missing_map_is_refused():
    with pytest.raises(MapError, match="cannot be opened"):
        DistrictMap.open("nowhere.map")


@settings(max_examples=60)
@given(data=st.data())
def test_half_a_map_is_refused(built, data, tmp_path_factory):
    raw = built.read_bytes()
    half = tmp_path_factory.mktemp("half") / "half.map"
    half.write_bytes(raw[: data.draw(st.integers(0, len(raw) - 1))])

    with pytest.raises(MapError):
        DistrictMap.open(half)


@settings(max_examples=120)
@given(data=st.data())
def test_one_changed_byte_never_changes_an_answer(built, data, tmp_path_factory):
    raw = bytearray(built.read_bytes())
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    changed = tmp_path_factory.mktemp("changed") / "changed.map"
    changed.write_bytes(raw)

    try:
        city = DistrictMap.open(changed)
        answer = city.lookup("100 1st Ave N")
        point = city.split_at(-93.295, 45.015)
    except MapError:
        return
    assert (answer.status, answer.precinct, point) == ("found", "P-3", "P-3")


def test_a_point_lies_in_its_precinct_on_a_line_in_the_first_and_outside_in_none(built):
    city = DistrictMap.open(built)

    assert city.split_at(-93.285, 45.005) == "P-2"
    assert city.split_at(-93.29, 45.005) == "P-1"
    assert city.split_at(-93.29, 45.01) == "P-1"
    assert city.split_at(0, 0) is None
