"""The built map's file: whole, or refused; never a wrong answer from a damaged one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility import MapError, map_file
from eligibility.district_map import DistrictMap
from eligibility.map_build import build_map
from eligibility.map_file import MapFile, write_map
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


def test_a_map_with_something_behind_it_is_refused(built, tmp_path):
    (tmp_path / "long.map").write_bytes(built.read_bytes() + b"\n")

    with pytest.raises(MapError, match="is damaged"):
        DistrictMap.open(tmp_path / "long.map")


def test_a_map_of_a_later_format_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(map_file, "_FORMAT", 3)
    write_map(tmp_path / "later.map", {}, {})
    monkeypatch.undo()

    with pytest.raises(MapError, match="is a map of format 3; this program reads 2"):
        MapFile(tmp_path / "later.map")


@given(st.dictionaries(st.text("abc.", min_size=1, max_size=4), st.binary(max_size=200), max_size=5), st.text())
def test_what_was_written_is_read_back_and_the_same_gives_the_same_bytes(tmp_path_factory, sections, place):
    folder = tmp_path_factory.mktemp("file")
    digest = write_map(folder / "a.map", {"place": place}, sections)
    write_map(folder / "b.map", {"place": place}, dict(reversed(sections.items())))
    read = MapFile(folder / "a.map")

    assert (read.digest, read.meta, read.names) == (digest, {"place": place}, tuple(sorted(sections)))
    assert {name: bytes(read.section(name)) for name in read.names} == sections
    assert (folder / "a.map").read_bytes() == (folder / "b.map").read_bytes()
    with pytest.raises(MapError, match="has no section"):
        read.section("missing")


def test_a_disc_that_fails_leaves_the_old_map_and_no_temporary_file(tmp_path, monkeypatch):
    write_map(tmp_path / "a.map", {"place": "old"}, {})

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(map_file.os, "fsync", full)
    with pytest.raises(MapError, match=r"a\.map: cannot be written: No space left on device"):
        write_map(tmp_path / "a.map", {"place": "new"}, {"x": b"y"})

    assert MapFile(tmp_path / "a.map").meta == {"place": "old"}
    assert [path.name for path in tmp_path.iterdir()] == ["a.map"]
