"""The truth table of a pack: every class of person x every contest, enumerated. It is the proof behind law 2.

The facts are partitioned at every boundary that the pack's rules name: the day someone turns the age and the day
before, the last day to have moved in and the day after, each set of sworn statements, each date on which a rule
changes. Within a class everyone gets the same answer, so checking one person of each class checks all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, combinations

from eligibility.birth import BirthDate, anniversary
from eligibility.bulk import Tagger, people_of
from eligibility.contest import contests_due, next_election
from eligibility.dated import Dated
from eligibility.decision import Decision, decide
from eligibility.facts import Facts
from eligibility.office import CONTROLLED_AUTHORITIES
from eligibility.pack import Pack
from eligibility.requirement import Age, Attestation, Requirement, Residency, applies_to
from eligibility.split import Split

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PersonClass:
    """One class of person, with the words for it. `rank` orders classes that differ by age or residence alone."""

    age: str
    residence: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: on this day, people of this class may or may not vote in this contest, and why not."""

    on: date
    person: PersonClass
    contest: str
    eligible: bool
    why_not: tuple[str, ...]


def rows(pack: Pack) -> Iterator[Row]:
    """The truth table, day by day; contests outside the city's control stand in every class."""
    split = _some_split(pack)
    for on in days_that_matter(pack):
        for person in classes(pack, on):
            decision = decide(person.facts, pack, on, split)
            for contest in decision.contests:
                unmet = tuple(finding.requirement for finding in contest.findings if not finding.met)
                yield Row(on, person, contest.id, contest.eligible, unmet)
            for outside in decision.outside:
                yield Row(on, person, outside.outside.id, False, ("authority",))


def failures(pack: Pack) -> Iterator[str]:
    """What the table disproves, one line each; nothing when the pack is proven.

    Checked: no contest from outside is ever tagged; each tag satisfies each requirement, worked out a second way;
    growing older or having lived here longer takes no contest away; `bulk` gives the same as `decide`.
    """
    split = _some_split(pack)
    for on in days_that_matter(pack):
        people = list(classes(pack, on))
        decisions = [decide(person.facts, pack, on, split) for person in people]
        for person, decision in zip(people, decisions, strict=True):
            yield from _outside_tagged(pack, on, person, decision)
            yield from _unmet_yet_tagged(pack, on, person, decision)
            yield from _not_monotone(pack, on, person, decision, split)
        yield from _bulk_differs(pack, on, split, people, decisions)


def days_that_matter(pack: Pack) -> list[date]:
    """The election days on both sides of each date at which a value of the pack changes, and every special day."""
    days = {special.day for special in pack.specials} | {question.day for question in pack.questions}
    for change in _changes(pack):
        upcoming = next_election(pack, change - _DAY)
        if upcoming is not None:
            days.add(upcoming)
            following = next_election(pack, upcoming)
            days |= {following} if following is not None else set()
    return sorted(day for day in days if contests_due(pack, day))


def classes(pack: Pack, on: date) -> Iterator[PersonClass]:
    """One person of every class that the requirements in force on `on` can tell apart."""
    for age, birth in _births(pack, on):
        for residence, since in _residences(pack, on):
            for sworn in _subsets(pack.statements_on(on)):
                yield PersonClass(age, residence, Facts(birth, since, frozenset(sworn)))


def _changes(pack: Pack) -> set[date]:
    changes = {value.from_ for requirement in pack.requirements for value in _values(requirement).values}
    for office in pack.offices:
        for values in (office.seats.values, office.years.values, office.voting.values):
            changes |= {value.from_ for value in values}
        changes |= {date(year, 1, 1) for terms in office.years.values for year in terms.value.extra}
    return changes


def _values(requirement: Requirement) -> Dated[int] | Dated[bool]:
    if isinstance(requirement, Age):
        return requirement.years
    if isinstance(requirement, Residency):
        return requirement.days
    assert isinstance(requirement, Attestation)
    return requirement.required


def _births(pack: Pack, on: date) -> Iterator[tuple[str, BirthDate]]:
    """Around each age asked for: the last birth date that meets it, the day after and before, and the year alone."""
    for years in _numbers_in_force((r.years for r in pack.requirements if isinstance(r, Age)), on):
        last = _last_meeting(years, on)
        for words, born in (("a day over", last - _DAY), ("exactly", last), ("a day short of", last + _DAY)):
            yield f"{words} {years} years", BirthDate(born.year, born.month, born.day)
        yield f"{years} years by the year alone", BirthDate(on.year - years)
        yield f"{years + 1} years by the year alone", BirthDate(on.year - years - 1)


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


def _subsets(statements: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(statements, size) for size in range(len(statements) + 1))


def _some_split(pack: Pack) -> Split:
    return Split("1", "1", dict.fromkeys(sorted(pack.district_kinds), "1"))


def _outside_tagged(pack: Pack, on: date, person: PersonClass, decision: Decision) -> Iterator[str]:
    outside = {entry.id for entry in pack.outside}
    for contest in decision.contests:
        if contest.eligible and (contest.id in outside or contest.contest.authority not in CONTROLLED_AUTHORITIES):
            yield f"{on}: {contest.id} is outside the city's control and tagged for {_words(person)}"


def _unmet_yet_tagged(pack: Pack, on: date, person: PersonClass, decision: Decision) -> Iterator[str]:
    for contest in decision.contests:
        bound = [r for r in pack.requirements if applies_to(r, contest.contest.office)]
        if contest.eligible and not all(_met_by_hand(r, person.facts, on) for r in bound):
            yield f"{on}: {contest.id} is tagged for {_words(person)} against a requirement"


def _met_by_hand(requirement: Requirement, facts: Facts, on: date) -> bool:
    """The requirement worked out a second way: birthdays counted one by one, days from calendar numbers."""
    value = _values(requirement).on(on)
    if value is None:
        return True
    if isinstance(requirement, Age):
        birthdays = sum(1 for n in range(1, 200) if facts.birth.latest.year + n <= 9999 and _birthday(facts, n) <= on)
        return birthdays >= value.value
    if isinstance(requirement, Residency):
        return facts.resident_since is not None and on.toordinal() - facts.resident_since.toordinal() >= value.value
    assert isinstance(requirement, Attestation)
    return not value.value or requirement.statement in facts.sworn


def _birthday(facts: Facts, nth: int) -> date:
    return max(anniversary(facts.birth.earliest, nth), anniversary(facts.birth.latest, nth))


def _not_monotone(pack: Pack, on: date, person: PersonClass, decision: Decision, split: Split) -> Iterator[str]:
    facts = person.facts
    older = facts.birth.earliest - _DAY
    longer = None if facts.resident_since is None else facts.resident_since - _DAY
    for words, changed in (
        ("a day older", Facts(BirthDate(older.year, older.month, older.day), facts.resident_since, facts.sworn)),
        ("resident a day longer", Facts(facts.birth, longer, facts.sworn)),
    ):
        lost = decision.eligible_ids - decide(changed, pack, on, split).eligible_ids
        if lost:
            yield f"{on}: {min(lost)} is lost to {_words(person)} by being {words}"


def _bulk_differs(
    pack: Pack, on: date, split: Split, people: list[PersonClass], decisions: list[Decision]
) -> Iterator[str]:
    tagger = Tagger(pack, on, [split])
    tags = tagger.tag(people_of([person.facts for person in people], [0] * len(people)))
    for person, decision, tag in zip(people, decisions, tags, strict=True):
        if frozenset(contest.id for contest in tagger.contests_of(tag)) != decision.eligible_ids:
            yield f"{on}: bulk tagging and the single decision differ for {_words(person)}"


def _words(person: PersonClass) -> str:
    sworn = ", ".join(sorted(person.facts.sworn)) or "nothing"
    return f"{person.age}, {person.residence}, sworn {sworn}"
