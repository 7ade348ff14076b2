"""The public keys of who issues Municipal IDs, kept as a file of the installation.

The file is the issuer's own metadata (SD-JWT VC, `/.well-known/jwt-vc-issuer`), fetched once by a person who compares
it with what the issuer says elsewhere: a key that a card or a server brings along is never believed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey

from eligibility.errors import BadInput
from voter_reg.residency.strict import read_json

_KINDS: Mapping[tuple[str, str], type[ECKey | OKPKey]] = {("EC", "P-256"): ECKey, ("OKP", "Ed25519"): OKPKey}
_MOST_KEYS = 16


@dataclass(frozen=True, slots=True)
class CardKeys:
    """An issuer by its name (`iss`), and its public keys by their ids (`kid`)."""

    issuer: str
    keys: Mapping[str, Key]


def read_card_keys(path: Path) -> CardKeys:
    """Read the file `{"issuer": …, "jwks": {"keys": […]}}`.

    Raises:
        BadInput: it cannot be read, or a key is private, of another kind, without an id or has another's.
    """
    try:
        content = read_json(path.read_bytes())
    except OSError as problem:
        raise BadInput(f"cannot be read: {problem.strerror}", str(path)) from problem
    except ValueError:
        raise BadInput("is not JSON", str(path)) from None
    try:
        return _keys_of(content)
    except BadInput as problem:
        raise BadInput(str(problem), str(path)) from None


def _keys_of(content: Any) -> CardKeys:
    issuer = content.get("issuer") if isinstance(content, dict) else None
    jwks = content.get("jwks") if isinstance(content, dict) else None
    listed = jwks.get("keys") if isinstance(jwks, dict) else None
    if not isinstance(issuer, str) or not issuer or not isinstance(listed, list) or not 1 <= len(listed) <= _MOST_KEYS:
        raise BadInput('is not {"issuer": …, "jwks": {"keys": […]}} with one key or more')
    keys = [_key(one) for one in listed]
    if len({name for name, _ in keys}) != len(keys):
        raise BadInput("two keys have one kid")
    return CardKeys(issuer, MappingProxyType(dict(keys)))


def _key(jwk: Any) -> tuple[str, Key]:
    name = jwk.get("kid") if isinstance(jwk, dict) else None
    if not isinstance(name, str) or not name:
        raise BadInput("a key has no kid")
    if "d" in jwk:
        raise BadInput(f"key {name[:40]!r} is the private one; here belongs the public one alone")
    kind = _KINDS.get((str(jwk.get("kty")), str(jwk.get("crv"))))
    if kind is None or jwk.get("use", "sig") != "sig":
        raise BadInput(f"key {name[:40]!r} is not of P-256 or Ed25519 for signatures")
    try:
        key: Key = kind.import_key(jwk)
        _ = key.public_key  # a point that is not on the curve is found now and not with the first card
    except (JoseError, ValueError, TypeError):
        raise BadInput(f"key {name[:40]!r} is not a key") from None
    return name, key
