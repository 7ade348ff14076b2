"""Which of the addresses that stand at a house number was meant; where more than one may be, it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from eligibility.address import Address, Kind, direction_as_unit, parse, type_in_name
from eligibility.street_line import name_key

Status = Literal["found", "ambiguous", "outside", "not_found"]
ReadAs = Kind | Literal["nothing"]
"""How a text was read; ``nothing`` where it has no letter or digit, or is too long."""

Street = tuple[str, str, tuple[str, ...]]

MOST_CANDIDATES = 8


class Record(NamedTuple):
    """One address of the index, in canonical form; `zip` is empty where the source has none."""

    address: str
    zip: str
    split: int


class Found(NamedTuple):
    """An answer: `record` when found, `candidates` when ambiguous or perhaps mistyped, and how the text was read."""

    status: Status
    record: Record | None
    candidates: tuple[Record, ...] = ()
    kind: ReadAs = "address"


class Standing(NamedTuple):
    """What stands at a house number: the address, its building's parts, and its unit."""

    record: Record
    building: Address
    unit: str

    @property
    def without_unit(self) -> Record:
        """The building's own record."""
        return self.record._replace(address=self.building.building)


At = Callable[[str, str], Sequence[Standing]]
"""What stands at a house number, with its letter or fraction, on the streets of a name (`street_line.name_key`)."""


def search(typed: Address, at: At) -> Found | None:
    """What was meant of all that stands at the house number, in every way to read it; None when nothing fits."""
    found = _choose(typed, at)
    if typed.two_letters or found is None:
        found = both(found, _choose_unit(typed, at))
    return found or _choose(type_in_name(typed), at) or _choose(_letter_as_unit(typed), at)


def choose(typed: Address, standing: Sequence[Standing]) -> Found | None:
    """Which of the addresses at the house number of `typed` was meant; None when everything there contradicts it."""
    fits = [one for one in standing if _fits(typed, one)]
    fitting = _by_unit(typed, fits)
    same = _by_unit(typed, [one for one in fits if _is_same_street(typed, one.building)])
    # A source may have "100 3RD AVE" beside "100 3RD AVE S" elsewhere in the city. Typed without its direction, the
    # first is as written, and yet both may be meant: unless they agree on the split, it is asked.
    chosen = same if same and (_is_whole(typed) or len(_splits(fitting)) == 1) else fitting
    if not chosen:
        return None
    buildings = {one.building.building for one in chosen}
    if len(_splits(chosen)) == 1 and len(buildings) == 1 and not _is_doubtful(typed, chosen, standing):
        first = chosen[0]
        return Found("found", first.record if first.unit == typed.unit else first.without_unit)
    if len(buildings) > 1 or len(_splits(chosen)) == 1:
        return Found("ambiguous", None, without_units(chosen))
    return Found("ambiguous", None, tuple(one.record for one in chosen[:MOST_CANDIDATES]))


def both(first: Found | None, second: Found | None) -> Found | None:
    """The answer to words that can be read in two ways: where both find something, it is asked."""
    if first is None or second is None or first == second:
        return first or second
    records = [record for found in (first, second) for record in (found.record, *found.candidates) if record]
    return Found("ambiguous", None, tuple(dict.fromkeys(records))[:MOST_CANDIDATES])


def street_of(parts: Address) -> Street:
    """What makes a street one street: ``N ALBERT ST`` and ``ALBERT ST N`` are the same."""
    return name_key(parts.name), parts.type, parts.directions


def is_as_typed(typed: Address, found: Found | None) -> bool:
    """Whether the address found is on the very street that was typed, so that no other street can be meant."""
    if found is None or found.record is None:
        return False
    return street_of(parse(found.record.address)) == street_of(typed)


def without_units(standing: Iterable[Standing]) -> tuple[Record, ...]:
    """Each building and split once, in order, at most `MOST_CANDIDATES`."""
    once = {(one.record.split, one.building.building): one.without_unit for one in standing}
    return tuple(once.values())[:MOST_CANDIDATES]


def _choose(typed: Address | None, at: At) -> Found | None:
    """What was meant of all that stands at the house number; None when nothing there fits."""
    return None if typed is None else choose(typed, at(typed.house, name_key(typed.name)))


def _choose_unit(typed: Address, at: At) -> Found | None:
    """The last letter read as a unit ("Nicollet Mall E"), only where there is such a unit.

    Anywhere else it is the direction that was typed, and an address without it would be another street's.
    """
    read = direction_as_unit(typed)
    if read is None:
        return None
    standing = at(read.house, name_key(read.name))
    return choose(read, [one for one in standing if one.unit == read.unit])


def _letter_as_unit(typed: Address) -> Address | None:
    """The letter behind a house number read as its unit: ``12A Elm St`` is apartment A of 12, where no 12A stands."""
    letter = typed.suffix.isalpha() and not typed.unit
    return replace(typed, suffix="", unit=f"#{typed.suffix}") if letter else None


def _splits(standing: Iterable[Standing]) -> set[int]:
    return {one.record.split for one in standing}


def _fits(typed: Address, one: Standing) -> bool:
    """Whether nothing typed contradicts the address; what either leaves out contradicts nothing."""
    stands = one.building
    return (
        (not typed.type or not stands.type or typed.type == stands.type)
        and _directions_fit(typed.directions, stands.directions)
        and (not typed.zip or not one.record.zip or typed.zip == one.record.zip)
    )


def _directions_fit(typed: tuple[str, ...], stands: tuple[str, ...]) -> bool:
    """One direction means the same in front and behind; two do not (100 N Main St E is not 100 E Main St N)."""
    if len(typed) == len(stands):
        return typed == stands
    return all(direction in stands for direction in typed) or all(direction in typed for direction in stands)


def _is_same_street(typed: Address, stands: Address) -> bool:
    return (typed.name, typed.type, typed.directions) == (stands.name, stands.type, stands.directions)


def _is_whole(typed: Address) -> bool:
    return bool(typed.type and typed.directions)


def _is_doubtful(typed: Address, chosen: Sequence[Standing], standing: Sequence[Standing]) -> bool:
    """Whether a direction was typed that no choice has, on a street that has this house in another direction."""
    if not typed.directions or any(one.building.directions for one in chosen):
        return False
    return any(one.building.directions and one.building.type == chosen[0].building.type for one in standing)


def _by_unit(typed: Address, standing: Sequence[Standing]) -> Sequence[Standing]:
    """The unit typed; else the building; else all its units, which must then agree on the split to be one answer."""
    if typed.unit:
        same = [one for one in standing if one.unit == typed.unit]
        return same or [one for one in standing if not one.unit] or standing
    # Building by building: one that the source lists by its units alone may be meant as well as one with its own row.
    whole = {one.building.building for one in standing if not one.unit}
    return [one for one in standing if not one.unit or one.building.building not in whole]
