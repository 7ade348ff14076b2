"""An office with staff in it: accounts set up the way people do it, and an authenticator app to read codes from."""

from datetime import timedelta

from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from pyotp import TOTP
from sqlalchemy import text

from voter_reg.roles import Role
from voter_reg.service import accounts, enrolment, sessions, sign_in
from voter_reg.service.actors import SERVICE, staff
from voter_reg.service.gate import Gate
from voter_reg.service.passwords import Passwords
from voter_reg.service.second_factor import Proof
from voter_reg.service.staff_links import PATH
from voter_reg.store.db import db

PASSWORD = "nine herons over the mill pond"
OTHER_PASSWORD = "a ladder leans on the quince"
ORIGIN = "https://office.example.org"
HOME, AWAY = "192.0.2.7", "198.51.100.9"
ADMIN = staff("root.admin", "administrator")
COUNTING = Passwords(PasswordHasher.from_parameters(CHEAPEST))


class Desk:
    """The office's own clock, and for each account the secret that its owner's phone holds."""

    def __init__(self, office):
        self.office = office
        self.gate = Gate(office.vault, "o" * 40, ORIGIN, COUNTING)
        self.secrets, self.codes, self.ids = {}, {}, {}

    @property
    def now(self):
        return self.office.now

    def later(self, **span):
        self.office.later(**span)

    def code(self, name="amira", steps=0):
        return TOTP(self.secrets[name]).at(self.now + timedelta(seconds=30 * steps))

    def next_code(self, name="amira"):
        """A code that was not used: half a minute passes first."""
        self.later(seconds=30)
        return Proof("totp", self.code(name))

    def invite(self, name="amira", *roles, by=ADMIN, approved=False):
        link = accounts.invite(self.gate, name, roles or (Role.CLERK,), by=by, now=self.now, approved=approved)
        self.ids[name] = link.account_id
        return link.path.removeprefix(PATH)

    def accept(self, link, name="amira", password=PASSWORD):
        offer = enrolment.open_link(self.gate, link, self.now).offer
        self.secrets[name] = offer.secret
        self.codes[name] = enrolment.accept_invitation(
            self.gate, link, password, self.code(name), source=HOME, now=self.now
        )
        return self.ids[name]

    def hire(self, name="amira", *roles, approved=False):
        """An account that is set up and active; its id."""
        account_id = self.accept(self.invite(name, *roles, approved=approved), name)
        self.later(seconds=30)
        return account_id

    def password(self, name="amira", password=PASSWORD, source=HOME):
        return sign_in.with_password(self.gate, name, password, source=source, now=self.now)

    def second(self, ticket, proof, source=HOME):
        return sign_in.with_second_factor(self.gate, ticket.token, proof, source=source, now=self.now)

    def sign_in(self, name="amira", password=PASSWORD, source=HOME):
        """Sign in with password and code."""
        ticket = self.password(name, password, source)
        return self.second(ticket, self.next_code(name), source)

    def confirm(self, token, name="amira", password=PASSWORD, proof=None):
        shown = proof or self.next_code(name)
        return sessions.confirm(self.gate, token, password, shown, source=HOME, now=self.now)

    def confirmed(self, name="amira"):
        """Signed in and just confirmed; the token."""
        return self.confirm(self.sign_in(name).token, name).token

    def use(self, token):
        return sessions.use(token, self.now)

    def account(self, name="amira"):
        return accounts.named(name)

    def logged(self):
        """Actor, action and subject of every entry about accounts, oldest first."""
        rows = db.session.execute(
            text("SELECT actor, action, subject FROM log_entry WHERE purpose = 'accounts' ORDER BY id")
        )
        found = [tuple(row) for row in rows]
        db.session.rollback()
        return found

    def actions(self):
        return [action for _, action, _ in self.logged()]


__all__ = ["ADMIN", "AWAY", "HOME", "ORIGIN", "OTHER_PASSWORD", "PASSWORD", "SERVICE", "Desk"]
