"""What is still open in a pack: values nobody has confirmed in the source or looked at lately, and languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from eligibility.pack import Pack
from eligibility.pack_loader import load_pack, pack_folder
from eligibility.toml_table import read_toml

FRESH = timedelta(days=90)
"""A value counts as checked for so long (law 8: nothing goes live with an older one)."""


@dataclass(frozen=True, slots=True)
class Todo:
    """One open point: where it stands (`office[1].seats[2]`), its source, and what there is to do."""

    where: str
    cite: str
    what: str


def todo(name_or_dir: str | Path, today: date) -> list[Todo]:
    """The open points of a pack, in the order of its file.

    Raises:
        PackError: the pack cannot be trusted at all.
    """
    load_pack(name_or_dir)
    return list(_walk(read_toml(pack_folder(name_or_dir) / "pack.toml").plain(), "", today))


def languages_todo(pack: Pack) -> list[Todo]:
    """The languages of a pack that no certified translator has reviewed, or that cannot be offered at all."""
    return [
        Todo(f"words/{language}.toml", "Each language of the pack, and a certified translator for it", what)
        for language in pack.languages
        if (what := _of_language(pack, language))
    ]


def _of_language(pack: Pack, language: str) -> str:
    if language not in pack.spoken:
        lacks = [
            file
            for file, there in (("notices", language in pack.notices), ("words", language in pack.words))
            if not there
        ]
        return f"Not offered to residents: no {' and no '.join(lacks)} in {language!r} yet."
    if not pack.translation_reviewed(language):
        return f"Awaiting a certified translator: notices/{language}.md and words/{language}.toml, read together."
    return ""


def _walk(value: Any, where: str, today: date) -> Iterator[Todo]:
    if isinstance(value, dict):
        if "checked_on" in value:
            yield from _open_points(value, where, today)
        for key, inner in value.items():
            yield from _walk(inner, f"{where}.{key}" if where else key, today)
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from _walk(inner, f"{where}[{number}]", today)


def _open_points(table: dict[str, Any], where: str, today: date) -> Iterator[Todo]:
    if "to_confirm" in table:
        yield Todo(where, table["cite"], table["to_confirm"])
    if today - table["checked_on"] > FRESH:
        yield Todo(
            where, table["cite"], f"Checked on {table['checked_on']}, more than {FRESH.days} days ago: look again."
        )
