"""Checks the import contracts of pyproject.toml and prints the broken ones; exit 1 when there are any."""

from __future__ import annotations

import sys
from pathlib import Path

from importlinter.cli import lint_imports

if __name__ == "__main__":
    root = Path(__file__).resolve().parent.parent
    sys.path.insert(0, str(root))
    sys.exit(lint_imports(config_filename=str(root / "pyproject.toml"), no_cache=True))
