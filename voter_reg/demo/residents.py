"""Three hundred invented residents: names from many scripts and customs, each with an address and a demonstration card.

Fifteen in a hundred were born on 1 January, as is common where a birth date was written down late. Some names have one
part, some three, some two surnames; there are twins, and fathers and sons of one name. Nobody here exists.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from voter_reg.demo.city import House, houses
from voter_reg.registry.cards import Card
from voter_reg.residency.card_number import new_number

COUNT = 300
_SEED = "northgate-falls residents"
_NEW_YEARS = 45  # of COUNT
_YEAR_ONLY = 6
_MINORS = 18
_EXPIRED = 9

# Given names and what follows them, by custom of naming. They say how a name is built and nothing else of anyone.
_CUSTOMS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (
        ("Xaawo", "Cabdi", "Faadumo", "Maxamed", "Hodan", "Yuusuf"),
        ("Cali Warsame", "Nuur Jaamac", "Axmed Faarax", "Xasan Guuleed"),
    ),
    (
        ("María José", "Luis", "Ana Sofía", "Ramón", "Itzel", "Ángel"),
        ("García Núñez", "López y Pérez", "de la Cruz Ortiz", "Quispe Mamani"),
    ),
    (("Pajtshiab", "Tou", "Mai", "Kaohli", "Npauj"), ("Vang", "Xiong", "Yaj", "Lis", "Thoj")),
    (("Nguyễn Văn", "Trần Thị", "Lê Minh", "Phạm Thu"), ("An", "Hạnh", "Đức", "Thảo")),
    (("አበበ", "ሀና", "ተስፋዬ", "ሰላም"), ("በቀለ", "ኃይሉ", "መኮንን")),
    (("نور", "خالد", "مريم", "يوسف"), ("الحسن", "عبد الله", "بن صالح")),
    (("王", "陳", "李", "张"), ("小明", "美玲", "伟", "家豪")),
    (("Олена", "Мария", "Ігор", "Сергей"), ("Шевченко", "Иванова", "Коваль")),
    (("နော်", "စော", "မူး"), ("ဖော", "ထူး", "လှ")),
    (("Jean-Baptiste", "Zoë", "Siobhán", "Þóra"), ("O'Neill", "Saint-Cyr", "van der Berg", "D'Souza")),
    (("Chidi", "Abena", "Kwame", "Ngozi"), ("Okonkwo", "Mensah-Boateng", "Adéyẹmí")),
    (("Priya", "அன்பு", "Harpreet", "Tashi"), ("", "Kaur", "Raman")),
)
_ALONE = ("Wulandari", "O", "Tenzin", "ရွှေ", "Naw", "𖬌𖬣𖬵")


@dataclass(frozen=True, slots=True)
class Resident:
    """One invented person: name as on the card, birth date as precise as the card has it, home, since when, card."""

    name: str
    born: str
    home: House
    since: str
    card: Card


def residents() -> list[Resident]:
    """The residents, the same every time."""
    chance = Random(_SEED)  # noqa: S311 - invented people, not secrets
    names = [_name(n, chance) for n in range(COUNT)]
    births = [_birth(n, chance) for n in range(COUNT)]
    homes = chance.sample(list(houses()), COUNT)
    # Twins share birth date and home; a son has his father's name and home.
    for n in (40, 122, 200):
        births[n + 1], homes[n + 1] = births[n], homes[n]
        names[n + 31], homes[n + 31] = names[n], homes[n]
    return [_resident(n, names[n], births[n], homes[n], chance) for n in range(COUNT)]


def cards_to_try(everyone: list[Resident]) -> list[Resident]:
    """Three grown residents of different wards with valid cards and whole birth dates."""
    chosen: list[Resident] = []
    for one in everyone:
        grown = len(one.born) == len("1990-01-31") and one.born < "2000"
        ward = one.home.precinct.split()[0]
        if grown and one.card.valid_until.year > 2027 and ward not in {c.home.precinct.split()[0] for c in chosen}:
            chosen.append(one)
        if len(chosen) == 3:
            return chosen
    raise AssertionError("the invented city has too few residents")


def _resident(n: int, name: str, born: str, home: House, chance: Random) -> Resident:
    until = date(2024, 6, 30) if n % (COUNT // _EXPIRED) == 11 else date(2030, 12, 31)
    earliest = max(int(born[:4]), 1995)
    since = f"{chance.randint(earliest + 1, 2025):04d}-{chance.randint(1, 12):02d}"
    return Resident(name, born, home, since, Card(new_number(chance), born, home.address, until))


def _name(n: int, chance: Random) -> str:
    if n % 25 == 7:
        return chance.choice(_ALONE)
    given, family = _CUSTOMS[n % len(_CUSTOMS)]
    return f"{chance.choice(given)} {chance.choice(family)}".strip()


def _birth(n: int, chance: Random) -> str:
    year = chance.randint(2009, 2013) if n % (COUNT // _MINORS) == 5 else chance.randint(1935, 2005)
    if n % (COUNT // _YEAR_ONLY) == 13:
        return f"{year:04d}"
    if n % 6 == 0 and n < 6 * _NEW_YEARS:
        return f"{year:04d}-01-01"
    day = date.fromordinal(date(year, 1, 2).toordinal() + chance.randrange(363))
    return day.isoformat()
