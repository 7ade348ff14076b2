"""The portal's desk: every use case that the portal may ask for, with vault, city, registry and clock filled in."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from eligibility import Pack
from eligibility.district_map import DistrictMap
from eligibility.split import Split
from voter_reg.portal.site import Offers
from voter_reg.press import Press
from voter_reg.residency.papers import CleanPaper
from voter_reg.residency.verifier import CardAnswer, CardReader, CardVerifier
from voter_reg.service import drafts, papers, polling_places, registration, resume, vouching
from voter_reg.service.actors import RESIDENT
from voter_reg.service.city import City
from voter_reg.service.drafts import Draft, Receipt
from voter_reg.service.papers import SentPaper
from voter_reg.service.polling_places import PollingPlace
from voter_reg.service.vouching import Asked, Shown, Vouching
from voter_reg.vault import Vault

Clock = Callable[[], datetime]

_STOPPED_KEPT = timedelta(seconds=1)
_PLACES_KEPT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Cards:
    """How cards are checked: `verifier` asks the registry, `reader` reads a shown one here, if that is configured.

    `seconds` is the time that every answer takes, so that its time tells nothing.
    """

    verifier: CardVerifier
    reader: CardReader | None
    seconds: float


class PortalDesk:
    """What the portal may ask for."""

    def __init__(  # noqa: PLR0917 - everything a desk is made of
        self, vault: Vault, city: City, clock: Clock, offers: Offers, cards: Cards, press: Press | None = None
    ) -> None:
        self._vault = vault
        self._city = city
        self._clock = clock
        self._cards = cards
        self._press = press
        self._stopped: tuple[datetime, bool] | None = None
        self._places: tuple[datetime, Mapping[str, PollingPlace]] | None = None
        self.offers = offers

    @property
    def pack(self) -> Pack:
        """The place's pack."""
        return self._city.pack

    @property
    def map(self) -> DistrictMap:
        """The place's map."""
        return self._city.map

    def now(self) -> datetime:
        """The present instant, in the city's zone."""
        return self._clock().astimezone(self._city.zone)

    def is_stopped(self) -> bool:
        """Whether registration is stopped; looked up once a second, since every page asks. Submitting always looks.

        What reading a card needs is renewed along with it: whoever serves it sees visits, not cards.
        """
        now, known = self._clock(), self._stopped
        if known is None or not known[0] <= now < known[0] + _STOPPED_KEPT:
            if self._cards.reader is not None:
                self._cards.reader.keep_fresh(now)
            self._stopped = known = (now, registration.is_stopped(self._city, now))
        return known[1]

    def polling_place(self, split: Split) -> PollingPlace | None:
        """Where people of a split vote at the coming election; the city's list is looked up once a minute."""
        now, known = self._clock(), self._places
        if known is None or not known[0] <= now < known[0] + _PLACES_KEPT:
            day = self._city.coming_election(now)
            named = [] if day is None else polling_places.every(self._city.election_id(day))
            self._places = known = (now, {place.precinct: place for place in named})
        return known[1].get(split.precinct)

    def start(self, language: str, notice_language: str) -> str:
        """Start a draft for someone who has just read the pack's notice, which the pack's digest covers; its token."""
        version = self._city.pack.digest
        return drafts.start(
            self._vault, self._clock(), notice_version=version, language=language, notice_language=notice_language
        )

    def load(self, token: str) -> tuple[Draft, int] | None:
        """The draft of a token and its version."""
        return drafts.load(self._vault, token, self._clock())

    def save(self, token: str, draft: Draft, version: int) -> int:
        """Save a draft; raises Stale."""
        return drafts.save(self._vault, token, draft, version, self._clock())

    def discard(self, token: str) -> None:
        """Remove a draft and the links to it; one that was saved for later stays for whoever has link and code."""
        resume.discard(token, self._clock())

    def keep_for_later(self, token: str) -> tuple[str, str]:
        """A link's secret and a code, which together open the draft once within a day."""
        return resume.keep_for_later(self._vault, token, self._clock())

    def take_up(self, link: str, code: str) -> str | None:
        """The token of the draft that a link and its code open. Every answer takes the same time."""
        with self._same_time():
            return resume.take_up(self._vault, link, code, self._clock())

    def check_card(self, token: str, draft: Draft, version: int, number: str) -> CardAnswer:  # noqa: ARG002
        """Ask about a card, for the draft as it is stored. Every answer takes the same time: it tells nothing."""
        with self._same_time():
            return registration.check_card(self._vault, self._cards.verifier, token, version, number, self._clock())

    def check_presented(self, token: str, draft: Draft, version: int, presented: str) -> CardAnswer:  # noqa: ARG002
        """Read a card's code, for the draft as it is stored; takes as long as asking does."""
        reader = self._cards.reader
        if reader is None:
            return "unavailable"
        with self._same_time():
            return registration.check_presented(self._vault, reader, token, version, presented, self._clock())

    def send_paper(self, token: str, version: int, kind: str, clean: CleanPaper) -> int:
        """Keep a paper with the draft, sealed for its browser; raises Stale, TooManyPapers."""
        return papers.attach(self._vault, token, version, kind, clean, self._clock())

    def take_back_paper(self, token: str, version: int, paper_id: str) -> int:
        """Remove one; raises Stale, BadInput."""
        return papers.remove(self._vault, token, version, paper_id, self._clock())

    def sent_papers(self, token: str) -> tuple[SentPaper, ...]:
        """Which were sent."""
        return papers.listed(self._vault, token, self._clock())

    def paper_form(self, language: str) -> bytes | None:
        """The blank form as a PDF; None where there is no key to sign papers with."""
        return None if self._press is None else self._press.blank_form(language)

    def slip(self, code: str, language: str, by: date | None = None) -> bytes | None:
        """What to bring and by when, as a PDF; None as above."""
        return None if self._press is None else self._press.slip(code, language, by)

    def paper_keys(self) -> str:
        """The public certificates of signed papers, as PEM."""
        return "" if self._press is None else self._press.certificates()

    def submit(self, token: str, draft: Draft, version: int) -> Receipt:
        """Register; raises Incomplete, Closed, Suspended or Stale."""
        return registration.submit(self._vault, self._city, token, draft, version, by=RESIDENT, now=self._clock())

    def vouch_look(self, asked: Asked) -> Shown:
        """Whom a voucher is asked to vouch for. Every answer takes the same time: it tells nothing."""
        with self._same_time():
            return vouching.look(self._vault, self._city, asked, by=RESIDENT, now=self._clock())

    def vouch_again(self, found: Vouching) -> Shown:
        """The same for a page that is open already."""
        with self._same_time():
            return vouching.look_again(self._vault, self._city, found, by=RESIDENT, now=self._clock())

    def vouch_swear(self, found: Vouching) -> None:
        """The oath is sworn; raises NotPossible or Suspended."""
        with self._same_time():
            vouching.swear(self._vault, self._city, found, by=RESIDENT, now=self._clock())

    @contextmanager
    def _same_time(self) -> Iterator[None]:
        ends = time.monotonic() + self._cards.seconds
        try:
            yield
        finally:
            time.sleep(max(0.0, ends - time.monotonic()))
