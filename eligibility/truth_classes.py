"""Classes of people and places that a pack's rules can tell apart, and the days on which it may matter.

The facts are partitioned at every boundary that the rules name: the day someone turns the age and the day before, the
last day to have moved in and the day after, each set of sworn statements, the last minute to register and the next,
districts whose turn it is and others, each date on which a rule changes. Within a class everyone gets the same answer,
so deciding for one person of each class decides for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import chain, combinations, product
from typing import Any

from eligibility.birth import BirthDate, anniversary
from eligibility.contest import LONGEST_TERM, contests_due, is_up, next_election
from eligibility.dated import Dated
from eligibility.facts import OATH_OF_AGE, Facts, Registered
from eligibility.office import Office
from eligibility.pack import Pack
from eligibility.registration import window
from eligibility.requirement import Age, Attestation, Requirement, Residency, whole_birth
from eligibility.split import Split

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_MINUTE_ENDS = timedelta(seconds=59)


@dataclass(frozen=True, slots=True)
class PersonClass:
    """One class of person: one of them, and the words for what is common to all."""

    age: str
    residence: str
    registration: str
    facts: Facts

    @property
    def words(self) -> str:
        """The class in one line."""
        sworn = ", ".join(sorted(self.facts.sworn)) or "nothing"
        return f"{self.age}, {self.residence}, sworn {sworn}, {self.registration}"


@dataclass(frozen=True, slots=True)
class PlaceClass:
    """One class of place to live: a split of it (None where the district is not known), and words."""

    words: str
    split: Split | None


def days_that_matter(*packs: Pack) -> list[date]:
    """The election days on both sides of each date at which a value of a pack changes, and every special day."""
    days: set[date] = set()
    for pack in packs:
        days |= {special.day for special in pack.specials} | {question.day for question in pack.questions}
        for change in changes(*packs):
            upcoming = next_election(pack, change - _DAY)
            if upcoming is not None:
                days.add(upcoming)
                following = next_election(pack, upcoming)
                days |= {following} if following is not None else set()
        days |= {day for office in pack.offices for day in _first_days(pack, office)}
    return sorted(day for day in days if any(contests_due(pack, day) for pack in packs))


def changes(*packs: Pack) -> set[date]:
    """Every date on which a value of a pack begins to hold, or holds no longer."""
    found: set[date] = set()
    for pack in packs:
        for dated in _every_dated(pack):
            found |= {entry.from_ for entry in dated.values}
            found |= {entry.until + _DAY for entry in dated.values if entry.until is not None}
        found |= {
            date(year, 1, 1) for office in pack.offices for years in office.years.values for year in years.value.extra
        }
    return found


def people(*packs: Pack, on: date) -> Iterator[PersonClass]:
    """One person of every class that the rules in force on `on`, of any of the packs, can tell apart."""
    statements = tuple(dict.fromkeys(key for pack in packs for key in pack.statements_on(on)))
    ages = list(dict(chain.from_iterable(_births(pack, on) for pack in packs)).items())
    homes = list(dict(chain.from_iterable(_residences(pack, on) for pack in packs)).items())
    times = list(dict(chain.from_iterable(_registrations(pack, on) for pack in packs)).items())
    for (age, birth), (home, since), sworn, (time, registered) in product(ages, homes, _subsets(statements), times):
        yield PersonClass(age, home, time, Facts(birth, since, frozenset(sworn), registered))
        if birth.earliest != birth.latest:
            oath = Facts(birth, since, frozenset({*sworn, OATH_OF_AGE}), registered)
            yield PersonClass(f"{age} and an oath of age", home, time, oath)


def places(pack: Pack, on: date) -> Iterator[PlaceClass]:
    """A place of every class: district not known, in no district, and each mix of districts whose turn it is or not."""
    yield PlaceClass("district not known", None)
    kinds = sorted(pack.district_kinds)
    if kinds:
        yield PlaceClass("in no district", Split("0", "0", {}))
    for districts in product(*(_districts_told_apart(pack, kind, on) for kind in kinds)):
        words = ", ".join(f"{kind} {district}" for kind, district in zip(kinds, districts, strict=True))
        yield PlaceClass(words or "in the city", Split("1", "1", dict(zip(kinds, districts, strict=True))))


def values_of(requirement: Requirement) -> Dated[int] | Dated[bool]:
    """The dated values of a requirement of any kind."""
    if isinstance(requirement, Age):
        return requirement.years
    if isinstance(requirement, Residency):
        return requirement.days
    assert isinstance(requirement, Attestation)
    return requirement.required


def _every_dated(pack: Pack) -> Iterator[Dated[Any]]:
    yield from (values_of(requirement) for requirement in pack.requirements)
    for office in pack.offices:
        yield from (office.seats, office.years, office.voting)
    yield from (pack.status, pack.election_day, pack.registration)
    if pack.general_election is not None:
        yield pack.general_election


def _first_days(pack: Pack, office: Office) -> Iterator[date]:
    """The first ordinary day of an office, and of each turn that its districts take."""
    seen: set[frozenset[str] | None] = set()
    begins = office.years.values[0].from_
    for year in range(begins.year, begins.year + LONGEST_TERM + 1):
        rule = pack.election_day.on(date(year, 12, 31))
        on = None if rule is None else rule.value.in_year(year)
        if on is not None and on >= begins and is_up(pack, office, on):
            turn = office.years.on(on)
            districts = None if turn is None else turn.value.districts_in(year)
            if districts not in seen:
                seen.add(districts)
                yield on


def _births(pack: Pack, on: date) -> Iterator[tuple[str, BirthDate]]:
    """Around each age asked for: the last birth date that meets it, the day after and before, and the year alone."""
    for requirement in pack.requirements:
        needs = requirement.years.on(on) if isinstance(requirement, Age) else None
        if needs is None or not isinstance(requirement, Age):
            continue
        counts, years = requirement.counts_on(on), needs.value
        by = "" if counts == on else f" by {counts}"
        last = _last_meeting(years, counts)
        for words, born in (("a day over", last - _DAY), ("exactly", last), ("a day short of", last + _DAY)):
            yield f"{words} {years} years{by}", whole_birth(born)
        yield f"{years} years by the year alone{by}", BirthDate(counts.year - years)
        yield f"{years + 1} years by the year alone{by}", BirthDate(counts.year - years - 1)


def _last_meeting(years: int, on: date) -> date:
    """The last birth date whose anniversary has come by `on`, searched day by day rather than computed."""
    born = date(on.year - years, 12, 31)
    while anniversary(born, years) > on:
        born -= _DAY
    return born


def _residences(pack: Pack, on: date) -> Iterator[tuple[str, date | None]]:
    yield "residence not stated", None
    for days in _numbers_in_force((r.days for r in pack.requirements if isinstance(r, Residency)), on):
        for lived in (days - 1, days, days + 1):
            yield f"resident for {lived} days", on - timedelta(days=lived)


def _numbers_in_force(numbers: Iterable[Dated[int]], on: date) -> list[int]:
    in_force = (dated.on(on) for dated in numbers)
    return sorted({entry.value for entry in in_force if entry is not None})


def _registrations(pack: Pack, on: date) -> Iterator[tuple[str, Registered | None]]:
    """On each side of each deadline, to the second: from afar and in person."""
    yield "registration judged already", None
    found = window(pack, on)
    if found is None:
        return
    moments: dict[str, datetime] = {}
    if found.opens is not None:
        moments |= {"before it opens": found.opens.astimezone(UTC) - _SECOND, "as it opens": found.opens}
    last = [found.closes] if found.closes_in_person is None else [found.closes, found.closes_in_person]
    for closes in last:
        last_second = closes.astimezone(UTC) + _MINUTE_ENDS  # in UTC: a sum within a zone is of wall clocks
        moments[f"{closes:%Y-%m-%d %H:%M}"] = last_second
        moments[f"after {closes:%Y-%m-%d %H:%M}"] = last_second + _SECOND
    for words, at in moments.items():
        yield f"registered {words}", Registered(at)
        yield f"registered in person {words}", Registered(at, in_person=True)


def _subsets(statements: tuple[str, ...]) -> list[tuple[str, ...]]:
    sizes = range(len(statements) + 1)
    return list(chain.from_iterable(combinations(statements, size) for size in sizes))


def _districts_told_apart(pack: Pack, kind: str, on: date) -> list[str]:
    """One district of this kind for each set of offices whose turn it is there."""
    of_kind = {office.id for office in pack.offices if office.district_kind == kind}
    turns = [c.districts_up for c in contests_due(pack, on) if c.office in of_kind and c.districts_up is not None]
    every = [*sorted({district for turn in turns for district in turn}), "another"] if turns else ["1"]
    told_apart = {tuple(district in turn for turn in turns): district for district in reversed(every)}
    return sorted(told_apart.values())
