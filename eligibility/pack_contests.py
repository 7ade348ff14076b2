"""Reading the tables of a pack that say what is voted on and by whom: offices, questions, outside, requirements.

Law 2's first gate is here: a contest of a body that the city does not control cannot enter a pack as an office.
"""

from __future__ import annotations

import re
from types import MappingProxyType

from eligibility.dated import Dated, read_citation, read_dated
from eligibility.errors import PackError
from eligibility.office import (
    CONTROLLED_AUTHORITIES,
    ELECTION_DAY_RULES,
    FORBIDDEN_AUTHORITIES,
    OUTSIDE_AUTHORITIES,
    ElectionDay,
    GeneralElection,
    Office,
    Outside,
    Question,
    SpecialElection,
    Voting,
    Years,
)
from eligibility.requirement import SWORN_STATEMENTS, Age, Attestation, Requirement, Residency
from eligibility.toml_table import Table, nearest

SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
"""How places, offices and papers are named: lower-case words joined by hyphens."""

_VOTING_METHODS = ("ranked-choice", "plurality", "yes-no")


def at(table: Table, key: str) -> str:
    """Where a key stands, for an error."""
    return f"{table.where}: {key}"


def read_election_day(table: Table) -> ElectionDay:
    """An `[[election_day]]` value: a named rule within a month."""
    return ElectionDay(table.text("rule", ELECTION_DAY_RULES), table.whole("month", 1, 12))


def read_general_elections(table: Table) -> Dated[GeneralElection] | None:
    """The `[[general_election]]` values; None where no age counts on them."""
    if "general_election" not in table:
        return None
    return read_dated(table.tables("general_election"), _read_general_election, at(table, "general_election"))


def _read_general_election(table: Table) -> GeneralElection:
    return GeneralElection(read_election_day(table), table.whole("first", 1900, 2200), table.whole("every", 1, 12))


def read_office(table: Table) -> Office:
    """One `[[office]]`.

    Raises:
        PackError: an authority that the city does not control, or a value that cannot be trusted.
    """
    district_kind = table.optional_text("district") or None
    office = Office(
        id=read_id(table),
        title=table.text("title"),
        authority=_read_controlled_authority(table),
        district_kind=district_kind,
        district_title=table.text("district_title") if district_kind else "",
        seats=read_dated(table.tables("seats"), lambda t: t.whole("value", 1, 99), at(table, "seats")),
        years=read_dated(table.tables("years"), _read_years, at(table, "years")),
        voting=read_dated(table.tables("voting"), _read_voting, at(table, "voting")),
    )
    if district_kind and "{district}" not in office.district_title:
        raise PackError("district_title must hold {district}", table.where)
    table.refuse_unknown()
    return office


def read_id(table: Table) -> str:
    """The id of a table."""
    identifier = table.text("id")
    if not SLUG.fullmatch(identifier):
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
    every, extra = table.whole("every", 1, 12), table.wholes("extra", 1900, 2200)
    turns = table.optional_table("first_in")
    if turns is None:
        return Years(table.whole("first", 1900, 2200), every, extra)
    first_in = {district: turns.whole(district, 1900, 2200) for district in turns.plain()}
    if not first_in:
        raise PackError("first_in names no district", turns.where)
    return Years(min(first_in.values()), every, extra, MappingProxyType(first_in))


def _read_voting(table: Table) -> Voting:
    method = table.text("method", _VOTING_METHODS)
    ranks = table.whole("ranks", 1, 20) if method == "ranked-choice" and "ranks" in table else None
    return Voting(method, ranks)


def read_special(table: Table, offices: tuple[Office, ...]) -> SpecialElection:
    """One `[[special_election]]` of one of `offices`."""
    name = _known_office(table, table.text("office"), [office.id for office in offices])
    special = SpecialElection(
        day=table.day("day"),
        office=name,
        title=table.optional_text("title"),
        seats=table.whole("seats", 1, 99),
        source=read_citation(table),
        districts=table.optional_texts("districts"),
        voting=_read_voting(table) if "method" in table else None,
    )
    citywide = any(office.id == name and office.district_kind is None for office in offices)
    if special.districts and citywide:
        raise PackError(f"names districts, and the whole city elects {name!r}", table.where)
    table.refuse_unknown()
    return special


def _known_office(table: Table, office: str, known: list[str]) -> str:
    if office not in known:
        raise PackError(f"unknown office {office!r}{nearest(office, known)}; known: {', '.join(known)}", table.where)
    return office


def read_question(table: Table) -> Question:
    """One `[[question]]`."""
    question = Question(
        read_id(table), table.text("title"), _read_controlled_authority(table), table.day("day"), read_citation(table)
    )
    table.refuse_unknown()
    return question


def read_outside(table: Table) -> Outside:
    """One `[[outside]]`."""
    outside = Outside(
        id=read_id(table),
        title=table.text("title"),
        authority=table.text("authority", OUTSIDE_AUTHORITIES),
        why=table.text("why"),
        source=read_citation(table),
    )
    table.refuse_unknown()
    return outside


def read_requirement(table: Table, known: list[str], general: Dated[GeneralElection] | None) -> Requirement:
    """One `[[requirement]]`; `known` are the ids that its `contests` may name."""
    kind = table.text("kind", ("age", "residency", "attestation"))
    contests = _read_contests(table, known)
    where = at(table, "values")
    requirement: Requirement
    if kind == "age":
        by_general = table.text("as_of", ("election-day", "next-general-election")) == "next-general-election"
        if by_general and general is None:
            raise PackError("as_of next-general-election needs a [[general_election]]", table.where)
        years = read_dated(table.tables("values"), lambda t: t.whole("value", 0, 120), where)
        requirement = Age(contests, years, general if by_general else None)
    elif kind == "residency":
        days = read_dated(table.tables("values"), lambda t: t.whole("value", 0, 3660), where)
        requirement = Residency(contests, days)
    else:
        statement, wording = table.text("statement", SWORN_STATEMENTS), table.text("wording")
        required = read_dated(table.tables("values"), lambda t: t.flag("value"), where)
        requirement = Attestation(contests, statement, wording, required)
    table.refuse_unknown()
    return requirement


def _read_contests(table: Table, known: list[str]) -> frozenset[str] | None:
    """`contests = "all"`, or a list of offices and questions."""
    if table.is_text("contests"):
        table.text("contests", ("all",))
        return None
    return frozenset(_known_office(table, office, known) for office in table.texts("contests"))
