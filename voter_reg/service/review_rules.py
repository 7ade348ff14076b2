"""The words of a review: points of the place's rule, reasons to refuse, and what may be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from eligibility import Pack
from eligibility.proof import PaperRule
from voter_reg.language import Said, said
from voter_reg.proof_words import asks_where
from voter_reg.service.review_opening import FACILITY, PLACING, PRIOR

REASONS: Final[Mapping[str, Said]] = MappingProxyType(
    {
        "address-differs": said("The papers show another address than the one you gave."),
        "outside-city": said("The papers show an address outside the city."),
        "name-differs": said("The papers show another name than the one you gave."),
        "too-old": said("The papers are older than the rule allows."),
        "not-on-list": said("The papers are not on the city's list."),
        "unreadable": said("We could not read the papers."),
        "not-shown": said("What we asked for did not come by the date we gave you."),
        "not-confirmed": said("We could not confirm it with the facility, or find the earlier registration."),
    }
)
"""Why a proof may be refused. None is about who someone is or where they come from: only about the place's rule."""

MISSING: Final[Mapping[str, Said]] = MappingProxyType(
    {
        "clearer-picture": said("A clearer picture of your papers: all of the page, in good light."),
        "all-pages": said("All pages of your papers."),
        "newer-paper": said("A newer paper."),
        "paper-with-name": said("A paper that shows your name."),
        "paper-with-address": said("A paper that shows your address."),
        "identity-in-person": said("Come in and show a paper that says who you are. The city's list says which."),
        "residency-in-person": said("Come in and show your papers."),
        "facility-letter": said("A letter or a list from the place where you live, or someone who works there."),
        "earlier-registration": said("The name or the address that you were registered with before."),
        "papers-again": said("Your papers, once more. We keep them for a short time only, and we were late."),
    }
)
"""What a registrant may be asked for."""

BY_STAFF: Final = tuple(key for key in MISSING if key != "papers-again")
"""What staff may ask for; the rest only the service itself does."""


@dataclass(frozen=True, slots=True)
class Check:
    """One point of the place's rule that must be met before an approval, as a reviewer reads it."""

    key: str
    words: str


OFF_THE_MAP: Final = frozenset({"no-fixed", "program", "unlisted"})
"""Homes told in words that the map does not know: the precinct came from another address, which was not kept."""

PLACED: Final = "placed"
_PLACED: Final = Check(PLACED, "The home lies in the precinct shown here, by the city’s own maps and records.")


def checklist(pack: Pack, way: str, home: str | None = None) -> tuple[Check, ...]:
    """The points for one way of showing residency and one kind of home; `review_proof` judges the papers themselves."""
    if way == PLACING:
        return (_PLACED,)
    shown = _shown(pack, way)
    return (*shown, _PLACED) if home in OFF_THE_MAP else shown


def _shown(pack: Pack, way: str) -> tuple[Check, ...]:
    if way == FACILITY:
        return (
            Check("facility-works", "The staff member has shown that they work at the facility."),
            Check("facility-lives", "They say that this person lives there."),
        )
    if way == PRIOR:
        return (
            Check("prior-precinct", "There is an earlier registration in the same precinct."),
            Check("prior-person", "It is this person’s: name and birth date agree, or they say what has changed."),
        )
    if all(map(shows_address, pack.proof.papers)):
        return (_NAME, _ADDRESS)
    return (_NAME, _ADDRESS_IF_ASKED) if any(map(shows_address, pack.proof.papers)) else (_NAME,)


def shows_address(rule: PaperRule) -> bool:
    """Whether papers that meet a rule show an address, which must then be the one that was given."""
    return asks_where(rule) or "address" in rule.shows


_NAME = Check("name", "The name on the papers is this name.")
_ADDRESS = Check("address", "The address on the papers is this address.")
_ADDRESS_IF_ASKED = Check("address", "The address on the papers is this address. (Not needed where they show none.)")


def title_of(pack: Pack, kind: str) -> str:
    """What the place calls a residency paper."""
    return next((one.title for one in pack.residency_documents if one.id == kind), "Another paper")
