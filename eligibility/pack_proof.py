"""Reading the tables of a pack that say how one proves who one is and where one lives."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from eligibility.dated import read_citation
from eligibility.errors import PackError
from eligibility.pack_contests import read_id
from eligibility.proof import (
    PAPER_SHOWS,
    PAPERS,
    WAYS,
    FacilityStaff,
    IdentityDocument,
    PaperRule,
    PriorRegistration,
    Proof,
    ResidencyDocument,
    Vouching,
)
from eligibility.toml_table import Table, nearest

_MOST_PAPERS, _MOST_POINTS, _MOST_VOUCHED = 9, 1_000, 1_000

_TABLE_OF_WAY: Mapping[str, str] = MappingProxyType(
    {
        PAPERS: "papers",
        "vouching": "vouching",
        "facility-staff": "facility_staff",
        "prior-registration": "prior_registration",
    }
)
"""Way of proof -> its own table under [proof]; the other ways have no rule of their own."""


def read_identity_document(table: Table) -> IdentityDocument:
    """One `[[identity_document]]`."""
    document = IdentityDocument(
        id=read_id(table),
        title=table.text("title"),
        shows=_read_shows(table, table.texts("shows")),
        source=read_citation(table),
        points=_read_points(table),
    )
    table.refuse_unknown()
    return document


def read_residency_document(table: Table) -> ResidencyDocument:
    """One `[[residency_document]]`."""
    document = ResidencyDocument(
        id=read_id(table),
        title=table.text("title"),
        within_days=table.whole("within_days", 1, 3660) if "within_days" in table else None,
        source=read_citation(table),
        points=_read_points(table),
    )
    table.refuse_unknown()
    return document


def read_proof(table: Table, identity: tuple[IdentityDocument, ...]) -> Proof:
    """`[proof]` with the rule of each way that has one.

    Raises:
        PackError: an unknown way, a way without its rule or a rule without its way, or a rule that no papers can meet.
    """
    ways = table.texts("ways")
    unknown = next((way for way in ways if way not in WAYS), None)
    if unknown is not None:
        raise PackError(f"unknown way of proof {unknown!r}{nearest(unknown, WAYS)}", table.where)
    vouching, staff, prior = (table.optional_table(_TABLE_OF_WAY[way]) for way in list(_TABLE_OF_WAY)[1:])
    proof = Proof(
        ways=ways,
        source=read_citation(table),
        papers=tuple(_read_papers(entry, identity) for entry in table.tables("papers")),
        vouching=None if vouching is None else _read_vouching(vouching),
        facility_staff=None if staff is None else _read_facility_staff(staff),
        prior_registration=None if prior is None else _read_prior_registration(prior),
    )
    table.refuse_unknown()
    _refuse_half_ways(table, ways)
    _refuse_twice(table, proof.papers)
    return proof


def _refuse_half_ways(table: Table, ways: tuple[str, ...]) -> None:
    for way, key in _TABLE_OF_WAY.items():
        if way in ways and key not in table:
            raise PackError(f"ways has {way!r} without its rule, proof.{key}", table.where)
        if way not in ways and key in table:
            raise PackError(f"proof.{key} stands there and ways has no {way!r}", table.where)


def _refuse_twice(table: Table, rules: tuple[PaperRule, ...]) -> None:
    for place, rule in enumerate(rules):
        if rule.id in {before.id for before in rules[:place]}:
            raise PackError(f"papers id {rule.id!r} stands twice", table.where)


def _read_papers(table: Table, identity: tuple[IdentityDocument, ...]) -> PaperRule:
    rule = PaperRule(
        id=read_id(table),
        identity=table.whole("identity", 0, _MOST_PAPERS),
        residency=table.whole("residency", 0, _MOST_PAPERS),
        shows=_read_shows(table, table.optional_texts("shows")),
        source=read_citation(table),
        on_one_paper=table.optional_flag("on_one_paper"),
        identity_points=table.whole("identity_points", 1, _MOST_POINTS) if "identity_points" in table else 0,
        residency_points=table.whole("residency_points", 1, _MOST_POINTS) if "residency_points" in table else 0,
    )
    table.refuse_unknown()
    if not rule.identity and not rule.residency:
        raise PackError("asks for no paper at all", table.where)
    shown = [set(document.shows) for document in identity]
    enough = shown if rule.on_one_paper else [set().union(*shown)]
    if rule.shows and not any(set(rule.shows) <= one for one in enough):
        raise PackError(f"no [[identity_document]] shows {', '.join(rule.shows)}: nobody could meet it", table.where)
    return rule


def _read_shows(table: Table, shows: tuple[str, ...]) -> tuple[str, ...]:
    unknown = next((shown for shown in shows if shown not in PAPER_SHOWS), None)
    if unknown is not None:
        raise PackError(f"shows unknown {unknown!r}{nearest(unknown, PAPER_SHOWS)}", table.where)
    return shows


def _read_points(table: Table) -> int:
    return table.whole("points", 1, _MOST_POINTS) if "points" in table else 1


def _read_vouching(table: Table) -> Vouching:
    vouching = Vouching(
        most=_read_most(table),
        same_precinct=table.flag("same_precinct"),
        vouched_for_may_vouch=table.flag("vouched_for_may_vouch"),
        source=read_citation(table),
    )
    table.refuse_unknown()
    return vouching


def _read_facility_staff(table: Table) -> FacilityStaff:
    staff = FacilityStaff(_read_most(table), table.text("text"), read_citation(table))
    table.refuse_unknown()
    return staff


def _read_prior_registration(table: Table) -> PriorRegistration:
    prior = PriorRegistration(table.flag("same_precinct"), read_citation(table))
    table.refuse_unknown()
    return prior


def _read_most(table: Table) -> int | None:
    return table.whole("most", 1, _MOST_VOUCHED) if "most" in table else None
