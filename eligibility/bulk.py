"""Tagging a million people at once: the same answers as `decide`, in columns.

A person's answer is a *tag*, one small number: which split they live in and which groups of requirements they meet.
`Tagger.contests_of(tag)` spells it out. Contests with the same requirements share a group, so that each requirement is
checked once for everyone however many contests need it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from eligibility.birth import BirthDate
from eligibility.contest import Contest, contests_due, contests_in
from eligibility.facts import Facts, Registered
from eligibility.pack import Pack
from eligibility.registration import window
from eligibility.requirement import (
    SWORN_KEYS,
    Age,
    Attestation,
    Requirement,
    Residency,
    applies_to,
    last_arrival_for,
    last_birth_for,
)
from eligibility.split import Split

NOT_STATED = np.iinfo(np.int32).max
"""`resident_since` of someone who has not said: later than every day, so that no residency is ever met."""

NOT_JUDGED = 0
"""`registered` of someone whose registration has been judged already: no registration is of the year 1970."""

_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class People:
    """The facts of many people as columns of one length.

    `born`: the day that each one's age counts from, as a proleptic ordinal day (int32). `resident_since`: ordinal day,
    or NOT_STATED (int32). `sworn`: bit n for the n-th of SWORN_KEYS (uint8). `split`: position in the tagger's splits
    plus one (int32), 0 for an address in none of them. `registered`: Unix seconds of each registration (int64), the
    negative of them for one in person, NOT_JUDGED for one that has been judged already; None where all have been.
    """

    born: npt.NDArray[np.int32]
    resident_since: npt.NDArray[np.int32]
    sworn: npt.NDArray[np.uint8]
    split: npt.NDArray[np.int32]
    registered: npt.NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.born)


def people_of(facts: Sequence[Facts], splits: Sequence[int]) -> People:
    """Columns from facts; `splits` holds each person's position in the tagger's splits, -1 for none."""
    count = len(facts)
    return People(
        born=np.fromiter((f.counted_birth.toordinal() for f in facts), np.int32, count),
        resident_since=np.fromiter(
            (NOT_STATED if f.resident_since is None else f.resident_since.toordinal() for f in facts), np.int32, count
        ),
        sworn=np.fromiter((sworn_bits(f.sworn) for f in facts), np.uint8, count),
        split=np.fromiter((position + 1 for position in splits), np.int32, count),
        registered=_registrations(facts) if any(f.registered for f in facts) else None,
    )


def _registrations(facts: Sequence[Facts]) -> npt.NDArray[np.int64]:
    seconds = (NOT_JUDGED if f.registered is None else _seconds(f.registered) for f in facts)
    return np.fromiter(seconds, np.int64, len(facts))


def _seconds(registered: Registered) -> int:
    at = math.floor(registered.at.timestamp())
    return -at if registered.in_person else at


def sworn_bits(sworn: frozenset[str]) -> int:
    """The sworn statements as a bit field."""
    return sum(1 << bit for bit, key in enumerate(SWORN_KEYS) if key in sworn)


class Tagger:
    """The requirements of one election day made ready for columns."""

    def __init__(self, pack: Pack, on: date, splits: Sequence[Split]) -> None:
        self._on = on
        due = contests_due(pack, on)
        in_force = {contest.office: _in_force(pack, contest.office, on) for contest in due}
        self._groups = sorted({group for group in in_force.values() if group})
        self._contests = [_by_groups_met((), in_force, self._groups)]
        for split in splits:
            self._contests.append(_by_groups_met(contests_in(due, split), in_force, self._groups))
        self._requirements = pack.requirements
        self._window = window(pack, on)

    def tag(self, people: People) -> npt.NDArray[np.int32]:
        """One tag a person, as int32; 0 to 2**groups - 1 are tags of nobody's contests."""
        met: dict[int, _Flags] = {}
        tags = people.split << np.int32(len(self._groups))
        for bit, group in enumerate(self._groups):
            flags = self._group_met(group, people, met)
            tags |= flags.astype(np.int32) << np.int32(bit) if bit else flags
        if people.registered is not None and self._window is not None:
            # Who registered out of time meets no group: nobody's contests.
            tags = np.where(self._in_time(people.registered), tags, people.split << np.int32(len(self._groups)))
        return tags

    def _in_time(self, registered: npt.NDArray[np.int64]) -> _Flags:
        assert self._window is not None
        first, last, last_in_person = self._window.seconds
        at, in_person = np.abs(registered), registered < 0
        in_time = (at >= first) & ((at < last) | (in_person & (at < last_in_person)))
        return np.asarray(in_time | (registered == NOT_JUDGED), np.bool_)

    def contests_of(self, tag: int) -> tuple[Contest, ...]:
        """The contests that people with this tag may vote in, in the pack's order."""
        split, groups_met = divmod(int(tag), 1 << len(self._groups))
        return self._contests[split][groups_met]

    def _group_met(self, group: tuple[int, ...], people: People, met: dict[int, _Flags]) -> _Flags:
        flags: _Flags | None = None
        for position in group:
            if position not in met:
                met[position] = _check(self._requirements[position], people, self._on)
            flags = met[position] if flags is None else flags & met[position]
        assert flags is not None
        return flags


def _in_force(pack: Pack, office: str, on: date) -> tuple[int, ...]:
    """The positions of the requirements that bind an office on a day. None at all means that nobody may vote."""
    someone = Facts(BirthDate(1900), resident_since=None)
    return tuple(
        position
        for position, requirement in enumerate(pack.requirements)
        if applies_to(requirement, office) and requirement.check(someone, on) is not None
    )


def _by_groups_met(
    contests: Sequence[Contest], in_force: dict[str, tuple[int, ...]], groups: list[tuple[int, ...]]
) -> list[tuple[Contest, ...]]:
    """For every set of groups met, as bits: the contests whose group is among them."""
    return [
        tuple(
            contest
            for contest in contests
            if in_force[contest.office] and met >> groups.index(in_force[contest.office]) & 1
        )
        for met in range(1 << len(groups))
    ]


def _check(requirement: Requirement, people: People, on: date) -> _Flags:
    if isinstance(requirement, Age):
        years = requirement.years.on(on)
        assert years is not None
        return people.born <= np.int32(last_birth_for(years.value, requirement.counts_on(on)).toordinal())
    if isinstance(requirement, Residency):
        days = requirement.days.on(on)
        assert days is not None
        return people.resident_since <= np.int32(last_arrival_for(days.value, on).toordinal())
    assert isinstance(requirement, Attestation)
    bit = np.uint8(1 << SWORN_KEYS.index(requirement.statement))
    return (people.sworn & bit).astype(np.bool_)
