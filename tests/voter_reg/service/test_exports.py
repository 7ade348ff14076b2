"""Exports: right on every poll book and on no other, the same bytes each time, whole or not there at all."""

import csv
import hashlib
import io
import json
import os
from dataclasses import replace
from pathlib import Path

import pyrage
import pytest
from sqlalchemy import text

from eligibility import BadInput
from tests.voter_reg.officers import approved, live_election
from tests.voter_reg.town import CLERK, DAY, card
from voter_reg.service import elections, exports, jobs, rosters
from voter_reg.service.exports import Export
from voter_reg.service.live import ApprovalMissing
from voter_reg.service.work import EXPORT_ROSTER, run
from voter_reg.store.db import db

ELECTION = "minneapolis-2025-11-04"
ROSTER = f"{ELECTION}-r1"


@pytest.fixture
def frozen(office, town_map):
    elections.create("minneapolis", town_map, DAY, by=CLERK, now=office.now)
    for number, split in enumerate(("A-1", "A-1", "A-2", "B-3", "C-2")):
        office.register(card(number), split=split, name=f"Voter {number}")
    return rosters.freeze(office.vault, office.shelf, ELECTION, by=CLERK, now=office.now)


@pytest.fixture
def reader():
    return pyrage.x25519.Identity.generate()


def export(office, out, **choice):
    wanted = Export(ROSTER, out, **choice)
    job_id = jobs.create(EXPORT_ROSTER, wanted.as_args(CLERK), office.now, send=False)
    run(job_id, office.bench)
    return jobs.find(job_id)


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def names(raw):
    return [row["Name"] for row in csv.DictReader(io.StringIO(raw.decode()))]


def test_each_voter_stands_on_the_poll_books_of_their_contests_and_on_no_other(office, frozen, tmp_path):
    job = export(office, tmp_path / "out")

    books = {name: names(raw) for name, raw in contents(tmp_path / "out").items() if name.endswith(".csv")}
    assert sorted(name for name, listed in books.items() if "Voter 3" in listed) == [
        "contest-board-of-estimate.csv", "contest-council-ward-2.csv", "contest-mayor.csv", "contest-park-at-large.csv",
        "contest-park-district-park-3.csv", "precinct-b-3.csv"]  # fmt: skip
    assert sorted(books["contest-council-ward-1.csv"]) == ["Voter 0", "Voter 1", "Voter 2"]
    assert books["precinct-c-3.csv"] == []
    assert (job.state, job.done, job.total) == ("done", 18, 18)


def test_the_manifest_counts_and_hashes_every_file(office, frozen, tmp_path):
    export(office, tmp_path / "out")
    files = contents(tmp_path / "out")

    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["demonstration"] is True
    assert manifest["roster_digest"] == frozen.digest
    assert {entry["path"]: (entry["voters"], entry["sha256"]) for entry in manifest["files"]} == {
        name: (len(names(raw)), hashlib.sha256(raw).hexdigest()) for name, raw in files.items()
    }


def test_the_same_freeze_gives_the_same_bytes_whoever_exports_and_whenever(office, frozen, tmp_path, reader):
    export(office, tmp_path / "one")
    office.later(days=3)
    export(office, tmp_path / "two")
    export(office, tmp_path / "sealed", recipients=(str(reader.to_public()),))

    clear = contents(tmp_path / "one")
    sealed = contents(tmp_path / "sealed")
    assert contents(tmp_path / "two") == clear
    assert sealed.pop("manifest.json") == clear.pop("manifest.json")
    opened = {name.removesuffix(".age"): pyrage.decrypt(raw, [reader]) for name, raw in sealed.items()}
    assert opened == clear


def test_sealed_poll_books_open_for_their_readers_alone(office, frozen, tmp_path, reader):
    second = pyrage.x25519.Identity.generate()
    export(office, tmp_path / "out", recipients=(str(reader.to_public()), str(second.to_public())))

    files = contents(tmp_path / "out")
    assert {name for name in files if not name.endswith(".csv.age")} == {"manifest.json"}
    raw = files["contest-mayor.csv.age"]
    assert pyrage.decrypt(raw, [reader]) == pyrage.decrypt(raw, [second])
    assert not [name for name, content in files.items() if b"Voter" in content and name != "manifest.json"]
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(raw, [pyrage.x25519.Identity.generate()])


@pytest.mark.parametrize(
    ("choice", "expected"),
    [({"contest": "mayor"}, ("contest-mayor.csv", 5)), ({"precinct": "A-1"}, ("precinct-a-1.csv", 2)),
     ({"contest": "council-ward-1", "precinct": "A-2"}, ("contest-council-ward-1-precinct-a-2.csv", 1))],
)  # fmt: skip
def test_one_contest_or_precinct_can_be_exported_alone(office, frozen, tmp_path, choice, expected):
    written, listed = expected
    export(office, tmp_path / "out", **choice)

    files = contents(tmp_path / "out")
    assert set(files) == {written, "manifest.json"}
    assert len(names(files[written])) == listed


def test_files_and_directory_are_for_their_owner_alone(office, frozen, tmp_path):
    export(office, tmp_path / "out")

    modes = {path.stat().st_mode & 0o077 for path in [tmp_path / "out", *(tmp_path / "out").iterdir()]}
    assert modes == {0}


@pytest.mark.parametrize(
    ("choice", "said"),
    [({"contest": "governor"}, "no contest 'governor'"), ({"contest": "mayr"}, "did you mean 'mayor'"),
     ({"precinct": "Z-9"}, "no precinct"), ({"recipients": ("age1nonsense",)}, "age public key")],
)  # fmt: skip
def test_what_cannot_be_exported_is_refused_before_a_job_is_made(office, frozen, tmp_path, choice, said):
    with pytest.raises(BadInput, match=said):
        exports.require_exportable(office.shelf, Export(ROSTER, tmp_path / "out", **choice))


def test_a_place_that_is_taken_or_not_there_is_refused(office, frozen, tmp_path):
    (tmp_path / "taken").mkdir()

    with pytest.raises(BadInput, match="is there already"):
        exports.require_exportable(office.shelf, Export(ROSTER, tmp_path / "taken"))
    with pytest.raises(BadInput, match="parent directory"):
        exports.require_exportable(office.shelf, Export(ROSTER, tmp_path / "no" / "where"))
    assert export(office, tmp_path / "taken").state == "failed"
    assert list((tmp_path / "taken").iterdir()) == []


def test_a_live_export_needs_two_officers_and_is_never_in_clear(office, frozen, tmp_path, reader, monkeypatch):
    monkeypatch.setattr("ballots.election.Election.demonstration", property(lambda _: False))

    with pytest.raises(BadInput, match="only a demonstration"):
        exports.require_exportable(office.shelf, Export(ROSTER, tmp_path / "out"))
    with pytest.raises(ApprovalMissing):
        exports.require_exportable(
            office.shelf, Export(ROSTER, tmp_path / "out", recipients=(str(reader.to_public()),))
        )
    job = export(office, tmp_path / "out", recipients=(str(reader.to_public()),))
    assert (job.state, "two officers" in job.problem) == ("failed", True)
    assert not (tmp_path / "out").exists()


def test_a_live_roster_is_exported_once_for_the_keys_that_two_officers_approved(office, town_map, tmp_path, reader):
    election = live_election(office, town_map, tmp_path / "live")
    office.register(card(1))
    roster = rosters.freeze(office.vault, office.shelf, election, by=CLERK, now=office.now).id
    to, other = str(reader.to_public()), str(pyrage.x25519.Identity.generate().to_public())
    wanted = Export(roster, tmp_path / "out", recipients=(to,))
    request = approved("export", roster, wanted.approved, office.now)

    for changes in ({"recipients": (other,)}, {"recipients": (to, other)}, {"contest": "mayor"}):
        refused = run_export(office, replace(wanted, request_id=request, **changes))
        assert (refused.state, "two officers" in refused.problem) == ("failed", True)
    assert run_export(office, replace(wanted, request_id=request)).state == "done"
    again = run_export(office, replace(wanted, out=tmp_path / "again", request_id=request))
    assert (again.state, "done" in again.problem) == ("failed", True)
    assert not (tmp_path / "again").exists()


def run_export(office, wanted):
    job_id = jobs.create("export-roster", wanted.as_args(CLERK), office.now, send=False)
    run(job_id, office.bench)
    return jobs.find(job_id)


def test_a_full_disk_leaves_nothing_behind(office, frozen, tmp_path, monkeypatch):
    written = iter(range(7))
    real = os.fsync

    def fsync(handle):
        if Path(f"/proc/self/fd/{handle}").readlink().suffix == ".csv" and next(written, None) is None:
            raise OSError(28, "No space left on device")
        real(handle)

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", fsync)
        with pytest.raises(OSError, match="No space left"):
            export(office, tmp_path / "out")

    assert not [path for path in tmp_path.iterdir() if "out" in path.name]


def test_the_reading_is_logged_before_anything_is_opened(office, frozen, tmp_path, monkeypatch):
    def logged():
        return db.session.execute(text("SELECT subject, count FROM log_entry WHERE action = 'export'")).all()

    seen, real = [], rosters.read

    def read(*args):
        seen.append([tuple(entry) for entry in logged()])
        return real(*args)

    monkeypatch.setattr(exports.rosters, "read", read)
    export(office, tmp_path / "out")

    assert seen == [[(ROSTER, 5)]]
