"""What any verifier of a Municipal ID answers, whoever it asks, and what a card shows that is read offline."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, Protocol

LONGEST: Final = 4096
"""Characters; a QR code holds fewer than 3,000."""

CardAnswer = Literal["confirmed", "not_confirmed", "unavailable"]
"""`unavailable` is no judgement about the card: the registry could not be asked, so other papers are shown instead."""

Refusal = Literal["unreadable", "untrusted", "out_of_date", "revoked", "unavailable"]
"""Why a presented card is not believed. Nobody outside is told which; `unavailable` is no judgement about the card."""


@dataclass(frozen=True, slots=True)
class PresentedCard:
    """What a signed card shows, all of it vouched for by its issuer: number, birth date as ISO text, address."""

    number: str = field(repr=False)
    born: str = field(repr=False)
    address: str = field(repr=False)


class CardVerifier(Protocol):
    """Asks whether a card, a birth date and an address belong together."""

    def check(self, number: str, born: str, address: str) -> CardAnswer:
        """One card: `number` of 12 digits, `born` as ISO text as precise as known, `address` canonical."""


class CardReader(Protocol):
    """Reads a presented card by its issuer's keys, without asking anyone about it."""

    def read(self, presented: str, now: datetime) -> PresentedCard | Refusal:
        """What the card shows, or why it is not believed; never raises, whatever is presented."""

    def keep_fresh(self, now: datetime) -> None:
        """Renew in the background what reading will need, whether or not any card is read."""
