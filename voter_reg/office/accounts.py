"""What the office asks about accounts: the use cases, with vault, clock and network address filled in.

Errors are those of the use cases. A `ticket` stands for a right password, a `token` for a session.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import TypeVar

from voter_reg.office.visit import Visitor
from voter_reg.roles import Role
from voter_reg.service import accounts, enrolment, grants, own_account, refusals, sessions, sign_in, staff_links
from voter_reg.service.accounts import Account
from voter_reg.service.actors import Actor
from voter_reg.service.enrolment import Opened
from voter_reg.service.gate import Gate
from voter_reg.service.live import ApprovalMissing
from voter_reg.service.own_account import Passkey
from voter_reg.service.second_factor import Kind, Proof, TotpOffer
from voter_reg.service.sessions import OpenSession, SessionGone
from voter_reg.service.sign_in import Ticket, TicketGone
from voter_reg.service.staff_links import Link

T = TypeVar("T")


class Accounts:
    """One gate at one clock; `source` gives the network address of the present request."""

    def __init__(self, gate: Gate, clock: Callable[[], datetime], source: Callable[[], str]) -> None:
        self._gate = gate
        self._clock = clock
        self._source = source

    @property
    def origin(self) -> str:
        """The office's address as browsers see it."""
        return self._gate.origin

    # ---- signing in ----

    def look(self, token: str) -> Visitor | None:
        """Whose session this is, and note that they were here; None when it has ended or never was."""
        try:
            return visitor_of(sessions.use(token, self._clock()), token)
        except SessionGone:
            return None

    def kinds(self, ticket: str) -> tuple[Kind, ...] | None:
        """How the second step may be done; None when the ticket is over."""
        try:
            return sign_in.kinds_of(ticket, self._clock())
        except TicketGone:
            return None

    def first_step(self, name: str, password: str) -> Ticket:
        """Name and password; raises WrongSignIn or TooMany."""
        return sign_in.with_password(self._gate, name, password, source=self._source(), now=self._clock())

    def passkey_options(self, ticket: str) -> str:
        """What the browser asks the passkey, as JSON; raises TicketGone."""
        return sign_in.passkey_options(self._gate, ticket, self._clock())

    def second_step(self, ticket: str, proof: Proof) -> str:
        """The session's token; raises TicketGone, WrongCode or TooMany."""
        now = self._clock()
        return sign_in.with_second_factor(self._gate, ticket, proof, source=self._source(), now=now).token

    def confirm_options(self, token: str) -> str:
        """What the browser asks the passkey to confirm with, as JSON."""
        return sessions.passkey_options(self._gate, token, self._clock())

    def confirm(self, token: str, password: str, proof: Proof) -> str:
        """Both steps again; the new token. Raises WrongSignIn, WrongCode, TooMany or SessionGone."""
        now = self._clock()
        return sessions.confirm(self._gate, token, password, proof, source=self._source(), now=now).token

    def sign_out(self, token: str) -> None:
        """End the session."""
        sessions.sign_out(token, self._clock())

    def note_refusal(self, visitor: Visitor, page: str) -> None:
        """Log that someone asked for a page that is not for their role."""
        refusals.note(page, by=visitor.acting_as(), now=self._clock())

    # ---- one-time links ----

    def open_link(self, link: str) -> Opened:
        """What a link is for; raises LinkGone."""
        return enrolment.open_link(self._gate, link, self._clock())

    def accept_invitation(self, link: str, password: str, code: str) -> tuple[str, ...]:
        """Set an account up; its recovery codes. Raises LinkGone, PasswordRefused, WrongCode or TooMany."""
        source, now = self._source(), self._clock()
        return enrolment.accept_invitation(self._gate, link, password, code, source=source, now=now)

    def set_new_password(self, link: str, password: str, proof: Proof) -> None:
        """Set a new password; raises as `accept_invitation`."""
        enrolment.set_new_password(self._gate, link, password, proof, source=self._source(), now=self._clock())

    def set_new_second_factor(self, link: str, password: str, code: str) -> tuple[str, ...]:
        """Set a new app up; new recovery codes. Raises LinkGone, WrongSignIn, WrongCode or TooMany."""
        source, now = self._source(), self._clock()
        return enrolment.set_new_second_factor(self._gate, link, password, code, source=source, now=now)

    # ---- one's own account; raises SessionGone or ConfirmFirst where a fresh confirmation is missing ----

    def change_password(self, token: str, password: str) -> None:
        """Set a new password; raises PasswordRefused."""
        own_account.change_password(self._gate, token, password, self._clock())

    def offer_app(self, token: str) -> TotpOffer:
        """A new app's key."""
        return own_account.offer_totp(self._gate, token, self._clock())

    def change_app(self, token: str, code: str) -> None:
        """Take the offered app in place of the old one; raises WrongCode or TooMany."""
        own_account.change_totp(self._gate, token, code, source=self._source(), now=self._clock())

    def new_codes(self, token: str) -> tuple[str, ...]:
        """New recovery codes, shown once."""
        return own_account.new_recovery_codes(self._gate, token, self._clock())

    def passkeys(self, visitor: Visitor) -> list[Passkey]:
        """Their passkeys."""
        return own_account.passkeys(visitor.account_id)

    def offer_passkey(self, token: str) -> str:
        """What the browser asks to make a passkey, as JSON."""
        return own_account.offer_passkey(self._gate, token, self._clock())

    def add_passkey(self, token: str, answer: str, label: str) -> None:
        """Keep a passkey that was made; raises WrongCode or BadInput."""
        own_account.add_passkey(self._gate, token, answer, label, self._clock())

    def remove_passkey(self, token: str, passkey_id: str) -> None:
        """Remove a passkey."""
        own_account.remove_passkey(self._gate, token, passkey_id, self._clock())

    # ---- sessions and staff ----

    def sessions(self, account_id: str) -> list[OpenSession]:
        """Where someone is signed in."""
        return sessions.of_account(account_id, self._clock())

    def end_session(self, by: Visitor, session_id: str) -> None:
        """End one session of one's own."""
        sessions.end(session_id, by.account_id, by=by.acting_as(), now=self._clock())

    def end_sessions(self, by: Visitor, account_id: str) -> int:
        """End all sessions of an account, one's present one excepted; how many."""
        acting = by.acting_as(Role.ADMINISTRATOR)
        return sessions.end_all(account_id, by=acting, now=self._clock(), but=by.session_id)

    def every(self) -> list[Account]:
        """All accounts, by name."""
        return accounts.every()

    def get(self, account_id: str) -> Account:
        """One account; raises AccountRefused."""
        return accounts.get(account_id)

    def invite(self, by: Visitor, name: str, roles: Collection[Role]) -> Link:
        """Invite someone; raises AccountRefused, NotAllowed, or ApprovalMissing, which names the request it filed."""
        acting, now = by.acting_as(Role.ADMINISTRATOR), self._clock()
        return self._with_approval(
            name, roles, acting, lambda ok: accounts.invite(self._gate, name, roles, by=acting, now=now, approved=ok)
        )

    def invite_again(self, by: Visitor, account_id: str) -> Link:
        """A new invitation; raises as `invite`."""
        acting, now = by.acting_as(Role.ADMINISTRATOR), self._clock()
        one = self.get(account_id)
        return self._with_approval(
            one.name,
            one.roles,
            acting,
            lambda ok: accounts.invite_again(self._gate, account_id, by=acting, now=now, approved=ok),
        )

    def set_roles(self, by: Visitor, account_id: str, roles: Collection[Role]) -> None:
        """Give exactly these roles; raises as `invite`."""
        acting, now = by.acting_as(Role.ADMINISTRATOR), self._clock()
        self._with_approval(
            self.get(account_id).name,
            roles,
            acting,
            lambda ok: accounts.set_roles(account_id, roles, by=acting, now=now, approved=ok),
        )

    def disable(self, by: Visitor, account_id: str) -> None:
        """Close an account at once; raises AccountRefused or NotAllowed."""
        accounts.disable(account_id, by=by.acting_as(Role.ADMINISTRATOR), now=self._clock())

    def unblock(self, by: Visitor, account_id: str) -> None:
        """Let an account try again; raises AccountRefused or NotAllowed."""
        accounts.unblock(account_id, by=by.acting_as(Role.ADMINISTRATOR), now=self._clock())

    def reset_password(self, by: Visitor, account_id: str) -> Link:
        """A link that sets a new password; raises ResetRefused."""
        acting = by.acting_as(Role.ADMINISTRATOR)
        return staff_links.reset_password(self._gate, account_id, by=acting, now=self._clock())

    def reset_second_factor(self, by: Visitor, account_id: str) -> Link:
        """A link that sets a new second step up; raises ResetRefused."""
        acting = by.acting_as(Role.ADMINISTRATOR)
        return staff_links.reset_second_factor(self._gate, account_id, by=acting, now=self._clock())

    def _with_approval(self, name: str, roles: Collection[Role], by: Actor, act: Callable[[bool], T]) -> T:
        """Do what needs two officers only sometimes; where it does, file their request or use up the approved one."""
        try:
            return act(False)
        except ApprovalMissing:
            filed = grants.ask_or_take(name, roles, by=by, now=self._clock())
        if filed is not None:
            raise ApprovalMissing(f"two officers must approve these roles first: {filed}; then do this again")
        return act(True)


def visitor_of(session: OpenSession, token: str) -> Visitor:
    """Whoever a session belongs to."""
    account = session.account
    return Visitor(account.id, account.name, session.roles, session.id, token, session.confirmed)
