"""What any verifier of a Municipal ID answers, whoever it asks."""

from __future__ import annotations

from typing import Literal, Protocol

CardAnswer = Literal["confirmed", "not_confirmed", "unavailable"]
"""`unavailable` is no judgement about the card: the registry could not be asked, so other papers are shown instead."""


class CardVerifier(Protocol):
    """Asks whether a card, a birth date and an address belong together."""

    def check(self, number: str, born: str, address: str) -> CardAnswer:
        """One card: `number` of 12 digits, `born` as ISO text as precise as known, `address` canonical."""
