"""Poll books as CSV: RFC 4180, UTF-8, and no cell that a spreadsheet could take for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from ballots.roster import RosterEntry

COLUMNS = (
    "Line",
    "Name",
    "Sort name",
    "Birth year",
    "Address",
    "Precinct",
    "Precinct split",
    "Ballot style",
    "Review",
    "Voter ID",
)
"""The columns of a poll book, in order. "Review" is 1 where a reviewer still looks at the record, else empty."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def write_poll_book(entries: Iterable[RosterEntry]) -> bytes:
    """A poll book of these entries in their order: a header, then one line a voter, each ended by CR LF."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(line, entry) for line, entry in enumerate(entries, start=1))
    return text.getvalue().encode()


def _row(line: int, entry: RosterEntry) -> tuple[str, ...]:
    cells = (entry.name, entry.sort_name, entry.birth_year, entry.address, entry.precinct, entry.split, entry.style)
    return (str(line), *map(plain_cell, cells), entry.review, entry.voter_id)


def plain_cell(text: str) -> str:
    """The cell as text in every spreadsheet: an apostrophe in front of what would begin a formula.

    Source: OWASP, CSV injection. A leading space would hide the sign from a reader but not from every program.
    """
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text
