"""The issuer beside the registry: signs cards (SD-JWT VC) and the list of their statuses, and publishes its keys.

Its file `issuer.json` lies in the registry's own directory, for its owner alone: the issuer's name and its private
keys, of which the first signs and all are published. A signed card is handed out and kept nowhere.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from joserfc.jws import serialize_compact

from eligibility.birth import BirthDate
from eligibility.errors import BadInput
from voter_reg.registry.cards import PLACES, Card
from voter_reg.registry.private_file import read_private, write_private

FILE: Final = "issuer.json"
METADATA: Final = "/.well-known/jwt-vc-issuer"
STATUS_LIST: Final = "/v1/status-list"
VCT: Final = "urn:municipal-id:1"
LIST_TYPE: Final = "statuslist+jwt"
BITS: Final = 2  # a card: valid, revoked, suspended
LIST_LIVES: Final = timedelta(minutes=15)
"""How long a list may be used, and so how long a revoked card may still pass."""

_ALGORITHM: Final = "ES256"
_SALT_BYTES: Final = 16  # RFC 9901, section 9.3
_ENDED_EVERYWHERE: Final = timedelta(days=1, hours=12)  # from a day's midnight UTC until it is over in every zone


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs cards: its name, an https address that need not answer, and its keys, of which the first signs."""

    name: str
    keys: tuple[ECKey, ...] = field(repr=False)

    def metadata(self) -> dict[str, Any]:
        """What anyone needs to verify a card: the name and the public keys."""
        return {"issuer": self.name, "jwks": {"keys": [key.as_dict(private=False) for key in self.keys]}}

    def sign_card(self, card: Card, place: int, issued: date) -> str:
        """The card as an SD-JWT VC, whose status stands at `place` of the list.

        The time of issue is a whole day, so that a card does not tell when its holder stood at the counter.
        """
        claims = {"number": card.number, "born": BirthDate.parse(card.born).iso(), "address": card.address}
        disclosures = [_disclosure(name, value) for name, value in claims.items()]
        digests = sorted(_base64(hashlib.sha256(one.encode()).digest()) for one in disclosures)
        content = {
            "iss": self.name,
            "vct": VCT,
            "iat": _seconds(issued, timedelta()),
            "exp": _seconds(card.valid_until, _ENDED_EVERYWHERE),
            "_sd": digests,
            "status": {"status_list": {"idx": place, "uri": self.name + STATUS_LIST}},
        }
        return "~".join((self._sign("dc+sd-jwt", content), *disclosures, ""))

    def sign_list(self, statuses: Mapping[int, int], now: datetime) -> str:
        """The list of all statuses at `now`, given those that are not "valid"."""
        packed = bytearray(PLACES * BITS // 8)
        for place, status in statuses.items():
            packed[place * BITS // 8] |= status << place * BITS % 8
        signed, lives = int(now.timestamp()), int(LIST_LIVES.total_seconds())
        content = {
            "iss": self.name,
            "sub": self.name + STATUS_LIST,
            "iat": signed,
            "exp": signed + lives,
            "ttl": lives,
            "status_list": {"bits": BITS, "lst": _base64(zlib.compress(bytes(packed), 9))},
        }
        return self._sign(LIST_TYPE, content)

    def _sign(self, typ: str, content: dict[str, Any]) -> str:
        key = self.keys[0]
        header = {"alg": _ALGORITHM, "kid": str(key.kid), "typ": typ}
        return serialize_compact(header, _json(content), key, algorithms=[_ALGORITHM])


def make_issuer(folder: Path, name: str) -> Issuer:
    """Make the issuer of a registry's directory, with a key of its own.

    Raises:
        BadInput: there is one already, or the name is not an https address without a slash at its end.
    """
    parts = urlsplit(name)
    if parts.scheme != "https" or not parts.netloc or parts.query or parts.fragment or name.endswith("/"):
        raise BadInput("is not an https address without a slash at its end", name[:80])
    path = folder / FILE
    if path.exists():
        raise BadInput("is there already; cards signed with its keys are still about", str(path))
    key = ECKey.generate_key("P-256", {"kid": secrets.token_hex(3), "use": "sig", "alg": _ALGORITHM}, private=True)
    write_private(path, json.dumps({"issuer": name, "keys": [key.as_dict(private=True)]}))
    return Issuer(name, (key,))


def read_issuer(folder: Path) -> Issuer | None:
    """The issuer of a registry's directory; None when it has none.

    Raises:
        BadInput: its file may be read by others, or is damaged.
    """
    path = folder / FILE
    if not path.exists():
        return None
    text = read_private(path)
    try:
        content = json.loads(text)
        keys = tuple(ECKey.import_key(one) for one in content["keys"])
        name = str(content["issuer"])
    except (ValueError, KeyError, TypeError, JoseError):
        raise BadInput("is damaged", str(path)) from None
    if not keys or not all(key.is_private and key.kid for key in keys):
        raise BadInput("has no private key with a kid", str(path))
    return Issuer(name, keys)


def _disclosure(name: str, value: str) -> str:
    return _base64(_json([_base64(secrets.token_bytes(_SALT_BYTES)), name, value]))


def _json(content: Any) -> bytes:
    """As short as can be: each byte makes the code on a card finer."""
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _seconds(day: date, after: timedelta) -> int:
    return int((datetime.combine(day, time(), UTC) + after).timestamp())
