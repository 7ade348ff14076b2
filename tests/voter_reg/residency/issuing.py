"""An issuer in memory that signs whatever a test likes, right or wrong."""

import base64
import hashlib
import hmac
import json
import zlib
from datetime import UTC, datetime, timedelta

from joserfc.jwk import ECKey, OKPKey
from joserfc.jws import JWSRegistry

from voter_reg.residency.card_keys import CardKeys

NOW = datetime(2026, 11, 28, 13, tzinfo=UTC)
NAME = "https://municipal-id.example"
LIST = f"{NAME}/v1/status-list"
NUMBER, BORN, ADDRESS = "100000000093", "1990-01-01", "100 Oak St"
CLAIMS = {"number": NUMBER, "born": BORN, "address": ADDRESS}
KEY = ECKey.generate_key("P-256", {"kid": "1"}, private=True)
EDWARDS = OKPKey.generate_key("Ed25519", {"kid": "2"}, private=True)
STRANGER = ECKey.generate_key("P-256", {"kid": "1"}, private=True)
HEADER = {"alg": "ES256", "kid": "1", "typ": "dc+sd-jwt"}


def public(key):
    return type(key).import_key(key.as_dict(private=False))


KEYS = CardKeys(NAME, {"1": public(KEY), "2": public(EDWARDS)})


def at(**span):
    """Seconds of a moment before or after now."""
    return int((NOW + timedelta(**span)).timestamp())


def b64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def disclosure(name, value, salt="c2FsdC1zYWx0LXNhbHQtcw"):
    return b64(json.dumps([salt, name, value]).encode())


def digest(text):
    return b64(hashlib.sha256(text.encode()).digest())


def signed(content, header=None, key=KEY):
    """A compact JWS of any header, signed by its key; `none` not at all, HS256 with the public key as password."""
    head = {**HEADER, **(header or {})}
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    text = f"{b64(json.dumps(head).encode())}.{b64(body)}"
    return f"{text}.{b64(_signature(head['alg'], text.encode(), key))}"


def _signature(algorithm, text, key):
    if algorithm == "HS256":
        return hmac.digest(json.dumps(key.as_dict(private=False)).encode(), text, "sha256")
    if algorithm in ("none", "NONE"):
        return b""
    return JWSRegistry.algorithms["ES256" if key.key_type == "EC" else "EdDSA"].sign(text, key)


def content(disclosures, **changes):
    """The signed part of a card; a value of None takes a claim away."""
    whole = {
        "iss": NAME,
        "vct": "urn:municipal-id:1",
        "iat": at(days=-30),
        "exp": at(days=365),
        "_sd": sorted(digest(one) for one in disclosures),
        "status": {"status_list": {"idx": 7, "uri": LIST}},
        **changes,
    }
    return {name: value for name, value in whole.items() if value is not None}


def card(claims=None, *, header=None, key=KEY, **changes):
    """A whole card."""
    disclosures = [disclosure(name, value) for name, value in (claims or CLAIMS).items()]
    return "~".join((signed(content(disclosures, **changes), header, key), *disclosures, ""))


def status_list(statuses=None, *, bits=2, size=64, header=None, key=KEY, lst=None, **changes):
    """A whole status list."""
    packed = bytearray(size)
    for index, status in (statuses or {}).items():
        packed[index * bits // 8] |= status << (index * bits % 8)
    listed = {"bits": bits, "lst": b64(zlib.compress(bytes(packed))) if lst is None else lst}
    whole = {"sub": LIST, "iat": at(), "exp": at(minutes=15), "ttl": 900, "status_list": listed, **changes}
    return signed(
        {name: value for name, value in whole.items() if value is not None},
        {"typ": "statuslist+jwt", **(header or {})},
        key,
    )


class KnownCards:
    """A status list in memory that knows every card as valid."""

    def status(self, uri, index, now):
        return "valid"

    def keep_fresh(self, now):
        pass
