"""Nothing is live by accident (law 8): what a place must show before an election of it may be published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from eligibility import Pack
from eligibility.errors import CleanNo
from eligibility.pack_todo import todo
from eligibility.retention import RUNS_FROM
from voter_reg.store import authorisations, elections


class ApprovalMissing(CleanNo):
    """Something dangerous needs an authorisation or two officers' approval, and has none."""


class Suspended(CleanNo):
    """The election is suspended: nothing is registered, issued or exported until it is resumed."""


def shown_as(pack: Pack, *, demonstration: bool) -> Pack:
    """The pack as it was asked for: as it is, or marked as a demonstration."""
    return pack.as_demonstration() if demonstration else pack


def require_authorised(session: Session, pack: Pack) -> None:
    """Let a demonstration pass, and a live pack that counsel has entered an authorisation for.

    Raises:
        ApprovalMissing: the pack is live and has none.
    """
    if not pack.demonstration and authorisations.of_pack(session, pack.digest) is None:
        raise ApprovalMissing(
            f"{pack.place}: going live needs an authorisation entered by counsel and two officers' approval, and has "
            "none; ask for a demonstration instead"
        )


def require_published(session: Session, pack: Pack) -> None:
    """Let a demonstration pass, and a live pack by which an election has been published.

    Raises:
        ApprovalMissing: the pack is live and no election of it is published.
    """
    if not pack.demonstration and not elections.is_published(session, pack.digest):
        raise ApprovalMissing(
            f"{pack.place}: no live election is published; that needs two officers' approval. Ask for a demonstration "
            "instead"
        )


def missing_for_live(session: Session, pack: Pack, folder: str | Path, today: date) -> list[str]:
    """What still keeps a pack from going live, in words; empty when nothing does."""
    return list(_missing(session, pack, folder, today))


def _missing(session: Session, pack: Pack, folder: str | Path, today: date) -> Iterator[str]:
    if pack.legal_status != "in-force":
        yield f"the law is {pack.legal_status}, not in force"
    for conflict in pack.law_1_conflicts:
        if conflict.exception is None:
            yield f"counsel has not excepted: {conflict.what}"
    found = authorisations.of_pack(session, pack.digest)
    if found is None:
        yield "no authorisation is entered for this pack"
    classified = {kind for one in pack.classification for kind in one.kinds}
    for kind in RUNS_FROM:
        if kind not in classified:
            yield f"no law is cited that classifies data of kind {kind!r}"
    points = todo(folder, today)
    if points:
        yield f"{len(points)} values are not confirmed, or were checked more than 90 days ago; pack todo lists them"
