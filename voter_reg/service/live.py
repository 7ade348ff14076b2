"""Nothing is live by accident (law 8): a pack that is no demonstration is refused until someone has authorised it."""

from __future__ import annotations

from eligibility import Pack
from eligibility.errors import CleanNo


class ApprovalMissing(CleanNo):
    """Something live needs an authorisation and two officers' approval, and has none."""


def not_live(pack: Pack, *, demonstration: bool) -> Pack:
    """The pack as it may be used now: a demonstration by its law, or one that was asked for.

    Recording an authorisation and the approval of two officers is not built, so there is no third way yet.

    Raises:
        ApprovalMissing: the pack's law is in force and nobody asked for a demonstration.
    """
    if demonstration:
        return pack.as_demonstration()
    if not pack.demonstration:
        raise ApprovalMissing(
            f"{pack.place}: going live needs a recorded authorisation and the approval of two officers, and has none; "
            "ask for a demonstration instead"
        )
    return pack
