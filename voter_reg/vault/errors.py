"""What goes wrong with keys and envelopes: one line each, and never a key in it."""

from __future__ import annotations

from eligibility.errors import BadInput


class VaultError(BadInput):
    """A key or an envelope that cannot be used: missing, readable by others, changed, or destroyed."""


class KeyGone(VaultError):
    """The data key of an id is not there: destroyed, or another keystore's."""

    def __init__(self, key_id: str, where: str) -> None:
        super().__init__(f"has no key of {key_id}: destroyed, or another keystore", where)
        self.epoch = key_id
