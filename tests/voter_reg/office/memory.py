"""Accounts in memory: what the office asks of the service, without Argon2 and without a database."""

import itertools
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pyotp

from voter_reg.office.visit import Visitor
from voter_reg.roles import Role
from voter_reg.service.accounts import Account, AccountRefused, NotAllowed
from voter_reg.service.enrolment import Opened
from voter_reg.service.limits import TooMany
from voter_reg.service.live import ApprovalMissing
from voter_reg.service.own_account import Passkey
from voter_reg.service.passwords import PasswordRefused
from voter_reg.service.second_factor import TotpOffer, WrongCode
from voter_reg.service.sessions import ConfirmFirst, OpenSession
from voter_reg.service.sign_in import Ticket, TicketGone, WrongSignIn
from voter_reg.service.staff_links import PATH, Link, LinkGone, ResetRefused

NOON = datetime(2029, 6, 1, 17, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
CODES = tuple(f"AAAA-BBBB-CCC{n}" for n in range(8))


@dataclass
class Held:
    id: str
    name: str
    roles: frozenset
    state: str = "active"
    password: str = PASSWORD
    secret: str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    new_secret: str = "KRUGS4ZANFZSAYJAKRUGS4ZANFZSAYJA"
    codes: tuple = CODES
    passkeys: list = field(default_factory=list)
    blocked: bool = False


class MemoryAccounts:
    """Everyone's password is PASSWORD; a code is the authenticator's of `moment`; a good passkey answers "good"."""

    origin = "http://localhost"

    def __init__(self):
        self.moment = NOON
        self.held, self.tokens, self.tickets, self.links = {}, {}, {}, {}
        self.refused, self.asked = [], []
        self.tries = 0
        self._number = itertools.count(1)

    def clock(self):
        return self.moment

    # ---- for tests ----

    def add(self, name, *roles, **changes):
        one = Held(f"a{next(self._number)}", name, frozenset(roles), **changes)
        self.held[one.id] = one
        return one

    def token(self, one, *, fresh=False):
        number = next(self._number)
        token = f"{number:043d}"
        self.tokens[token] = Visitor(one.id, one.name, one.roles, f"s{number}", token, fresh)
        return token

    def ticket(self, one):
        ticket = f"ticket-{next(self._number):040d}"
        self.tickets[ticket] = one
        return ticket

    def code(self, one, secret=None):
        return pyotp.TOTP(secret or one.secret).at(self.moment)

    def link(self, one, purpose):
        link = f"link-{next(self._number)}"
        self.links[link] = (one, purpose)
        return PATH + link

    def _shows(self, one, proof):
        right = {
            "totp": proof.answer == self.code(one),
            "recovery-code": proof.answer in one.codes,
            "passkey": proof.answer == "good",
        }
        if not right[proof.kind]:
            raise WrongCode

    # ---- signing in ----

    def look(self, token):
        who = self.tokens.get(token)
        if who is None or self.held[who.account_id].state == "disabled":
            return None
        return replace(who, roles=self.held[who.account_id].roles)

    def kinds(self, ticket):
        if ticket not in self.tickets:
            return None
        return ("totp", "recovery-code", *(("passkey",) if self.tickets[ticket].passkeys else ()))

    def first_step(self, name, password):
        self.asked.append(password)
        if self.tries >= 5:
            raise TooMany(290)
        one = next((one for one in self.held.values() if one.name == name), None)
        if one is None or one.state != "active" or password != one.password:
            self.tries += 1
            raise WrongSignIn
        return Ticket(self.ticket(one), (), self.moment + timedelta(minutes=5))

    def passkey_options(self, ticket):
        return '{"challenge": "AAAA", "rpId": "localhost"}'

    def second_step(self, ticket, proof):
        if ticket not in self.tickets:
            raise TicketGone
        self._shows(self.tickets[ticket], proof)
        return self.token(self.tickets.pop(ticket))

    def confirm_options(self, token):
        return '{"challenge": "AAAA", "rpId": "localhost"}'

    def confirm(self, token, password, proof):
        one = self.held[self.tokens[token].account_id]
        if password != one.password:
            raise WrongSignIn
        self._shows(one, proof)
        del self.tokens[token]
        return self.token(one, fresh=True)

    def sign_out(self, token):
        self.tokens.pop(token, None)

    def note_refusal(self, visitor, page):
        self.refused.append((visitor.name, page))

    # ---- one-time links ----

    def open_link(self, link):
        if link not in self.links:
            raise LinkGone
        one, purpose = self.links[link]
        offer = None if purpose == "password" else self._offer(one, one.secret)
        return Opened(purpose, one.name, self.moment, offer, ("totp", "recovery-code"))

    def accept_invitation(self, link, password, code):
        one, _ = self.links[link]
        self._set(one, password)
        if code != self.code(one):
            raise WrongCode
        one.state = "active"
        del self.links[link]
        return one.codes

    def set_new_password(self, link, password, proof):
        one, _ = self.links[link]
        self._shows(one, proof)
        self._set(one, password)
        del self.links[link]

    def set_new_second_factor(self, link, password, code):
        one, _ = self.links[link]
        if password != one.password:
            raise WrongSignIn
        if code != self.code(one):
            raise WrongCode
        del self.links[link]
        return one.codes

    def _set(self, one, password):
        if len(password) < 15:
            raise PasswordRefused("is shorter than 15 characters", "password")
        one.password = password

    def _offer(self, one, secret):
        return TotpOffer(secret, pyotp.TOTP(secret).provisioning_uri(name=one.name, issuer_name="Elections office"))

    # ---- one's own account ----

    def _mine(self, token):
        if not self.tokens[token].fresh:
            raise ConfirmFirst
        return self.held[self.tokens[token].account_id]

    def change_password(self, token, password):
        one = self._mine(token)
        self._set(one, password)
        self.end_sessions(self.tokens[token], one.id)

    def offer_app(self, token):
        one = self._mine(token)
        return self._offer(one, one.new_secret)

    def change_app(self, token, code):
        one = self._mine(token)
        if code != self.code(one, one.new_secret):
            raise WrongCode
        one.secret = one.new_secret

    def new_codes(self, token):
        one = self._mine(token)
        one.codes = tuple(f"DDDD-EEEE-FFF{n}" for n in range(8))
        return one.codes

    def passkeys(self, visitor):
        return list(self.held[visitor.account_id].passkeys)

    def offer_passkey(self, token):
        self._mine(token)
        return '{"challenge": "AAAA"}'

    def add_passkey(self, token, answer, label):
        if answer != "good":
            raise WrongCode
        self._mine(token).passkeys.append(Passkey(f"k{next(self._number)}", label, self.moment))

    def remove_passkey(self, token, passkey_id):
        one = self._mine(token)
        one.passkeys = [key for key in one.passkeys if key.id != passkey_id]

    # ---- sessions and staff ----

    def sessions(self, account_id):
        mine = [who for who in self.tokens.values() if who.account_id == account_id]
        ends = NOON + timedelta(hours=12)
        return [OpenSession(w.session_id, self.get(account_id), NOON, self.moment, ends, w.fresh) for w in mine]

    def end_session(self, by, session_id):
        for token, who in list(self.tokens.items()):
            if who.session_id == session_id and who.account_id == by.account_id:
                del self.tokens[token]

    def end_sessions(self, by, account_id):
        ends = [t for t, w in self.tokens.items() if w.account_id == account_id and w.session_id != by.session_id]
        for token in ends:
            del self.tokens[token]
        return len(ends)

    def every(self):
        return [self.get(account_id) for account_id in self.held]

    def get(self, account_id):
        if account_id not in self.held:
            raise AccountRefused("there is no such account", "account")
        one = self.held[account_id]
        return Account(one.id, one.name, one.roles, one.state, NOON, len(one.passkeys), len(one.codes), one.blocked)

    def invite(self, by, name, roles):
        if any(one.name == name for one in self.held.values()):
            raise AccountRefused(f"{name} is taken", "name")
        if Role.PRIVACY_OFFICER in roles:
            raise ApprovalMissing("two officers must approve this first")
        return self._link(self.add(name, *roles, state="invited"), "invitation")

    def invite_again(self, by, account_id):
        if self.held[account_id].state == "active":
            raise AccountRefused("is active; disable it first", self.held[account_id].name)
        return self._link(self.held[account_id], "invitation")

    def reset_password(self, by, account_id):
        return self._link(self.held[account_id], "password")

    def reset_second_factor(self, by, account_id):
        raise ResetRefused("another administrator must issue this one")

    def set_roles(self, by, account_id, roles):
        if by.account_id == account_id:
            raise NotAllowed("nobody changes their own roles")
        if Role.PRIVACY_OFFICER in roles:
            raise ApprovalMissing("two officers must approve this first")
        self.held[account_id].roles = frozenset(roles)

    def disable(self, by, account_id):
        self.held[account_id].state = "disabled"
        self.end_sessions(by, account_id)

    def unblock(self, by, account_id):
        self.held[account_id].blocked = False

    def _link(self, one, purpose):
        return Link(self.link(one, purpose), self.moment + timedelta(days=1), one.id, purpose)
