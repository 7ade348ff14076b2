"""The access log as a file, and its verification: no database, no configuration, nothing but the file and a key.

The first line is a header that counts what follows; then stand the checkpoints, each with its signature (Ed25519), and
then one line for each leaf, whose bytes are what is hashed. A checkpoint says how many leaves there were, their root,
and when: so any file that lacks, changes or reorders a leaf that an earlier checkpoint counted is found out.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from eligibility.errors import BadInput, CleanNo
from voter_reg.vault.merkle import Frontier, leaf_hash

FORMAT: Final = "voter-reg-log/1"
_TITLE: Final = "voter-reg log checkpoint"
_LONGEST_LINE: Final = 10_000
_BATCH: Final = 4096


class DoesNotVerify(CleanNo):
    """The log is not what a checkpoint says it was, or a signature is not the log's."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What was true of a log at an instant: how many leaves, and their root. `origin` names the log by its key."""

    origin: str
    size: int
    root: bytes
    at: datetime
    signature: bytes = b""

    @property
    def text(self) -> bytes:
        """The bytes that are signed."""
        root = base64.b64encode(self.root).decode()
        return f"{_TITLE}\n{self.origin}\n{self.size}\n{root}\n{self.at.isoformat()}\n".encode()

    def line(self) -> bytes:
        """The checkpoint as a line of a file."""
        signature = base64.b64encode(self.signature).decode()
        return canonical({"checkpoint": self.text.decode(), "signature": signature})

    @classmethod
    def of_line(cls, line: bytes, where: str) -> Checkpoint:
        """Read what `line` wrote.

        Raises:
            BadInput: it is no checkpoint, or is written in another way.
        """
        try:
            read = json.loads(line)
            title, origin, size, root, at, end = read["checkpoint"].split("\n")
            signature = base64.b64decode(read["signature"], validate=True)
            made = cls(origin, int(size), base64.b64decode(root, validate=True), datetime.fromisoformat(at), signature)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise BadInput("is no checkpoint", where) from None
        if (title, end) != (_TITLE, "") or made.line() != line:
            raise BadInput("is no checkpoint", where)
        return made

    def is_signed_by(self, public: bytes) -> bool:
        """Whether the signature is this key's."""
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(self.signature, self.text)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found true: so many leaves, so many checkpoints, and whether the key was given from outside."""

    leaves: int
    checkpoints: int
    root: bytes
    key_given: bool


def canonical(value: Any) -> bytes:
    """The one way to write an entry: sorted keys, no blanks, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def origin_of(public: bytes) -> str:
    """The name of a log: the fingerprint of its public key."""
    return sha256(public).hexdigest()[:32]


def write_log(file: BinaryIO, public: bytes, checkpoints: Sequence[Checkpoint], leaves: Iterable[bytes]) -> None:
    """Write a log as a file, leaf by leaf; the last checkpoint counts them all."""
    counts = {"checkpoints": len(checkpoints), "leaves": checkpoints[-1].size}
    header = {"format": FORMAT, "key": base64.b64encode(public).decode(), **counts}
    file.write(canonical(header) + b"\n")
    file.writelines(checkpoint.line() + b"\n" for checkpoint in checkpoints)
    file.writelines(leaf + b"\n" for leaf in leaves)


def verify_log(path: Path, earlier: Iterable[Path] = (), key_file: Path | None = None) -> Verified:
    """Verify a log's file against its own checkpoints and against earlier ones.

    Raises:
        BadInput: a file cannot be read, or is no log, checkpoint or key.
        DoesNotVerify: names the first checkpoint that does not hold.
    """
    known = [checkpoint for one in earlier for checkpoint in read_checkpoints(one)]
    given = None if key_file is None else read_key(key_file)
    try:
        with path.open("rb") as file:
            return _verify(file, str(path), known, given)
    except OSError as problem:
        raise BadInput(f"cannot be read: {problem.strerror}", str(path)) from problem


def read_checkpoints(path: Path) -> list[Checkpoint]:
    """The checkpoints of a file, one a line. Raises BadInput."""
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as problem:
        raise BadInput(f"cannot be read: {problem.strerror}", str(path)) from problem
    found = [Checkpoint.of_line(line, f"{path}:{number}") for number, line in enumerate(lines, start=1) if line]
    if not found:
        raise BadInput("holds no checkpoint", str(path))
    return found


def read_key(path: Path) -> bytes:
    """A public key in base 64. Raises BadInput."""
    try:
        key = base64.b64decode(path.read_text(encoding="ascii").strip(), validate=True)
    except OSError as problem:
        raise BadInput(f"cannot be read: {problem.strerror}", str(path)) from problem
    except ValueError:
        key = b""
    if len(key) != 32:
        raise BadInput("is no public key of 32 bytes in base 64", str(path))
    return key


@dataclass(frozen=True, slots=True)
class _Header:
    key: bytes
    checkpoints: int
    leaves: int


def _verify(file: BinaryIO, where: str, known: list[Checkpoint], given: bytes | None) -> Verified:
    header = _read_header(file, where)
    if given is not None and given != header.key:
        raise DoesNotVerify(f"{where}: is signed by another key than the one given")
    own = [
        Checkpoint.of_line(line, f"{where}:{number}")
        for number, line in enumerate(_lines(file, where, "checkpoint", 0, header.checkpoints), start=2)
    ]
    if not own or own[-1].size != header.leaves:
        raise DoesNotVerify(f"{where}: no checkpoint counts its {header.leaves:,} leaves, so some could be missing")
    order = [(checkpoint.size, checkpoint.at) for checkpoint in own]
    if order != sorted(order):
        raise DoesNotVerify(f"{where}: its checkpoints do not stand in order")
    roots = _roots(file, where, header.leaves, {checkpoint.size for checkpoint in (*own, *known)})
    for checkpoint in (*own, *known):
        _hold(checkpoint, roots, header, where)
    return Verified(header.leaves, len(own) + len(known), roots[header.leaves], given is not None)


def _hold(checkpoint: Checkpoint, roots: dict[int, bytes], header: _Header, where: str) -> None:
    said = f"the checkpoint of {checkpoint.at:%Y-%m-%d %H:%M} over {checkpoint.size:,} leaves"
    if checkpoint.origin != origin_of(header.key) or not checkpoint.is_signed_by(header.key):
        raise DoesNotVerify(f"{where}: {said} is not signed by this log's key")
    if checkpoint.size > header.leaves:
        raise DoesNotVerify(f"{where}: {said} counts more than the {header.leaves:,} here: some are missing")
    if roots[checkpoint.size] != checkpoint.root:
        raise DoesNotVerify(f"{where}: a leaf was changed, removed or moved before {said}")


def _read_header(file: BinaryIO, where: str) -> _Header:
    line = file.readline(_LONGEST_LINE)
    try:
        read = json.loads(line)
        header = _Header(base64.b64decode(read["key"], validate=True), read["checkpoints"], read["leaves"])
        counts = (header.checkpoints, header.leaves)
        fits = (
            read["format"] == FORMAT and len(header.key) == 32 and all(type(one) is int and one >= 0 for one in counts)
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadInput("is no log of this kind", where) from None
    if not fits or canonical(read) + b"\n" != line:
        raise BadInput("is no log of this kind", where)
    return header


def _roots(file: BinaryIO, where: str, count: int, wanted: set[int]) -> dict[int, bytes]:
    """The roots at the sizes that are wanted, in one pass over the leaves, which end where the file does."""
    frontier, roots, read = Frontier(), {0: Frontier().root()}, 0
    for stop in sorted({size for size in wanted if 0 < size < count} | {count}):
        while read < stop:
            most = min(_BATCH, stop - read)
            frontier = frontier.grown([leaf_hash(line) for line in _lines(file, where, "leaf", read, most)])
            read += most
        roots[stop] = frontier.root()
    if file.read(1):
        raise DoesNotVerify(f"{where}: goes on after the {count:,} leaves that it counts")
    return roots


def _lines(file: BinaryIO, where: str, what: str, read: int, most: int) -> Iterator[bytes]:
    for number in range(most):
        line = file.readline(_LONGEST_LINE)
        if not line.endswith(b"\n"):
            raise DoesNotVerify(f"{where}: ends at {what} {read + number + 1:,}, before all that it counts")
        yield line[:-1]
