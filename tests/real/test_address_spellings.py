"""Real addresses of Minneapolis spelled in other ways: the same precinct, or asked; never another."""

import csv
from pathlib import Path

import pytest

from eligibility.address import parse
from eligibility.address_index import AddressIndex, AddressRow, build_index
from eligibility.street_words import DIRECTIONS, PLAIN_TYPES

REAL = Path(__file__).parents[2].parent / "shared" / "geodata"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not REAL.is_dir(), reason="the real addresses are not beside this checkout"),
]

SPELLED_DIRECTIONS = {"N": "North", "S": "South", "E": "East", "W": "West", "NE": "Northeast", "SE": "Southeast"}
SPELLED_TYPES = {"AVE": "Avenue", "ST": "Street", "PL": "Place", "PKWY": "Parkway", "BLVD": "Boulevard", "LN": "Lane"}
ORDINALS = {
    "1ST": "First",
    "2ND": "Second",
    "3RD": "Third",
    "4TH": "Fourth",
    "22ND": "Twenty-Second",
    "38TH": "thirty eighth",
}


def real_rows():
    with (REAL / "minneapolis" / "address_points.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def rows():
    return real_rows()


@pytest.fixture(scope="module")
def index(rows):
    precincts = sorted({row["precinct"] for row in rows})
    built = build_index(AddressRow(r["address"], r["zip"], precincts.index(r["precinct"])) for r in rows)
    sections = {name: memoryview(content) for name, content in built.sections.items()}
    return AddressIndex(sections, ["MINNEAPOLIS", "MPLS"])


def without(parts, *left_out):
    """The address in its parts, some of them left out."""
    words = {"pre": parts.pre, "name": parts.name, "type": parts.type, "post": parts.post}
    return " ".join(filter(None, [parts.house, *(word for key, word in words.items() if key not in left_out)]))


def spelled_out(parts):
    kind = SPELLED_TYPES.get(parts.type, parts.type.title())
    post = SPELLED_DIRECTIONS.get(parts.post, parts.post)
    name = ORDINALS.get(parts.name, parts.name.title())
    return " ".join(filter(None, [parts.house, parts.pre, name, kind, post]))


def direction_in_front(parts):
    return " ".join(filter(None, [parts.house, parts.post, parts.name, parts.type]))


RESPELLINGS = {
    "as it is": str,
    "in small letters": lambda parts: str(parts).lower(),
    "spelled out": spelled_out,
    "direction in front": direction_in_front,
    "with full stops and commas": lambda parts: " ".join(
        f"{word}." if word in PLAIN_TYPES or word in DIRECTIONS else word for word in parts.building.split()
    ),
    "with the city": lambda parts: f"{parts.building}, Minneapolis, MN",
    "with the city and ZIP+4": lambda parts: f"{parts.building} Mpls MN 55400-1234",
    "with an apartment": lambda parts: f"{parts.building} Apt 3B",
    "with an apartment in front": lambda parts: f"Unit 4, {parts.building}",
    "without its direction": lambda parts: without(parts, "pre", "post"),
    "without its type": lambda parts: without(parts, "type"),
    "without both": lambda parts: without(parts, "pre", "post", "type"),
    "with many spaces": lambda parts: f"  {'   '.join(parts.building.split())} ",
}


ONE_IN = 6
"""Of so many addresses one is respelled in every run, others by each way; `make test-long` respells them all."""


@pytest.mark.parametrize("step", [ONE_IN, pytest.param(1, marks=pytest.mark.long)])
@pytest.mark.parametrize("respelling", RESPELLINGS)
def test_a_respelled_address_is_found_in_its_precinct_or_asked_and_never_found_in_another(
    rows, index, respelling, step
):
    wrong, missed = [], []
    for row in rows[list(RESPELLINGS).index(respelling) % step :: step]:
        parts = parse(row["address"])
        typed = RESPELLINGS[respelling](parts)
        home = index.find(row["address"]).record
        found = index.find(typed)
        if found.status == "found" and found.record.split != home.split:
            wrong.append((row["address"], typed, found.record))
        elif found.status != "found" and home.split not in {candidate.split for candidate in found.candidates}:
            missed.append((row["address"], typed, found))

    allowed = {"with the city and ZIP+4": len(rows)}  # a ZIP that is not the address's own may be answered not found
    assert wrong == []
    assert len(missed) <= allowed.get(respelling, 0), missed[:5]


@pytest.mark.parametrize(
    "respelling", ["in small letters", "spelled out", "direction in front", "with the city", "with an apartment"]
)
def test_a_respelled_address_that_leaves_nothing_out_is_found(rows, index, respelling):
    asked = [
        (row["address"], typed, found)
        for row in rows
        if not (parts := parse(row["address"])).unit
        and (found := index.find(typed := RESPELLINGS[respelling](parts))).status != "found"
    ]

    assert asked == []


def test_the_official_parts_of_an_address_are_read_from_its_text():
    with (REAL / "minneapolis" / "structured_addresses.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["free_form_address"].strip()]
    wrong, other_houses = [], 0
    for row in rows:
        keys = ("anumber", "st_pre_dir", "st_name", "st_pos_typ", "st_pos_dir")
        read, official = parse(row["free_form_address"]), parse(" ".join(filter(None, (row[key] for key in keys))))
        if read.number != official.number:
            other_houses += 1  # the source's text and parts are of two neighbouring houses
            continue
        same = (read.name, read.type) == (official.name, official.type)
        # The text may leave a direction out that the official parts have, and never has another.
        if not same or not set(read.directions) <= set(official.directions):
            wrong.append((row["free_form_address"], read, official))

    assert (len(rows), other_houses) == (325, 13)  # of 327, two have no text beside their parts
    assert wrong == []


def test_the_fast_way_never_answers_otherwise_than_the_parsed_way(rows, index):
    assert [row["address"] for row in rows if index.find(row["address"]) != index.find_parsed(row["address"])] == []


def test_the_streets_of_st_paul_are_read_with_their_types_and_directions():
    with (REAL / "stpaul" / "tiger2024_address_ranges.csv").open(encoding="utf-8", newline="") as file:
        names = sorted({row["street"] for row in csv.DictReader(file) if row["street"].strip()})
    unread = [name for name in names if parse(f"100 {name}").kind != "address"]

    assert len(names) > 1000
    assert unread == []
