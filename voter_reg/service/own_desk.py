"""The desk of registrants' own records: the use cases with vault, city, elections, registry and clock filled in."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from voter_reg.residency.papers import CleanPaper
from voter_reg.residency.verifier import CardAnswer, CardVerifier
from voter_reg.service import own_changes, own_leave, own_papers, own_record, own_view, review
from voter_reg.service.actors import RESIDENT
from voter_reg.service.city import City
from voter_reg.service.own_changes import Change, ReviewOpened
from voter_reg.service.own_leave import Leaving
from voter_reg.service.own_papers import Letter, Paper, Papers, PlainPapers
from voter_reg.service.own_view import OwnRecord
from voter_reg.service.shelf import Shelf
from voter_reg.service.who_looked import Look, who_looked
from voter_reg.vault import Vault

T = TypeVar("T")
Clock = Callable[[], datetime]


class OwnRecordDesk:
    """What a registrant may ask about their own record.

    Whatever might tell a stranger something takes the same time, `answer_seconds` at least. `review_opened` is told, in
    the transaction of a change, whose home has to be proved anew.
    """

    def __init__(  # noqa: PLR0917
        self,
        vault: Vault,
        city: City,
        shelf: Shelf,
        verifier: CardVerifier,
        clock: Clock,
        answer_seconds: float,
        papers: Papers | None = None,
        review_opened: ReviewOpened | None = None,
    ) -> None:
        self._vault, self._city, self._shelf, self._clock = vault, city, shelf, clock
        self._verifier = verifier
        self._answer_seconds = answer_seconds
        self._papers = papers or PlainPapers(city.pack)
        self._review_opened = review_opened

    def sign_in(self, code: str, birth: str) -> str:
        """The token of a new session; raises NotFound or Wait."""
        return _in_even_time(
            self._answer_seconds,
            lambda: own_record.sign_in(self._vault, self._city, code, birth, now=self._clock()),
        )

    def use(self, token: str, idle: timedelta) -> str:
        """Whose record a session opens; raises NotSignedIn."""
        return own_record.use(token, self._clock(), idle=idle)

    def end(self, token: str) -> None:
        """End a session."""
        own_record.end(token)

    def look(self, voter_id: str, action: str = "look") -> OwnRecord:
        """The record, once that it is read is logged."""
        return own_view.look(self._vault, self._city, self._shelf, voter_id, action=action, now=self._clock())

    def who_looked(self, voter_id: str) -> list[Look]:
        """Who has looked at the record."""
        return who_looked(self._vault, voter_id, by=RESIDENT, now=self._clock())

    def change(self, voter_id: str, wanted: Change, version: str) -> bool:
        """Change the record; raises Stale."""
        return own_changes.change(
            self._vault, self._city, voter_id, wanted, version, self._clock(), review_opened=self._review_opened
        )

    def show_card(self, voter_id: str, number: str) -> CardAnswer:
        """Ask about a card for the record as it stands; raises Wait or Stale."""
        return _in_even_time(
            self._answer_seconds,
            lambda: own_changes.prove_by_card(self._vault, self._city, self._verifier, voter_id, number, self._clock()),
        )

    def send_paper(self, voter_id: str, kind: str, clean: CleanPaper) -> None:
        """Send a residency paper after registering; raises BadInput where none is needed or may come."""
        review.bring(self._vault, self._city, voter_id, [(kind, clean)], RESIDENT, self._clock())

    def appeal(self, voter_id: str) -> None:
        """Ask for a second look at a refusal; raises BadInput where there is none to look at again."""
        review.appeal(self._vault, self._city, voter_id, by=RESIDENT, now=self._clock())

    def what_leaving_removes(self, voter_id: str) -> Leaving:
        """What goes now and what later."""
        return own_leave.what_leaving_removes(self._city, voter_id)

    def leave(self, voter_id: str) -> Leaving:
        """Take the registrant off the roll."""
        return own_leave.leave(self._vault, self._city, voter_id, now=self._clock())

    def form(self, voter_id: str) -> Paper:
        """The form as signed."""
        return own_papers.own_form(self._vault, self._papers, voter_id, now=self._clock())

    def letter(self, voter_id: str, which: Letter, typed: str, language: str) -> Paper:
        """A letter; raises NotShown or Wait."""
        return _in_even_time(
            self._answer_seconds,
            lambda: own_papers.letter(
                self._vault, self._papers, voter_id, which, typed, language=language, now=self._clock()
            ),
        )


def _in_even_time(seconds: float, ask: Callable[[], T]) -> T:
    """An answer that takes the same time whatever it is: its time tells nothing."""
    ends = time.monotonic() + seconds
    try:
        return ask()
    finally:
        time.sleep(max(0.0, ends - time.monotonic()))
