"""`voter-reg map` and `voter-reg ballot`: names, keys and exit codes that scripts rely on."""

import io
import json
import sys

import pytest

from tests.eligibility.grids import MAP_TOML, WARD_LAYER, WARDS, collection, feature, square, write
from voter_reg.cli import main

PARKS = collection(feature(square(0, 0, 2, 2), park=6))
MINNEAPOLIS = (
    MAP_TOML.replace("gridtown", "minneapolis")
    + WARD_LAYER
    + '\n[[layer]]\nkind = "park"\nfile = "parks.geojson"\nid = "park"\n'
)


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    folder = write(tmp_path_factory.mktemp("city"), toml=MINNEAPOLIS, wards=WARDS, parks=PARKS)
    assert main(["map", "build", str(folder), "--out", str(folder / "city.map")]) == 0
    return str(folder / "city.map")


def answers(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def refused(capsys, *arguments):
    assert main([str(argument) for argument in arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    return printed.err


def decide(city, *more, address="100 1st Ave S", on="2025-11-04", born="1990-01-01", since="2020-01-01"):
    return [
        "ballot", "decide", "--pack", "minneapolis", "--map", city, "--address", address,
        "--on", on, "--born", born, "--resident-since", since, "--json", *more,
    ]  # fmt: skip


def test_a_look_up_answers_with_exactly_these_keys(city, capsys):
    assert main(["map", "lookup", city, "100 1st Ave S", "100 1st Ave", "9 Nowhere Rd", "--json"]) == 0

    found, ambiguous, missing = answers(capsys)
    assert found == {
        "query": "100 1st Ave S",
        "status": "found",
        "address": "100 1ST AVE S",
        "precinct": "P-1",
        "split": "P-1",
        "districts": {"park": "6", "ward": "1"},
        "candidates": [],
        "kind": "address",
        "review": False,
    }
    assert (ambiguous["status"], ambiguous["precinct"]) == ("ambiguous", None)
    assert ambiguous["candidates"] == [
        {"address": "100 1ST AVE N", "precinct": "P-3", "split": "P-3"},
        {"address": "100 1ST AVE S", "precinct": "P-1", "split": "P-1"},
    ]
    assert (missing["status"], missing["districts"], missing["candidates"]) == ("not_found", {}, [])


def test_a_crossing_is_named_for_review_in_json_and_in_words(city, capsys):
    assert main(["map", "lookup", city, "1st Ave S & 2nd St", "tent near 1st Ave", "9 Nowhere Rd", "--json"]) == 0
    assert [(a["status"], a["kind"], a["review"]) for a in answers(capsys)] == [
        ("not_found", "intersection", True),
        ("not_found", "description", True),
        ("not_found", "address", False),
    ]

    assert main(["map", "lookup", city, "1st Ave S & 2nd St", "9 Nowhere Rd"]) == 0
    assert capsys.readouterr().out == (
        "1st Ave S & 2nd St: not found (intersection: for review by a person)\n9 Nowhere Rd: not found\n"
    )


def test_standard_input_is_answered_line_by_line_blank_lines_too(city, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("200 2nd St E\n\n🏠\n200 2nd st w\r\n".encode())))

    assert main(["map", "lookup", city, "--stdin", "--json"]) == 0

    assert [answer["precinct"] for answer in answers(capsys)] == ["P-2", None, None, "P-10"]


def test_bytes_that_are_no_text_end_with_their_line(city, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"200 2nd St E\n\xff\xfe\n")))

    assert main(["map", "lookup", city, "--stdin", "--json"]) == 2
    assert "standard input: line 2: is not UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["map", "lookup", "CITY"], "give addresses as arguments, or --stdin"),
        (["map", "lookup", "CITY", " "], "is empty"),
        (["map", "lookup", "missing.map", "1 Oak St"], "cannot be opened"),
        (["map", "info", "pyproject.toml"], "is not a built map"),
        (["map", "build", "nowhere", "--out", "x.map"], "cannot be read"),
        (
            ["ballot", "styles", "--pack", "minneapolis", "--map", "CITY", "--on", "2025-11-05"],
            "no contest of Minneapolis",
        ),
        (
            ["ballot", "styles", "--pack", "minneapolis", "--map", "CITY", "--on", "2025-02-30"],
            "not a day of the calendar",
        ),
        (
            ["ballot", "styles", "--pack", "minneapolis", "--map", "CITY", "--on", "2021-11-02"],
            "after the election of 2021-11-02",
        ),
        (
            ["ballot", "styles", "--pack", "san-francisco", "--map", "CITY", "--on", "2024-11-05"],
            "the map is of 'minneapolis'",
        ),
    ],
)
def test_bad_use_is_one_line_and_exit_2(city, capsys, arguments, says):
    assert says in refused(capsys, *(city if one == "CITY" else one for one in arguments))


def test_each_split_has_its_style_and_contests(city, capsys):
    assert main(["ballot", "styles", "--pack", "minneapolis", "--map", city, "--on", "2025-11-04", "--json"]) == 0

    styles = answers(capsys)
    assert [(s["precinct"], s["style"]) for s in styles] == [
        ("P-1", "S1"),
        ("P-2", "S1"),
        ("P-3", "S2"),
        ("P-10", "S2"),
    ]
    assert styles[0]["contests"][1] == {
        "id": "council-ward-1",
        "title": "City Council Member, Ward 1",
        "authority": "city",
        "district": "ward-1",
        "seats": 1,
    }
    assert [c["seats"] for c in styles[0]["contests"]] == [1, 1, 2, 3, 1]


def test_a_decision_lists_contests_findings_and_what_lies_outside(city, capsys):
    assert main(decide(city)) == 0

    (decision,) = answers(capsys)
    assert {"style", "contests", "demonstration", "replay"} <= set(decision)
    assert (decision["style"], decision["demonstration"]) == ("S1", True)
    inside = [c for c in decision["contests"] if not c["outside"]]
    assert [c["id"] for c in inside if c["eligible"]] == [
        "mayor",
        "council-ward-1",
        "board-of-estimate",
        "park-at-large",
        "park-district-park-6",
    ]
    assert all(
        set(f) == {"requirement", "met", "value", "needs", "cite", "href", "message", "details", "says"}
        for c in decision["contests"]
        for f in c["findings"]
    )
    outside = [c for c in decision["contests"] if c["outside"]]
    assert {c["authority"] for c in outside} == {"federal", "state", "county", "judicial", "school-district"}
    assert not any(c["eligible"] for c in outside)
    assert all(c["why"] for c in outside)


def test_a_day_too_young_has_no_style_and_says_by_how_much(city, capsys):
    assert main(decide(city, born="2007-11-05")) == 0

    (decision,) = answers(capsys)
    age = decision["contests"][0]["findings"][0]
    assert (decision["style"], age["requirement"], age["met"], age["value"], age["needs"]) == (
        None,
        "age",
        False,
        17,
        18,
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"address": "100 1st Ave"}, "ambiguous: '100 1st Ave'; did you mean: 100 1ST AVE N; 100 1ST AVE S"),
        ({"address": "9 Nowhere Rd"}, "not found"),
        ({"born": "1990-02-30"}, "is not a day of the calendar"),
        ({"born": "2026-01-01"}, "is after the election"),
        ({"since": "yesterday"}, "is not a day of the calendar"),
        ({"on": "2021-11-02"}, "after the election of 2021-11-02"),
    ],
)
def test_a_question_that_cannot_be_decided_is_refused(city, capsys, change, says):
    assert says in refused(capsys, *decide(city, **change))


def test_an_unknown_sworn_statement_names_the_nearest(city, capsys):
    assert "did you mean 'guardian'?" in refused(capsys, *decide(city, "--sworn", "gardian"))


def test_a_map_goes_with_an_address(city, capsys):
    line = refused(
        capsys, "ballot", "decide", "--pack", "minneapolis", "--map", city, "--on", "2025-11-04", "--born", "1990",
        "--resident-since", "2020-01-01",
    )  # fmt: skip

    assert "--map and --address go together" in line


@pytest.mark.parametrize(
    ("sworn", "eligible"),
    [
        (("guardian", "intends-to-remain"), ["board-of-education"]),
        (("guardian",), []),
        (("intends-to-remain",), []),
        ((), []),
    ],
)
def test_san_francisco_gives_one_contest_to_a_guardian_and_none_to_others(capsys, sworn, eligible):
    flags = [flag for key in sworn for flag in ("--sworn", key)]
    question = ["ballot", "decide", "--pack", "san-francisco", "--on", "2024-11-05", "--born", "1985-05-05"]

    assert main([*question, "--resident-since", "2023-01-01", "--json", *flags]) == 0

    (decision,) = answers(capsys)
    assert [c["id"] for c in decision["contests"] if c["eligible"]] == eligible
    assert decision["style"] == ("S1" if eligible else None)


def test_without_a_map_each_class_of_district_contest_stands_once(capsys):
    question = ["ballot", "decide", "--pack", "minneapolis", "--on", "2025-11-04", "--born", "1985", "--resident-since"]

    assert main([*question, "2020-01-01", "--json"]) == 0

    (decision,) = answers(capsys)
    inside = [c["id"] for c in decision["contests"] if not c["outside"]]
    assert inside == ["mayor", "council", "board-of-estimate", "park-at-large", "park-district"]
    assert decision["style"] is None


def test_the_answers_for_people_say_the_same(city, capsys):
    assert main(["map", "info", city]) == 0
    assert "minneapolis" in capsys.readouterr().out
    assert main(["map", "lookup", city, "100 1st Ave S"]) == 0
    assert "precinct P-1, park 6, ward 1" in capsys.readouterr().out
    assert main(["ballot", "styles", "--pack", "minneapolis", "--map", city, "--on", "2025-11-04"]) == 0
    assert "2 ballot styles on 2025-11-04 (DEMONSTRATION)" in capsys.readouterr().out
    assert main([one for one in decide(city) if one != "--json"]) == 0
    assert "YES  Mayor" in capsys.readouterr().out
