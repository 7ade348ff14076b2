"""JSON and base64 in exactly one spelling: what two readers could read differently is refused."""

from __future__ import annotations

import base64
import json
from typing import Any, NoReturn


def read_json(raw: bytes | str) -> Any:
    """The value of a JSON text.

    Raises:
        ValueError: it is none, names a key twice, nests too deep, or has a number that JSON does not know.
    """
    try:
        return json.loads(raw, object_pairs_hook=_once, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nests too deep") from None


def read_base64(text: str) -> bytes:
    """The bytes of base64url without padding (RFC 7515, section 2).

    Raises:
        ValueError: it is none, or not the one way to write these bytes.
    """
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as problem:  # binascii.Error is one, and so is a letter that is not ASCII
        raise ValueError("is not base64url") from problem
    if write_base64(raw) != text:  # bits that nobody reads would make two texts of one
        raise ValueError("is not the one way to write these bytes")
    return raw


def write_base64(raw: bytes) -> str:
    """Bytes as base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key twice")
    return dict(pairs)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number of JSON")
