"""Elections kept open by one process: reading a pack and a map for every voter would cost more than the tagging."""

from __future__ import annotations

from dataclasses import replace

from eligibility import BadInput
from eligibility.archive import Archive
from voter_reg.service.decisions import ElectionTagger
from voter_reg.service.elections import OpenElection, opened
from voter_reg.store import elections
from voter_reg.store.db import snapshot
from voter_reg.store.elections import ElectionRow


class Shelf:
    """Open elections and their taggers, by what they rest on. Safe between threads: at worst one is read twice."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self._open: dict[tuple[str, str, str], tuple[OpenElection, ElectionTagger]] = {}

    def opened(self, row: ElectionRow) -> OpenElection:
        """The election of a row, with the generation and the status that the row has now.

        Raises:
            BadInput: its pack or its map is no longer what it was created with.
        """
        return replace(self._find(row)[0], generation=row.generation, status=row.status, suspended=row.suspended)

    def tagger(self, election: OpenElection) -> ElectionTagger:
        """What tags for an election that this shelf opened."""
        return self._open[election.id, election.election.pack.digest, election.map_digest][1]

    def _find(self, row: ElectionRow) -> tuple[OpenElection, ElectionTagger]:
        key = (row.id, row.pack_digest, row.map_digest)
        if key not in self._open:
            election = opened(row, self.archive)
            self._open[key] = (election, ElectionTagger(election))
        return self._open[key]


def open_on(shelf: Shelf, election_id: str) -> OpenElection:
    """The election of an id, kept open on the shelf.

    Raises:
        BadInput: no such election, or its pack or map is no longer what it was created with.
    """
    with snapshot() as session:
        row = elections.find(session, election_id)
        if row is None:
            known = ", ".join(one.id for one in elections.every(session)) or "none"
            raise BadInput(f"no such election; known: {known}", election_id[:80])
        return shelf.opened(row)
