"""Elections: set up from a pack, a map and a day, and opened again only while both are what they were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from ballots.election import Election, plan_election
from ballots.style import Styles, styles_of
from eligibility import BadInput, load_pack
from eligibility.archive import Archive, NotArchived
from eligibility.district_map import DistrictMap
from voter_reg.service.access_log import log_bulk
from voter_reg.service.actors import Actor
from voter_reg.service.live import ApprovalMissing, Suspended, require_authorised, shown_as
from voter_reg.store import elections as store
from voter_reg.store.db import snapshot, transaction
from voter_reg.store.elections import ElectionRow


@dataclass(frozen=True, slots=True)
class OpenElection:
    """An election with its rules and lines in hand; `generation` is that of the decisions in use."""

    id: str
    election: Election
    styles: Styles
    map_digest: str
    generation: int
    status: str
    suspended: bool

    def require_at_work(self) -> None:
        """Refuse to tag for it, freeze or export it while it may not be held.

        Raises:
            ApprovalMissing: it is live and not published.
            Suspended: two officers have suspended it.
        """
        if self.suspended:
            raise Suspended(f"{self.id}: is suspended; nothing is issued until two officers resume it")
        if not self.election.demonstration and self.status != store.PUBLISHED:
            raise ApprovalMissing(f"{self.id}: is live and not published; two officers must approve that first")


@dataclass(frozen=True, slots=True)
class ElectionSummary:
    """An election as staff see it listed."""

    id: str
    day: date
    place: str
    status: str
    suspended: bool
    demonstration: bool
    pack_digest: str
    map_digest: str
    generation: int


def create(
    pack: str,
    map_file: Path,
    day: date,
    *,
    by: Actor,
    now: datetime,
    demonstration: bool = False,
    archive: Archive | None = None,
) -> str:
    """Set up an election; its id is the place and the day. Pack and map go to the archive, where there is one.

    Raises:
        BadInput: nothing is up that day, pack and map do not fit together, or the election is there already.
        ApprovalMissing: it would be live, and counsel has entered no authorisation.
    """
    loaded, district_map = shown_as(load_pack(pack), demonstration=demonstration), DistrictMap.open(map_file)
    district_map.require(loaded.place, day)
    planned = plan_election(loaded, day, district_map.splits.values())
    election_id = f"{loaded.place}-{day.isoformat()}"
    row = ElectionRow(
        id=election_id,
        day=day,
        pack=pack if pack == loaded.place else str(Path(pack).absolute()),
        pack_digest=loaded.digest,
        map_file=str(map_file.absolute()),
        map_digest=district_map.digest,
        demonstration=planned.demonstration,
        status=store.OPEN,
        suspended=False,
        generation=1,
        created_at=now,
    )
    with transaction() as session:
        require_authorised(session, loaded)
        if store.find(session, election_id) is not None:
            raise BadInput("is there already", f"election {election_id}")
        session.add(row)
        log_bulk(session, by, "election", "create", election_id, 0, now)
        if archive is not None:
            archive.keep_pack(loaded, pack)
            archive.keep_map(district_map, map_file)
    return election_id


def opened(row: ElectionRow, archive: Archive) -> OpenElection:
    """The election of a row, with the pack and the map that it was created with.

    Raises:
        BadInput: they are neither in the archive nor what they were.
    """
    try:
        pack = shown_as(archive.pack(row.pack_digest, row.pack), demonstration=row.demonstration)
    except NotArchived:
        raise BadInput("its pack has changed since it was created; decisions would not be the same", row.id) from None
    try:
        district_map = archive.map(row.map_digest, row.map_file)
    except NotArchived:
        raise BadInput("its map has changed since it was created; decisions would not be the same", row.id) from None
    planned = plan_election(pack, row.day, district_map.splits.values())
    return OpenElection(
        row.id, planned, styles_of(planned), district_map.digest, row.generation, row.status, row.suspended
    )


def every() -> list[ElectionSummary]:
    """All elections by day."""
    with snapshot() as session:
        return [
            ElectionSummary(
                row.id,
                row.day,
                row.id.removesuffix(f"-{row.day.isoformat()}"),
                row.status,
                row.suspended,
                row.demonstration,
                row.pack_digest,
                row.map_digest,
                row.generation,
            )
            for row in store.every(session)
        ]
