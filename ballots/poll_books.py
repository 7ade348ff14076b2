"""The poll books of an election: for each contest the voters who may vote in it, and for each precinct its voters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ballots.roster import RosterEntry
from eligibility import BadInput
from eligibility.toml_table import nearest


@dataclass(frozen=True, slots=True)
class PollBook:
    """One poll book: of a contest, of a precinct, or of both. `path` is where an export puts it, without an ending."""

    path: str
    contest: str | None
    precinct: str | None
    entries: tuple[RosterEntry, ...]


def poll_books(
    entries: Sequence[RosterEntry],
    contests: Sequence[str],
    precincts: Sequence[str],
    *,
    contest: str | None = None,
    precinct: str | None = None,
) -> Iterator[PollBook]:
    """The poll books of a roster, entries in roster order.

    Without a choice: one a contest and one a precinct. With `contest` or `precinct` (or both): that one alone.

    Raises:
        BadInput: the election has no such contest or precinct.
    """
    _require(contest, contests, "contest")
    _require(precinct, precincts, "precinct")
    names = _file_names(contests, precincts)
    if contest is not None or precinct is not None:
        yield _book(entries, names, contest, precinct)
        return
    for one in contests:
        yield _book(entries, names, one, None)
    for one in precincts:
        yield _book(entries, names, None, one)


def _require(chosen: str | None, known: Iterable[str], what: str) -> None:
    known = list(known)
    if chosen is not None and chosen not in known:
        raise BadInput(f"the election has no {what} {chosen!r}{nearest(chosen, known)}", what)


def _book(
    entries: Sequence[RosterEntry], names: Mapping[tuple[str, str], str], contest: str | None, precinct: str | None
) -> PollBook:
    chosen = tuple(
        entry
        for entry in entries
        if (contest is None or contest in entry.contests) and (precinct is None or entry.precinct == precinct)
    )
    parts = [names[kind, one] for kind, one in (("contest", contest), ("precinct", precinct)) if one is not None]
    return PollBook("-".join(parts), contest, precinct, chosen)


def _file_names(contests: Iterable[str], precincts: Iterable[str]) -> Mapping[tuple[str, str], str]:
    """A name that any file system takes for each contest and precinct, no two alike. The manifest has the real one."""
    names: dict[tuple[str, str], str] = {}
    for kind, one in [("contest", c) for c in contests] + [("precinct", p) for p in precincts]:
        name = f"{kind}-{re.sub(r'[^a-z0-9.]+', '-', one.lower()).strip('-.') or 'unnamed'}"
        taken = sum(1 for other in names.values() if other == name or other.startswith(f"{name}~"))
        names[kind, one] = f"{name}~{taken + 1}" if taken else name
    return names
