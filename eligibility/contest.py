"""Contests: which offices and questions are up on a day, for the whole city or in one district."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from eligibility.office import Office, Question
from eligibility.pack import Pack
from eligibility.split import Split

_LONGEST_WAIT = 366 * 12  # days; no office of any pack has a longer term


@dataclass(frozen=True, slots=True)
class Contest:
    """One contest of an election.

    `district` is ``ward-3`` for a district's contest and None for a citywide one. Before a district is known,
    `district_kind` alone says that there is one contest of this class in each district.
    """

    id: str
    title: str
    authority: str
    office: str
    district_kind: str | None
    district_title: str
    district: str | None
    seats: int
    method: str
    ranks: int | None


def contests_due(pack: Pack, on: date) -> tuple[Contest, ...]:
    """The classes of contest that are up on `on`, in the pack's order: offices due, special elections, questions."""
    due = [_of_office(office, on) for office in pack.offices if is_up(pack, office, on)]
    for special in pack.specials:
        if special.day == on:
            office = pack.office(special.office)
            contest = _of_office(office, on)
            due.append(replace(contest, title=special.title or contest.title, seats=special.seats))
    due.extend(_of_question(question) for question in pack.questions if question.day == on)
    return tuple(due)


def is_up(pack: Pack, office: Office, on: date) -> bool:
    """Whether an office is up for ordinary election on `on`."""
    day, years, seats = pack.election_day.on(on), office.years.on(on), office.seats.on(on)
    if day is None or years is None or seats is None:
        return False
    return day.value.in_year(on.year) == on and years.value.include(on.year)


def contest_in(contest: Contest, districts: Mapping[str, str]) -> Contest | None:
    """The contest of its class in a set of districts ({"ward": "3"}); None when the place is in no such district."""
    if contest.district_kind is None:
        return contest
    number = districts.get(contest.district_kind)
    if number is None:
        return None
    district = f"{contest.district_kind}-{number}"
    return replace(
        contest,
        id=f"{contest.id}-{district}",
        title=f"{contest.title}, {contest.district_title.replace('{district}', number)}",
        district=district,
    )


def contests_in(contests: Iterable[Contest], split: Split) -> tuple[Contest, ...]:
    """The contests, out of the classes due, that a resident of the split has on the ballot."""
    found = (contest_in(contest, split.districts) for contest in contests)
    return tuple(contest for contest in found if contest is not None)


def next_election(pack: Pack, after: date) -> date | None:
    """The first day after `after` on which the pack has a contest, within the longest term; None when there is none."""
    days = {special.day for special in pack.specials} | {question.day for question in pack.questions}
    for year in range(after.year, after.year + _LONGEST_WAIT // 365):
        rule = pack.election_day.on(date(year, 12, 31))
        if rule is not None:
            days.add(rule.value.in_year(year))
    return next((day for day in sorted(days) if day > after and contests_due(pack, day)), None)


def _of_office(office: Office, on: date) -> Contest:
    seats, voting = office.seats.on(on), office.voting.on(on)
    return Contest(
        id=office.id,
        title=office.title,
        authority=office.authority,
        office=office.id,
        district_kind=office.district_kind,
        district_title=office.district_title,
        district=None,
        seats=seats.value if seats else 1,
        method=voting.value.method if voting else "plurality",
        ranks=voting.value.ranks if voting else None,
    )


def _of_question(question: Question) -> Contest:
    return Contest(question.id, question.title, question.authority, question.id, None, "", None, 1, "yes-no", None)
