"""Keeping the access log provable: places for its entries, signed checkpoints, and the log as a file."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from eligibility import BadInput
from voter_reg.service.envelope import record_envelope
from voter_reg.store import log as store
from voter_reg.store.db import snapshot, transaction
from voter_reg.vault import Vault
from voter_reg.vault.keys import SERVICE_KEY
from voter_reg.vault.log_file import Checkpoint, DoesNotVerify, origin_of, write_log
from voter_reg.vault.merkle import Frontier, leaf_hash

EVERY: Final = timedelta(hours=1)
_CHUNK: Final = 2_000
_KEY: Final = "log"


@dataclass(frozen=True)
class SigningSecret:
    """What is sealed of a signing key."""

    private: Annotated[str, "Signs the log's checkpoints; in hexadecimal."]


SIGNING_KEY: Final = record_envelope("signing-key", "signing_key.sealed", SigningSecret)


def sequence() -> int:
    """Give every entry that has none its place in the tree, a chunk a transaction; how many."""
    total = 0
    while (done := _sequence_chunk(all_of_it=False)) > 0:
        total += done
    return total


def checkpoint(vault: Vault, now: datetime) -> Checkpoint:
    """Sign what the log is now: all of it is hashed anew and held against the last checkpoint first.

    A clock that was set back does not set the log back: a checkpoint is never older than the one before.

    Raises:
        DoesNotVerify: the rows are no longer what an earlier checkpoint, or the sequencer, says they were.
    """
    while _sequence_chunk(all_of_it=True):
        pass
    with transaction() as session:
        last, known = store.last_checkpoint(session), store.frontier(session)
        root, before = _hash_all(session, known.size, None if last is None else last.size)
        if root != known.root() or (last is not None and before != last.root):
            raise DoesNotVerify("access log: its rows are not what an earlier checkpoint says; keep a copy and ask why")
        if last is not None and last.size == known.size:
            return last
        at = now.astimezone(UTC) if last is None else max(now.astimezone(UTC), last.at)
        private, public = _signing_key(session, vault)
        unsigned = Checkpoint(origin_of(public), known.size, root, at)
        signed = Checkpoint(unsigned.origin, known.size, root, at, private.sign(unsigned.text))
        store.add_checkpoint(session, signed)
    return signed


def checkpoint_if_due(vault: Vault, now: datetime) -> Checkpoint | None:
    """The hour's checkpoint, where the log has grown and the last one is an hour old; None otherwise."""
    with snapshot() as session:
        last, size = store.last_checkpoint(session), store.frontier(session).size
    if size == 0 or (last is not None and (last.size == size or now - last.at < EVERY)):
        return None
    return checkpoint(vault, now)


def last_checkpoint() -> Checkpoint | None:
    """The newest checkpoint; None before the first."""
    with snapshot() as session:
        return store.last_checkpoint(session)


def public_key(vault: Vault) -> bytes:
    """The key that checkpoints are verified with."""
    with transaction() as session:
        return _signing_key(session, vault)[1]


def export(vault: Vault, out: Path, now: datetime) -> Checkpoint:
    """Write the log to a new file, with every checkpoint and a fresh one at its end: whole, or not at all.

    Raises:
        BadInput: the file is there already, or its directory is not.
        DoesNotVerify: as `checkpoint`.
    """
    if out.exists():
        raise BadInput("is there already; an export goes to a new file", str(out))
    if not out.absolute().parent.is_dir():
        raise BadInput("its parent directory is not there", str(out))
    last, public = checkpoint(vault, now), public_key(vault)
    beside = out.absolute().with_name(f".{out.name}.part")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file, snapshot() as session:
            found = [one for one in store.checkpoints(session) if one.size <= last.size]
            write_log(file, public, found, store.leaves(session, last.size))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(out)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    return last


def _sequence_chunk(*, all_of_it: bool) -> int:
    with transaction() as session:
        return store.sequence(session, _CHUNK, all_of_it=all_of_it)


def _hash_all(session: Session, size: int, before: int | None) -> tuple[bytes, bytes | None]:
    """The root over the first `size` leaves as they stand in the rows, and over the first `before` of them."""
    frontier, then, batch = Frontier(), None, []
    if before == 0:
        then = frontier.root()
    for leaf in store.leaves(session, size):
        batch.append(leaf_hash(leaf))
        if frontier.size + len(batch) == before or len(batch) == _CHUNK:
            frontier, batch = frontier.grown(batch), []
            then = frontier.root() if frontier.size == before else then
    return frontier.grown(batch).root(), then


def _signing_key(session: Session, vault: Vault) -> tuple[Ed25519PrivateKey, bytes]:
    """The log's key, made when it is first needed."""
    found = store.signing_key(session, _KEY)
    if found is not None:
        secret = SIGNING_KEY.open(vault, _KEY, found[1])
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret.private)), found[0]
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    secret = SigningSecret(private.private_bytes_raw().hex())
    store.add_signing_key(session, _KEY, public, SIGNING_KEY.seal(vault, _KEY, SERVICE_KEY, secret))
    return private, public
