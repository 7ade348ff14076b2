"""The Municipal ID as a signed card: an SD-JWT VC (RFC 9901), `ISSUER-JWT~DISCLOSURE~DISCLOSURE~DISCLOSURE~`.

A card is read whole or not at all. It shows three claims, each disclosed by itself: `number`, `born`, `address`. A code
on paper has no device that could sign for its holder, so there is no key binding: a copied code is as good as a copied
number. Who shows it must therefore live at its address and have its birth date, and it registers one voter.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from eligibility.birth import BirthDate
from eligibility.errors import BadInput
from voter_reg.residency.card_keys import CardKeys
from voter_reg.residency.card_number import is_well_formed
from voter_reg.residency.signed_token import as_second, read_signed
from voter_reg.residency.strict import read_base64, read_json, write_base64
from voter_reg.residency.verifier import LONGEST, PresentedCard, Refusal

TYPE: Final = "dc+sd-jwt"
VCT: Final = "urn:municipal-id:1"
"""The one type of credential that is a Municipal ID."""


SKEW: Final = timedelta(minutes=2)
"""How far the issuer's clock may be from ours."""

_CLAIMS: Final = frozenset({"number", "born", "address"})
_KNOWN: Final = frozenset({"iss", "vct", "iat", "nbf", "exp", "_sd", "_sd_alg", "status"})
_LONGEST_CLAIM: Final = 200  # as much as an address may have
_MOST_DIGESTS: Final = 32  # an issuer may add decoys (RFC 9901, section 4.2.5)


@dataclass(frozen=True, slots=True)
class Credential:
    """A card whose signature, type, issuer, time and disclosures are right; where its status stands in which list."""

    card: PresentedCard
    status_list: str
    status_index: int


def read_credential(presented: str, keys: CardKeys, now: datetime) -> Credential | Refusal:
    """Read a presented card, all but its status, at `now`; never raises."""
    jwt, *disclosures = presented.split("~") if len(presented) <= LONGEST else [""]
    # What follows the last tilde would be a proof by the holder's device, which no card of ours has.
    if len(disclosures) != len(_CLAIMS) + 1 or disclosures.pop():
        return "unreadable"
    content = read_signed(jwt, TYPE, keys.keys, LONGEST)
    if content is None or content.get("iss") != keys.issuer or content.get("vct") != VCT:
        return "untrusted"
    status = _status(content.get("status"))
    # An unknown claim may mean something that we would have to obey (`cnf`: a device must sign as well).
    if not set(content) <= _KNOWN or status is None:
        return "unreadable"
    if not _is_in_time(content, now):
        return "out_of_date"
    card = _card(_disclosed(content, disclosures))
    return "unreadable" if card is None else Credential(card, *status)


def _is_in_time(content: dict[str, Any], now: datetime) -> bool:
    """Whether a card is issued already, valid already and valid still; a time that is no whole second is none."""
    moment, skew = now.timestamp(), SKEW.total_seconds()
    issued, ends = as_second(content.get("iat")), as_second(content.get("exp"))
    begins = as_second(content["nbf"]) if "nbf" in content else issued
    if issued is None or ends is None or begins is None:
        return False
    return max(issued, begins) <= moment + skew and moment - skew < ends


def _status(value: Any) -> tuple[str, int] | None:
    """The list and the place in it that a card names for its status."""
    place = value.get("status_list") if isinstance(value, dict) and set(value) == {"status_list"} else None
    if not isinstance(place, dict) or set(place) != {"idx", "uri"}:
        return None
    index, uri = place["idx"], place["uri"]
    return (uri, index) if type(index) is int and index >= 0 and isinstance(uri, str) and uri else None


def _disclosed(content: dict[str, Any], disclosures: list[str]) -> dict[str, str] | None:
    """The disclosed claims by name; None unless each was signed for exactly once (RFC 9901, section 7.1)."""
    digests = content.get("_sd")
    if content.get("_sd_alg", "sha-256") != "sha-256" or not isinstance(digests, list) or len(digests) > _MOST_DIGESTS:
        return None
    found: dict[str, str] = {}
    for disclosure in disclosures:
        claim = _claim(disclosure)
        digest = write_base64(hashlib.sha256(disclosure.encode("utf-8", "replace")).digest())
        if claim is None or claim[0] in found or digests.count(digest) != 1:
            return None
        found[claim[0]] = claim[1]
    return found


def _claim(disclosure: str) -> tuple[str, str] | None:
    """The name and value of a disclosure: `[salt, name, value]`. A name is one of ours, so never a reserved one."""
    try:
        parts = read_json(read_base64(disclosure))
    except ValueError:
        return None
    if not isinstance(parts, list) or len(parts) != 3 or not all(isinstance(part, str) for part in parts):
        return None
    _, name, value = parts
    return (name, value) if name in _CLAIMS and len(value) <= _LONGEST_CLAIM else None


def _card(claims: dict[str, str] | None) -> PresentedCard | None:
    """The card, if what it shows is a number, a birth date and an address."""
    if claims is None or not is_well_formed(claims["number"]) or not claims["address"].isprintable():
        return None
    try:
        born = BirthDate.parse(claims["born"]).iso()
    except BadInput:
        return None
    return PresentedCard(claims["number"], born, claims["address"])
