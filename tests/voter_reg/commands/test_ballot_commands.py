"""`voter-reg ballot`: the exact keys of its answers, and one line for each question that it refuses."""

import pytest

from tests.eligibility.grids import MAP_TOML, write
from tests.voter_reg.commands.asking import answers, refused, small_minneapolis
from voter_reg.cli import main

CONTEST = {"id", "title", "authority", "district", "seats"}


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    return small_minneapolis(tmp_path_factory.mktemp("city"))


def decide(city, *, address="100 1st Ave S", on="2025-11-04", born="1990-01-01", since="2020-01-01"):
    return [
        "ballot", "decide", "--pack", "minneapolis", "--map", city, "--address", address,
        "--on", on, "--born", born, "--resident-since", since, "--json",
    ]  # fmt: skip


def styles(city):
    return ["ballot", "styles", "--pack", "minneapolis", "--map", city, "--on", "2025-11-04", "--json"]


def answer(capsys, question):
    capsys.readouterr()
    assert main(question) == 0
    return answers(capsys)


def test_a_decision_has_exactly_these_keys_and_counts_as_a_demonstration(city, capsys):
    (decision,) = answer(capsys, decide(city))

    assert set(decision) == {"place", "on", "split", "style", "contests", "gives_up", "demonstration", "replay"}
    assert decision["demonstration"] is True
    assert (decision["place"], decision["on"], decision["split"]) == ("minneapolis", "2025-11-04", "P-1")
    for contest in decision["contests"]:
        more = {"why"} if contest["outside"] else set()
        assert set(contest) == CONTEST | {"eligible", "outside", "findings"} | more
        assert contest["findings"]
        assert all(finding["cite"] for finding in contest["findings"])
    assert set(decision["replay"]) == {
        "engine", "pack", "pack_digest", "map", "map_digest", "facts_digest", "salt", "facts"}  # fmt: skip


def test_each_line_of_styles_has_exactly_these_keys(city, capsys):
    for style in answer(capsys, styles(city)):
        assert set(style) == {"precinct", "split", "style", "contests", "demonstration"}
        assert style["demonstration"] is True
        assert all(set(contest) == CONTEST for contest in style["contests"])


def test_the_style_decided_for_a_qualified_person_is_that_of_their_split(city, capsys):
    of_split = {style["split"]: style for style in answer(capsys, styles(city))}

    for address, split in (("100 1st Ave S", "P-1"), ("100 1st Ave N", "P-3"), ("200 2nd St W", "P-10")):
        (decision,) = answer(capsys, decide(city, address=address))
        assert decision["style"] == of_split[split]["style"]
        eligible = [contest["id"] for contest in decision["contests"] if contest["eligible"]]
        assert eligible == [contest["id"] for contest in of_split[split]["contests"]]


def test_a_map_without_the_districts_of_a_contest_is_refused(tmp_path, capsys):
    folder = write(tmp_path, toml=MAP_TOML.replace("gridtown", "minneapolis"))
    parkless = str(folder / "city.map")
    assert main(["map", "build", str(folder), "--out", parkless]) == 0
    capsys.readouterr()

    assert "gives precinct split 'P-1' no park" in refused(capsys, *styles(parkless))
    assert "gives precinct split 'P-1' no park" in refused(capsys, *decide(parkless))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"address": ""}, "address: not found: ''"),
        ({"address": "100 1st Ave S, Duluth, MN"}, "address: outside"),
        ({"address": "100 1st Aev S"}, "did you mean: 100 1ST AVE N; 100 1ST AVE S"),
        ({"address": "\udcff"}, "address: not found"),
        ({"address": "x" * 10_000}, "address: not found"),
        ({"born": "x"}, "is not YYYY, YYYY-MM or YYYY-MM-DD"),
        ({"born": "0000"}, "birth date"),
        ({"born": "1990-13"}, "birth date"),
        ({"on": "2025-13-01"}, "not a day of the calendar"),
        ({"on": "20251104"}, "not a day of the calendar"),
        ({"since": "2020-02-30"}, "not a day of the calendar"),
    ],
)
def test_a_mistyped_option_is_one_line_and_exit_2(city, capsys, change, says):
    capsys.readouterr()

    assert says in refused(capsys, *decide(city, **change))


@pytest.mark.parametrize("left_out", ["--pack", "--on", "--born", "--resident-since"])
def test_a_decision_without_what_it_needs_is_refused_by_name(city, capsys, left_out):
    question = decide(city)
    at = question.index(left_out)

    assert f"Missing option '{left_out}'" in refused(capsys, *question[:at], *question[at + 2 :])


def test_an_address_without_a_map_and_an_unknown_pack_are_refused(city, capsys):
    question = decide(city)
    at = question.index("--map")
    assert "--map and --address go together" in refused(capsys, *question[:at], *question[at + 2 :])
    mistyped = ["minneapolees" if word == "minneapolis" else word for word in question]
    assert "no such pack (did you mean 'minneapolis'?)" in refused(capsys, *mistyped)


def test_a_day_without_contests_lists_only_what_lies_outside(city, capsys):
    (decision,) = answer(capsys, decide(city, on="2024-11-05"))

    assert decision["style"] is None
    assert {contest["outside"] for contest in decision["contests"]} == {True}


@pytest.mark.parametrize(("since", "eligible"), [("2025-10-15", True), ("2025-10-16", False)])
def test_residence_counts_in_days_before_the_election(city, capsys, since, eligible):
    (decision,) = answer(capsys, decide(city, since=since))

    assert decision["contests"][0]["eligible"] is eligible
