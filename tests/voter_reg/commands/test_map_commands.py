"""`voter-reg map` at its edges: odd input, standard input cut short, places that cannot be written."""

import io
import sys
from pathlib import Path

import pytest

from tests.eligibility.grids import ADDRESSES, write
from tests.eligibility.ranges import RANGES_TOML, write_ranges
from tests.voter_reg.commands.asking import answers, refused, small_minneapolis
from voter_reg.cli import main


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    return small_minneapolis(tmp_path_factory.mktemp("city"))


def piped(monkeypatch, raw):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))


def test_standard_input_may_be_empty_or_lack_its_last_line_end(city, capsys, monkeypatch):
    capsys.readouterr()
    piped(monkeypatch, b"")
    assert main(["map", "lookup", city, "--stdin", "--json"]) == 0
    assert capsys.readouterr().out == ""
    piped(monkeypatch, b"\n\x00\n100 1st Ave S")
    assert main(["map", "lookup", city, "--stdin", "--json"]) == 0
    assert [answer["status"] for answer in answers(capsys)] == ["not_found", "not_found", "found"]


def test_what_was_answered_before_a_bad_line_stands(city, capsys, monkeypatch):
    piped(monkeypatch, b"200 2nd St E\n\xff\n200 2nd St W\n")

    assert main(["map", "lookup", city, "--stdin", "--json"]) == 2
    printed = capsys.readouterr()
    assert printed.out.count("\n") == 1
    assert printed.err == "standard input: line 2: is not UTF-8\n"


@pytest.mark.parametrize(
    "address", ["🏠", "x" * 10_000, "\udcff\udcfe 1 Oak", "1 Oak\x07", "½", "-5 Oak", "5 Oak\n6 Elm"]
)
def test_whatever_is_typed_is_one_line_of_json_that_says_it_back(city, capsys, address):
    assert main(["map", "lookup", "--json", "--", city, address]) == 0

    (answer,) = answers(capsys)
    assert (answer["query"], answer["status"]) == (address, "not_found")


def test_the_status_of_another_city_is_outside(city, capsys):
    assert main(["map", "lookup", city, "100 1st Ave S, Duluth, MN", "100 1st Ave S, Mpls", "--json"]) == 0

    assert [answer["status"] for answer in answers(capsys)] == ["outside", "found"]


def test_building_says_what_was_built_and_warns_on_standard_error(tmp_path, capsys):
    folder = write(tmp_path / "source", addresses=ADDRESSES + "Oak Street,,-93.295,45.005\n")
    out = tmp_path / "city.map"

    assert main(["map", "build", str(folder), "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert "4 precincts, 4 splits, 5 addresses" in said.out
    assert said.err.startswith("warning: 1 addresses are left out")
    assert main(["map", "build", str(folder / "map.toml"), "--out", str(out), "--json"]) == 0
    (described,) = answers(capsys)
    assert main(["map", "info", str(out), "--json"]) == 0
    assert answers(capsys) == [described]
    assert set(described) == {
        "place", "effective_from", "effective_until", "digest", "precincts", "splits", "districts", "addresses",
        "ranges", "warnings",
    }  # fmt: skip
    assert f"digest {described['digest']}" in said.out


def test_a_map_of_ranges_says_how_many_and_its_near_houses_are_shown_on_both_sides(tmp_path, capsys):
    toml = RANGES_TOML.replace("2022-05-01", "2022-05-01\neffective_until = 2032-04-30")
    folder, out = write_ranges(tmp_path / "source", toml=toml), str(tmp_path / "city.map")

    assert main(["map", "build", str(folder), "--out", out]) == 0
    assert "4 splits, 0 addresses, 15 ranges" in capsys.readouterr().out
    assert main(["map", "info", out]) == 0
    assert "effective until 2032-04-30" in capsys.readouterr().out
    assert main(["map", "lookup", out, "50 Line Rd"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "50 Line Rd: near boundary",
        "    50 LINE RD, precinct P-1",
        "    50 LINE RD, precinct P-3",
    ]


def test_a_refused_source_and_a_bad_place_to_write_end_with_2_and_leave_nothing(tmp_path, capsys):
    folder = write(tmp_path / "source", precincts=b"")
    assert "precincts.geojson: is empty" in refused(capsys, "map", "build", folder, "--out", tmp_path / "city.map")
    write(folder)
    assert "cannot be written" in refused(capsys, "map", "build", folder, "--out", tmp_path / "no" / "city.map")
    assert "cannot be written" in refused(capsys, "map", "build", folder, "--out", folder)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source"]
    assert sorted(path.name for path in folder.iterdir()) == ["addresses.csv", "map.toml", "precincts.geojson"]


def test_half_a_map_and_a_directory_are_no_maps(city, tmp_path, capsys):
    half = tmp_path / "half.map"
    half.write_bytes(Path(city).read_bytes()[:-100])

    assert "half.map: is damaged" in refused(capsys, "map", "lookup", half, "100 1st Ave S")
    assert "cannot be opened" in refused(capsys, "map", "info", tmp_path)
    assert "give addresses as arguments, or --stdin" in refused(capsys, "map", "lookup", city, "--stdin", "1 Elm St")
