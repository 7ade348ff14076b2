"""The master key: 32 bytes in hexadecimal, from a file, from the environment, or from an external command."""

from __future__ import annotations

import secrets
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from voter_reg.vault.errors import VaultError
from voter_reg.vault.private_files import move_private, read_private, write_private

KEY_BYTES: Final = 32
_COMMAND_SECONDS: Final = 10


@dataclass(frozen=True, slots=True)
class MasterKey:
    """Where the master key comes from: `text` or `command` where one is given, else the file."""

    file: Path
    text: str = field(default="", repr=False)
    command: tuple[str, ...] = ()

    @property
    def is_file(self) -> bool:
        """Whether it lies in the file, so that this program can replace it."""
        return not self.text and not self.command

    @property
    def where(self) -> str:
        """Where to look when it is wrong; never the key."""
        return str(self.file) if self.is_file else "the master key of the environment or the command"

    @property
    def next_file(self) -> Path:
        """Where a new one waits while the keystore is being wrapped anew."""
        return self.file.with_name(f"{self.file.name}.next")

    def read(self) -> bytes:
        """The key.

        Raises:
            VaultError: missing, readable by others, not 32 bytes in hexadecimal, or a command that fails.
        """
        return parse_master_key(self.text or (self._run() if self.command else read_private(self.file)), self.where)

    def read_next(self) -> bytes | None:
        """The key that a rotation cut short has left; None when there is none."""
        if not self.is_file or not self.next_file.exists():
            return None
        return parse_master_key(read_private(self.next_file), str(self.next_file))

    def write_next(self, key: bytes) -> None:
        """Put a new key beside the old one."""
        write_private(self.next_file, key.hex() + "\n")

    def take_next(self) -> None:
        """Put the new key in the old one's place."""
        old = self.file.open("r+b")
        with old:
            move_private(self.next_file, self.file)
            old.write(bytes(2 * KEY_BYTES))

    def _run(self) -> str:
        try:
            done = subprocess.run(  # noqa: S603 - the operator's own command, without a shell
                self.command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_COMMAND_SECONDS, check=True
            )
            return done.stdout.decode("ascii")
        except (OSError, subprocess.SubprocessError, UnicodeDecodeError) as problem:
            # Not its output, nor the problem's own words: they may hold the key.
            raise VaultError(f"failed ({type(problem).__name__})", f"master key command {self.command[0]}") from None


def parse_master_key(text: str, where: str) -> bytes:
    """Read 32 bytes in hexadecimal.

    Raises:
        VaultError: it is anything else.
    """
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise VaultError("is not a master key of 32 bytes in hexadecimal", where)
    return key


def new_master_key() -> bytes:
    """A new one."""
    return secrets.token_bytes(KEY_BYTES)
