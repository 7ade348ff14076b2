"""What a finding says, in English, by its message key. The other languages have the same keys in their catalogues."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from eligibility.finding import Finding

MESSAGES: Mapping[str, str] = MappingProxyType(
    {
        "age.met": "{years} years {days} days on election day; {needs} needed",
        "age.short": "{years} years {days} days on election day; {needs} needed, reached {missing} days later",
        "age.unsure": "{years} for certain on election day, perhaps {at_most}; {needs} needed: an oath decides",
        "age.sworn": "{at_most} by oath on election day; {needs} needed",
        "age-by-general.met": "{years} years {days} days at the next general election, {day}; {needs} needed",
        "age-by-general.short": "{years} years {days} days at the next general election, {day}; {needs} needed",
        "age-by-general.unsure": "{years} for certain on {day}, perhaps {at_most}; {needs} needed: an oath decides",
        "age-by-general.sworn": "{at_most} by oath at the next general election, {day}; {needs} needed",
        "residency.met": "{value} days on election day; {needs} needed",
        "residency.short": "{value} days on election day; {needs} needed, {missing} days short",
        "residency.later": "not a resident yet on election day",
        "residency.not-stated": "since when is not stated; {needs} days needed",
        "attestation.sworn": "sworn: {needs}",
        "attestation.not-sworn": "not sworn: {needs}",
        "registration.in-time": "registered {value}; in time until {needs}",
        "registration.in-person": "registered in person {value}; in time until {needs}",
        "registration.come-in-person": "registered {value}, after {needs}; from then on one registers in person",
        "registration.late": "registered {value}; registration closed {needs}",
        "registration.anew": "registered {value}; one registers anew for each election, here from {needs} on",
        "district.own": "lives in {value}",
        "district.other": "lives in {value}; this contest is of {needs}",
        "district.none": "lives in no district of this kind; this contest is of {needs}",
        "authority.federal": "a federal contest: federal law decides who may vote in it",
        "authority.state": "a contest of the State, which decides who may vote in it",
        "authority.county": "a contest of the county, which the city does not control",
        "authority.judicial": "a court of the State, which the city does not control",
        "authority.school-district": "a contest of the school district, which the city does not control",
        "authority.special-district": "a contest of another public body, which the city does not control",
        "authority.party": "a contest of a political party, which the city does not control",
        "authority.city": "a contest that the city's law has not opened",
    }
)
"""Message key -> its English words; the names in braces are `value`, `needs` and the finding's details."""


def in_words(finding: Finding) -> str:
    """A finding as a person reads it: "17 years 364 days on election day; 18 needed, reached 1 days later"."""
    words = MESSAGES[finding.message].format(value=finding.value, needs=finding.needs, **finding.details)
    # One day is not "days"; other languages' catalogues have plural forms of their own.
    return _singular(words)


def _singular(words: str) -> str:
    for unit in ("years", "days"):
        words = f" {words}".replace(f" 1 {unit}", f" 1 {unit[:-1]}")[1:]
    return words
