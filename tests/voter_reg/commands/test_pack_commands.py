"""`voter-reg pack`: what scripts and lawyers read."""

import json
import shutil
from pathlib import Path

import pytest

import eligibility
from voter_reg.cli import main

PACKS = Path(eligibility.__file__).parent / "packs"


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_list_has_one_object_a_pack(capsys):
    assert main(["pack", "list", "--json"]) == 0

    found = {pack["place"]: pack for pack in lines(capsys)}
    assert found["minneapolis"]["legal_status"] == "proposed"
    assert found["san-francisco"]["legal_status"] == "in-force"
    assert {place for place, pack in found.items() if not pack["demonstration"]} == {
        "takoma-park",
        "hyattsville",
        "winooski",
    }


def test_show_gives_every_value_with_its_source(capsys):
    assert main(["pack", "show", "san-francisco", "--json"]) == 0

    (pack,) = lines(capsys)
    values = [value for requirement in pack["requirements"] for value in requirement["values"]]
    assert {r.get("statement") for r in pack["requirements"]} == {None, "guardian", "intends-to-remain"}
    assert all(value["cite"] and value["href"] and value["checked_on"] for value in values)
    assert all(outside["why"] and outside["cite"] for outside in pack["outside"])


def test_show_tells_a_lawyer_where_sources_disagree(capsys):
    assert main(["pack", "show", "minneapolis"]) == 0

    assert "conflict: another source says 30 days in the precinct" in capsys.readouterr().out


@pytest.mark.parametrize("place", ["minneapolis", "san-francisco"])
def test_check_proves_the_pack(capsys, place):
    assert main(["pack", "check", place, "--json"]) == 0

    (answer,) = lines(capsys)
    assert (answer["proven"], answer["failures"]) == (True, [])
    assert answer["rows"] > 500


def test_check_of_a_broken_pack_is_one_line_and_exit_2(tmp_path, capsys):
    shutil.copytree(PACKS / "minneapolis", tmp_path / "mine")
    path = tmp_path / "mine" / "pack.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('authority = "city"', 'authority = "state"', 1), "utf-8")

    assert main(["pack", "check", str(tmp_path / "mine")]) == 2

    printed = capsys.readouterr()
    assert printed.out == ""
    assert "forbidden authority 'state'" in printed.err
    assert printed.err.count("\n") == 1


def test_a_pack_nobody_knows_is_exit_2_with_the_nearest(capsys):
    assert main(["pack", "show", "san-fransisco"]) == 2

    assert "did you mean 'san-francisco'?" in capsys.readouterr().err


def test_the_table_names_the_requirement_that_says_no(capsys):
    assert main(["pack", "table", "minneapolis", "--json"]) == 0

    rows = lines(capsys)
    a_day_short = [r for r in rows if r["age"] == "a day short of 18 years" and r["contest"] == "mayor"]
    assert a_day_short
    assert all("age" in r["why_not"] and not r["eligible"] for r in a_day_short)
