"""People who vouch and are vouched for, in the small town."""

from tests.voter_reg.town import card
from voter_reg.service import vouching
from voter_reg.service.actors import RESIDENT
from voter_reg.service.vouching import Asked

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
