"""An election: a pack, a day, and the precinct splits of a map, with the contests each split has on its ballot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from eligibility import BadInput, Contest, Pack, Split, contests_due, contests_in
from eligibility.district_id import natural


@dataclass(frozen=True, slots=True)
class Election:
    """One city's election of one day. `contests` maps each split's id to its contests, in the pack's order."""

    pack: Pack
    day: date
    splits: tuple[Split, ...]
    contests: Mapping[str, tuple[Contest, ...]]

    @property
    def demonstration(self) -> bool:
        """Whether this election can give no live roster."""
        return self.pack.demonstration

    @property
    def all_contests(self) -> tuple[Contest, ...]:
        """Every contest of the day, each once: by office in the pack's order, then by district."""
        offices = [contest.office for contest in contests_due(self.pack, self.day)]
        found = {contest.id: contest for of_split in self.contests.values() for contest in of_split}
        return tuple(sorted(found.values(), key=lambda c: (offices.index(c.office), natural(c.district or ""))))


def plan_election(pack: Pack, day: date, splits: Iterable[Split]) -> Election:
    """Set up the election of `day`.

    Raises:
        BadInput: no contest is up that day, or the map has no district of a kind that a contest needs.
    """
    due = contests_due(pack, day)
    if not due:
        raise BadInput(f"no contest of {pack.name} is up on {day}", "election")
    ordered = tuple(sorted(splits, key=lambda split: natural(split.id)))
    _require_districts(due, ordered)
    _require_controlled(pack, due)
    contests = {split.id: contests_in(due, split) for split in ordered}
    return Election(pack, day, ordered, MappingProxyType(contests))


def _require_districts(due: Iterable[Contest], splits: tuple[Split, ...]) -> None:
    """A map that does not know a ward cannot be used for a ward's contest: the contest would silently be missing."""
    for contest in due:
        for split in splits:
            if contest.district_kind is not None and contest.district_kind not in split.districts:
                raise BadInput(
                    f"the map gives precinct split {split.id!r} no {contest.district_kind}, "
                    f"which the contest {contest.title!r} needs",
                    "map",
                )


def _require_controlled(pack: Pack, due: Iterable[Contest]) -> None:
    """Law 2's second gate: an election holds no contest from outside, whatever the loader let through."""
    outside = {entry.id for entry in pack.outside}
    for contest in due:
        if contest.id in outside or contest.authority not in {office.authority for office in pack.offices}:
            raise BadInput(f"{contest.title!r} is outside the city's control", "election")
