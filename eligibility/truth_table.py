"""The truth table of a pack: every class of person and place x every contest. It is the proof behind law 2."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from eligibility.birth import anniversary
from eligibility.bulk import Tagger, people_of
from eligibility.contest import contests_due
from eligibility.decision import DayRules, Decision
from eligibility.facts import OATH_OF_AGE, Facts
from eligibility.office import CONTROLLED_AUTHORITIES
from eligibility.pack import Pack
from eligibility.requirement import Age, Attestation, Requirement, Residency, applies_to, whole_birth
from eligibility.truth_classes import PersonClass, PlaceClass, days_that_matter, people, places, values_of

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: on this day, people of this class may or may not vote in this contest, and why not."""

    on: date
    person: PersonClass
    place: PlaceClass
    contest: str
    eligible: bool
    why_not: tuple[str, ...]


def rows(pack: Pack) -> Iterator[Row]:
    """The truth table, day by day; contests outside the city's control stand in every class."""
    for on in days_that_matter(pack):
        rules = DayRules(pack, on)
        for place in places(pack, on):
            for person in people(pack, on=on):
                yield from rows_of(rules, on, person, place)


def rows_of(rules: DayRules, on: date, person: PersonClass, place: PlaceClass) -> Iterator[Row]:
    """The rows of one class of person and place."""
    decision = rules.decide(person.facts, place.split)
    for contest in decision.contests:
        unmet = tuple(finding.requirement for finding in contest.findings if not finding.met)
        yield Row(on, person, place, contest.id, contest.eligible, unmet)
    for outside in decision.outside:
        yield Row(on, person, place, outside.outside.id, False, ("authority",))


@dataclass(frozen=True, slots=True)
class Proof:
    """What checking a pack came to: the failures, one line each, and how much was enumerated."""

    failures: tuple[str, ...]
    days: tuple[date, ...]
    rows: int


def prove(pack: Pack) -> Proof:
    """Enumerate the table and check it.

    Checked: no contest from outside is ever tagged; a contest is tagged exactly where each requirement, worked out a
    second way, is met; growing older or having lived here longer takes no contest away; `bulk` gives the same as
    `decide`.
    """
    failures: list[str] = []
    count, days = 0, days_that_matter(pack)
    for on in days:
        rules, classes = DayRules(pack, on), list(people(pack, on=on))
        offices, earlier = {contest.office for contest in contests_due(pack, on)}, _election_before(pack, on)
        ought = [_open_by_hand(pack, person.facts, on, offices, earlier) for person in classes]
        for place in places(pack, on):
            decisions = [rules.decide(person.facts, place.split) for person in classes]
            for person, open_to, decision in zip(classes, ought, decisions, strict=True):
                count += len(decision.contests) + len(decision.outside)
                failures.extend(_outside_tagged(pack, on, person, decision))
                failures.extend(_wrongly_tagged(on, person, place, decision, open_to))
                failures.extend(_not_monotone(rules, on, person, place, decision))
            failures.extend(_bulk_differs(pack, on, place, classes, decisions))
    return Proof(tuple(failures), tuple(days), count)


def _outside_tagged(pack: Pack, on: date, person: PersonClass, decision: Decision) -> Iterator[str]:
    outside = {entry.id for entry in pack.outside}
    for contest in decision.contests:
        if contest.eligible and (contest.id in outside or contest.contest.authority not in CONTROLLED_AUTHORITIES):
            yield f"{on}: {contest.id} is outside the city's control and tagged for {person.words}"


def _wrongly_tagged(
    on: date, person: PersonClass, place: PlaceClass, decision: Decision, open_to: frozenset[str]
) -> Iterator[str]:
    for contest in decision.contests:
        ought = contest.contest.office in open_to
        if contest.eligible and not ought:
            yield f"{on}: {contest.id} is tagged for {person.words} against a requirement"
        if ought and not contest.eligible:
            yield f"{on}: {contest.id} is refused to {person.words}, {place.words}, who meet every requirement"


def _open_by_hand(pack: Pack, facts: Facts, on: date, offices: set[str], earlier: date | None) -> frozenset[str]:
    """The offices and questions open to someone, worked out a second way; where they live has no part in it."""
    if not _registered_by_hand(pack, facts, on, earlier):
        return frozenset()
    met = [(requirement, _met_by_hand(requirement, facts, on)) for requirement in pack.requirements]
    return frozenset(one for one in offices if all(is_met for r, is_met in met if applies_to(r, one)))


def _met_by_hand(requirement: Requirement, facts: Facts, on: date) -> bool:
    """The requirement worked out a second way: birthdays counted one by one, days from calendar numbers."""
    value = values_of(requirement).on(on)
    if value is None:
        return True
    if isinstance(requirement, Age):
        return _birthdays(facts, _general_by_hand(requirement, on)) >= value.value
    if isinstance(requirement, Residency):
        return facts.resident_since is not None and on.toordinal() - facts.resident_since.toordinal() >= value.value
    assert isinstance(requirement, Attestation)
    return not value.value or requirement.statement in facts.sworn


def _general_by_hand(requirement: Age, on: date) -> date:
    """The day that an age counts on: each day from the election on is asked whether it is a general election's."""
    general = None if requirement.general is None else requirement.general.on(on)
    if general is None:
        return on
    while on != general.value.day.in_year(on.year) or (on.year - general.value.first) % general.value.every:
        on += _DAY
    return on


def _birthdays(facts: Facts, by: date) -> int:
    """How many birthdays someone has had by a day, counted one by one: for certain, or by an oath."""
    born = facts.birth.earliest if OATH_OF_AGE in facts.sworn else facts.birth.latest
    return sum(anniversary(born, nth) <= by for nth in range(1, by.year - born.year + 1))


def _registered_by_hand(pack: Pack, facts: Facts, on: date, earlier: date | None) -> bool:
    """The window worked out a second way, by what the clock on the city's wall says."""
    rule = pack.registration.on(on)
    if facts.registered is None or rule is None:
        return True
    wall = facts.registered.at.astimezone(ZoneInfo(pack.time_zone)).replace(tzinfo=None)
    before_closing = f"{wall:%Y-%m-%d %H:%M}" <= f"{on - rule.value.closes_days_before * _DAY} {rule.value.closes_at}"
    until = rule.value.same_day_until
    in_person = facts.registered.in_person and until is not None and f"{wall:%Y-%m-%d %H:%M}" <= f"{on} {until}"
    stale = rule.value.validity == "one-election" and earlier is not None and wall.date() <= earlier
    return (before_closing or in_person) and not stale


def _election_before(pack: Pack, on: date) -> date | None:
    """The last election day before `on`, found by asking each day of twelve years."""
    days = (on - _DAY * n for n in range(1, 12 * 366))
    return next((day for day in days if contests_due(pack, day)), None)


def _not_monotone(
    rules: DayRules, on: date, person: PersonClass, place: PlaceClass, decision: Decision
) -> Iterator[str]:
    if not decision.eligible_ids:
        return
    facts = person.facts
    longer = None if facts.resident_since is None else facts.resident_since - _DAY
    for words, changed in (
        ("a day older", replace(facts, birth=whole_birth(facts.birth.earliest - _DAY))),
        ("resident a day longer", replace(facts, resident_since=longer)),
    ):
        lost = decision.eligible_ids - rules.decide(changed, place.split).eligible_ids
        if lost:
            yield f"{on}: {min(lost)} is lost to {person.words} by being {words}"


def _bulk_differs(
    pack: Pack, on: date, place: PlaceClass, classes: list[PersonClass], decisions: list[Decision]
) -> Iterator[str]:
    if place.split is None:
        return  # bulk tags people who live somewhere
    tagger = Tagger(pack, on, [place.split])
    tags = tagger.tag(people_of([person.facts for person in classes], [0] * len(classes)))
    for person, decision, tag in zip(classes, decisions, tags, strict=True):
        if frozenset(contest.id for contest in tagger.contests_of(tag)) != decision.eligible_ids:
            yield f"{on}: bulk tagging and the single decision differ for {person.words}, {place.words}"
