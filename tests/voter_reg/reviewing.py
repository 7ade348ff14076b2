"""Reviewing for tests: what one says, what the person is told, and what the database holds afterwards."""

from datetime import date

from sqlalchemy import text

from tests.voter_reg.officers import CLERK, FIRST, approved
from tests.voter_reg.papers import clean
from voter_reg.language import words
from voter_reg.service import demands, holds, jobs, purge, review, review_queue
from voter_reg.service.actors import RESIDENT, staff
from voter_reg.service.demands import Entry
from voter_reg.service.review_look import Verdict
from voter_reg.service.review_proof import Seen
from voter_reg.service.review_queue import Reader
from voter_reg.service.review_state import in_words, public_state
from voter_reg.service.scope import Scope
from voter_reg.service.work import run
from voter_reg.store.db import db, snapshot, transaction
from voter_reg.store.jobs import unfinished_since

ONE, TWO, THREE = (staff(name, "reviewer") for name in ("one", "two", "three"))
JUDGE = staff("hana", "head-judge")
BOTH = frozenset({"reviewer", "head-judge"})
CHECKS = ("name", "address")
BILL, LEASE = Seen("residency", "utility-bill", date(2025, 10, 20)), Seen("residency", "lease")
CARD = Seen("identity", "school-id")
PAPERS = (BILL, CARD)
MET = "photo-card-and-paper"


def rows(query):
    db.session.rollback()
    return db.session.execute(text(query)).mappings().all()


def the_review():
    """The newest review."""
    return rows("SELECT * FROM review ORDER BY opened_at DESC, id")[0]


def voter_state():
    return [row["state"] for row in rows("SELECT state FROM voter")]


def say(office, answer, by=ONE, **more):
    row = the_review()
    whole = {
        "approve": {"checks": CHECKS, "papers": PAPERS},
        "ask": {"missing": ("newer-paper",)},
        "refuse": {"reason": "too-old", "note": "It is of last year."},
    }[answer]
    verdict = Verdict(**{"answer": answer, "version": row["version"], **whole, **more})
    return review.decide(office.vault, office.city, row["id"], verdict, by=by, now=office.now)


def state(office):
    (voter,) = rows("SELECT id FROM voter")
    with snapshot() as session:
        return public_state(session, office.vault, office.city, voter["id"], office.now)


def told(office):
    english = words("en")
    return " ".join(english.say(one) for one in in_words(state(office)))


def notices():
    return [row["args"] for row in rows("SELECT args FROM job WHERE kind = 'notify' ORDER BY id")]


def notice_words():
    return [str(args).split("notice")[1].strip("\"': }") for args in notices()]


def appeal(office):
    (voter,) = rows("SELECT id FROM voter")
    review.appeal(office.vault, office.city, voter["id"], by=RESIDENT, now=office.now)


def bring(office, *kinds):
    (voter,) = rows("SELECT id FROM voter")
    brought = [(kind, clean()) for kind in kinds]
    review.bring(office.vault, office.city, voter["id"], brought, RESIDENT, office.now)


def purged(office):
    job_id = jobs.create("purge", {}, office.now, send=False)
    run(job_id, office.bench)
    assert jobs.find(job_id).state == "done", jobs.find(job_id).problem
    return purge.every()[0]


def run_all(office):
    office.later(seconds=1)
    with snapshot() as session:
        waiting = unfinished_since(session, office.now)
    for job_id, kind in waiting:
        if kind != "notify":
            run(job_id, office.bench)


def hold(office, scope="everything"):
    entry = Entry(kind="subpoena", received_on=office.now.date(), sender="X", says="Y", scope=Scope.read(scope))
    placed = demands.log_demand(office.vault, office.city, entry, by=CLERK, now=office.now)
    run_all(office)
    return placed.hold_id


def release(office, hold_id):
    with transaction() as session:
        session.execute(text("UPDATE demand SET decision = 'reject'"))
    holds.release(hold_id, approved("release-hold", hold_id, {}, office.now), by=FIRST, now=office.now)
    run_all(office)


def opened_by(office, by):
    return review_queue.open_item(office.vault, office.city, the_review()["id"], by=by, now=office.now)


def page(office, by, number=1, sheet=1):
    return review_queue.page_of(office.vault, office.city, the_review()["id"], number, sheet, by, office.now)


def queue(office, label=ONE.label, roles=frozenset({"reviewer"})):
    return review_queue.queue(office.city, Reader(label, roles), office.now)
