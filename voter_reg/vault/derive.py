"""Deriving one key from another: HKDF-SHA-256 (RFC 5869) for one block of 32 bytes."""

from __future__ import annotations

import hmac
from hashlib import sha256


def hkdf(key: bytes, *, salt: bytes = b"", info: bytes) -> bytes:
    """A key of 32 bytes for the use that `info` names."""
    extracted = hmac.digest(salt or bytes(32), key, sha256)
    return hmac.digest(extracted, info + b"\x01", sha256)
