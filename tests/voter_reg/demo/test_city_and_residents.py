"""The invented city and its residents: Minneapolis's offices and traps, and nobody real."""

import json
import re
from collections import Counter
from datetime import date

import pytest

from ballots.election import plan_election
from ballots.style import styles_of
from eligibility import load_pack
from eligibility.district_map import DistrictMap
from eligibility.map_build import build_map
from voter_reg.cli import main
from voter_reg.demo import CITY, PLACE
from voter_reg.demo.city import houses, polling_places, write_city, write_pack
from voter_reg.demo.residents import cards_to_try, residents
from voter_reg.demo.setup import REGISTERED
from voter_reg.residency.card_number import is_well_formed


@pytest.fixture(scope="module")
def city_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    write_city(folder / "source")
    write_pack(folder / "pack")
    report = build_map(folder / "source", folder / "city.map")
    assert report.warnings == ()
    return folder


@pytest.fixture(scope="module")
def city(city_folder):
    folder = city_folder
    return load_pack(folder / "pack"), DistrictMap.open(folder / "city.map")


def test_it_has_at_least_100_precincts_and_20_000_addresses_13_wards_and_6_park_districts(city):
    info = city[1].info()

    assert info["precincts"] >= 100
    assert info["addresses"] >= 20_000
    assert info["districts"] == {"park": 6, "ward": 13}
    assert len({house.address for house in houses()}) == len(list(houses())) == info["addresses"]


def test_ballot_styles_are_told_for_each_of_its_precincts(city_folder, city, capsys):
    paths = ["--pack", str(city_folder / "pack"), "--map", str(city_folder / "city.map")]

    assert main(["ballot", "styles", *paths, "--on", "2029-11-06", "--json"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {style["precinct"] for style in told} == {house.precinct for house in houses()}
    for style in told:
        districts = {contest["district"] for contest in style["contests"]}
        assert len([d for d in districts if d and d.startswith("ward-")]) == 1
        assert len([d for d in districts if d and d.startswith("park-")]) == 1
        assert f"ward-{style['precinct'].split()[0].removeprefix('W-')}" in districts
        assert {c["authority"] for c in style["contests"]} <= {"city", "park-board"}


def test_it_is_written_the_same_every_time(tmp_path):
    for name in ("a", "b"):
        write_city(tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "a").iterdir())

    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in files)


def test_every_address_is_found_in_its_own_precinct(city):
    wrong = [(h, found) for h in houses() if (found := city[1].lookup(h.address)).precinct != h.precinct]

    assert wrong == []


def test_its_streets_are_as_ambiguous_as_real_ones(city):
    found = [(house.address, house.address.split()) for house in houses() if " 1/2 " not in house.address]
    without_direction = [" ".join(words[:-1]) for _, words in found]
    ambiguous = sum(city[1].lookup(typed).status == "ambiguous" for typed in without_direction[::50])

    assert ambiguous > len(without_direction[::50]) / 4
    assert city[1].lookup("100 3rd Ave").status == "ambiguous"
    assert len({c.split for c in city[1].lookup("700 3rd").candidates}) >= 3
    assert any(" 1/2 " in house.address for house in houses())


def test_its_rules_are_minneapoliss_under_its_own_name_with_numbers_that_reach_no_one(city):
    pack, district_map = city
    minneapolis = load_pack("minneapolis")
    election = plan_election(pack, date(2029, 11, 6), district_map.splits.values())

    assert (pack.place, pack.name, pack.demonstration) == (PLACE, CITY, True)
    assert pack.offices == minneapolis.offices
    assert pack.requirements == minneapolis.requirements
    assert all(line.phone in {"", "711"} or re.fullmatch(r"612-555-01\d\d", line.phone) for line in pack.help)
    assert "Minneapolis" not in pack.notices["en"]
    for tongue in ("en", "es", "so", "hmn"):
        county = next(pack.say(one.title, tongue) for one in pack.outside if one.authority == "county")
        assert ("Northgate" in county, "Hennepin" in county) == (True, False)
    assert 20 <= len({style.code for style in styles_of(election).of_split.values()}) <= 30


def test_every_precinct_has_a_polling_place_at_an_address_of_its_own(city):
    _, district_map = city
    named = list(polling_places())

    assert {precinct for precinct, *_ in named} == {split.precinct for split in district_map.splits.values()}
    for precinct, _, address, _ in named:
        assert district_map.splits[district_map.lookup(address).split].precinct == precinct


def test_there_are_300_residents_of_whom_45_were_born_on_1_january():
    everyone = residents()

    assert len(everyone) == 300
    assert sum(one.born.endswith("-01-01") for one in everyone) == 45
    assert everyone == residents()


def test_their_names_are_of_many_scripts_and_customs():
    names = [one.name for one in residents()]
    words = Counter(len(name.split()) for name in names)

    assert words[1] >= 10
    assert words[3] >= 20
    assert words[4] + words[5] >= 3
    for letters in ("A-Za-z", "\u0400-\u04ff", "\u0600-\u06ff", "\u1200-\u137f", "\u4e00-\u9fff", "\u1000-\u109f"):
        assert any(re.search(f"[{letters}]", name) for name in names), letters
    assert any(len(name) == 1 for name in names)


def test_there_are_twins_a_father_and_a_son_minors_expired_cards_and_birth_years_alone():
    everyone = residents()
    homes = Counter(one.home.address for one in everyone)
    shared = [[one for one in everyone if one.home.address == home] for home, count in homes.items() if count > 1]

    assert any(a.born == b.born for a, b, *_ in shared)
    assert any(a.name == b.name and a.born != b.born for group in shared for a in group for b in group)
    assert sum(one.born > "2009" for one in everyone) >= 10
    assert sum(one.card.valid_until < date(2025, 1, 1) for one in everyone) >= 5
    assert sum(len(one.born) == 4 for one in everyone) >= 5


def test_every_card_is_well_formed_and_its_own():
    numbers = [one.card.number for one in residents()]

    assert all(map(is_well_formed, numbers))
    assert len(set(numbers)) == 300


def test_the_three_cards_to_try_are_of_three_wards_and_of_grown_residents():
    chosen = cards_to_try(residents())

    assert len({one.home.precinct.split()[0] for one in chosen}) == 3
    assert all(one.born < "2000" and len(one.born) == 10 for one in chosen)
    assert all(one.card.valid_until > date(2027, 12, 31) and one.since < "2026" for one in chosen)
    assert not {one.card.number for one in chosen} & {one.card.number for one in residents()[-REGISTERED:]}


def test_every_resident_lives_at_an_address_of_the_city_and_moved_there_after_being_born(city):
    for one in residents():
        found = city[1].lookup(one.card.address)

        assert (found.status, found.precinct) == ("found", one.home.precinct)
        assert one.born[:4] < one.since[:4]
