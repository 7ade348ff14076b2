"""People who vouch and are vouched for, in the small town."""

import threading

from sqlalchemy import text

from tests.voter_reg.town import card
from voter_reg.service import vouching
from voter_reg.service.actors import RESIDENT
from voter_reg.service.codes import plain_code
from voter_reg.service.vouching import Asked
from voter_reg.store import voters
from voter_reg.store.db import db, transaction

BIRTH = "1990-01-01"


def applicant(office, name="New Neighbor", **answers):
    """Register someone who waits to be vouched for; their receipt."""
    return office.submit(*office.draft(proof="vouching", name=name, **answers))


def voucher(office, number=1, **answers):
    """Register an active voter; their receipt."""
    return office.register(card(number), **{"name": f"Voucher {number}", **answers})


def asked(code, word, birth=BIRTH):
    return Asked(code, birth, word)


def look(office, code, word, birth=BIRTH):
    return vouching.look(office.vault, office.city, asked(code, word, birth), by=RESIDENT, now=office.now)


def swear(office, shown):
    return vouching.swear(office.vault, office.city, shown.vouching, by=RESIDENT, now=office.now)


def vouch(office, code, word):
    """Look and swear."""
    swear(office, look(office, code, word))


def rows(query):
    db.session.rollback()
    return [dict(row) for row in db.session.execute(text(query)).mappings()]


def state(office, receipt):
    index = office.vault.index("code", plain_code(receipt.code))
    (row,) = rows(f"SELECT id, state FROM voter WHERE code_index = '{index}'")
    return row["state"]


def row_id(office, receipt):
    index = office.vault.index("code", plain_code(receipt.code))
    return rows(f"SELECT id FROM voter WHERE code_index = '{index}'")[0]["id"]


def set_state(office, receipt, new):
    voter_id = row_id(office, receipt)
    with transaction() as session:
        voters.change_state(session, voter_id, new)


def vouched_for(office):
    neighbor, first, second = voucher(office), applicant(office, "First"), applicant(office, "Second")
    vouch(office, neighbor.code, first.vouching_code)
    return first.code, second.vouching_code, {}


def full(office):
    neighbor = voucher(office)
    for number in range(8):
        vouch(office, neighbor.code, applicant(office, f"Neighbor {number}").vouching_code)
    return neighbor.code, applicant(office, "Ninth").vouching_code, {}


def at_once(office, works):
    """Let each work go in a thread of its own at one moment; what they gave or raised."""
    gate, outcomes = threading.Barrier(len(works)), []

    def run(work):
        with office.app.app_context():
            gate.wait(10)
            try:
                outcomes.append(work())
            except Exception as problem:  # noqa: BLE001 - the test looks at what it was
                outcomes.append(problem)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes
