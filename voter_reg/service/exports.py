"""Exports: the poll books of a frozen roster as files, encrypted to their readers, the same bytes every time."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyrage

from ballots.formats.manifest import ExportedFile, describe, write_manifest
from ballots.formats.pollbook_csv import write_poll_book
from ballots.poll_books import PollBook, poll_books
from eligibility import BadInput
from voter_reg.service import rosters
from voter_reg.service.access_log import log_bulk
from voter_reg.service.actors import Actor
from voter_reg.service.approvals import take
from voter_reg.service.elections import OpenElection
from voter_reg.service.jobs import Progress
from voter_reg.service.live import ApprovalMissing
from voter_reg.service.shelf import Shelf, open_on
from voter_reg.store.db import transaction
from voter_reg.vault import Vault

MANIFEST = "manifest.json"
EXPORT = "export"
"""The kind of request that a live export needs."""
_BOOKS_A_STEP = 10


@dataclass(frozen=True, slots=True)
class Export:
    """What to export and for whom. No recipients means in clear, which only a demonstration may be."""

    roster_id: str
    out: Path
    contest: str | None = None
    precinct: str | None = None
    recipients: tuple[str, ...] = ()
    request_id: str | None = None

    @property
    def approved(self) -> dict[str, Any]:
        """What two officers approve of a live export: whose, of what, and for which keys. Where it goes is not."""
        return {"contest": self.contest, "precinct": self.precinct, "to": sorted(self.recipients)}

    def as_args(self, by: Actor) -> dict[str, Any]:
        """As the arguments of a job: ids, public keys and a place to write to, no personal data."""
        return {
            "roster": self.roster_id,
            "out": str(self.out.absolute()),
            "contest": self.contest,
            "precinct": self.precinct,
            "to": list(self.recipients),
            "by": by.label,
            "role": by.role,
            "request": self.request_id,
        }

    @classmethod
    def of_args(cls, args: Any) -> Export:
        """What `as_args` wrote."""
        to, request = tuple(args["to"]), args.get("request")
        return cls(args["roster"], Path(args["out"]), args["contest"], args["precinct"], to, request)


def is_live(shelf: Shelf, roster_id: str) -> bool:
    """Whether a roster is of a live election, so that its export needs two officers. Raises BadInput."""
    return not open_on(shelf, rosters.find(roster_id).election_id).election.demonstration


def require_exportable(shelf: Shelf, export: Export) -> None:
    """Check what can be checked before a job is made.

    Raises:
        BadInput: no such roster, contest or precinct, a recipient that is no key, a place that is taken or not there,
            or clear where it may not be.
        ApprovalMissing, Suspended: the election is live and names no request, or may not be held now.
    """
    opened = open_on(shelf, rosters.find(export.roster_id).election_id)
    if not export.recipients and not opened.election.demonstration:
        raise BadInput("only a demonstration may be exported in clear", "--clear")
    opened.require_at_work()
    list(poll_books([], *_names(opened), contest=export.contest, precinct=export.precinct))
    _recipients(export.recipients)
    if not opened.election.demonstration and export.request_id is None:
        raise ApprovalMissing(f"{export.roster_id}: two officers must approve a live export")
    if not export.out.absolute().parent.is_dir():
        raise BadInput("its parent directory is not there", str(export.out))
    if export.out.exists():
        raise BadInput("is there already; an export goes to a new directory", str(export.out))


def export_roster(
    vault: Vault, shelf: Shelf, args: Mapping[str, Any], progress: Progress, *, by: Actor, now: datetime
) -> None:
    """Write the poll books of a roster and their manifest into a new directory: all of it, or nothing.

    The reading is logged before anything is opened. The same roster gives the same bytes; encrypted, the same payload.

    Raises:
        BadInput, ApprovalMissing: as `require_exportable`; or the roster's blocks do not fit its digest.
    """
    export = Export.of_args(args)
    roster = rosters.find(export.roster_id)
    if progress.again and _is_complete(export.out, roster.digest):
        progress.finish(_count(export.out))
        return
    require_exportable(shelf, export)
    opened = open_on(shelf, roster.election_id)
    with transaction() as session:
        if not opened.election.demonstration and not args.get("taken"):
            take(session, export.request_id, EXPORT, roster.id, export.approved, by, now)
            progress.keep(session, {**args, "taken": True})  # a run cut short may go on without another approval
        log_bulk(session, by, "poll-books", "export", roster.id, roster.voters, now)
    entries = rosters.read(vault, opened, roster)
    books = list(poll_books(entries, *_names(opened), contest=export.contest, precinct=export.precinct))
    recipients = _recipients(export.recipients)
    with _new_directory(export.out, progress.job_id) as directory:
        files = []
        for done, book in enumerate(books):
            files.append(_write_book(directory, book, recipients))
            if done % _BOOKS_A_STEP == 0:
                progress.note(done, len(books))
        manifest = write_manifest(rosters.head_of(opened, roster.frozen_at), roster.digest, roster.voters, files)
        _write(directory / MANIFEST, manifest)
    progress.finish(len(books))


def _names(opened: OpenElection) -> tuple[list[str], list[str]]:
    """The ids of the election's contests and precincts, in order."""
    contests = [contest.id for contest in opened.election.all_contests]
    return contests, list(dict.fromkeys(split.precinct for split in opened.election.splits))


def _recipients(keys: Sequence[str]) -> list[pyrage.x25519.Recipient]:
    try:
        return [pyrage.x25519.Recipient.from_str(key) for key in keys]
    except pyrage.RecipientError:
        raise BadInput("a recipient is an age public key, which begins with age1", "--to") from None


def _write_book(directory: Path, book: PollBook, recipients: list[pyrage.x25519.Recipient]) -> ExportedFile:
    """Write one poll book. The manifest speaks of the clear file, which is the same for every reader."""
    clear, path = write_poll_book(book.entries), f"{book.path}.csv"
    if recipients:
        _write(directory / f"{path}.age", pyrage.encrypt(clear, recipients))
    else:
        _write(directory / path, clear)
    return describe(path, clear, len(book.entries), contest=book.contest, precinct=book.precinct)


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _new_directory(out: Path, job_id: int) -> Iterator[Path]:
    """A directory that appears under its name only when everything in it is on the disk.

    Its name until then is the job's own, so that a job run again after a crash clears what it left.
    """
    beside = out.absolute().with_name(f".{out.name}.{job_id}.part")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(mode=0o700)
    try:
        yield beside
        beside.rename(out)
        handle = os.open(out.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def _is_complete(out: Path, digest: str) -> bool:
    """Whether the earlier run put everything in place and was cut off before it could say so."""
    try:
        return bool(json.loads((out / MANIFEST).read_bytes())["roster_digest"] == digest)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _count(out: Path) -> int:
    return len(json.loads((out / MANIFEST).read_bytes())["files"])
