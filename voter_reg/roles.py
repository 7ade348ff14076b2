"""The roles of staff: who may do what is written by role, never by name."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a member of staff is there to do. One person may have several."""

    CLERK = "clerk"
    REVIEWER = "reviewer"
    HEAD_JUDGE = "head-judge"
    JUDGE = "judge"
    PRIVACY_OFFICER = "privacy-officer"
    COUNSEL = "counsel"
    ADMINISTRATOR = "administrator"


OFFICERS: Final = frozenset({Role.PRIVACY_OFFICER})
"""Whose approval counts where two officers must approve."""
