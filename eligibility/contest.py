"""Contests: which offices and questions are up on a day, for the whole city or in one district."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from eligibility.office import Office, Question, SpecialElection
from eligibility.pack import Pack
from eligibility.split import Split

LONGEST_TERM = 12
"""Years; no office of any pack has a longer term."""


@dataclass(frozen=True, slots=True)
class Contest:
    """One contest of an election.

    `office_title` is the office's or question's own title; `title` adds the district once there is one. `district` is
    ``ward-3`` for a district's contest and None for a citywide one. Before a district is known, `district_kind` alone
    says that there is one contest of this class in each district, or in those of `districts_up` where not all of them
    take their turn on one day.
    """

    id: str
    office_title: str
    authority: str
    office: str
    district_kind: str | None
    district_title: str
    district: str | None
    seats: int
    method: str
    ranks: int | None
    districts_up: frozenset[str] | None = None

    @property
    def title(self) -> str:
        """The title in English: "Mayor", or with its district, "City Council Member, Ward 3"."""
        return self.title_by(lambda text: text)

    def title_by(self, say: Callable[[str], str]) -> str:
        """The title in another language: `say` puts the office's and the district's titles into words, each alone."""
        title = say(self.office_title)
        if self.district is None or self.district_kind is None:
            return title
        number = self.district.removeprefix(f"{self.district_kind}-")
        return f"{title}, {say(self.district_title).replace('{district}', number)}"


def contest_title(pack: Pack, contest: Contest, language: str) -> str:
    """A contest's title in a language of the pack; in English where the pack has no words in it."""
    return contest.title_by(lambda text: pack.say(text, language))


def contests_due(pack: Pack, on: date) -> tuple[Contest, ...]:
    """The classes of contest that are up on `on`, in the pack's order: offices due, special elections, questions."""
    due = [_of_office(office, on) for office in pack.offices if is_up(pack, office, on)]
    due.extend(_of_special(special, pack.office(special.office)) for special in pack.specials if special.day == on)
    due.extend(_of_question(question) for question in pack.questions if question.day == on)
    return tuple(due)


def is_up(pack: Pack, office: Office, on: date) -> bool:
    """Whether an office is up for ordinary election on `on`."""
    day, years, seats = pack.election_day.on(on), office.years.on(on), office.seats.on(on)
    if day is None or years is None or seats is None:
        return False
    return day.value.in_year(on.year) == on and years.value.include(on.year)


def contest_in(contest: Contest, districts: Mapping[str, str]) -> Contest | None:
    """The contest of its class in a set of districts ({"ward": "3"}).

    None when the place is in no such district, or in one whose turn it is not.
    """
    if contest.district_kind is None:
        return contest
    number = districts.get(contest.district_kind)
    if number is None or (contest.districts_up is not None and number not in contest.districts_up):
        return None
    district = f"{contest.district_kind}-{number}"
    return replace(
        contest,
        id=f"{contest.id}-{district}",
        district=district,
        districts_up=None,
    )


def contests_in(contests: Iterable[Contest], split: Split) -> tuple[Contest, ...]:
    """The contests, out of the classes due, that a resident of the split has on the ballot."""
    found = (contest_in(contest, split.districts) for contest in contests)
    return tuple(contest for contest in found if contest is not None)


def next_election(pack: Pack, after: date) -> date | None:
    """The first day after `after` on which the pack has a contest, within the longest term; None when there is none."""
    days = _possible_days(pack, range(after.year, after.year + LONGEST_TERM))
    return next((day for day in sorted(days) if day > after and contests_due(pack, day)), None)


def previous_election(pack: Pack, before: date) -> date | None:
    """The last day before `before` on which the pack had a contest, within the longest term, or None."""
    days = _possible_days(pack, range(before.year - LONGEST_TERM, before.year + 1))
    return next((day for day in sorted(days, reverse=True) if day < before and contests_due(pack, day)), None)


def _possible_days(pack: Pack, years: Iterable[int]) -> set[date]:
    """Every day of some years that may be an election day, whether or not a contest is up on it."""
    rules = {entry.value for entry in pack.election_day.values}
    ordinary = {rule.in_year(year) for rule in rules for year in years}
    return ordinary | {special.day for special in pack.specials} | {question.day for question in pack.questions}


def _of_office(office: Office, on: date) -> Contest:
    seats, voting, years = office.seats.on(on), office.voting.on(on), office.years.on(on)
    return Contest(
        id=office.id,
        office_title=office.title,
        authority=office.authority,
        office=office.id,
        district_kind=office.district_kind,
        district_title=office.district_title,
        district=None,
        seats=seats.value if seats else 1,
        method=voting.value.method if voting else "plurality",
        ranks=voting.value.ranks if voting else None,
        districts_up=years.value.districts_in(on.year) if years else None,
    )


def _of_special(special: SpecialElection, office: Office) -> Contest:
    contest = _of_office(office, special.day)
    voting = special.voting
    return replace(
        contest,
        office_title=special.title or contest.office_title,
        seats=special.seats,
        method=contest.method if voting is None else voting.method,
        ranks=contest.ranks if voting is None else voting.ranks,
        districts_up=frozenset(special.districts) or None,
    )


def _of_question(question: Question) -> Contest:
    return Contest(question.id, question.title, question.authority, question.id, None, "", None, 1, "yes-no", None)
