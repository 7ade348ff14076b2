"""Files that hold keys: for their owner alone, written whole or not at all, and overwritten when they are replaced."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from voter_reg.vault.errors import VaultError


def read_private(path: Path) -> str:
    """Read a key file.

    Raises:
        VaultError: missing, readable by others, or not text.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise VaultError(f"may be read by others (mode {mode:04o}); make it 0600", str(path))
        return path.read_text(encoding="ascii")
    except OSError as problem:
        raise VaultError(f"cannot be read: {problem.strerror}", str(path)) from problem
    except UnicodeDecodeError:
        raise VaultError("is not a key file", str(path)) from None


def write_private(path: Path, text: str, *, wipe: bool = False) -> None:
    """Write a file for its owner alone, beside and renamed: a crash leaves the old one or the new one, never half.

    With `wipe` the old one's bytes are overwritten where they lay. A file system that writes elsewhere than where it
    was told to may keep them all the same.
    """
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    with _old_bytes(path) if wipe else nullcontext():
        move_private(beside, path)


def move_private(source: Path, target: Path) -> None:
    """Rename a file and have the directory on the disk."""
    source.replace(target)
    directory = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


@contextmanager
def _old_bytes(path: Path) -> Iterator[None]:
    """Overwrite what a file held, after the block has put another in its place."""
    with path.open("r+b") as old:
        yield
        length = old.seek(0, os.SEEK_END)
        old.seek(0)
        old.write(bytes(length))
        old.flush()
        os.fsync(old.fileno())
