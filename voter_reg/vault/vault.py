"""Sealing and opening: AES-256-GCM envelopes bound to kind, row and key, and blind indexes to find rows by.

An envelope is one version byte, the seven characters of its epoch, twelve bytes of nonce, and the sealed bytes.
"""

from __future__ import annotations

import hmac
import os
from datetime import date
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from voter_reg.vault.keys import Keystore, VaultError, read_master_key

_VERSION = b"\x01"
_EPOCH_END = 1 + len("2030-11")
_NONCE_END = _EPOCH_END + 12


class Vault:
    """Everything personal goes in and out through one of these. Safe to share between threads."""

    def __init__(self, keystore: Keystore, master_key: bytes) -> None:
        self._keystore = keystore
        self._index_root = _hkdf(master_key, salt=b"", info=b"blind-index")
        self._ciphers: dict[str, AESGCM] = {}
        self._index_keys: dict[str, bytes] = {}

    def seal(self, kind: str, row_id: str, epoch: str, clear: bytes) -> bytes:
        """Seal bytes for one row; they open for that kind, row and key alone."""
        cipher = self._ciphers.get(epoch)
        if cipher is None:
            cipher = self._ciphers[epoch] = AESGCM(self._keystore.key_for_sealing(epoch))
        return _seal(cipher, kind, row_id, epoch, clear)

    def open(self, kind: str, row_id: str, sealed: bytes) -> bytes:
        """Open what `seal` sealed.

        Raises:
            VaultError: changed, moved to another row, not an envelope, or its key is destroyed.
        """
        epoch = epoch_in(sealed)
        cipher = self._ciphers.get(epoch)
        if cipher is None:
            cipher = self._ciphers[epoch] = AESGCM(self._keystore.key(epoch))
        return _open(cipher, kind, row_id, epoch, sealed)

    def seal_for(self, token: bytes, kind: str, row_id: str, epoch: str, clear: bytes) -> bytes:
        """Seal bytes under a key that needs the holder's token as well: without it not even this service can open."""
        return _seal(self._cipher_with(token, self._keystore.key_for_sealing(epoch)), kind, row_id, epoch, clear)

    def open_for(self, token: bytes, kind: str, row_id: str, sealed: bytes) -> bytes:
        """Open what `seal_for` sealed for this token; raises as `open` does."""
        epoch = epoch_in(sealed)
        return _open(self._cipher_with(token, self._keystore.key(epoch)), kind, row_id, epoch, sealed)

    def reseal(self, kind: str, row_id: str, sealed: bytes, key_id: str) -> bytes:
        """Seal what an envelope holds under another key."""
        return self.seal(kind, row_id, key_id, self.open(kind, row_id, sealed))

    def past_keys(self, month: str) -> list[str]:
        """The keys of months before this one that are not destroyed."""
        return self._keystore.past(month)

    def destroy(self, key_id: str, today: date) -> None:  # noqa: ARG002
        """Destroy a key."""
        self._ciphers.pop(key_id, None)
        self._keystore.destroy(key_id)

    def index(self, purpose: str, text: str) -> str:
        """A blind index of a text: the same text of the same purpose gives the same 64 hexadecimal digits."""
        key = self._index_keys.get(purpose)
        if key is None:
            key = self._index_keys[purpose] = _hkdf(self._index_root, salt=b"", info=purpose.encode())
        return hmac.digest(key, text.encode(), sha256).hex()

    @staticmethod
    def _cipher_with(token: bytes, epoch_key: bytes) -> AESGCM:
        return AESGCM(_hkdf(epoch_key, salt=token, info=b"draft"))


def open_vault(master_key_file: Path, keystore_file: Path) -> Vault:
    """The vault of an installation.

    Raises:
        VaultError: master key or keystore is missing, readable by others, or not what it should be.
    """
    master_key = read_master_key(master_key_file)
    keystore = Keystore(keystore_file, master_key)
    keystore.load()
    return Vault(keystore, master_key)


def epoch_in(sealed: bytes) -> str:
    """The epoch an envelope was sealed in."""
    if len(sealed) < _NONCE_END or sealed[:1] != _VERSION:
        raise VaultError("is not an envelope", "sealed data")
    return sealed[1:_EPOCH_END].decode("ascii", "replace")


def _hkdf(key: bytes, *, salt: bytes, info: bytes) -> bytes:
    """HKDF-SHA-256 (RFC 5869) for one block of 32 bytes."""
    extracted = hmac.digest(salt or bytes(32), key, sha256)
    return hmac.digest(extracted, info + b"\x01", sha256)


def _seal(cipher: AESGCM, kind: str, row_id: str, epoch: str, clear: bytes) -> bytes:
    nonce = os.urandom(12)
    return b"".join((_VERSION, epoch.encode(), nonce, cipher.encrypt(nonce, clear, _bound_to(kind, row_id, epoch))))


def _open(cipher: AESGCM, kind: str, row_id: str, epoch: str, sealed: bytes) -> bytes:
    try:
        return cipher.decrypt(sealed[_EPOCH_END:_NONCE_END], sealed[_NONCE_END:], _bound_to(kind, row_id, epoch))
    except InvalidTag:
        raise VaultError(f"a {kind} does not open: it was changed, or belongs elsewhere", "sealed data") from None


def _bound_to(kind: str, row_id: str, epoch: str) -> bytes:
    return f"{kind}|{row_id}|{epoch}".encode()
