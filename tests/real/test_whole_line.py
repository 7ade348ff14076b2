"""The whole line on a real city: residents at real Minneapolis addresses, over HTTP, to the right five poll books."""

import csv
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import pytest

from eligibility import load_pack, next_election
from eligibility.district_map import DistrictMap
from eligibility.map_build import build_map
from tests.running import Installation
from tests.visitor import Visitor
from voter_reg.registry.cards import Card
from voter_reg.residency.card_number import new_number, spaced

REAL = Path(__file__).parents[2].parent / "shared" / "geodata" / "minneapolis"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not REAL.is_dir(), reason="the real map of Minneapolis is not beside this checkout"),
]

PEOPLE = [
    ("Xaawo Cali Warsame", "1985-03-14"),
    ("Ángel Núñez Ortiz", "1990-01-01"),
    ("Nguyễn Văn An", "1979-12-31"),
    ("ሀና በቀለ", "2001-07-09"),
    ("O", "1966-02-28"),
]


@pytest.fixture(scope="module")
def minneapolis(tmp_path_factory):
    folder = tmp_path_factory.mktemp("minneapolis")
    (folder / "map.toml").write_text(
        f"""
place = "minneapolis"
effective_from = 2022-05-01
[precincts]
file = "{REAL}/precincts.geojson"
table = "{REAL}/precinct_table.csv"
id = "precinct"
districts = {{ ward = "ward", park = "park_district" }}
[[layer]]
kind = "ward"
file = "{REAL}/wards.geojson"
id = "ward"
nests = true
[addresses]
file = "{REAL}/address_points.csv"
columns = {{ address = "address", zip = "zip", lon = "lon", lat = "lat" }}
""",
        encoding="utf-8",
    )
    build_map(folder, folder / "minneapolis.map")
    return folder / "minneapolis.map"


def five_real_addresses():
    """One real address in each of five wards, with its ward and park district as the city has them."""
    with (REAL / "address_points.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if re.fullmatch(r"\d+ \S+ (St|Ave) \S+", row["address"])]
    chosen = {}
    for row in sorted(rows, key=lambda row: row["address"]):
        chosen.setdefault(row["ward"], row)
    return [chosen[ward] for ward in sorted(chosen, key=int)][:5]


def register(visitor, name, born, address, card):
    """The form from the notice to the code, as its pages lead."""
    page = visitor.submit(visitor.get("/notice"), action="/notice")
    page = visitor.submit(page, action="/address", address=address)
    assert "/contests/" in page.url
    year, month, day = born.split("-")
    page = visitor.submit(
        visitor.get("/name"),
        action="/name",
        name=name,
        birth_year=year,
        birth_month=month,
        birth_day=day,
        since_year="2020",
        since_month="5",
    )
    page = visitor.submit(page, action="/card", card=card)
    page = visitor.submit(page, action="/contact")
    assert page.url == "/review", page.text
    page = visitor.submit(page, action="/review", signature="My name", signed="yes")
    assert page.url == "/done"
    visitor.close()
    return re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", page.text)[0]


def test_residents_of_five_wards_stand_in_exactly_their_five_poll_books(minneapolis, tmp_path):
    homes, chance = five_real_addresses(), Random(5)
    cards = [
        Card(new_number(chance), born, home["address"], date(2035, 1, 1))
        for (_, born), home in zip(PEOPLE, homes, strict=True)
    ]
    service = Installation(tmp_path / "instance", "minneapolis", minneapolis, cards)
    day = next_election(load_pack("minneapolis"), datetime.now(UTC).date())
    election = service.run("election", "create", "--pack", "minneapolis", "--map", minneapolis, "--on", day).strip()

    with service.serving():
        codes = {
            register(Visitor(service.url), name, born, home["address"], spaced(card.number))
            for (name, born), home, card in zip(PEOPLE, homes, cards, strict=True)
        }
    service.run("tag", election)
    roster = json.loads(service.run("roster", "freeze", election, "--json"))
    service.run("roster", "export", roster["id"], "--clear", "--out", tmp_path / "books")
    service.run("roster", "export", roster["id"], "--clear", "--out", tmp_path / "again")

    assert len(codes) == 5
    assert roster["voters"] == 5
    manifest = json.loads((tmp_path / "books" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["demonstration"] is True
    for (name, _), home in zip(PEOPLE, homes, strict=True):
        listed = {
            file["contest"]
            for file in manifest["files"]
            if file["contest"] and name in _names(tmp_path / "books" / file["path"])
        }
        assert listed == {
            "mayor",
            f"council-ward-{home['ward']}",
            "board-of-estimate",
            "park-at-large",
            f"park-district-park-{home['park_district']}",
        }
    for path in sorted((tmp_path / "books").iterdir()):
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


def _names(path):
    with path.open(encoding="utf-8", newline="") as file:
        return [row["Name"] for row in csv.DictReader(file)]


def test_every_real_address_leads_to_its_own_precinct(minneapolis):
    city = DistrictMap.open(minneapolis)
    with (REAL / "address_points.csv").open(encoding="utf-8", newline="") as file:
        wrong = [
            (row["address"], row["precinct"], found)
            for row in csv.DictReader(file)
            if (found := city.lookup(row["address"])).precinct != row["precinct"]
        ]

    assert wrong == []
