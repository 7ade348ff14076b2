"""Polling places: one for each precinct of an election, all or none, and each registrant sees their own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility import BadInput
from tests.voter_reg.officers import CLERK, FIRST, approved
from tests.voter_reg.service.own_person import one, registered, rows, run_jobs
from tests.voter_reg.town import SIDES, card, precinct
from voter_reg.service import polling_places, publishing
from voter_reg.service.polling_places import PollingPlace, read_places
from voter_reg.service.shelf import open_on

ELECTION = "minneapolis-2025-11-04"
PRECINCTS = [precinct(row, column) for row in SIDES for column in SIDES]
HEAD = "precinct,name,address,directions\n"


def places(suffix="School"):
    return [PollingPlace(name, f"{name} {suffix}", f"{name} Main St", "") for name in PRECINCTS]


def assign(office, named):
    polling_places.assign(open_on(office.shelf, ELECTION), named, by=CLERK, now=office.now)


def seen(me):
    (election,) = me.look().elections
    return election.place


def test_each_registrant_sees_where_their_own_precinct_votes(office, me):
    assert seen(me) is None
    assign(office, places())
    neighbor = registered(office, card(2), address="200 ELM ST", split="B-2", birth="1991-02-02", name="Zoë Park")

    assert (me.look().split.precinct, seen(me)) == ("A-1", PollingPlace("A-1", "A-1 School", "A-1 Main St", ""))
    assert seen(neighbor).precinct == neighbor.look().split.precinct == "B-2"


def test_it_is_seen_before_the_contests_are_worked_out(office, election):
    assign(office, places())
    mine = registered(office)

    (shown,) = mine.look().elections
    assert (shown.contests, shown.place.name) == (None, "A-1 School")
    run_jobs(office)
    assert mine.look().elections[0].place == shown.place


def test_naming_them_again_replaces_all_and_is_logged(office, me):
    assign(office, places())
    assign(office, places("Library"))

    assert seen(me).name == "A-1 Library"
    assert one("SELECT count(*) FROM polling_place") == len(PRECINCTS)
    assert rows("SELECT actor FROM log_entry WHERE action = 'polling-places'") == [CLERK.label] * 2


@pytest.mark.parametrize(
    ("named", "problem"),
    [
        (places()[1:], "precinct A-1: has no polling place in minneapolis-2025-11-04"),
        (places()[2:], "precinct A-1 (and 1 more): has no polling place"),
        ([*places(), PollingPlace("Z-9", "School", "1 Main St", "")], "precinct Z-9: is no precinct of minneapolis"),
    ],
)
def test_a_list_that_does_not_fit_the_election_changes_nothing(office, me, named, problem):
    assign(office, places())
    with pytest.raises(BadInput) as refused:
        assign(office, named)

    assert str(refused.value).startswith(problem)
    assert seen(me).name == "A-1 School"
    assert one("SELECT count(*) FROM polling_place") == len(PRECINCTS)


def test_a_suspended_election_sends_nobody_anywhere(office, me):
    assign(office, places())
    publishing.suspend(ELECTION, approved("suspend", ELECTION, {}, office.now), by=FIRST, now=office.now)

    assert seen(me) is None


def written(folder, text):
    file = folder / "places.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_a_file_is_read_in_any_order_of_columns_and_without_directions(tmp_path):
    file = written(tmp_path, 'address,precinct,name\n"2919  Randolph St NE",W-1 P-1,River Village\n')

    assert read_places(file) == [PollingPlace("W-1 P-1", "River Village", "2919 Randolph St NE", "")]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "places.csv"),
        ("precinct,name\nA-1,School\n", "places.csv: has no column 'address'"),
        ("precinct,name,address,room\nA-1,School,1 Main St,5\n", "places.csv: has the column 'room'; it may have"),
        (HEAD + "A-1,School,1 Main St\n", "places.csv: line 2: has 3 fields where the header has 4"),
        (HEAD + "A-1,School,,\n", "places.csv: line 2: has no address"),
        (HEAD + ",School,1 Main St,\n", "places.csv: line 2: has no precinct"),
        (HEAD + "A-1,School,1 Main St,\nA-1,Hall,2 Main St,\n", "places.csv: line 3: names the precinct 'A-1' a sec"),
        (HEAD + f"A-1,School,{'x' * 201},\n", "places.csv: line 2: address: This is too long."),
        (HEAD + "A-1,Sch\x00ool,1 Main St,\n", "places.csv: line 2"),
        (HEAD.encode() + b"A-1,Caf\xe9,1 Main St,\n", "places.csv: "),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_line(tmp_path, text, problem):
    with pytest.raises(BadInput) as refused:
        read_places(written(tmp_path, text))

    assert str(refused.value).startswith(problem)
    assert "\n" not in str(refused.value)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.lists(st.text(max_size=30), min_size=4, max_size=4))
def test_whatever_a_file_holds_is_read_or_refused(tmp_path_factory, loose, fields):
    folder = tmp_path_factory.mktemp("any")
    quoted = ",".join('"' + field.replace('"', '""') + '"' for field in fields)
    for text in (loose, HEAD + loose, HEAD + quoted):
        try:
            found = read_places(written(folder, text.encode("utf-8", "replace")))
        except BadInput:
            continue
        assert all(place.precinct and place.name and place.address for place in found)
