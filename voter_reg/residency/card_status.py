"""The status list of the issuer, fetched ahead of need and kept in memory until it is stale.

It is fetched at its own address, the same whole list for everyone, on a schedule of its own: who serves it learns of no
card, and nothing of when one is read. A card never says where to fetch from, or one could be made to name any host.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Protocol

from voter_reg.residency.card_keys import CardKeys
from voter_reg.residency.exchange import Exchange, Unanswered
from voter_reg.residency.status_list import LARGEST_TOKEN, TYPE, Status, StatusList, read_status_list

_SECONDS = 3.0
_PAUSE = timedelta(seconds=10)  # after an attempt, so that an issuer that is away is not asked with every card
_HEADERS = {"Accept": f"application/{TYPE}"}


class StatusSource(Protocol):
    """Knows the status of cards."""

    def status(self, uri: str, index: int, now: datetime) -> Status | None:
        """The status of a card by its list and its place there; None when that can't be settled."""

    def keep_fresh(self, now: datetime) -> None:
        """Fetch in the background, once what is kept is half way to stale."""


class CardStatus:
    """One issuer's list. Safe to share between threads.

    Raises:
        BadInput: the address of the list is not one of HTTP or HTTPS.
    """

    def __init__(self, keys: CardKeys, url: str, seconds: float = _SECONDS) -> None:
        self._keys = keys
        self._issuer = Exchange(url, variable="VOTER_REG_CARD_STATUS_URL", seconds=seconds, largest=LARGEST_TOKEN)
        self._lock = threading.Lock()
        self._kept: StatusList | None = None
        self._tried: datetime | None = None

    def status(self, uri: str, index: int, now: datetime) -> Status | None:
        """A card's status; None when the list is another's, too short, stale and not to be had, or says nothing of it.

        Never raises; waits for the issuer only when nothing fresh is kept.
        """
        kept = self._kept
        if kept is None or not now < kept.fresh_until:
            self._fetch(now)
            kept = self._kept
        if kept is None or not now < kept.fresh_until or kept.uri != uri:
            return None
        return kept.status(index)

    def keep_fresh(self, now: datetime) -> None:
        """Fetch in the background, once what is kept is half way to stale."""
        kept = self._kept
        is_young = kept is not None and now < kept.signed + (kept.fresh_until - kept.signed) / 2
        if not is_young and not self._has_just_tried(now) and not self._lock.locked():
            threading.Thread(target=self._fetch, args=(now,), name="card-status", daemon=True).start()

    def _fetch(self, now: datetime) -> None:
        """Fetch the list; what is kept stays where that fails, or where an older one comes than was here before."""
        with self._lock:
            if self._has_just_tried(now):
                return
            try:
                token = self._issuer.ask("GET", _HEADERS).decode("ascii")
            except (Unanswered, UnicodeDecodeError):
                token = ""
            found = read_status_list(token, self._keys, now)
            if found is not None and (self._kept is None or found.signed >= self._kept.signed):
                self._kept = found
            self._tried = now

    def _has_just_tried(self, now: datetime) -> bool:
        return self._tried is not None and self._tried <= now < self._tried + _PAUSE
