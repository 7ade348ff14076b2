"""An address typed or chosen, looked up on the map: one split, or what to ask the person instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from eligibility.district_map import DistrictMap
from voter_reg.language import Said, said
from voter_reg.portal.forms import AddressForm

_MOST_CANDIDATES: Final = 8
_MESSAGES: Final = {
    "ambiguous": said("More than one address matches. Choose yours."),
    "near_boundary": said(
        "This address is close to a line between two precincts. We cannot be sure of the side. Call us."
    ),
    "outside": said(
        "By our map, this address is outside the city. Only people who live in the city can use this list."
    ),
}


_A_PLACE: Final = said(
    "This looks like a crossing or a place, not a house number. If you have no fixed address, you can still register: "
    "choose “I have no fixed address” below."
)


@dataclass(frozen=True, slots=True)
class Found:
    """The answer of a look-up; `split` and `address` are None where the person must choose or type again.

    `candidates` are addresses to choose from; `listed` says whether the map has the address at all.
    """

    split: str | None
    address: str | None
    unit: str
    candidates: tuple[str, ...]
    listed: bool = True


def look_up(form: AddressForm, city_map: DistrictMap) -> Found:
    """Look up what a form holds; what stands in the way is noted in the form's problems."""
    address, unit = form.read()
    if form.problems:
        return Found(None, None, unit, ())
    answer = city_map.lookup(address)
    if answer.status == "found" and answer.split is not None:
        return Found(answer.split, answer.address, unit, ())
    # Near a line every candidate is the same address on another side of it: nothing that a person could choose.
    offered = () if answer.status == "near_boundary" else answer.candidates[:_MOST_CANDIDATES]
    candidates = tuple(dict.fromkeys(candidate.address for candidate in offered))
    field = "choice" if candidates else "address"
    form.problems[field] = _A_PLACE if answer.needs_review else _message(answer.status, address, bool(candidates))
    return Found(None, None, unit, candidates, listed=answer.status != "not_found")


def _message(status: str, address: str, offered: bool) -> Said:
    if status in _MESSAGES:
        return _MESSAGES[status]
    if offered:
        return said("We can't find %(address)s. Did you mean one of these?", address=address)
    return said("We can't find %(address)s. Check the number and the street, or call us.", address=address)


def contests_page(split: str) -> str:
    """The page of a split's contests. Precinct ids are the city's own and may hold spaces."""
    return f"/contests/{quote(split, '')}"
