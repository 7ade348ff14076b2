"""The manifest of an export: every file with its count of voters and its SHA-256, and the roster it comes from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from ballots.roster import RosterHead


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One file of an export: its path within it, its clear bytes' digest, and how many voters it lists."""

    path: str
    voters: int
    sha256: str
    contest: str | None
    precinct: str | None


def describe(path: str, content: bytes, voters: int, *, contest: str | None, precinct: str | None) -> ExportedFile:
    """An exported file described by its clear content."""
    return ExportedFile(path, voters, hashlib.sha256(content).hexdigest(), contest, precinct)


def write_manifest(head: RosterHead, roster_digest: str, voters: int, files: Sequence[ExportedFile]) -> bytes:
    """The manifest as JSON, the same bytes for the same roster: no exporter, no recipient, no time of export."""
    content = {
        "demonstration": head.demonstration,
        "place": head.place,
        "place_name": head.place_name,
        "election_day": head.day.isoformat(),
        "frozen_at": head.frozen_at.isoformat(),
        "pack_digest": head.pack_digest,
        "map_digest": head.map_digest,
        "roster_digest": roster_digest,
        "voters": voters,
        "files": [
            {
                "path": file.path,
                "contest": file.contest,
                "precinct": file.precinct,
                "voters": file.voters,
                "sha256": file.sha256,
            }
            for file in files
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n"
