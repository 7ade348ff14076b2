"""A CSV file of a map's source: a header and rows of the same width, nothing guessed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from eligibility.errors import MapError
from eligibility.geojson import read_file
from eligibility.toml_table import nearest


@dataclass(frozen=True, slots=True)
class CsvTable:
    """Header and rows; `lines` holds the line of the file on which each row ends."""

    where: str
    header: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]

    def column(self, name: str, asked_by: str) -> int:
        """The place of a column.

        Raises:
            MapError: there is no such column; names the nearest.
        """
        if name not in self.header:
            hint = nearest(name, self.header) or f"; columns: {', '.join(self.header)}"
            raise MapError(f"has no column {name!r}, which {asked_by} names{hint}", self.where)
        return self.header.index(name)


def read_csv(path: Path, progress: Callable[[int], None] = lambda _rows: None) -> CsvTable:
    """Read a CSV file (RFC 4180, UTF-8, a header line).

    Raises:
        MapError: missing, empty, not UTF-8, a doubled column, a row of another width (the message has its line).
    """
    where = path.name
    reader = csv.reader(io.StringIO(read_file(path), newline=""), strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        header = tuple(name.strip() for name in next(reader, ()))
        _refuse_doubled(header, where)
        for row in reader:
            if not row:
                continue
            if len(row) != len(header):
                raise MapError(
                    f"has {len(row)} fields where the header has {len(header)}", f"{where}: line {reader.line_num}"
                )
            rows.append(row)
            lines.append(reader.line_num)
            if len(rows) % 10_000 == 0:
                progress(len(rows))
    except csv.Error as problem:
        raise MapError(f"is not CSV: {problem}", f"{where}: line {reader.line_num}") from problem
    return CsvTable(where, header, rows, lines)


def _refuse_doubled(header: tuple[str, ...], where: str) -> None:
    doubled = sorted({name for name in header if header.count(name) > 1})
    if doubled:
        raise MapError(f"has the column {doubled[0]!r} twice", where)
