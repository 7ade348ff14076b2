"""Accounts in memory: what the office asks of the service, without Argon2 and without a database."""

import itertools
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pyotp

from voter_reg.office.accounts import Link, NotLetIn, Passkey, Person, Session, Unusable, Wait
from voter_reg.office.visit import Visitor
from voter_reg.roles import Role

NOON = datetime(2029, 6, 1, 17, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
CODES = tuple(f"AAAA-BBBB-CCC{n}" for n in range(8))


@dataclass
class Held:
    id: int
    name: str
    roles: frozenset
    state: str = "active"
    password: str = PASSWORD
    secret: str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    new_secret: str = ""
    codes: tuple = CODES
    passkeys: list = field(default_factory=list)


class MemoryAccounts:
    """Everyone's password is PASSWORD; a code is the authenticator's of `moment`."""

    def __init__(self):
        self.moment = NOON
        self.held, self.tokens, self.links, self.refused, self.asked = {}, {}, {}, [], []
        self.tries = 0
        self._number = itertools.count(1)

    def clock(self):
        return self.moment

    # ---- for tests ----

    def add(self, name, *roles, **changes):
        one = Held(next(self._number), name, frozenset(roles), **changes)
        self.held[one.id] = one
        return one

    def token(self, one, *, half=False, fresh=False):
        number = next(self._number)
        token = f"{number:043d}"
        self.tokens[token] = Visitor(one.id, one.name, one.roles, number, half, fresh)
        return token

    def code(self, one, secret=None):
        return pyotp.TOTP(secret or one.secret).at(self.moment)

    # ---- signing in ----

    def look(self, token):
        who = self.tokens.get(token)
        if who is None or self.held[who.staff_id].state == "disabled":
            return None
        return replace(who, roles=self.held[who.staff_id].roles)

    def check_password(self, name, password):
        self.asked.append(password)
        if self.tries >= 5:
            raise Wait(self.moment + timedelta(minutes=5))
        one = next((one for one in self.held.values() if one.name == name), None)
        if one is None or one.state != "active" or password != one.password:
            self.tries += 1
            raise NotLetIn
        return self.token(one, half=True)

    def check_code(self, token, code):
        return self._second(token, lambda one: code == self.code(one))

    def check_recovery(self, token, code):
        return self._second(token, lambda one: code in one.codes)

    def has_passkey(self, visitor):
        return bool(self.held[visitor.staff_id].passkeys)

    def begin_passkey(self, token):
        return '{"challenge": "AAAA", "rpId": "localhost"}'

    def check_passkey(self, token, answer):
        return self._second(token, lambda _: answer == "good")

    def confirm(self, token, password, code):
        return self._second(token, lambda one: password == one.password and code == self.code(one), fresh=True)

    def confirm_by_passkey(self, token, answer):
        return self._second(token, lambda _: answer == "good", fresh=True)

    def sign_out(self, token):
        self.tokens.pop(token, None)

    def note_refusal(self, visitor, page):
        self.refused.append((visitor.name, page))

    def _second(self, token, right, *, fresh=False):
        one = self.held[self.tokens[token].staff_id]
        if not right(one):
            raise NotLetIn
        del self.tokens[token]
        return self.token(one, fresh=fresh)

    # ---- one-time links ----

    def open_link(self, link):
        if link not in self.links:
            return None
        one, reset = self.links[link]
        return Link(one.name, True) if reset else Link(one.name, False, one.secret, self._address(one, one.secret))

    def enrol(self, link, password, code):
        one, _ = self.links[link]
        self._set(one, password, code)
        one.state = "active"
        del self.links[link]
        return one.codes

    def reset(self, link, password, code):
        one, _ = self.links[link]
        self._set(one, password, code)
        del self.links[link]

    def _set(self, one, password, code):
        if len(password) < 12:
            raise Unusable("password", "This is too short. Use at least 12 characters.")
        if code != self.code(one) and code not in one.codes:
            raise NotLetIn
        one.password = password

    def _address(self, one, secret):
        return pyotp.TOTP(secret).provisioning_uri(one.name, issuer_name="Elections office")

    # ---- one's own account ----

    def codes_left(self, visitor):
        return len(self.held[visitor.staff_id].codes)

    def new_codes(self, visitor):
        one = self.held[visitor.staff_id]
        one.codes = tuple(f"DDDD-EEEE-FFF{n}" for n in range(8))
        return one.codes

    def sessions(self, visitor):
        mine = [who for who in self.tokens.values() if who.staff_id == visitor.staff_id and not who.half]
        return [Session(who.session_id, NOON, self.moment, NOON + timedelta(hours=12)) for who in mine]

    def end_session(self, visitor, session_id):
        ends = [t for t, w in self.tokens.items() if w.session_id == session_id and w.staff_id == visitor.staff_id]
        for token in ends:
            del self.tokens[token]
        return bool(ends)

    def end_others(self, visitor):
        ends = [t for t, w in self.tokens.items() if w.staff_id == visitor.staff_id and w != visitor]
        for token in ends:
            del self.tokens[token]
        return len(ends)

    def change_password(self, visitor, old, new):
        one = self.held[visitor.staff_id]
        if old != one.password:
            raise NotLetIn
        self._set(one, new, self.code(one))
        self.end_sessions(visitor, one.id)
        return self.token(one)

    def begin_authenticator(self, visitor):
        one = self.held[visitor.staff_id]
        one.new_secret = "KRUGS4ZANFZSAYJAKRUGS4ZANFZSAYJA"
        return one.new_secret, self._address(one, one.new_secret)

    def finish_authenticator(self, visitor, code):
        one = self.held[visitor.staff_id]
        if code != self.code(one, one.new_secret):
            raise NotLetIn
        one.secret = one.new_secret
        return self.token(one)

    def passkeys(self, visitor):
        return self.held[visitor.staff_id].passkeys

    def begin_new_passkey(self, visitor):
        return "{}"

    def add_passkey(self, visitor, label, answer):
        if answer != "good":
            raise NotLetIn
        self.held[visitor.staff_id].passkeys.append(Passkey(next(self._number), label, self.moment, None))

    def remove_passkey(self, visitor, passkey_id):
        keys = self.held[visitor.staff_id].passkeys
        found = [key for key in keys if key.id == passkey_id]
        for key in found:
            keys.remove(key)
        return bool(found)

    # ---- staff ----

    def people(self):
        return [self._person(one) for one in self.held.values()]

    def person(self, staff_id):
        return self._person(self.held[staff_id]) if staff_id in self.held else None

    def invite(self, by, name, roles):
        if any(one.name == name for one in self.held.values()):
            raise Unusable("name", "There is someone of this name already. Choose another.")
        return self.new_link(by, self.add(name, *roles, state="invited").id)

    def new_link(self, by, staff_id):
        link, one = f"link-{next(self._number)}", self.held[staff_id]
        self.links[link] = (one, one.state == "active")
        return link, self.moment + timedelta(days=3)

    def set_roles(self, by, staff_id, roles):
        if Role.ADMINISTRATOR in self.held[staff_id].roles and Role.ADMINISTRATOR not in roles:
            raise Unusable("roles", "Someone must stay administrator.")
        self.held[staff_id].roles = frozenset(roles)
        self.end_sessions(by, staff_id)

    def disable(self, by, staff_id):
        self.held[staff_id].state = "disabled"
        self.end_sessions(by, staff_id)

    def enable(self, by, staff_id):
        self.held[staff_id].state = "active"

    def end_sessions(self, by, staff_id):
        ends = [token for token, who in self.tokens.items() if who.staff_id == staff_id]
        for token in ends:
            del self.tokens[token]
        return len(ends)

    def _person(self, one):
        open_ones = sum(who.staff_id == one.id for who in self.tokens.values())
        return Person(one.id, one.name, one.roles, one.state, NOON, open_ones)
