"""Two packs compared: which people would gain or lose a vote, in words, and how many classes of the truth table change.

Every requirement is of the kind "at least": so many years, so many days, these statements sworn, registered by then.
What one pack asks and the other does not is told requirement by requirement, each for people who meet all the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from eligibility.contest import LONGEST_TERM, contests_due, next_election
from eligibility.decision import DayRules
from eligibility.office import Office
from eligibility.pack import Pack
from eligibility.requirement import Age, Attestation, Residency, applies_to
from eligibility.truth_classes import changes, days_that_matter, people


@dataclass(frozen=True, slots=True)
class Difference:
    """What changes for one office or question: on which days, who gains it and who loses it, each in words.

    `days` are election days of the second pack, or of the first where only that has the contest. `gained` and `lost`
    count the classes of person for whom it changes, out of `classes`; all are 0 between two places, whose election days
    are not the same.
    """

    contest: str
    title: str
    days: tuple[date, ...]
    gains: tuple[str, ...]
    loses: tuple[str, ...]
    gained: int
    lost: int
    classes: int


@dataclass(frozen=True, slots=True)
class _Terms:
    """What a pack asks for one contest on one day; 0 and "" where it asks nothing."""

    age: int
    general: int
    days: int
    sworn: frozenset[str]
    closes: tuple[int, str]
    in_person_until: str
    anew: bool


def compare(old: Pack, new: Pack) -> list[Difference]:
    """What changes from one pack to another: of one place on each day that matters, of two places office by office."""
    found = _of_one_place(old, new) if old.place == new.place else _of_two_places(old, new)
    return _joined(found)


def _of_one_place(old: Pack, new: Pack) -> Iterator[Difference]:
    for day in days_that_matter(old, new):
        before = {contest.id: contest for contest in contests_due(old, day)}
        after = {contest.id: contest for contest in contests_due(new, day)}
        counts, classes = _count(old, new, day)
        for contest_id in dict.fromkeys([*before, *after]):
            contest = after.get(contest_id) or before[contest_id]
            first = _terms(old, contest.office, day) if contest_id in before else None
            second = _terms(new, contest.office, day) if contest_id in after else None
            gains, loses = _words(first, second, old, new)
            gained, lost = counts.get(contest_id, (0, 0))
            if gains or loses or gained or lost:
                yield Difference(contest_id, contest.title, (day,), gains, loses, gained, lost, classes)


def _count(old: Pack, new: Pack, day: date) -> tuple[dict[str, tuple[int, int]], int]:
    """For each contest, how many classes of person gain it and how many lose it; and how many classes there are."""
    first, second = DayRules(old, day), DayRules(new, day)
    counts: dict[str, tuple[int, int]] = {}
    classes = list({person.facts: person for person in people(old, new, on=day)}.values())
    for person in classes:
        before = first.decide(person.facts, None).eligible_ids
        after = second.decide(person.facts, None).eligible_ids
        for contest in before ^ after:
            gained, lost = counts.get(contest, (0, 0))
            counts[contest] = (gained + (contest in after), lost + (contest in before))
    return counts, len(classes)


def _of_two_places(old: Pack, new: Pack) -> Iterator[Difference]:
    known = {office.id for office in old.offices} & {office.id for office in new.offices}
    for office in new.offices:
        day = _last_day(new, office)
        if day is None:
            continue
        if office.id not in known:
            gains, loses = _words(None, _terms(new, office.id, day), old, new)
        else:
            earlier = _last_day(old, old.office(office.id))
            before = None if earlier is None else _terms(old, office.id, earlier)
            gains, loses = _words(before, _terms(new, office.id, day), old, new)
        if gains or loses:
            yield Difference(office.id, office.title, (day,), gains, loses, 0, 0, 0)
    for office in old.offices:
        day = _last_day(old, office)
        if office.id not in known and day is not None:
            gains, loses = _words(_terms(old, office.id, day), None, old, new)
            yield Difference(office.id, office.title, (day,), gains, loses, 0, 0, 0)


def _last_day(pack: Pack, office: Office) -> date | None:
    """The first day after the pack's last change on which an office is up: the rules as they are now."""
    day: date | None = max(changes(pack)) - timedelta(days=1)
    for _ in range(3 * LONGEST_TERM):
        day = None if day is None else next_election(pack, day)
        if day is None or any(contest.office == office.id for contest in contests_due(pack, day)):
            return day
    return None


def _terms(pack: Pack, office: str, day: date) -> _Terms:
    age = general = days = 0
    sworn = set()
    for requirement in pack.requirements:
        if not applies_to(requirement, office):
            continue
        if isinstance(requirement, Attestation):
            asked = requirement.required.on(day)
            sworn |= {requirement.statement} if asked is not None and asked.value else set()
        elif isinstance(requirement, Age | Residency):
            needs = (requirement.years if isinstance(requirement, Age) else requirement.days).on(day)
            value = 0 if needs is None else needs.value
            if isinstance(requirement, Residency):
                days = value
            elif requirement.general is None:
                age = value
            else:
                general = value
    rule = pack.registration.on(day)
    closes = (0, "") if rule is None else (-rule.value.closes_days_before, rule.value.closes_at)
    until = "" if rule is None else rule.value.same_day_until or ""
    anew = rule is not None and rule.value.validity == "one-election"
    return _Terms(age, general, days, frozenset(sworn), closes, until, anew)


def _words(
    old: _Terms | None, new: _Terms | None, old_pack: Pack, new_pack: Pack
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who gains and who loses; None stands for a contest that is not up or not there."""
    if old is None:
        return (() if new is None else ("everyone who meets its rules: it is not up in the other",)), ()
    if new is None:
        return (), ("everyone who could vote in it: it is not up in the other",)
    return tuple(_reached(old, new, old_pack, new_pack)), tuple(_reached(new, old, new_pack, old_pack))


def _reached(strict: _Terms, lax: _Terms, strict_pack: Pack, lax_pack: Pack) -> Iterator[str]:
    """Whom the lax terms reach and the strict ones do not, one requirement at a time."""
    if lax.age < strict.age:
        yield f"who is {_span(lax.age, strict.age - 1)} years old on election day"
    if lax.general < strict.general:
        yield f"who will not be {strict.general} by the next general election"
    if lax.days < strict.days:
        yield f"who has lived there for {_span(lax.days, strict.days - 1)} days"
    for statement in sorted(strict.sworn - lax.sworn):
        yield f"who has not sworn {statement}: {strict_pack.wording(statement)!r}"
    for statement in sorted(strict.sworn & lax.sworn):
        needed, enough = strict_pack.wording(statement), lax_pack.wording(statement)
        if needed != enough:
            yield f"who can swear {enough!r}, and not {needed!r}"
    if lax.closes > strict.closes:
        yield f"who registers from afar after {_clock(strict.closes)} and by {_clock(lax.closes)}"
    if lax.in_person_until > strict.in_person_until:
        begins = f"after {strict.in_person_until} and " if strict.in_person_until else ""
        yield f"who registers in person {begins}by {lax.in_person_until} on election day"
    if strict.anew and not lax.anew:
        yield "who registered for an earlier election and not again"


def _span(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


def _clock(closes: tuple[int, str]) -> str:
    days, at = closes
    return f"{at} on election day" if days == 0 else f"{at} {-days} days before"


def _joined(found: Iterator[Difference]) -> list[Difference]:
    """Days with the same difference told once."""
    once: dict[tuple[object, ...], Difference] = {}
    for one in found:
        key = (one.contest, one.gains, one.loses)
        kept = once.get(key)
        if kept is None:
            once[key] = one
        else:
            once[key] = Difference(
                one.contest,
                one.title,
                (*kept.days, *one.days),
                one.gains,
                one.loses,
                kept.gained + one.gained,
                kept.lost + one.lost,
                kept.classes + one.classes,
            )
    return list(once.values())
