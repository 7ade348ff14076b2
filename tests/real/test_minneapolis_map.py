"""The real Minneapolis over the command line: every address, every spelling, stale wards, lines that cross wards."""

import csv
import io
import json
import re
import sys
from collections import Counter
from pathlib import Path

import pytest
import shapely
from shapely.geometry import mapping, shape

from eligibility import MapError
from eligibility.address import parse
from eligibility.district_map import DistrictMap
from eligibility.map_build import build_map
from voter_reg.cli import main

MPLS = Path(__file__).parents[2].parent / "shared" / "geodata" / "minneapolis"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not MPLS.is_dir(), reason="the real maps are not beside this checkout"),
]

PRECINCTS = f'[precincts]\nfile = "{MPLS}/precincts.geojson"\ntable = "{MPLS}/precinct_table.csv"\nid = "precinct"\n'
NAMED = 'districts = { ward = "ward", park = "park_district" }\n'
WARDS = f'[[layer]]\nkind = "ward"\nfile = "{MPLS}/wards.geojson"\nid = "ward"\nnests = true\n'
ADDRESSES = f'[addresses]\nfile = "{MPLS}/address_points.csv"\n'
POINTS = ADDRESSES + 'columns = { address = "address", zip = "zip", lon = "lon", lat = "lat" }\n'
NAMED_POINTS = POINTS.replace('lat = "lat"', 'lat = "lat", precinct = "precinct"')

TYPES = {"Ave": "Avenue", "St": "Street", "Pl": "Place", "Blvd": "Boulevard", "Pkwy": "Parkway", "Ln": "Lane"}
DIRECTIONS = {"N": "North", "S": "South", "E": "East", "W": "West", "NE": "Northeast", "SE": "Southeast"}
FIRST_TEN = ["First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth"]
ORDINALS = {f"{n}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(n, 'th') }": word for n, word in enumerate(FIRST_TEN, start=1)}
ORDINALS |= {
    "11th": "Eleventh",
    "12th": "Twelfth",
    "15th": "Fifteenth",
    "22nd": "Twenty-Second",
    "38th": "thirty eighth",
}


def build(folder, body, since="2022-05-01"):
    (folder / "map.toml").write_text(f'place = "minneapolis"\neffective_from = {since}\n{body}', encoding="utf-8")
    return build_map(folder, folder / "city.map")


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    folder = tmp_path_factory.mktemp("minneapolis")
    (folder / "map.toml").write_text(
        f'place = "minneapolis"\neffective_from = 2022-05-01\n{PRECINCTS}{NAMED}{WARDS}{POINTS}', encoding="utf-8"
    )
    assert main(["map", "build", str(folder), "--out", str(folder / "city.map")]) == 0
    return folder / "city.map"


@pytest.fixture(scope="module")
def rows():
    with (MPLS / "address_points.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def plain(rows):
    """The addresses of the form "100 3rd Ave S", in whatever of their spellings, with their parts.

    Taken apart here by a pattern, not by the project's own parser, so that both cannot be wrong together.
    """
    short = {long.lower(): word for words in (TYPES, DIRECTIONS) for word, long in words.items()}
    types, directions = "|".join([*TYPES, *TYPES.values()]), "|".join([*DIRECTIONS, *DIRECTIONS.values()])
    form = re.compile(rf"(\d+) ([A-Z0-9][A-Z0-9 ]*) ({types}) ({directions})", re.IGNORECASE)
    for row in rows:
        found = form.fullmatch(row["address"])
        if found:
            house, name, kind, direction = found.groups()
            parts = (
                house,
                name,
                short.get(kind.lower(), kind.title()),
                short.get(direction.lower(), direction.upper()),
            )
            yield row, parts


RESPELLED = {
    "short": lambda h, n, t, d: f"{h} {n} {t} {d}",
    "small letters": lambda h, n, t, d: f"{h} {n} {t} {d}".lower(),
    "direction in front": lambda h, n, t, d: f"{h} {d} {n} {t}",
    "all spelled out": lambda h, n, t, d: f"{h} {n} {TYPES[t]} {DIRECTIONS[d]}",
    "direction in front, all spelled out": lambda h, n, t, d: f"{h} {DIRECTIONS[d]} {n} {TYPES[t]}",
    "ordinals in words": lambda h, n, t, d: f"{h} {ORDINALS.get(n.lower(), n)} {t} {d}",
    "full stops": lambda h, n, t, d: f"{h} {n} {t}. {'.'.join(d)}.",
    "unit and city": lambda h, n, t, d: f"{h} {n} {t} {d} Apt 12, Minneapolis, MN",
    "city on a second line": lambda h, n, t, d: f"{h} {n} {t} {d}\nMpls MN",
}


def lookups(city, queries, capsys, monkeypatch):
    """The answers of `map lookup --stdin` to queries, each on one line."""
    lines = "".join(query.replace("\n", ", ") + "\n" for query in queries)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))
    assert main(["map", "lookup", str(city), "--stdin", "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_every_address_is_found_in_its_own_precinct_ward_and_park_district(city, rows, capsys, monkeypatch):
    found = lookups(city, [row["address"] for row in rows], capsys, monkeypatch)

    assert len(found) == len(rows) == 4861
    wrong = [
        (row["address"], answer)
        for row, answer in zip(rows, found, strict=True)
        if (answer["status"], answer["precinct"], answer["split"]) != ("found", row["precinct"], row["precinct"])
        or answer["districts"] != {"ward": row["ward"], "park": row["park_district"]}
    ]
    assert wrong == []


def test_every_address_is_offered_by_its_number_and_three_letters_of_its_street_or_the_list_is_full(city, rows):
    opened, missed, most = DistrictMap.open(city), [], 0
    for row in rows:
        house = re.match(r"\S+(?: \d/\d)? ", row["address"])[0]
        offered = opened.ahead(house + row["address"][len(house) :][:3])
        most = max(most, len(offered))
        # An apartment of the source is offered as its building.
        building = parse(opened.lookup(row["address"]).address).building
        same = [one for one in offered if one.address == building]
        if len(offered) < 8 and row["precinct"] not in {one.precinct for one in same}:
            missed.append((row["address"], offered))

    assert missed == []
    assert 1 < most <= 8


def test_whatever_is_offered_while_an_address_is_typed_is_found_or_asked_in_its_precinct(city, rows):
    opened = DistrictMap.open(city)
    offers = {one for row in rows[::2] for n in (4, 7, 10, 14) for one in opened.ahead(row["address"][:n])}

    assert len(offers) > 500
    for one in offers:
        answer = opened.lookup(one.address)
        precincts = {answer.precinct, *(c.precinct for c in answer.candidates)}
        assert one.precinct in precincts or (one.precinct is None and answer.status == "ambiguous"), (one, answer)


@pytest.mark.parametrize("spelling", RESPELLED)
def test_the_same_address_spelled_otherwise_is_found_in_the_same_precinct(city, rows, spelling, capsys, monkeypatch):
    asked = list(plain(rows))
    assert len(asked) > 1300
    found = lookups(city, [RESPELLED[spelling](*parts) for _, parts in asked], capsys, monkeypatch)

    wrong = [
        (row["address"], answer)
        for (row, _), answer in zip(asked, found, strict=True)
        if (answer["status"], answer["precinct"]) != ("found", row["precinct"])
    ]
    assert wrong == []


@pytest.mark.parametrize("left_out", ["direction", "type", "both"])
def test_what_is_left_out_is_asked_or_found_and_never_another_precinct(city, rows, left_out, capsys, monkeypatch):
    kept = {"direction": (0, 1, 2), "type": (0, 1, 3), "both": (0, 1)}[left_out]
    asked = list(plain(rows))
    found = lookups(city, [" ".join(parts[n] for n in kept) for _, parts in asked], capsys, monkeypatch)

    statuses = Counter(answer["status"] for answer in found)
    assert set(statuses) == {"found", "ambiguous"}
    for (row, _), answer in zip(asked, found, strict=True):
        precincts = (
            {answer["precinct"]} if answer["status"] == "found" else {c["precinct"] for c in answer["candidates"]}
        )
        assert row["precinct"] in precincts


def test_an_election_of_2025_has_24_styles_of_137_precincts(city, capsys):
    assert main(["ballot", "styles", "--pack", "minneapolis", "--map", str(city), "--on", "2025-11-04", "--json"]) == 0

    styles = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (len(styles), len({style["style"] for style in styles})) == (137, 24)
    for style in styles:
        seats = [(re.sub(r"-(ward|park)-\d+$|-\d+$", "", c["id"]), c["seats"]) for c in style["contests"]]
        assert Counter(count for _, count in seats) == Counter({1: 3, 2: 1, 3: 1}), seats
        assert sum(c["district"] is None for c in style["contests"]) == 3


def test_addresses_that_name_their_precinct_agree_with_the_polygons(tmp_path, rows):
    report = build(tmp_path, PRECINCTS + NAMED + NAMED_POINTS)
    city = DistrictMap.open(tmp_path / "city.map")

    assert report.warnings == ()
    assert all(city.lookup(row["address"]).precinct == row["precinct"] for row in rows[::20])


def test_a_map_of_the_table_alone_finds_the_same_precincts(tmp_path, rows):
    table = f'[precincts]\nfile = "{MPLS}/precinct_table.csv"\nid = "precinct"\n'
    build(tmp_path, table + NAMED + ADDRESSES + 'columns = { address = "address", precinct = "precinct" }\n')
    city = DistrictMap.open(tmp_path / "city.map")

    assert all(city.lookup(row["address"]).precinct == row["precinct"] for row in rows[::20])


def features(name):
    return json.loads((MPLS / name).read_text(encoding="utf-8"))["features"]


def stale_wards(moved):
    """Wards put together from the precincts, but for some that still belong to a neighbouring ward."""
    land, ward = {}, {}
    for one in features("precincts.geojson"):
        name = one["properties"]["precinct"]
        land[name], ward[name] = shape(one["geometry"]).buffer(0), one["properties"]["ward"]
    left = dict(ward)
    for name in list(land):
        near = [other for other in land if ward[other] != ward[name] and land[other].distance(land[name]) < 1e-6]
        if near and sum(left[one] != ward[one] for one in land) < moved:
            left[name] = ward[near[0]]
    districts = {
        n: shapely.union_all([land[one] for one in land if left[one] == n]) for n in sorted(set(left.values()))
    }
    layer = [{"type": "Feature", "properties": {"ward": n}, "geometry": mapping(area)} for n, area in districts.items()]
    return {"type": "FeatureCollection", "features": layer}, [one for one in land if left[one] != ward[one]]


@pytest.mark.parametrize("nests", ["nests = true\n", ""])
def test_a_ward_map_of_the_past_that_moves_11_of_137_precincts_is_refused_and_names_them(tmp_path, nests):
    layer, moved = stale_wards(11)
    (tmp_path / "stale.geojson").write_text(json.dumps(layer), encoding="utf-8")
    stale = f'[[layer]]\nkind = "ward"\nfile = "stale.geojson"\nid = "ward"\n{nests}'

    assert len(moved) == 11
    with pytest.raises(MapError, match=r"stale\.geojson: contradicts the precincts on 11 precincts: ") as refused:
        build(tmp_path, PRECINCTS + NAMED + stale)
    assert sum(name in str(refused.value) for name in moved) >= 3
    assert not (tmp_path / "city.map").exists()


def test_a_precinct_left_out_is_noticed_with_or_without_a_layer(tmp_path):
    everything = features("precincts.geojson")
    layers = f'[[layer]]\nkind = "park"\nfile = "{MPLS}/park_districts.geojson"\nid = "park"\nnests = true\n'
    outline = f'[city]\nfile = "{MPLS}/city.geojson"\n'
    source = '[precincts]\nfile = "some.geojson"\nid = "precinct"\ndistricts = { ward = "ward" }\n'
    inner, edge = "MINNEAPOLIS W-7 P-06", "MINNEAPOLIS W-1 P-01"
    for missing, body in ((inner, ""), (edge, layers), (edge, outline)):
        kept = [one for one in everything if one["properties"]["precinct"] != missing]
        raw = json.dumps({"type": "FeatureCollection", "features": kept})
        (tmp_path / "some.geojson").write_text(raw, encoding="utf-8")
        with pytest.raises(MapError, match="that no precinct covers"):
            build(tmp_path, source + body)


def test_wards_cut_by_park_districts_are_the_24_official_pairs_and_no_address_is_lost(tmp_path, rows):
    wards = f'[precincts]\nfile = "{MPLS}/wards.geojson"\nid = "ward"\n'
    parks = f'[[layer]]\nkind = "park"\nfile = "{MPLS}/park_districts.geojson"\nid = "park"\n'
    build(tmp_path, wards + parks + POINTS)
    city = DistrictMap.open(tmp_path / "city.map")

    with (MPLS / "precinct_table.csv").open(encoding="utf-8", newline="") as file:
        official = {(row["ward"], row["park_district"]) for row in csv.DictReader(file)}
    pairs = [(split.precinct, split.districts["park"]) for split in city.splits.values()]
    assert (len(pairs), set(pairs)) == (24, official)
    found = {row["address"]: city.lookup(row["address"]) for row in rows}
    assert [
        (row["address"], found[row["address"]])
        for row in rows
        if (found[row["address"]].precinct, found[row["address"]].districts.get("park"))
        != (row["ward"], row["park_district"])
    ] == []


def test_the_right_zip_is_found_and_a_wrong_one_is_never_another_precinct(city, rows, capsys, monkeypatch):
    asked = [(row, f"{' '.join(parts)} Apt 12, Minneapolis, MN") for row, parts in plain(rows)]
    right = lookups(
        city, [f"{text} {row['zip']}-1234" for row, text in asked if len(row["zip"]) == 5], capsys, monkeypatch
    )
    assert {answer["status"] for answer in right} == {"found"}
    wrong = lookups(city, [f"{text} 55408" for _, text in asked], capsys, monkeypatch)

    assert {answer["status"] for answer in wrong} == {"found", "not_found"}
    for (row, text), answer in zip(asked, wrong, strict=True):
        offered = {answer["precinct"], *(one["precinct"] for one in answer["candidates"])} - {None}
        assert row["precinct"] in offered, (text, answer)
        assert answer["status"] != "found" or answer["precinct"] == row["precinct"]


def test_half_numbers_are_found_with_the_direction_on_either_side(city, rows, capsys, monkeypatch):
    halves = [(row, row["address"].split(" 1/2 ")) for row in rows if " 1/2 " in row["address"]]
    assert len(halves) >= 10
    asked, own = [], []
    for row, (house, street) in halves:
        asked += [f"{house}½ {street}", f"{house}-1/2 {street}", f"{house} 1/2 {street}"]
        own += [row["precinct"]] * 3
    found = lookups(city, asked, capsys, monkeypatch)

    assert [(query, a) for query, precinct, a in zip(asked, own, found, strict=True) if a["precinct"] != precinct] == []
