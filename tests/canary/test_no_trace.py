"""The canary test (law 3): a whole run by real processes leaves nothing personal in clear, not even for a moment.

Residents who do not exist register, one by one, by card and by papers; a worker is killed in the middle of an export;
a roster is frozen and exported. Meanwhile every write to a file is watched, and after each phase every byte on the disk
is searched. Only the sealed export may hold what was planted, and once opened it does: so it really came through.

A later capability adds its step to the run and what it takes to `canaries.py`.
"""

import re
import signal
import threading
import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
import pytest
from sqlalchemy import update

from eligibility import load_pack, next_election
from tests.canary.canaries import (
    BY_CARD,
    BY_PAPERS,
    COMES_BACK,
    DEMANDED,
    LEAVES,
    NOTED,
    ON_THE_ROLL,
    PAGE,
    SAME_CARD,
    Canary,
    planted,
)
from tests.canary.city import City
from tests.canary.colleague import Colleague
from tests.canary.residents import begin, come_back, finish, later, look_up, visitor_at
from tests.canary.search import Search, Trace
from tests.canary.watch import cannot_watch, together
from tests.postgresql import NotHere, server
from tests.voter_reg.town import Office
from voter_reg.residency.papers import CleanPaper
from voter_reg.service import review
from voter_reg.service.actors import RESIDENT
from voter_reg.service.jobs import SILENT
from voter_reg.store import voters
from voter_reg.store.db import db, snapshot, transaction
from voter_reg.store.demands import HoldRow
from voter_reg.store.jobs import JobRow

pytestmark = pytest.mark.slow

MAPPED = {"-shm"}
"""Files that may be written through memory, by how their names end: SQLite's index of its log holds page numbers."""


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def test_a_whole_run_leaves_no_trace_in_clear(tmp_path, town_map, database):
    with ExitStack() as stack:
        own, url = (None, None) if database == "sqlite" else stack.enter_context(chatty_server())
        city = City(tmp_path / "place", town_map, own, url)
        stack.callback(city.kill_everything)
        broker = stack.enter_context(Peeping(city.config.broker_dir, city.place / "temp"))
        run = Run(city, town_map.read_bytes())

        run.residents_register(town_map)
        run.nothing_shows("while residents register")
        out, reader = run.a_worker_is_killed_in_the_middle_of_an_export()
        run.nothing_shows("after a worker was killed")
        run.another_worker_finishes_it(out)
        run.nothing_shows("after the export")
        run.a_reviewer_looks_and_a_demand_comes()
        run.nothing_shows("after staff had looked")
        run.what_is_due_is_purged()
        run.nothing_shows("after a purge")
        run.everything_ends()
        run.nothing_shows("after everything ended")

        run.the_export_opens_for_its_reader(out, reader)
        run.nothing_showed_in_what_was_written()
        assert broker.seen, "something went through the broker"
        assert [kind for raw in broker.seen for kind in run.search.find(raw)] == []
        run.no_log_tells_who_came()
        assert [path for path in city.place.rglob("core*") if path.is_file()] == []
    if reason := cannot_watch():
        pytest.skip(f"all of it held, but the writes to files could not be watched: {reason}")


class Run:
    """The steps, in the order in which they are taken."""

    def __init__(self, city, public):
        self.city, self.public = city, public
        self.canaries = list(planted())
        self.search = Search(self.canaries, public)

    def residents_register(self, town_map):
        city, day = self.city, next_election_day()
        city.start(
            "registry", "serve", "registry", "--port", str(city.registry_port), "--dir", str(city.place / "registry")
        )
        city.start("portal", "serve", "portal", "--port", str(city.portal_port))
        city.start("worker", "worker")
        made = city.run("create", "election", "create", "--pack", "minneapolis", "--map", str(town_map), "--on", day)
        self.election = made.strip()
        visitor_at(f"http://127.0.0.1:{city.registry_port}")
        first = visitor_at(city.portal_url)
        look_up(first, BY_CARD)
        begin(first, BY_CARD)
        codes = [finish(first, BY_CARD)]
        for person in (BY_PAPERS, SAME_CARD):
            visitor = visitor_at(city.portal_url)
            begin(visitor, person)
            codes.append(finish(visitor, person))
        begin(visitor_at(city.portal_url), LEAVES)
        before, after = visitor_at(city.portal_url), visitor_at(city.portal_url)
        begin(before, COMES_BACK)
        link, code = later(before)
        come_back(after, link, code)
        codes.append(finish(after, COMES_BACK))
        # What they were given is theirs alone, too.
        self.canaries += [Canary("code", written) for code in codes for written in (code, code.replace("-", ""))]
        self.canaries.append(Canary("link", link.rsplit("/", 1)[1]))
        self.canaries.append(Canary("link's code", code))
        self.search = Search(self.canaries, self.public)
        with Office(city.config).open(), snapshot() as session:
            counted = [voters.count(session, state) for state in (voters.ACTIVE, voters.WAITING, voters.HELD)]
        assert counted == [2, 1, 1]
        self._wait_for_jobs(4)

    def a_worker_is_killed_in_the_middle_of_an_export(self):
        city, out, reader = self.city, self.city.place / "out", pyrage.x25519.Identity.generate()
        city.end("worker")
        doomed = city.start("doomed", "worker", kill_at="fsync:when=7")
        city.run("tag", "tag", self.election, "--worker")
        city.run("freeze", "roster", "freeze", self.election)
        to = ("--out", str(out), "--to", str(reader.to_public()), "--worker")
        city.start("export", "roster", "export", f"{self.election}-r1", *to)
        if cannot_watch():  # then it is killed at some moment, or just after
            wait_until(lambda: out.exists() or list(city.place.glob(".out.*.part/*")))
            doomed.kill()
        assert doomed.wait(30) == -signal.SIGKILL
        if not cannot_watch():
            assert 0 < len(list(city.place.glob(".out.*.part/*.age"))) < 18, "it was in the middle"
            assert not out.exists()
        return out, reader

    def another_worker_finishes_it(self, out):
        with Office(self.city.config).open(), transaction() as session:  # as if a while had passed
            session.execute(update(JobRow).values(touched_at=datetime.now(UTC) - 2 * SILENT))
        self.city.start("worker-again", "worker")
        assert self.city.processes["export"].wait(60) == 0, self.city.log("export")
        assert len(list(out.iterdir())) == 19
        assert list(self.city.place.glob(".out.*")) == []
        self.city.run("tag-again", "tag", self.election, "--worker")

    def a_reviewer_looks_and_a_demand_comes(self):
        city = self.city
        city.start("office", "serve", "office", "--port", str(city.office_port))
        visitor_at(city.office_url, "/sign-in")
        invited = city.run("invite", "staff", "invite", "ren", "--role", "reviewer", "--role", "counsel", "--json")
        ren = Colleague(city.office_url, invited)
        (match,) = ren.links("/matches", "/matches/[0-9a-f]+")
        shown = ren.text(match)
        for person in (BY_CARD, SAME_CARD):
            assert person.name in shown
        ren.send(f"{match}/decide", page=match, reason="same/papers-show-one")
        self._papers_are_sent_and_looked_at(ren)
        ren.send("/demands/new", kind="subpoena", received="2026-01-02", scope="everything", **DEMANDED)
        assert DEMANDED["says"] in ren.text("/demands/d-00001")
        wait_until(lambda: "Placed" in ren.text("/demands"))
        city.run("register", "demand", "list")
        with Office(city.config).open(), snapshot() as session:
            voter = session.query(voters.VoterRow.id).filter_by(state=voters.ACTIVE).first()[0]
        city.run("who", "audit", "who", voter)
        city.run("log", "audit", "export", "--out", str(city.place / "work" / "log"))
        city.run("verify", "audit", "verify", str(city.place / "work" / "log"))
        city.end("office")

    def _papers_are_sent_and_looked_at(self, ren):
        with Office(self.city.config).open() as office:
            with snapshot() as session:
                voter = session.query(voters.VoterRow.id).filter_by(state=voters.WAITING).first()[0]
            now = datetime.now(UTC)
            review.bring(office.vault, office.city, voter, [("lease", CleanPaper((PAGE,)))], RESIDENT, now)
        (item,) = set(ren.links("/proofs", "/proofs/[0-9a-f]+"))
        assert BY_PAPERS.name in ren.text(item)
        assert ren.get(f"{item}/papers/1/1").body.startswith(b"\xff\xd8")
        done = ren.send(f"{item}/decide", page=item, answer="refuse", reason="unreadable", note=NOTED)
        assert done.url.endswith("?done=second"), done.text

    def what_is_due_is_purged(self):
        city, waits = self.city, voters.VoterRow.state == voters.WAITING
        with Office(city.config).open(), transaction() as session:  # as if years had passed for those who wait
            session.execute(
                update(voters.VoterRow).where(voters.VoterRow.state == voters.WAITING).values(due="2020-01")
            )
        assert "1 record" not in city.run("purge-held", "purge"), "the demand covers it"
        with Office(city.config).open(), transaction() as session:
            session.execute(update(HoldRow).values(state="released"))
            session.execute(update(voters.VoterRow).where(waits).values(due="2020-01", key_id="2020-01"))
        assert "1 record" in city.run("purge", "purge")

    def everything_ends(self):
        for name in ("worker-again", "portal", "registry"):
            self.city.end(name)

    def nothing_shows(self, when):
        found = [trace for folder in self.city.folders() for trace in self.search.folder(folder)]
        found += [Trace("the database", kind) for kind in self.search.find(self.city.dumped())]
        assert found == [], when

    def nothing_showed_in_what_was_written(self):
        if cannot_watch():
            return
        written = self.city.written()
        assert set(written) == set(self.city.processes)
        assert [
            (name, kind) for name, calls in written.items() for raw in together(calls) for kind in self.search.find(raw)
        ] == []
        calls = [call for of_one in written.values() for call in of_one]
        mapped = {call.file for call in calls if call.call == "mmap"}
        assert [file for file in mapped if not file.endswith(tuple(MAPPED))] == []
        # The watch saw what it had to see: jobs in the broker, sealed poll books, the database where it is a file.
        files = {call.file for call in calls}
        assert any("/broker/" in file for file in files)
        assert any(file.endswith(".csv.age") for file in files)
        if self.city.server is None:
            assert any(file.endswith(".sqlite3-wal") for file in files)

    def the_export_opens_for_its_reader(self, out, reader):
        opened = {path.name: pyrage.decrypt(path.read_bytes(), [reader]) for path in out.glob("*.age")}
        book = opened["contest-mayor.csv.age"].decode()
        for person in ON_THE_ROLL:
            assert person.name in book
            assert f"{person.address} UNIT {person.unit}" in book
        for person in (BY_PAPERS, LEAVES, SAME_CARD):
            assert person.name not in book
        search = Search(planted())
        assert {kind for raw in opened.values() for kind in search.find(raw)} == {"name", "address", "unit"}

    def no_log_tells_who_came(self):
        for log in (self.city.place / "logs").iterdir():
            assert not re.search(r"127\.0\.0\.1 - -|Mozilla|GET /|POST /", log.read_text()), log.name

    def _wait_for_jobs(self, most):
        with Office(self.city.config).open():

            def all_done():
                with snapshot() as session:
                    found = [(row.kind, row.state) for row in session.query(JobRow)]
                own = [state for kind, state in found if kind != "purge"]  # the day's purge comes by itself
                assert "failed" not in {state for _, state in found}, self.city.log("worker")
                return own == ["done"] * most and {state for _, state in found} == {"done"}

            wait_until(all_done)
            db.session.remove()


class Peeping(threading.Thread):
    """Looks at every file of some folders as it comes and goes."""

    def __init__(self, *folders: Path) -> None:
        super().__init__(daemon=True)
        self.seen: set[bytes] = set()
        self._folders, self._stop_it = folders, threading.Event()

    def run(self):
        while not self._stop_it.wait(0.01):
            for path in [path for folder in self._folders for path in folder.rglob("*")]:
                try:
                    self.seen.add(path.read_bytes())
                except OSError:
                    continue

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._stop_it.set()
        self.join()


@contextmanager
def chatty_server():
    """A PostgreSQL that logs every statement with what is in it, as an administrator may have set it."""
    with ExitStack() as stack:
        try:
            own = stack.enter_context(server(log_statement="all", log_min_duration_statement="0"))
        except NotHere as reason:
            pytest.skip(f"no PostgreSQL here: {reason}")
        yield own, stack.enter_context(own.database())


def wait_until(condition, seconds=100.0):  # longer than a job that was lost on its way takes to be sent again
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.05)


def next_election_day():
    return next_election(load_pack("minneapolis"), (datetime.now(UTC) + timedelta(days=1)).date()).isoformat()
