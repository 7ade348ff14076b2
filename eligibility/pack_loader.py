"""Reading a pack: a directory with `pack.toml` and `notices/<language>.md`, refused unless all of it can be trusted."""

from __future__ import annotations

import hashlib
import json
import re
import zoneinfo
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

from eligibility.dated import Citation, read_citation, read_conflict, read_dated
from eligibility.errors import PackError
from eligibility.office import (
    CONTROLLED_AUTHORITIES,
    ELECTION_DAY_RULES,
    FORBIDDEN_AUTHORITIES,
    OUTSIDE_AUTHORITIES,
    ElectionDay,
    Office,
    Outside,
    Question,
    SpecialElection,
    Voting,
    Years,
)
from eligibility.pack import (
    LEGAL_STATUSES,
    Cited,
    HelpLine,
    IdentityDocument,
    Law1Conflict,
    Pack,
    Proof,
    Registration,
    ResidencyDocument,
)
from eligibility.pack_contradictions import refuse_contradictions
from eligibility.requirement import SWORN_STATEMENTS, Age, Attestation, Requirement, Residency
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

_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_VOTING_METHODS = ("ranked-choice", "plurality", "yes-no")
_PAPER_SHOWS = ("photo", "birth-date", "name", "address", "signature")
_HELP_KINDS = ("phone", "tty", "relay", "legal-help")
_WAYS = ("municipal-id", "identity-and-residency-documents", "vouching", "sworn-statement")
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
    folder = _find(name_or_dir)
    table = read_toml(folder / "pack.toml")
    languages = table.texts("languages")
    notices = _read_notices(folder, languages)
    pack = _read_pack(table, languages, notices, digest=_digest(table, notices))
    table.refuse_unknown()
    refuse_contradictions(pack, table.where)
    return pack


def _shipped() -> Path:
    return Path(str(resources.files("eligibility"))) / "packs"


def _find(name_or_dir: str | Path) -> Path:
    text = str(name_or_dir)
    if text in pack_names():
        return _shipped() / text
    folder = Path(text)
    if folder.is_dir():
        return folder
    raise PackError(f"no such pack{nearest(text, pack_names())}; known: {', '.join(pack_names())}", repr(text[:80]))


def _digest(table: Table, notices: Mapping[str, str]) -> str:
    """SHA-256 over what the pack says, whatever its layout: sorted keys, ISO dates, and the notices' text."""
    content = {"pack": table.plain(), "notices": dict(notices)}
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
    if not _SLUG.fullmatch(place):
        raise PackError(f"place {place!r} is not a slug such as {PLACES[0]!r}{nearest(place, PLACES)}", table.where)
    questions = tuple(_read_question(entry) for entry in table.tables("question"))
    offices = tuple(_read_office(entry) for entry in table.tables("office"))
    office_ids = [office.id for office in offices]
    known = office_ids + [question.id for question in questions]
    return Pack(
        place=place,
        name=table.text("name"),
        ocd_id=_read_ocd_id(table),
        languages=languages,
        time_zone=_read_time_zone(table),
        status=read_dated(table.tables("legal_status"), _read_status, _at(table, "legal_status")),
        roll_open_to=_read_cited(table.table("roll_open_to")),
        membership_discloses=_read_cited(table.table("membership_discloses")),
        election_day=read_dated(table.tables("election_day"), _read_election_day, _at(table, "election_day")),
        offices=offices,
        specials=tuple(_read_special(entry, office_ids) for entry in table.tables("special_election")),
        questions=questions,
        outside=tuple(_read_outside(entry) for entry in table.tables("outside")),
        requirements=tuple(_read_requirement(entry, known) for entry in table.tables("requirement")),
        identity_documents=tuple(_read_identity_document(entry) for entry in table.tables("identity_document")),
        residency_documents=tuple(_read_residency_document(entry) for entry in table.tables("residency_document")),
        proof=_read_proof(table.table("proof")),
        registration=read_dated(table.tables("registration"), _read_registration, _at(table, "registration")),
        oath=tuple(_read_cited(entry) for entry in table.tables("oath")),
        challenge=_read_cited_by_key(table.table("challenge"), ("who", "grounds")),
        provisional=_read_cited(table.table("provisional")),
        reconciliation=_read_cited(table.table("reconciliation")),
        classification=tuple(_read_cited(entry) for entry in table.tables("classification")),
        list_access=_read_cited_by_key(table.table("list_access"), _LIST_ACCESS),
        help=tuple(_read_help(entry) for entry in table.tables("help")),
        notices=notices,
        law_1_conflicts=tuple(_read_law_1_conflict(entry) for entry in table.tables("law_1_conflict")),
        digest=digest,
    )


def _at(table: Table, key: str) -> str:
    return f"{table.where}: {key}"


def _read_ocd_id(table: Table) -> str:
    ocd_id = table.text("ocd_id")
    if not ocd_id.startswith("ocd-division/country:us/"):
        raise PackError(f"ocd_id {ocd_id!r} does not begin with ocd-division/country:us/", table.where)
    return ocd_id


def _read_time_zone(table: Table) -> str:
    name = table.text("time_zone")
    if name not in zoneinfo.available_timezones():
        raise PackError(f"unknown time_zone {name!r}{nearest(name, zoneinfo.available_timezones())}", table.where)
    return name


def _read_cited(table: Table) -> Cited:
    cited = Cited(table.text("text"), read_citation(table), read_conflict(table))
    table.refuse_unknown()
    return cited


def _read_cited_by_key(table: Table, keys: tuple[str, ...]) -> Mapping[str, Cited]:
    found = MappingProxyType({key: _read_cited(table.table(key)) for key in keys})
    table.refuse_unknown()
    return found


def _read_status(table: Table) -> str:
    return table.text("value", LEGAL_STATUSES)


def _read_election_day(table: Table) -> ElectionDay:
    return ElectionDay(table.text("rule", ELECTION_DAY_RULES), table.whole("month", 1, 12))


def _read_office(table: Table) -> Office:
    district_kind = table.optional_text("district") or None
    office = Office(
        id=_read_id(table),
        title=table.text("title"),
        authority=_read_controlled_authority(table),
        district_kind=district_kind,
        district_title=table.text("district_title") if district_kind else "",
        seats=read_dated(table.tables("seats"), lambda t: t.whole("value", 1, 99), _at(table, "seats")),
        years=read_dated(table.tables("years"), _read_years, _at(table, "years")),
        voting=read_dated(table.tables("voting"), _read_voting, _at(table, "voting")),
    )
    if district_kind and "{district}" not in office.district_title:
        raise PackError("district_title must hold {district}", table.where)
    table.refuse_unknown()
    return office


def _read_id(table: Table) -> str:
    identifier = table.text("id")
    if not _SLUG.fullmatch(identifier):
        raise PackError(f"id {identifier!r} is not lower-case words joined by hyphens", table.where)
    return identifier


def _read_controlled_authority(table: Table) -> str:
    """Law 2's first gate: a contest of a body that the city does not control cannot enter a pack as an office."""
    authority = table.text("authority")
    if authority in FORBIDDEN_AUTHORITIES:
        raise PackError(
            f"forbidden authority {authority!r}: a {authority} contest can never be a municipal contest; "
            "list it under [[outside]]",
            table.where,
        )
    if authority not in CONTROLLED_AUTHORITIES:
        raise PackError(
            f"unknown authority {authority!r}{nearest(authority, CONTROLLED_AUTHORITIES)}; "
            f"known: {', '.join(CONTROLLED_AUTHORITIES)}",
            table.where,
        )
    return authority


def _read_years(table: Table) -> Years:
    return Years(table.whole("first", 1900, 2200), table.whole("every", 1, 12), table.wholes("extra", 1900, 2200))


def _read_voting(table: Table) -> Voting:
    method = table.text("method", _VOTING_METHODS)
    ranks = table.whole("ranks", 1, 20) if method == "ranked-choice" else None
    return Voting(method, ranks)


def _read_special(table: Table, known: list[str]) -> SpecialElection:
    special = SpecialElection(
        day=table.day("day"),
        office=_known_office(table, table.text("office"), known),
        title=table.optional_text("title"),
        seats=table.whole("seats", 1, 99),
        source=read_citation(table),
    )
    table.refuse_unknown()
    return special


def _known_office(table: Table, office: str, known: list[str]) -> str:
    if office not in known:
        raise PackError(f"unknown office {office!r}{nearest(office, known)}; known: {', '.join(known)}", table.where)
    return office


def _read_question(table: Table) -> Question:
    question = Question(
        _read_id(table), table.text("title"), _read_controlled_authority(table), table.day("day"), read_citation(table)
    )
    table.refuse_unknown()
    return question


def _read_outside(table: Table) -> Outside:
    outside = Outside(
        id=_read_id(table),
        title=table.text("title"),
        authority=table.text("authority", OUTSIDE_AUTHORITIES),
        why=table.text("why"),
        source=read_citation(table),
    )
    table.refuse_unknown()
    return outside


def _read_requirement(table: Table, known: list[str]) -> Requirement:
    kind = table.text("kind", ("age", "residency", "attestation"))
    contests = _read_contests(table, known)
    where = _at(table, "values")
    requirement: Requirement
    if kind == "age":
        table.text("as_of", ("election-day",))
        years = read_dated(table.tables("values"), lambda t: t.whole("value", 0, 120), where)
        requirement = Age(contests, years)
    elif kind == "residency":
        days = read_dated(table.tables("values"), lambda t: t.whole("value", 0, 3660), where)
        requirement = Residency(contests, days)
    else:
        statement = table.text("statement", SWORN_STATEMENTS)
        required = read_dated(table.tables("values"), lambda t: t.flag("value"), where)
        requirement = Attestation(contests, statement, required)
    table.refuse_unknown()
    return requirement


def _read_contests(table: Table, known: list[str]) -> frozenset[str] | None:
    """`contests = "all"`, or a list of offices and questions."""
    if table.is_text("contests"):
        table.text("contests", ("all",))
        return None
    return frozenset(_known_office(table, office, known) for office in table.texts("contests"))


def _read_identity_document(table: Table) -> IdentityDocument:
    document = IdentityDocument(_read_id(table), table.text("title"), table.texts("shows"), read_citation(table))
    unknown = next((shown for shown in document.shows if shown not in _PAPER_SHOWS), None)
    if unknown is not None:
        raise PackError(f"shows unknown {unknown!r}{nearest(unknown, _PAPER_SHOWS)}", table.where)
    table.refuse_unknown()
    return document


def _read_residency_document(table: Table) -> ResidencyDocument:
    within = table.whole("within_days", 1, 3660) if "within_days" in table else None
    document = ResidencyDocument(_read_id(table), table.text("title"), within, read_citation(table))
    table.refuse_unknown()
    return document


def _read_proof(table: Table) -> Proof:
    proof = Proof(table.texts("ways"), read_citation(table))
    unknown = next((way for way in proof.ways if way not in _WAYS), None)
    if unknown is not None:
        raise PackError(f"unknown way of proof {unknown!r}{nearest(unknown, _WAYS)}", table.where)
    table.refuse_unknown()
    return proof


def _read_registration(table: Table) -> Registration:
    closes_at = table.text("closes_at")
    if not _CLOCK.fullmatch(closes_at):
        raise PackError(f"closes_at {closes_at!r} is not a time such as '17:00'", table.where)
    return Registration(
        closes_days_before=table.whole("closes_days_before", 0, 366),
        closes_at=closes_at,
        same_day=table.flag("same_day"),
        validity=table.text("validity", ("continuing", "one-election")),
        source=read_citation(table),
    )


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
