"""Files of the registry's own directory that their owner alone may read."""

from __future__ import annotations

import os
from pathlib import Path

from eligibility.errors import BadInput


def read_private(path: Path) -> str:
    """The text of a file.

    Raises:
        BadInput: it may be read by others, is no plain text, or cannot be read.
    """
    try:
        if path.stat().st_mode & 0o077:
            raise BadInput("may be read by others; make it 0600", str(path))
        return path.read_text(encoding="ascii").strip()
    except UnicodeDecodeError:
        raise BadInput("is not plain text", str(path)) from None
    except OSError as problem:
        raise BadInput(f"cannot be read: {problem.strerror}", str(path)) from problem


def write_private(path: Path, text: str) -> None:
    """Write a file for its owner alone."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(text + "\n")
