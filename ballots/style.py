"""Ballot styles: each different set of contests that a ballot can hold has one, with a short code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType

from ballots.election import Election
from eligibility import Contest
from eligibility.requirement import applies_to


@dataclass(frozen=True, slots=True)
class Style:
    """One ballot style. The code says nothing about the people who get it."""

    code: str
    contests: tuple[Contest, ...]


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of an election: of each split for a fully qualified voter, and of every other set of contests."""

    of_split: Mapping[str, Style]
    by_contests: Mapping[frozenset[str], Style]

    @property
    def all(self) -> tuple[Style, ...]:
        """Every style, in the order of its code."""
        return tuple(self.by_contests.values())

    def of(self, contest_ids: Iterable[str]) -> Style | None:
        """The style that holds exactly these contests; None for none at all.

        Raises:
            KeyError: no voter of this election can have exactly these contests.
        """
        wanted = frozenset(contest_ids)
        return self.by_contests[wanted] if wanted else None


def styles_of(election: Election) -> Styles:
    """Number the styles: first those of fully qualified voters in the order of their splits, then the partial ones.

    Contests with the same requirements stand or fall together, so the partial sets are those that leave out whole
    groups of them.
    """
    by_contests: dict[frozenset[str], Style] = {}
    full = {split.id: _add(by_contests, election.contests[split.id]) for split in election.splits}
    for style in tuple(by_contests.values()):
        for partial in _partial_sets(election, style.contests):
            _add(by_contests, partial)
    of_split = {split: style for split, style in full.items() if style is not None}
    return Styles(MappingProxyType(of_split), MappingProxyType(by_contests))


def _add(by_contests: dict[frozenset[str], Style], contests: tuple[Contest, ...]) -> Style | None:
    if not contests:
        return None
    key = frozenset(contest.id for contest in contests)
    if key not in by_contests:
        by_contests[key] = Style(f"S{len(by_contests) + 1}", contests)
    return by_contests[key]


def _partial_sets(election: Election, contests: tuple[Contest, ...]) -> Iterable[tuple[Contest, ...]]:
    """Every set that leaves out one or more groups of contests, larger sets first."""
    groups = sorted({_group(election, contest) for contest in contests})
    for size in range(len(groups) - 1, 0, -1):
        for kept in combinations(groups, size):
            yield tuple(contest for contest in contests if _group(election, contest) in kept)


def _group(election: Election, contest: Contest) -> tuple[int, ...]:
    requirements = enumerate(election.pack.requirements)
    return tuple(position for position, requirement in requirements if applies_to(requirement, contest.office))
