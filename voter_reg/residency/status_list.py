"""The issuer's signed status list: two bits a card, nothing about whose (Token Status List, `statuslist+jwt`)."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from voter_reg.residency.card_keys import CardKeys
from voter_reg.residency.credential import SKEW
from voter_reg.residency.signed_token import as_second, read_signed
from voter_reg.residency.strict import read_base64

TYPE: Final = "statuslist+jwt"
LARGEST_TOKEN: Final = 2**19
"""Characters of a list as it is fetched."""
LARGEST_LIST: Final = 2**20
"""Bytes of a list inflated: four million cards of two bits."""
LONGEST_KEPT: Final = timedelta(hours=24)
"""No list is used longer than this after it was signed, whatever it says itself."""

Status = Literal["valid", "revoked", "suspended"]

_STATUSES: Final[dict[int, Status]] = {0: "valid", 1: "revoked", 2: "suspended"}


@dataclass(frozen=True, slots=True)
class StatusList:
    """One list: its name, when it was signed, until when it may be used, and the bits."""

    uri: str
    signed: datetime
    fresh_until: datetime
    bits: int
    packed: bytes = field(repr=False)

    def status(self, index: int) -> Status | None:
        """A card's status; None outside the list, or for a value that means nothing to us."""
        each = 8 // self.bits
        if not 0 <= index < len(self.packed) * each:
            return None
        value = self.packed[index // each] >> (index % each * self.bits) & (1 << self.bits) - 1
        return _STATUSES.get(value)


def read_status_list(token: str, keys: CardKeys, now: datetime) -> StatusList | None:
    """Read a list as it was fetched, at `now`; None when anything is not right, and also when it is stale already."""
    content = read_signed(token, TYPE, keys.keys, LARGEST_TOKEN)
    if content is None or content.get("iss", keys.issuer) != keys.issuer:
        return None
    times, listed, uri = _times(content), content.get("status_list"), content.get("sub")
    if times is None or not isinstance(listed, dict) or not isinstance(uri, str):
        return None
    bits, text = listed.get("bits"), listed.get("lst")
    packed = _inflated(text) if isinstance(text, str) else None
    if packed is None or type(bits) is not int or bits not in {1, 2, 4, 8}:
        return None
    signed, fresh_until = times
    is_fresh = signed <= now + SKEW and now < fresh_until
    return StatusList(uri, signed, fresh_until, bits, packed) if is_fresh else None


def _times(content: dict[str, Any]) -> tuple[datetime, datetime] | None:
    """When a list was signed, and the first of all ends that it names: `exp`, `iat` with `ttl`, and our own."""
    issued = as_second(content.get("iat"))
    given = {name: as_second(content[name]) for name in ("exp", "ttl") if name in content}
    # Without an end of its own nobody could ever tell that it is stale.
    if issued is None or not given:
        return None
    ends = [issued + int(LONGEST_KEPT.total_seconds())]
    for name, value in given.items():
        if value is None:
            return None
        ends.append(value if name == "exp" else issued + value)
    return datetime.fromtimestamp(issued, UTC), datetime.fromtimestamp(min(ends), UTC)


def _inflated(text: str) -> bytes | None:
    """The list inflated, never further than `LARGEST_LIST`; None when it is longer, cut short, or followed by more."""
    engine = zlib.decompressobj()
    try:
        packed = engine.decompress(read_base64(text), LARGEST_LIST + 1)
    except (ValueError, zlib.error):
        return None
    return packed if engine.eof and not engine.unused_data and len(packed) <= LARGEST_LIST else None
