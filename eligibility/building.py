"""Whether two spellings of an address are one building, as a card and a person may spell it differently."""

from __future__ import annotations

from eligibility.address import AddressError, parse
from eligibility.street_line import name_key


def building_key(address: str) -> str | None:
    """The same text for every spelling of one building, wherever its direction stands; None when it is no address.

    A card may leave the unit out, and so may who types it.
    """
    try:
        parts = parse(address)
    except AddressError:
        return None
    return "|".join((parts.kind, parts.house, name_key(parts.name), parts.type, *sorted(parts.directions)))
