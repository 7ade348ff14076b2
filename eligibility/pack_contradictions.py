"""Contradictions between the tables of a pack: each may say it alone, but not together."""

from __future__ import annotations

from datetime import date, timedelta

from eligibility.dated import Dated
from eligibility.errors import PackError
from eligibility.pack import Pack
from eligibility.requirement import Age, Attestation, Residency, applies_to


def refuse_contradictions(pack: Pack, where: str) -> None:
    """Refuse a pack whose tables say together what none of them may.

    Raises:
        PackError: an id that stands twice, an office that is also outside, requirements that overlap or come too late.
    """
    for what, identifiers in (
        ("contest", [o.id for o in pack.offices] + [q.id for q in pack.questions] + [o.id for o in pack.outside]),
        ("identity_document", [d.id for d in pack.identity_documents]),
        ("residency_document", [d.id for d in pack.residency_documents]),
    ):
        _refuse_twice(what, identifiers, where)
    if not pack.offices:
        raise PackError("has no [[office]]: there is nothing to vote for", where)
    if not pack.requirements:
        raise PackError("has no [[requirement]]: nothing says who may vote", where)
    for office in pack.offices:
        for outside in pack.outside:
            if office.title.casefold() == outside.title.casefold() and office.authority == outside.authority:
                raise PackError(f"{office.title!r} is both an [[office]] and [[outside]]", where)
    _refuse_overlapping_requirements(pack, where)
    _refuse_unbound_offices(pack, where)
    _refuse_general_gaps(pack, where)
    _refuse_specials_on_ordinary_days(pack, where)
    _refuse_early_years(pack, where)
    _refuse_doors_that_close_first(pack, where)


def _refuse_twice(what: str, identifiers: list[str], where: str) -> None:
    seen: set[str] = set()
    for identifier in identifiers:
        if identifier in seen:
            raise PackError(f"{what} id {identifier!r} stands twice", where)
        seen.add(identifier)


def _refuse_overlapping_requirements(pack: Pack, where: str) -> None:
    """Two ages (or two residencies) for one contest would contradict each other, or one would be dead letter."""
    everything = frozenset(office.id for office in pack.offices) | frozenset(q.id for q in pack.questions)
    covered: dict[str, frozenset[str]] = {}
    for requirement in pack.requirements:
        subject = requirement.statement if isinstance(requirement, Attestation) else requirement.kind
        contests = everything if requirement.contests is None else requirement.contests
        both = covered.get(subject, frozenset()) & contests
        if both:
            raise PackError(f"two requirements of {subject} for {min(both)!r} contradict each other", where)
        covered[subject] = covered.get(subject, frozenset()) | contests


def _refuse_unbound_offices(pack: Pack, where: str) -> None:
    """A contest up while no age or residency rule is in force would be open to anyone, so there may be no such day."""
    days = {question.id: [question.day] for question in pack.questions}
    for office in pack.offices:
        first = max(office.seats.values[0].from_, office.years.values[0].from_)
        days[office.id] = [day for day in (first, *_days_after(pack)) if day >= first and office.years.on(day)]
    for contest, when in days.items():
        for kind, dated in (("age", _ages(pack, contest)), ("residency", _residencies(pack, contest))):
            bare = next((day for day in when if not any(values.on(day) for values in dated)), None)
            if bare is not None:
                raise PackError(f"{contest!r} is open on {bare} without a requirement of {kind}", where)


def _days_after(pack: Pack) -> list[date]:
    """The day after each end that a requirement's value names: where one rule stops, another must go on."""
    bounded = [r.years if isinstance(r, Age) else r.days for r in pack.requirements if isinstance(r, Age | Residency)]
    return [entry.until + timedelta(days=1) for dated in bounded for entry in dated.values if entry.until]


def _ages(pack: Pack, contest: str) -> list[Dated[int]]:
    return [r.years for r in pack.requirements if isinstance(r, Age) and r.general is None and applies_to(r, contest)]


def _residencies(pack: Pack, contest: str) -> list[Dated[int]]:
    return [r.days for r in pack.requirements if isinstance(r, Residency) and applies_to(r, contest)]


def _refuse_general_gaps(pack: Pack, where: str) -> None:
    """An age by the next general election needs to know when that is, on every day that the age is asked."""
    for requirement in pack.requirements:
        if isinstance(requirement, Age) and requirement.general is not None:
            for entry in requirement.years.values:
                if requirement.general.on(entry.from_) is None:
                    raise PackError(f"no general_election is in force on {entry.from_}, and an age counts on it", where)


def _refuse_specials_on_ordinary_days(pack: Pack, where: str) -> None:
    days: set[tuple[str, date]] = set()
    for special in pack.specials:
        years, ordinary = pack.office(special.office).years.on(special.day), pack.election_day.on(special.day)
        same_day = ordinary is not None and ordinary.value.in_year(special.day.year) == special.day
        if same_day and years is not None and years.value.include(special.day.year):
            raise PackError(f"{special.office} has a special election on its ordinary day {special.day}", where)
        if (special.office, special.day) in days:
            raise PackError(f"{special.office} has two special elections on {special.day}", where)
        days.add((special.office, special.day))


def _refuse_early_years(pack: Pack, where: str) -> None:
    """`first` is the first year in which a value is used: one whose election came before it began is a slip."""
    for office in pack.offices:
        for entry in office.years.values:
            for first in entry.value.first_in.values() or (entry.value.first,):
                rule = pack.election_day.on(date(first, 12, 31))
                day = date(first, 12, 31) if rule is None else rule.value.in_year(first)
                if day < entry.from_:
                    raise PackError(f"{office.id}: its first election, of {first}, came before {entry.from_}", where)


def _refuse_doors_that_close_first(pack: Pack, where: str) -> None:
    """In person one may register as long as from afar, or longer; a door that closes first would be a dead letter."""
    for entry in pack.registration.values:
        rule = entry.value
        if rule.same_day_until is not None and rule.closes_days_before == 0 and rule.same_day_until < rule.closes_at:
            raise PackError(f"registration in person ends at {rule.same_day_until}, before {rule.closes_at}", where)
