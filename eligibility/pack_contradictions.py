"""Contradictions between the tables of a pack: each may say it alone, but not together."""

from __future__ import annotations

from datetime import date

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
    _refuse_specials_on_ordinary_days(pack, where)


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
    """A contest up before its age or residency rule begins would be open to anyone, so the rule must be there first."""
    begins = {o.id: max(o.seats.values[0].from_, o.years.values[0].from_) for o in pack.offices}
    begins |= {question.id: question.day for question in pack.questions}
    for contest, first in begins.items():
        for kind, dated in (("age", _first_ages(pack, contest)), ("residency", _first_residencies(pack, contest))):
            if not dated or min(dated) > first:
                raise PackError(f"{contest!r} begins {first} without a requirement of {kind}", where)


def _first_ages(pack: Pack, contest: str) -> list[date]:
    return [r.years.values[0].from_ for r in pack.requirements if isinstance(r, Age) and applies_to(r, contest)]


def _first_residencies(pack: Pack, contest: str) -> list[date]:
    return [r.days.values[0].from_ for r in pack.requirements if isinstance(r, Residency) and applies_to(r, contest)]


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
