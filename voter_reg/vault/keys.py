"""Keys: one master key outside the database, and a keystore file of data keys that it wraps.

A data key's id is its epoch, the month in which what it seals expires ("2030-11"). Destroying the epoch's entry makes
every copy of that data unreadable, backups included, so the keystore is never put into the database or its backups.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from eligibility.errors import BadInput

KEY_BYTES = 32
_NONCE_BYTES = 12
_FORMAT = 1


class VaultError(BadInput):
    """A key or an envelope that cannot be used: missing, readable by others, changed, or destroyed."""


class KeyGone(VaultError):
    """The data key of an epoch is not there: destroyed, or another keystore's."""

    def __init__(self, epoch: str, where: str) -> None:
        super().__init__(f"has no key of {epoch}: destroyed, or another keystore", where)
        self.epoch = epoch


def epoch_of(expires: date) -> str:
    """The epoch of what expires on a day: its month, as YYYY-MM."""
    return f"{expires.year:04d}-{expires.month:02d}"


def create_keys(master_key_file: Path, keystore_file: Path) -> None:
    """Create a master key and an empty keystore, for their owner alone.

    Raises:
        VaultError: one of them is there already; replacing it would make everything sealed unreadable.
    """
    for path in (master_key_file, keystore_file):
        if path.exists():
            raise VaultError("is there already and is never overwritten", str(path))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_private(keystore_file, json.dumps({"version": _FORMAT, "keys": {}}))
    write_private(master_key_file, secrets.token_hex(KEY_BYTES) + "\n")


def read_master_key(path: Path) -> bytes:
    """Read the master key.

    Raises:
        VaultError: missing, readable by others, or not 32 bytes in hexadecimal.
    """
    text = _read_private(path)
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise VaultError("is not a master key of 32 bytes in hexadecimal", str(path))
    return key


class Keystore:
    """The wrapped data keys in their file. Reads are kept in memory; a new epoch is written under a lock."""

    def __init__(self, path: Path, master_key: bytes) -> None:
        self._path = path
        self._wrapping = AESGCM(master_key)
        self._keys: dict[str, bytes] = {}

    def load(self) -> None:
        """Read the file once, so that a bad one stops the start and not the first resident.

        Raises:
            VaultError: missing, readable by others, cut short, or wrapped by another master key.
        """
        self._keys = self._read()

    def key(self, epoch: str) -> bytes:
        """The data key of an epoch that has been used before.

        Raises:
            KeyGone: there is none, or it was destroyed.
        """
        if epoch not in self._keys:
            self._keys = self._read()
        try:
            return self._keys[epoch]
        except KeyError:
            raise KeyGone(epoch, str(self._path)) from None

    def key_for_sealing(self, epoch: str) -> bytes:
        """The data key of an epoch, made when it is first needed."""
        if epoch not in self._keys:
            with self._locked():
                keys = self._read()
                if epoch not in keys:
                    keys[epoch] = secrets.token_bytes(KEY_BYTES)
                    self._write(keys)
                # Only now: what a key has sealed must never outlive a key that did not reach the disk.
                self._keys = keys
        return self._keys[epoch]

    def past(self, month: str) -> list[str]:
        """Months."""
        return sorted(one for one in self._read() if one < month)

    def destroy(self, key_id: str) -> None:
        """Destroy."""
        with self._locked():
            keys = self._read()
            keys.pop(key_id, None)
            self._write(keys)
            self._keys = keys

    def _read(self) -> dict[str, bytes]:
        try:
            content = json.loads(_read_private(self._path))
            if content["version"] != _FORMAT:
                raise VaultError(f"is a keystore of format {content['version']!r:.20}, not {_FORMAT}", str(self._path))
            wrapped = content["keys"]
            return {epoch: self._unwrap(epoch, base64.b64decode(text)) for epoch, text in wrapped.items()}
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            if isinstance(problem, VaultError):
                raise
            raise VaultError("is not a keystore, or was cut short", str(self._path)) from problem

    def _unwrap(self, epoch: str, wrapped: bytes) -> bytes:
        try:
            return self._wrapping.decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], _bound_to(epoch))
        except InvalidTag:
            raise VaultError(f"its key of {epoch} does not open with this master key", str(self._path)) from None

    def _write(self, keys: dict[str, bytes]) -> None:
        wrapped = {epoch: base64.b64encode(self._wrap(epoch, key)).decode() for epoch, key in keys.items()}
        write_private(self._path, json.dumps({"version": _FORMAT, "keys": wrapped}))

    def _wrap(self, epoch: str, key: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._wrapping.encrypt(nonce, key, _bound_to(epoch))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Portal and worker may both be the first of a month."""
        with self._path.with_suffix(".lock").open("w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def write_private(path: Path, text: str) -> None:
    """Write a file for its owner alone, beside and renamed: a crash leaves the old one or the new one, never half."""
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _bound_to(epoch: str) -> bytes:
    return f"data-key|{epoch}".encode()


def _read_private(path: Path) -> str:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise VaultError(f"may be read by others (mode {mode:04o}); make it 0600", str(path))
        return path.read_text(encoding="ascii")
    except OSError as problem:
        raise VaultError(f"cannot be read: {problem.strerror}", str(path)) from problem
    except UnicodeDecodeError:
        raise VaultError("is not a key file", str(path)) from None
