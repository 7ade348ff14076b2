"""Who acts, and in what role: a resident for themselves, a member of staff by name, or the service itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """One who acts, as the access log names them. A resident has no name there."""

    label: str
    role: str


RESIDENT = Actor("resident", "resident")
SERVICE = Actor("service", "service")


def staff(name: str, role: str = "operator") -> Actor:
    """A member of staff, by the name an account knows them by; "operator" is whoever works at the command line."""
    return Actor(f"staff:{name}", role)
