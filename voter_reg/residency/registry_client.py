"""Asking the Municipal ID registry over HTTP: yes, or anything else is not yes.

The registry learns the card number, birth date and address that stand on the card it issued, and not why we ask.
Whatever is not a whole, well-formed answer in time is `unavailable`, which leads to other papers and never to a yes.
"""

from __future__ import annotations

import json

from voter_reg.residency.exchange import Exchange, Unanswered
from voter_reg.residency.strict import read_json
from voter_reg.residency.verifier import CardAnswer

_SECONDS = 3.0  # for the whole exchange, however slowly the bytes drip
_LARGEST_ANSWER = 1024  # bytes; a true answer has fewer than 60
_KEYS = {"match", "valid", "address"}


class RegistryClient:
    """One registry. Safe to share between threads: each question has a connection of its own.

    Raises:
        BadInput: the address of the registry is not one of HTTP or HTTPS.
    """

    def __init__(self, url: str, key: str, seconds: float = _SECONDS) -> None:
        self._registry = Exchange(url, variable="VOTER_REG_REGISTRY_URL", seconds=seconds, largest=_LARGEST_ANSWER)
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def check(self, number: str, born: str, address: str) -> CardAnswer:
        """Ask about one card; never raises."""
        question = json.dumps({"card": number, "born": born, "address": address}).encode()
        try:
            return _read(self._registry.ask("POST", self._headers, question, path="/v1/check"))
        except Unanswered:
            return "unavailable"


def _read(raw: bytes) -> CardAnswer:
    try:
        answer = read_json(raw)
    except ValueError:
        return "unavailable"
    if not isinstance(answer, dict) or set(answer) != _KEYS or not all(type(v) is bool for v in answer.values()):
        return "unavailable"
    if not answer["match"] and (answer["valid"] or answer["address"]):
        return "unavailable"  # it contradicts itself
    return "confirmed" if all(answer.values()) else "not_confirmed"
