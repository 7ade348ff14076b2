"""The files that a clone of this repository would hold, for the tests that read the house itself."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_NOT_SOURCE = {".git", ".venv", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "__pycache__", "build"}


@cache
def files() -> tuple[Path, ...]:
    """Every file that is tracked or about to be, relative to the root; without git, every file that is source."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "-c", "safe.directory=*", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        names = [Path(name) for name in listed.stdout.decode().split("\0") if name]
        return tuple(name for name in names if (ROOT / name).is_file())
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return tuple(path for path in found if not _NOT_SOURCE & set(path.parts) and ".egg-info" not in str(path))


def texts() -> list[tuple[Path, str]]:
    """Every file that is text, with its text."""
    read = []
    for path in files():
        try:
            read.append((path, (ROOT / path).read_text("utf-8")))
        except UnicodeDecodeError:
            continue
    return read
