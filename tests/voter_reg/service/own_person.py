"""A registrant at their own record, as the service sees them: a code, a birth date, and what they ask for."""

from dataclasses import dataclass

from sqlalchemy import text

from tests.voter_reg.officers import CLERK
from tests.voter_reg.town import ANSWERS, card
from voter_reg.service import demands, own_changes, own_leave, own_record, own_view
from voter_reg.service.demands import Entry
from voter_reg.service.own_changes import Change
from voter_reg.service.scope import Scope
from voter_reg.service.work import run
from voter_reg.store.db import db

CARD = card(1)


@dataclass
class Self:
    """One registrant; `voter_id` is looked up by signing in."""

    office: object
    code: str
    birth: str = ANSWERS["birth"]

    @property
    def voter_id(self):
        return own_record.use(self.sign_in(), self.office.now)

    def sign_in(self, code=None, birth=None):
        now = self.office.now
        return own_record.sign_in(self.office.vault, self.office.city, code or self.code, birth or self.birth, now=now)

    def look(self, voter_id=None):
        office = self.office
        return own_view.look(office.vault, office.city, office.shelf, voter_id or self.voter_id, now=office.now)

    def change(self, what, signed="Amina Yusuf", split=None, version=None, voter_id=None, **fields):
        voter_id = voter_id or self.voter_id
        version = version or self.look(voter_id).version
        wanted = Change(what, fields, signed, split)
        return own_changes.change(self.office.vault, self.office.city, voter_id, wanted, version, self.office.now)

    def leave(self, voter_id=None):
        return own_leave.leave(self.office.vault, self.office.city, voter_id or self.voter_id, now=self.office.now)


def registered(office, number=CARD, **answers):
    """Someone who has just registered; with papers still to show when no card's number is given."""
    receipt = office.register(number, **answers)
    return Self(office, receipt.code, answers.get("birth", ANSWERS["birth"]))


def hold(office, scope=None):
    """A legal demand that covers everything, or a scope; its hold stands and may not be placed yet."""
    entry = Entry("subpoena", office.now.date(), "A court", "Records.", scope or Scope())
    return demands.log_demand(office.vault, office.city, entry, by=CLERK, now=office.now)


def run_jobs(office):
    for job_id in rows("SELECT id FROM job WHERE state = 'queued' ORDER BY id"):
        run(job_id, office.bench)


def rows(query, **values):
    """The first column of what a query finds."""
    db.session.rollback()
    return list(db.session.execute(text(query), values).scalars())


def one(query, **values):
    (found,) = rows(query, **values)
    return found


def actions():
    """What the log says was done with own records, oldest first."""
    return rows("SELECT action FROM log_entry WHERE purpose = 'own-record' ORDER BY id")
