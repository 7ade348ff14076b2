"""What every check of a staff credential needs, made once where the applications are wired."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from voter_reg.service.passwords import Passwords
from voter_reg.vault import Vault


@dataclass(frozen=True, slots=True)
class Gate:
    """The vault, the office's secret and its address ("https://office.example.org"), and the password hasher."""

    vault: Vault = field(repr=False)
    office_secret: str = field(repr=False)
    origin: str
    passwords: Passwords = field(default_factory=Passwords)

    @property
    def rp_id(self) -> str:
        """The host that passkeys are bound to."""
        return urlsplit(self.origin).hostname or ""
