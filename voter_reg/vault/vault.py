"""Sealing and opening: AES-256-GCM envelopes bound to kind, row and key, and blind indexes to find rows by.

An envelope is one version byte, the seven characters of its key's id, twelve bytes of nonce, and the sealed bytes.
"""

from __future__ import annotations

import hmac
import os
import time
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from voter_reg.vault.derive import hkdf
from voter_reg.vault.errors import VaultError
from voter_reg.vault.keys import KeyStatus, Keystore
from voter_reg.vault.master import MasterKey

_VERSION: Final = b"\x01"
_EPOCH_END: Final = 1 + len("2030-11")
_NONCE_END: Final = _EPOCH_END + 12

LOOK_EVERY: Final = 0.5
"""Seconds after which a process looks whether the keystore has changed: so long may it use a destroyed key."""


class Vault:
    """Everything personal goes in and out through one of these. Safe to share between threads."""

    def __init__(self, keystore: Keystore) -> None:
        self._keystore = keystore
        self._ciphers: dict[str, AESGCM] = {}
        self._index_keys: dict[str, bytes] = {}
        self._look_at = time.monotonic() + LOOK_EVERY

    def seal(self, kind: str, row_id: str, epoch: str, clear: bytes) -> bytes:
        """Seal bytes for one row; they open for that kind, row and key alone.

        Raises:
            VaultError: the epoch is no key's id, or its key was destroyed.
        """
        if time.monotonic() >= self._look_at:
            self._look()
        cipher = self._ciphers.get(epoch)
        if cipher is None:
            cipher = self._ciphers[epoch] = AESGCM(self._keystore.key_for_sealing(epoch))
        return _seal(cipher, kind, row_id, epoch, clear)

    def open(self, kind: str, row_id: str, sealed: bytes) -> bytes:
        """Open what `seal` sealed.

        Raises:
            VaultError: changed, moved to another row, not an envelope, or its key is destroyed.
        """
        if time.monotonic() >= self._look_at:
            self._look()
        epoch = epoch_in(sealed)
        cipher = self._ciphers.get(epoch)
        if cipher is None:
            cipher = self._ciphers[epoch] = AESGCM(self._keystore.key(epoch))
        return _open(cipher, kind, row_id, epoch, sealed)

    def reseal(self, kind: str, row_id: str, sealed: bytes, epoch: str) -> bytes:
        """Seal what an envelope holds under another key; raises as both."""
        return self.seal(kind, row_id, epoch, self.open(kind, row_id, sealed))

    def seal_for(self, token: bytes, kind: str, row_id: str, epoch: str, clear: bytes) -> bytes:
        """Seal bytes under a key that needs the holder's token as well: without it not even this service can open."""
        if time.monotonic() >= self._look_at:
            self._look()
        return _seal(_cipher_with(token, self._keystore.key_for_sealing(epoch)), kind, row_id, epoch, clear)

    def open_for(self, token: bytes, kind: str, row_id: str, sealed: bytes) -> bytes:
        """Open what `seal_for` sealed for this token; raises as `open` does."""
        if time.monotonic() >= self._look_at:
            self._look()
        epoch = epoch_in(sealed)
        return _open(_cipher_with(token, self._keystore.key(epoch)), kind, row_id, epoch, sealed)

    def index(self, purpose: str, text: str) -> str:
        """A blind index of a text: the same text of the same purpose gives the same 64 hexadecimal digits."""
        key = self._index_keys.get(purpose)
        if key is None:
            key = self._index_keys[purpose] = hkdf(self._keystore.index_root, info=purpose.encode())
        return hmac.digest(key, text.encode(), sha256).hex()

    def past_keys(self, month: str) -> list[str]:
        """The keys of months before this one that are not destroyed, and those of holds."""
        return self._keystore.past(month)

    def destroy(self, key_id: str, today: date) -> None:
        """Destroy a key: what it sealed never opens again. Raises as `Keystore.destroy`."""
        self._keystore.destroy(key_id, today)
        self._ciphers.clear()

    def rotate(self, new: bytes) -> None:
        """Wrap every key by a new master key; see `Keystore.rotate`."""
        self._keystore.rotate(new)

    def status(self) -> tuple[int, list[KeyStatus]]:
        """How often the keystore has changed, and its keys; never what they are."""
        return self._keystore.status()

    def _look(self) -> None:
        """Forget every key in hand when another process has changed the keystore: one may have been destroyed."""
        self._look_at = time.monotonic() + LOOK_EVERY
        if self._keystore.changed():
            self._keystore.refresh()
            self._ciphers.clear()


def open_vault(master_key: MasterKey | Path, keystore_file: Path) -> Vault:
    """The vault of an installation; a path names a master key's file.

    Raises:
        VaultError: master key or keystore is missing, readable by others, or not what it should be.
    """
    source = master_key if isinstance(master_key, MasterKey) else MasterKey(master_key)
    keystore = Keystore(keystore_file, source)
    keystore.load()
    return Vault(keystore)


def epoch_in(sealed: bytes) -> str:
    """The id of the key that sealed an envelope."""
    if len(sealed) < _NONCE_END or sealed[:1] != _VERSION:
        raise VaultError("is not an envelope", "sealed data")
    return sealed[1:_EPOCH_END].decode("ascii", "replace")


def _cipher_with(token: bytes, epoch_key: bytes) -> AESGCM:
    return AESGCM(hkdf(epoch_key, salt=token, info=b"draft"))


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
