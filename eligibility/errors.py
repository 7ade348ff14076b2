"""Errors that a person can act on: one line that says what is wrong and where."""

from __future__ import annotations


class BadInput(ValueError):
    """Input that cannot be accepted; `str()` is one line, `where: what`, fit to show as it is."""

    def __init__(self, what: str, where: str = "") -> None:
        self.what = what
        self.where = where
        line = f"{where}: {what}" if where else what
        super().__init__(" ".join(line.split()))


class CleanNo(Exception):
    """The question was understood and the answer is no; `str()` is one line, and a command ends with exit code 1."""


class PackError(BadInput):
    """A pack that cannot be trusted: unknown key, missing citation, forbidden authority, contradiction."""


class MapError(BadInput):
    """A map source or built map that cannot be trusted: overlap, gap, stale layer, truncated file."""
