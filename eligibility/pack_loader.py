"""Reading a pack: a directory with `pack.toml`, `notices/<language>.md` and `words/<language>.toml`.

It is refused unless all of it can be trusted.
"""

from __future__ import annotations

import hashlib
import json
import re
import zoneinfo
from collections.abc import Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

from eligibility.dated import Citation, read_citation, read_conflict, read_dated
from eligibility.errors import PackError
from eligibility.pack import (
    LEGAL_STATUSES,
    Cited,
    Classification,
    HelpLine,
    Law1Conflict,
    Pack,
    Registration,
)
from eligibility.pack_contests import (
    SLUG,
    at,
    read_election_day,
    read_general_elections,
    read_office,
    read_outside,
    read_question,
    read_requirement,
    read_special,
)
from eligibility.pack_contradictions import refuse_contradictions
from eligibility.pack_proof import read_identity_document, read_proof, read_residency_document
from eligibility.pack_words import read_words, words_files
from eligibility.retention import RUNS_FROM, read_retention
from eligibility.toml_table import Table, nearest, read_toml

PLACES = (
    "minneapolis",
    "san-francisco",
    "takoma-park",
    "hyattsville",
    "washington-dc",
    "burlington",
    "winooski",
    "new-york-city",
    "college-park",
)
"""The fixed slugs of the places that have or tried resident voting; a city's own pack may use another slug."""

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_HELP_KINDS = ("phone", "tty", "relay", "legal-help")
_LIST_ACCESS = ("posting", "candidates", "public", "observers")
_LONGEST_NOTICE = 20_000  # characters


def pack_names() -> list[str]:
    """The places whose packs ship with the service, in alphabetical order."""
    return sorted(entry.name for entry in _shipped().iterdir() if (entry / "pack.toml").is_file())


def load_pack(name_or_dir: str | Path) -> Pack:
    """Read a pack by its place or from a directory.

    Raises:
        PackError: no such pack, or anything in it that cannot be trusted; one line with file, key and reason.
    """
    folder = pack_folder(name_or_dir)
    table = read_toml(folder / "pack.toml")
    languages = table.texts("languages")
    notices = _read_notices(folder, languages)
    words = words_files(folder, languages)
    pack = _read_pack(table, languages, notices, digest=_digest(table, notices, words))
    table.refuse_unknown()
    refuse_contradictions(pack, table.where)
    return replace(pack, translations=read_words(words, pack))


def _shipped() -> Path:
    return Path(str(resources.files("eligibility"))) / "packs"


def pack_folder(name_or_dir: str | Path) -> Path:
    """Where a pack lies, by its place or from a directory.

    Raises:
        PackError: no such pack; names the nearest.
    """
    text = str(name_or_dir)
    if text in pack_names():
        return _shipped() / text
    folder = Path(text)
    if folder.is_dir():
        return folder
    raise PackError(f"no such pack{nearest(text, pack_names())}; known: {', '.join(pack_names())}", repr(text[:80]))


def _digest(table: Table, notices: Mapping[str, str], words: Mapping[str, Table]) -> str:
    """SHA-256 over what the pack says, whatever its layout: sorted keys, ISO dates, the notices' text and the words."""
    content: dict[str, Any] = {"pack": table.plain(), "notices": dict(notices)}
    if words:
        content["words"] = {language: of.plain() for language, of in words.items()}
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_iso)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _iso(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _read_notices(folder: Path, languages: tuple[str, ...]) -> Mapping[str, str]:
    """Read the notice of each language that has one; English must."""
    notices = {}
    for language in languages:
        path = folder / "notices" / f"{language}.md"
        if path.is_file():
            notices[language] = _read_notice(path)
    if "en" not in notices:
        raise PackError("missing: the pack needs its risk notice in English", str(folder / "notices" / "en.md"))
    return MappingProxyType(notices)


def _read_notice(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise PackError("cannot be read as UTF-8 text", str(path)) from problem
    if len(text) > _LONGEST_NOTICE:
        raise PackError(f"is longer than {_LONGEST_NOTICE:,} characters; nobody would read it", str(path))
    if not text.strip():
        raise PackError("is empty", str(path))
    return text


def _read_pack(table: Table, languages: tuple[str, ...], notices: Mapping[str, str], digest: str) -> Pack:
    place = table.text("place")
    if not SLUG.fullmatch(place):
        raise PackError(f"place {place!r} is not a slug such as {PLACES[0]!r}{nearest(place, PLACES)}", table.where)
    questions = tuple(read_question(entry) for entry in table.tables("question"))
    offices = tuple(read_office(entry) for entry in table.tables("office"))
    office_ids = [office.id for office in offices]
    known = office_ids + [question.id for question in questions]
    general = read_general_elections(table)
    identity_documents = tuple(read_identity_document(entry) for entry in table.tables("identity_document"))
    return Pack(
        place=place,
        name=table.text("name"),
        ocd_id=_read_ocd_id(table),
        languages=languages,
        time_zone=_read_time_zone(table),
        status=read_dated(table.tables("legal_status"), _read_status, at(table, "legal_status")),
        roll_open_to=_read_cited(table.table("roll_open_to")),
        membership_discloses=_read_cited(table.table("membership_discloses")),
        election_day=read_dated(table.tables("election_day"), read_election_day, at(table, "election_day")),
        general_election=general,
        offices=offices,
        specials=tuple(read_special(entry, offices) for entry in table.tables("special_election")),
        questions=questions,
        outside=tuple(read_outside(entry) for entry in table.tables("outside")),
        requirements=tuple(read_requirement(entry, known, general) for entry in table.tables("requirement")),
        identity_documents=identity_documents,
        residency_documents=tuple(read_residency_document(entry) for entry in table.tables("residency_document")),
        proof=read_proof(table.table("proof"), identity_documents),
        registration=read_dated(table.tables("registration"), _read_registration, at(table, "registration")),
        oath=tuple(_read_cited(entry) for entry in table.tables("oath")),
        challenge=_read_cited_by_key(table.table("challenge"), ("who", "grounds")),
        provisional=_read_cited(table.table("provisional")),
        reconciliation=_read_cited(table.table("reconciliation")),
        classification=tuple(_read_classification(entry) for entry in table.tables("classification")),
        retention=read_retention(table.tables("retention"), at(table, "retention")),
        list_access=_read_cited_by_key(table.table("list_access"), _LIST_ACCESS),
        help=tuple(_read_help(entry) for entry in table.tables("help")),
        notices=notices,
        law_1_conflicts=tuple(_read_law_1_conflict(entry) for entry in table.tables("law_1_conflict")),
        digest=digest,
    )


def _read_ocd_id(table: Table) -> str:
    ocd_id = table.text("ocd_id")
    if not ocd_id.startswith("ocd-division/country:us/"):
        raise PackError(f"ocd_id {ocd_id!r} does not begin with ocd-division/country:us/", table.where)
    return ocd_id


def _read_time_zone(table: Table) -> str:
    name = table.text("time_zone")
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):  # not found, no relative path, a folder
        near = nearest(name, zoneinfo.available_timezones())
        raise PackError(f"unknown time_zone {name!r}{near}", table.where) from None
    return name


def _read_cited(table: Table) -> Cited:
    cited = Cited(table.text("text"), read_citation(table), read_conflict(table))
    table.refuse_unknown()
    return cited


def _read_classification(table: Table) -> Classification:
    kinds = table.optional_texts("kinds")
    unknown = next((kind for kind in kinds if kind not in RUNS_FROM), None)
    if unknown is not None:
        raise PackError(f"unknown kind {unknown!r}{nearest(unknown, RUNS_FROM)}", table.where)
    return Classification(kinds, _read_cited(table))


def _read_cited_by_key(table: Table, keys: tuple[str, ...]) -> Mapping[str, Cited]:
    found = MappingProxyType({key: _read_cited(table.table(key)) for key in keys})
    table.refuse_unknown()
    return found


def _read_status(table: Table) -> str:
    return table.text("value", LEGAL_STATUSES)


def _read_registration(table: Table) -> Registration:
    return Registration(
        closes_days_before=table.whole("closes_days_before", 0, 366),
        closes_at=_read_clock(table, "closes_at"),
        same_day_until=_read_clock(table, "same_day_until") if table.flag("same_day") else None,
        validity=table.text("validity", ("continuing", "one-election")),
    )


def _read_clock(table: Table, key: str) -> str:
    clock = table.text(key)
    if not _CLOCK.fullmatch(clock):
        raise PackError(f"{key} {clock!r} is not a time such as '17:00'", table.where)
    return clock


def _read_help(table: Table) -> HelpLine:
    line = HelpLine(
        kind=table.text("kind", _HELP_KINDS),
        name=table.text("name"),
        phone=table.optional_text("phone"),
        href=table.optional_text("href"),
        language=table.text("language"),
    )
    if not line.phone and not line.href:
        raise PackError("needs a phone or an href", table.where)
    table.refuse_unknown()
    return line


def _read_law_1_conflict(table: Table) -> Law1Conflict:
    exception = table.optional_table("exception")
    conflict = Law1Conflict(
        what=table.text("what"),
        source=read_citation(table),
        exception=None if exception is None else _read_exception(exception),
    )
    table.refuse_unknown()
    return conflict


def _read_exception(table: Table) -> Citation:
    citation = read_citation(table)
    table.refuse_unknown()
    return citation
