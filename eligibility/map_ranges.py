"""The ranges of a map's source put into one index: street edges placed on the ground, VIP segments by their precinct.

Two ranges that hold the same house (street, number and ZIP) and answer differently: where a VIP file names both
precincts and their districts differ, one of its segments is wrong, and the file is refused. Street edges overlap in
real data (one number listed on two blocks), and the place of either is as good, so those houses are answered as
ambiguous and told of in a warning; the same holds for two files, and for precincts with the same districts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from eligibility.address import Address, place_name
from eligibility.address_choice import street_of
from eligibility.address_text import AddressError
from eligibility.district_id import precinct_id
from eligibility.errors import MapError
from eligibility.house_numbers import BOTH, has
from eligibility.map_geometry import Plane
from eligibility.map_layers import Piece
from eligibility.map_source import Source
from eligibility.range_index import Run, build_ranges, read_street
from eligibility.range_places import place_edges
from eligibility.split import Split
from eligibility.toml_table import nearest
from eligibility.vip_segments import Segment, VipPrecinct


class BuiltRanges(NamedTuple):
    """The sections, how many runs of house numbers they hold, and what the map's maker should look at.

    `near` are the sets of splits that a house near a line may be in: answer ``len(splits) + 1 + n`` is set `n`.
    """

    sections: dict[str, bytes]
    runs: int
    near: tuple[tuple[int, ...], ...]
    warnings: tuple[str, ...]


@dataclass(slots=True)
class _Streets:
    """The parts of each street text, read once; None and counted where it is no street."""

    read: dict[str, Address | None] = field(default_factory=dict)

    def parts(self, text: str) -> Address | None:
        if text not in self.read:
            self.read[text] = _street(text)
        return self.read[text]


def _street(text: str) -> Address | None:
    try:
        parts = read_street(text)
    except AddressError:
        return None
    # With a unit or a city in it, the text is more than a street, and its houses would be looked for elsewhere.
    return parts if parts.kind == "address" and not (parts.unit or parts.city) else None


def build_all_ranges(
    read: Source, pieces: Sequence[Piece], plane: Plane | None, cities: Iterable[str], most_outside: float
) -> BuiltRanges | None:
    """The index of every range of a source; None when it has none.

    Raises:
        MapError: a segment whose precinct the map does not have, segments that contradict, or more than the share
            `most_outside` of the edges or segments in another city.
    """
    lists = read.lists
    if not lists.edges and not lists.segments:
        return None
    warnings, streets, near = list[str](), _Streets(), dict[tuple[int, ...], int]()
    files = ", ".join(lists.files)
    if lists.left_out:
        warnings.append(f"{len(lists.left_out)} ranges are left out, not understood ({lists.left_out[0]!r:.80} first)")
    runs = list(_segment_runs(_own(lists.segments, frozenset(cities), most_outside, files, warnings), pieces, streets))
    if lists.edges and plane is not None:
        placed, outside = place_edges(lists.edges, pieces, plane)
        _refuse_far(outside, len(lists.edges), "street edges lie outside every precinct", most_outside, files)
        for one in placed:
            parts = streets.parts(one.street)
            if parts is not None:
                split = one.splits[0]
                if len(one.splits) > 1:
                    split = len(pieces) + 1 + near.setdefault(one.splits, len(near))
                runs.append(Run(parts, one.low, one.high, one.parity, one.zip, split, named=False))
    unread = sorted(text for text, parts in streets.read.items() if parts is None)
    if unread:
        warnings.append(f"{len(unread)} streets are left out, unnamed or not read as streets ({unread[0]!r:.60} first)")
    warnings += _overlap_warnings(runs)
    return BuiltRanges(build_ranges(runs), len(set(runs)), tuple(near), tuple(warnings))


def _refuse_far(far: int, total: int, what: str, most: float, files: str) -> None:
    if far > most * total:
        raise MapError(f"{far} of {total} {what}: another city's?", files)


def _own(
    segments: Sequence[Segment], cities: frozenset[str], most: float, files: str, warnings: list[str]
) -> list[Segment]:
    """The segments of the map's own city, which are those of the names that the map is told of."""
    known = {city: not city or _is_one_of(city, cities) for city in {one.city for one in segments}}
    own = [one for one in segments if known[one.city]]
    other = sorted(city for city, is_own in known.items() if not is_own)
    if other:
        what = f"street segments are of {other[0]!r:.60}, which cities does not name"
        _refuse_far(len(segments) - len(own), len(segments), what, most, files)
        warnings.append(f"{len(segments) - len(own)} {what}; they are left out")
    return own


def _is_one_of(city: str, cities: frozenset[str]) -> bool:
    try:
        return place_name(city) in cities
    except AddressError:  # signs alone are no city's name
        return False


def _segment_runs(segments: Sequence[Segment], pieces: Sequence[Piece], streets: _Streets) -> Iterator[Run]:
    splits = [piece.split for piece in pieces]
    numbers = {split.id: number for number, split in enumerate(splits)}
    found: dict[VipPrecinct, str] = {}
    listed: dict[Run, Segment] = {}
    for one in segments:
        if one.precinct not in found:
            found[one.precinct] = split_of(one.precinct, splits, one.where)
        parts = streets.parts(one.street)
        if parts is not None:
            split = numbers[found[one.precinct]]
            run = Run(parts, one.first, one.last, one.parity, one.zip, split, named=True)
            listed.setdefault(run, one)
    for first, second in overlaps(list(listed)):
        one, other = listed[first], listed[second]
        same_file = one.where.partition(":")[0] == other.where.partition(":")[0]
        if same_file and splits[first.split].districts != splits[second.split].districts:
            raise MapError(
                f"overlaps {other.where.partition(': ')[2]} with different districts: {first.parts.building} "
                f"{first.low} to {first.high} in {splits[first.split].id}, "
                f"{second.low} to {second.high} in {splits[second.split].id}",
                one.where,
            )
    yield from listed


def split_of(precinct: VipPrecinct, splits: Sequence[Split], where: str) -> str:
    """The map's split that a VIP precinct is, by its Name or Number, with its PrecinctSplitName where the map is split.

    Raises:
        MapError: the map has no such precinct, its Name and its Number are two different ones, or the map splits it and
            the file does not say which split is meant.
    """
    ids = [split.id for split in splits]
    by_precinct: dict[str, list[str]] = {}
    for split in splits:
        by_precinct.setdefault(split.precinct, []).append(split.id)
    names = [name for name in map(precinct_id, (precinct.name, precinct.number)) if name]
    split_names = [f"{name}{mark}{precinct.split}" for name in names for mark in (" ", "", "-", ".")]
    matched = sorted({name for name in split_names if precinct.split and name in ids})
    if not matched:
        matched = sorted({split for name in names for split in by_precinct.get(name, ())})
    if not matched:
        shown = " or ".join(map(repr, names)) or "without a name"
        hint = nearest(names[0], by_precinct) if names else ""
        raise MapError(f"is in the precinct {shown:.80}, which the map does not have{hint}", where)
    if len(matched) > 1:
        what = f"is in a precinct {precinct.name!r:.40} {precinct.number!r:.40} {precinct.split!r:.40}"
        raise MapError(f"{what} that may be any of {', '.join(matched[:4])}", where)
    return matched[0]


def _overlap_warnings(runs: Sequence[Run]) -> list[str]:
    count, first = 0, ""
    for one, other in overlaps(runs):
        if one.named == other.named:  # of a named and a placed range, the named one is the answer
            low = max(one.numbers()[0], other.numbers()[0])
            first = first or f"{low} {one.parts.building}"
            count += 1
    what = f"{count} pairs of ranges hold the same houses in different places ({first} first) and are ambiguous there"
    return [what] if count else []


def overlaps(runs: Sequence[Run]) -> Iterator[tuple[Run, Run]]:
    """Pairs of runs that hold the same house of one street and do not give the same answer."""
    streets: dict[object, list[Run]] = {}
    for run in sorted(runs, key=lambda run: (run.low, run[1:], run.parts.building)):
        streets.setdefault(street_of(run.parts), []).append(run)
    for listed in streets.values():
        open_: list[Run] = []
        for run in listed:
            open_ = [one for one in open_ if one.high >= run.low]
            yield from ((one, run) for one in open_ if one.split != run.split and _share_a_house(one, run))
            open_.append(run)


def _share_a_house(one: Run, other: Run) -> bool:
    if one.zip and other.zip and one.zip != other.zip:
        return False
    if BOTH not in (one.parity, other.parity) and one.parity != other.parity:
        return False
    (low, high), (other_low, other_high) = one.numbers(), other.numbers()
    first, last = max(low, other_low), min(high, other_high)
    parity = one.parity if one.parity != BOTH else other.parity
    return first <= last and (first < last or has(parity, first))
