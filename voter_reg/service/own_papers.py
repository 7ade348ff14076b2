"""A registrant's own papers: the form as signed, and letters that are made only when they ask for them.

Three letters are kept apart, since each tells a reader more than the one before: the rules, without a name; that
someone is registered; and voting. The last needs more than code and birth date: the Municipal ID again, or a code that
the office gave in person.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import escape
from typing import Final, Literal, Protocol

from eligibility import BadInput, Pack
from eligibility.errors import CleanNo
from voter_reg.residency.card_number import normalise
from voter_reg.service import own_limits
from voter_reg.service.access_log import log_own
from voter_reg.service.actors import RESIDENT, Actor
from voter_reg.service.codes import new_code, plain_code
from voter_reg.service.own_record import NotSignedIn
from voter_reg.service.own_view import logged
from voter_reg.service.voter_record import RECORD, VoterRecord
from voter_reg.store import own_record as store
from voter_reg.store.db import transaction
from voter_reg.vault import Vault

Letter = Literal["rules", "registration", "voting"]

OFFICE_CODE_FOR: Final = timedelta(hours=8)
"""How long a code that the office gave in person is good: that day."""

_LONGEST_TYPED: Final = 60


class NotShown(CleanNo):
    """Neither the registrant's Municipal ID nor a code from the office was given."""

    def __init__(self) -> None:
        super().__init__("the check was not right")


@dataclass(frozen=True, slots=True)
class Paper:
    """A document to take away, with the name its file gets: nothing in the name tells what it is about."""

    content: bytes
    media_type: str
    file_name: str


class Papers(Protocol):
    """Makes papers of a record. What it makes must be verifiable without the city's data."""

    media_type: str
    ending: str

    def form(self, record: VoterRecord) -> bytes:
        """The form exactly as signed, and every change that was signed since."""

    def rules_letter(self, language: str) -> bytes:
        """What the city's rules are, with nobody's name."""

    def registration_letter(self, record: VoterRecord) -> bytes:
        """That the person is registered, and by which rules."""

    def voting_letter(self, record: VoterRecord) -> bytes:
        """What the city knows of the person's voting."""


class PlainPapers:
    """Papers as plain pages, unsigned: what stands in while nothing signs PDFs."""

    media_type = "text/html"
    ending = "html"

    def __init__(self, pack: Pack) -> None:
        self._pack = pack

    def form(self, record: VoterRecord) -> bytes:
        """The signed page byte for byte; changes that were signed since follow it as pages of their own."""
        signed = [one.text for one in record.amendments if one.text.startswith("<!doctype")]
        return "\n".join((record.signed_copy, *signed)).encode()

    def rules_letter(self, language: str) -> bytes:  # noqa: ARG002 - plain pages are English
        """What the city's rules are, with nobody's name."""
        return self._page("The rules of this list", (self._pack.roll_open_to.text, f"Rules: {self._pack.digest}"))

    def registration_letter(self, record: VoterRecord) -> bytes:
        """That the person is registered."""
        said = f"{record.name} registered on {record.registered_at[:10]} on the city's own list."
        return self._page("Registration", (said, "The form that was signed is a paper of its own."))

    def voting_letter(self, record: VoterRecord) -> bytes:
        """The service holds no history of voting, and says so."""
        said = f"This service holds no record of whether {record.name} has voted in any election."
        return self._page("Voting", (said,))

    def _page(self, title: str, lines: Sequence[str]) -> bytes:
        demo = "<p><strong>DEMONSTRATION.</strong></p>" if self._pack.demonstration else ""
        body = "".join(f"<p>{escape(line)}</p>\n" for line in lines)
        head = f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title></head>'
        place = f"<p>{escape(self._pack.name)}</p>"
        return f"{head}<body>\n<h1>{escape(title)}</h1>\n{demo}{place}\n{body}</body></html>\n".encode()


def own_form(vault: Vault, papers: Papers, voter_id: str, *, now: datetime) -> Paper:
    """The form as signed, for its registrant; logged first. Raises NotSignedIn."""
    record = _record(vault, voter_id, "form", now)
    return Paper(papers.form(record), papers.media_type, f"my-papers.{papers.ending}")


def letter(
    vault: Vault, papers: Papers, voter_id: str, which: Letter, typed: str, *, language: str, now: datetime
) -> Paper:
    """A letter that its registrant asked for, in the language of the page.

    `typed` is the card's number or the office's code, for "voting" alone.

    Raises:
        NotShown: the check for the letter on voting was not right.
        Wait: too many tries of it.
        NotSignedIn: the registrant has left the roll.
        BadInput: there is no such letter.
    """
    if which == "rules":
        return Paper(papers.rules_letter(language), papers.media_type, f"letter.{papers.ending}")
    if which == "registration":
        record = _record(vault, voter_id, "registration-letter", now)
        made = papers.registration_letter(replace(record, language=language))
    elif which == "voting":
        _require_shown(vault, voter_id, typed, now)
        record = _record(vault, voter_id, "voting-letter", now)
        made = papers.voting_letter(replace(record, language=language))
    else:
        raise BadInput("no such letter", "letter")
    return Paper(made, papers.media_type, f"letter.{papers.ending}")


def give_code(vault: Vault, voter_id: str, *, by: Actor, now: datetime) -> str:
    """A code for a registrant whom the office has seen in person, good once and that day; kept as a hash alone.

    Raises:
        BadInput: no such voter.
    """
    code = new_code()
    with transaction() as session:
        if store.present(session, voter_id) is None:
            raise BadInput("no such voter", f"voter {voter_id[:8]}")
        store.put_code(session, _code_mark(vault, voter_id, code), voter_id, now + OFFICE_CODE_FOR)
        log_own(session, vault, by, "office-code", voter_id, now)
    return code


def _record(vault: Vault, voter_id: str, action: str, now: datetime) -> VoterRecord:
    return RECORD.open(vault, voter_id, logged(vault, voter_id, action, now).sealed)


def _require_shown(vault: Vault, voter_id: str, typed: str, now: datetime) -> None:
    """Both are looked at whatever was typed, so that the answer does not tell which of them the registrant has."""
    attempt = own_limits.count(vault.index("own-attempt", f"voting|{voter_id}"), now)
    typed = typed[:_LONGEST_TYPED]
    card_index, mark = vault.index("card", normalise(typed)), _code_mark(vault, voter_id, typed)
    with transaction() as session:
        row = store.present(session, voter_id)
        if row is None:
            raise NotSignedIn
        same_card = hmac.compare_digest((row.card_index or "").encode(), card_index.encode())
        if store.use_code(session, mark, voter_id, now) or same_card:
            store.take_back(session, attempt)
            return
        log_own(session, vault, RESIDENT, "letter-refused", voter_id, now)
    raise NotShown


def _code_mark(vault: Vault, voter_id: str, code: str) -> str:
    return vault.index("own-code", f"{voter_id}|{plain_code(code)}")
