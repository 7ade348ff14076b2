"""Who acts: a resident for themselves, a member of staff by name, or the service itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """One who acts, as the access log names them. A resident has no name there."""

    label: str


RESIDENT = Actor("resident")
SERVICE = Actor("service")


def staff(name: str) -> Actor:
    """A member of staff, by the name the operating system or an account knows them by."""
    return Actor(f"staff:{name}")
