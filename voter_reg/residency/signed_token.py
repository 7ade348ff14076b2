"""Signed tokens (JWS, compact form): read only under a configured key, of one type, by an algorithm on a list of two.

The key decides the algorithm, never the token: an elliptic key of P-256 verifies ES256 and an Ed25519 key verifies
EdDSA, so neither `alg: none` nor a public key used as a password can pass (RFC 8725, sections 3.1 and 3.2).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwa import JWSAlgModel
from joserfc.jwk import Key
from joserfc.jws import JWSRegistry, deserialize_compact

from voter_reg.residency.strict import read_base64, read_json

ALGORITHMS: Final = MappingProxyType({"EC": "ES256", "OKP": "EdDSA"})
"""The algorithm of each kind of key."""

_HEADER: Final = {"alg", "kid", "typ"}  # none that brings a key of its own, and no `crit`
_LAST_SECOND: Final = 2**35
_COMPACT = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){2}", re.ASCII)


class _TwoAlgorithms(JWSRegistry):
    """Knows the two algorithms and no other. The caller has capped the size."""

    max_payload_length = 2**20

    def get_alg(self, name: str) -> JWSAlgModel:
        """One of the two; the library's own look-up would warn of EdDSA's name, which keys in use still have."""
        if name not in ALGORITHMS.values():
            raise UnsupportedAlgorithmError(f"Algorithm of '{name}' is not allowed")
        return self.algorithms[name]


_REGISTRY = _TwoAlgorithms()


def read_signed(token: str, typ: str, keys: Mapping[str, Key], largest: int) -> dict[str, Any] | None:
    """The content of a token signed by one of `keys` (by `kid`), of type `typ`; None when anything is not right.

    Never raises, whatever the token; one longer than `largest` characters is not looked at.
    """
    if len(token) > largest or not _COMPACT.fullmatch(token):
        return None
    try:
        head, payload, _ = map(read_base64, token.split("."))
        key = _key_named(read_json(head), typ, keys)
        if key is None:
            return None
        deserialize_compact(token, key, registry=_REGISTRY)
        content = read_json(payload)
    except (JoseError, ValueError, TypeError):
        return None
    return content if isinstance(content, dict) else None


def as_second(value: Any) -> int | None:
    """A point in time of a token: whole seconds, within a thousand years; None when it is anything else."""
    return value if type(value) is int and 0 <= value <= _LAST_SECOND else None


def _key_named(header: Any, typ: str, keys: Mapping[str, Key]) -> Key | None:
    """The key that a header names, if the header is exactly what it must be for it."""
    if not isinstance(header, dict) or set(header) != _HEADER or header["typ"] != typ:
        return None
    key = keys.get(header["kid"]) if isinstance(header["kid"], str) else None
    return key if key is not None and ALGORITHMS.get(key.key_type) == header["alg"] else None
