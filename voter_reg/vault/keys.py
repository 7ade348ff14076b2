"""The keystore: a file of data keys, wrapped by the master key, and the tombstones of those that were destroyed.

A data key's id is its epoch, the month in which what it seals expires ("2030-11"), a legal hold's number ("h-00001"),
or "service" for what belongs to the service itself. Destroying a key makes every copy of what it sealed unreadable,
backups included, so the keystore is never put into the database or its backups. Its tombstone keeps a key of that id
from ever being made again. The root of the blind indexes lies here too, wrapped, so that a new master key changes none.

The whole file is authenticated, and counts its changes: an edited, cut or mixed file is refused, and so is an older one
than this process has seen.
"""

from __future__ import annotations

import base64
import fcntl
import hmac
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from voter_reg.vault.derive import hkdf
from voter_reg.vault.errors import KeyGone, VaultError
from voter_reg.vault.master import KEY_BYTES, MasterKey, new_master_key
from voter_reg.vault.private_files import read_private, write_private

__all__ = ["SERVICE_KEY", "KeyGone", "KeyStatus", "Keystore", "VaultError", "create_keys", "epoch_of", "is_hold"]

SERVICE_KEY: Final = "service"
"""The key of what belongs to the service itself and has no month of its own: signing keys, staff's second factors."""

_FORMAT: Final = 2
_NONCE_BYTES: Final = 12
_INDEX: Final = "index"
_KEY_ID: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])|h-\d{5}|service", re.ASCII)


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """A key's id, and the day it was destroyed; None while it is in use."""

    id: str
    destroyed_on: date | None


@dataclass(frozen=True, slots=True)
class _Content:
    """The keystore as it is in memory: unwrapped keys by id, the index root, tombstones, and how often it changed."""

    generation: int
    keys: Mapping[str, bytes]
    index: bytes
    destroyed: Mapping[str, str]


def epoch_of(expires: date) -> str:
    """The epoch of what expires on a day: its month, as YYYY-MM."""
    return f"{expires.year:04d}-{expires.month:02d}"


def is_hold(key_id: str) -> bool:
    """Whether a key is a legal hold's."""
    return key_id.startswith("h-")


def create_keys(master_key_file: Path, keystore_file: Path) -> None:
    """Create a master key and an empty keystore, for their owner alone.

    Raises:
        VaultError: one of them is there already; replacing it would make everything sealed unreadable.
    """
    for path in (master_key_file, keystore_file):
        if path.exists():
            raise VaultError("is there already and is never overwritten", str(path))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    master = new_master_key()
    create_keystore(master, keystore_file)
    write_private(master_key_file, master.hex() + "\n")


def create_keystore(master: bytes, keystore_file: Path) -> None:
    """Create an empty keystore for a master key that comes from elsewhere.

    Raises:
        VaultError: it is there already.
    """
    if keystore_file.exists():
        raise VaultError("is there already and is never overwritten", str(keystore_file))
    keystore_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    empty = _Content(generation=1, keys={}, index=secrets.token_bytes(KEY_BYTES), destroyed={})
    write_private(keystore_file, _wrapped(empty, master))


class Keystore:
    """The data keys in their file. Reads are kept in memory until the file changes; it is changed under a lock."""

    def __init__(self, path: Path, master_key: MasterKey) -> None:
        self._path = path
        self._master_key = master_key
        self._content = _Content(0, {}, b"", {})
        self._stamp: tuple[int, int, int] = (0, 0, 0)

    def load(self) -> None:
        """Read the file, so that a bad one stops the start and not the first resident.

        Finishes a rotation of the master key that was cut short.

        Raises:
            VaultError: missing, readable by others, cut short, changed, or wrapped by another master key.
        """
        with self._locked():
            try:
                self._content = self._read(self._master_key.read())
            except VaultError:
                following = self._master_key.read_next()
                if following is None:
                    raise
                self._content = self._read(following)
                self._master_key.take_next()

    @property
    def index_root(self) -> bytes:
        """The root of the blind indexes."""
        return self._content.index

    def changed(self) -> bool:
        """Whether the file is another than the one last read. One look at the file's own entry, no reading."""
        return self._look() != self._stamp

    def refresh(self) -> None:
        """Read the file anew."""
        self._content = self._read(self._master_key.read())

    def key(self, key_id: str) -> bytes:
        """The data key of an id that has been used before.

        Raises:
            KeyGone: there is none, or it was destroyed.
        """
        if key_id not in self._content.keys:
            self.refresh()
        try:
            return self._content.keys[key_id]
        except KeyError:
            raise KeyGone(key_id, str(self._path)) from None

    def key_for_sealing(self, key_id: str) -> bytes:
        """The data key of an id, made when it is first needed.

        Raises:
            VaultError: the id is none, or its key was destroyed: a key of that id is never made again.
        """
        if key_id not in self._content.keys:
            _require_id(key_id)
            with self._changing() as content:
                if key_id in content.destroyed:
                    raise VaultError(
                        f"its key of {key_id} was destroyed on {content.destroyed[key_id]}", str(self._path)
                    )
                if key_id not in content.keys:
                    self._write(replace(content, keys={**content.keys, key_id: secrets.token_bytes(KEY_BYTES)}))
        return self._content.keys[key_id]

    def past(self, month: str) -> list[str]:
        """The keys of months before this one that are not destroyed, and those of holds."""
        self.refresh()
        return sorted(one for one in self._content.keys if is_hold(one) or one < month)

    def destroy(self, key_id: str, today: date) -> None:
        """Overwrite a key, and see that none of its id is ever made again. One that is destroyed stays so.

        Raises:
            VaultError: no such key, the service's own, or one whose month is not over.
        """
        _require_id(key_id)
        if key_id == SERVICE_KEY or (not is_hold(key_id) and key_id >= epoch_of(today)):
            raise VaultError("is still in use: only past months and released holds are destroyed", f"key {key_id}")
        with self._changing() as content:
            if key_id in content.destroyed:
                return
            if key_id not in content.keys:
                raise KeyGone(key_id, str(self._path))
            kept = {one: key for one, key in content.keys.items() if one != key_id}
            destroyed = {**content.destroyed, key_id: today.isoformat()}
            self._write(replace(content, keys=kept, destroyed=destroyed), wipe=True)

    def rotate(self, new: bytes) -> None:
        """Wrap every key by a new master key. Cut short at any point, the old pair or the new one opens.

        A master key in a file is replaced; one from elsewhere its owner replaces there, at once.
        """
        with self._changing() as content:
            if self._master_key.is_file:
                self._master_key.write_next(new)
            self._write(content, new, wipe=True)
            if self._master_key.is_file:
                self._master_key.take_next()

    def status(self) -> tuple[int, list[KeyStatus]]:
        """How often the keystore has changed, and its keys by id, the destroyed ones among them."""
        self.refresh()
        found = [KeyStatus(one, None) for one in self._content.keys]
        found += [KeyStatus(one, date.fromisoformat(day)) for one, day in self._content.destroyed.items()]
        return self._content.generation, sorted(found, key=lambda one: one.id)

    def _read(self, master: bytes) -> _Content:
        stamp, content = self._look(), _unwrapped(read_private(self._path), master, str(self._path))
        if content.generation < self._content.generation:
            raise VaultError(
                f"is older than the one in use (change {content.generation}, not {self._content.generation})",
                str(self._path),
            )
        self._stamp = stamp
        return content

    def _write(self, content: _Content, master: bytes | None = None, *, wipe: bool = False) -> None:
        after = replace(content, generation=content.generation + 1)
        write_private(self._path, _wrapped(after, master or self._master_key.read()), wipe=wipe)
        # Only now: what a key has sealed must never outlive a key that did not reach the disk.
        self._content, self._stamp = after, self._look()

    def _look(self) -> tuple[int, int, int]:
        try:
            found = self._path.stat()
        except OSError as problem:
            raise VaultError(f"cannot be read: {problem.strerror}", str(self._path)) from problem
        return found.st_ino, found.st_mtime_ns, found.st_size

    @contextmanager
    def _changing(self) -> Iterator[_Content]:
        """The content as it is in the file, with every other process waiting."""
        with self._locked():
            self._content = self._read(self._master_key.read())
            yield self._content

    @contextmanager
    def _locked(self) -> Iterator[None]:
        try:
            lock = self._path.with_suffix(".lock").open("w", encoding="ascii")
        except OSError as problem:
            raise VaultError(f"cannot be read: {problem.strerror}", str(self._path)) from problem
        with lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _require_id(key_id: str) -> None:
    if not _KEY_ID.fullmatch(key_id):
        raise VaultError("is no key's id: YYYY-MM, h-00001 or service", f"key {key_id[:20]!r}")


def _wrapped(content: _Content, master: bytes) -> str:
    """The keystore's file: everything wrapped or in clear that may be, and a code over all of it."""
    wrapping = AESGCM(hkdf(master, info=b"wrapping"))
    plain: dict[str, Any] = {
        "version": _FORMAT,
        "generation": content.generation,
        "keys": {key_id: _wrap(wrapping, key_id, key) for key_id, key in content.keys.items()},
        "index": _wrap(wrapping, _INDEX, content.index),
        "destroyed": dict(content.destroyed),
    }
    return json.dumps({**plain, "code": _code(plain, master)})


def _unwrapped(text: str, master: bytes, where: str) -> _Content:
    try:
        plain = json.loads(text)
        code, version = plain.pop("code", ""), plain["version"]
        if version != _FORMAT:
            raise VaultError(f"is a keystore of format {version!r:.20}, not {_FORMAT}", where)
        if not hmac.compare_digest(str(code).encode(), _code(plain, master).encode()):
            raise VaultError("does not open with this master key, or was changed", where)
        wrapping = AESGCM(hkdf(master, info=b"wrapping"))
        keys = {key_id: _unwrap(wrapping, key_id, wrapped) for key_id, wrapped in plain["keys"].items()}
        return _Content(plain["generation"], keys, _unwrap(wrapping, _INDEX, plain["index"]), plain["destroyed"])
    except VaultError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, InvalidTag):
        raise VaultError("is not a keystore, or was cut short", where) from None


def _code(plain: Mapping[str, Any], master: bytes) -> str:
    canonical = json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()
    return hmac.digest(hkdf(master, info=b"keystore"), canonical, sha256).hex()


def _wrap(wrapping: AESGCM, key_id: str, key: bytes) -> str:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return base64.b64encode(nonce + wrapping.encrypt(nonce, key, _bound_to(key_id))).decode()


def _unwrap(wrapping: AESGCM, key_id: str, text: str) -> bytes:
    wrapped = base64.b64decode(text, validate=True)
    return wrapping.decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], _bound_to(key_id))


def _bound_to(key_id: str) -> bytes:
    return f"data-key|{key_id}".encode()
