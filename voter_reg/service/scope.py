"""What a demand or a hold covers: everything, one election, or some voters by their random ids."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy.orm import Session

from eligibility import BadInput
from voter_reg.store import demands

_VOTER = re.compile(r"[0-9a-f]{32}", re.ASCII)
_ELECTION = re.compile(r"[a-z0-9-]{3,80}", re.ASCII)
MOST_VOTERS = 200


@dataclass(frozen=True, slots=True)
class Scope:
    """One scope; with neither an election nor voters it is everything."""

    election: str | None = None
    voters: tuple[str, ...] = ()

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return self.election is None and not self.voters

    @classmethod
    def read(cls, text: str) -> Scope:
        """Read "everything", "election:ID" or "voters:ID,ID".

        Raises:
            BadInput: none of these.
        """
        kind, _, rest = text.partition(":")
        if text == "everything":
            return cls()
        if kind == "election" and _ELECTION.fullmatch(rest):
            return cls(election=rest)
        ids = tuple(dict.fromkeys(rest.split(",")))
        if kind == "voters" and len(ids) <= MOST_VOTERS and all(_VOTER.fullmatch(one) for one in ids):
            return cls(voters=ids)
        raise BadInput("a scope is everything, election:ID, or voters:ID,ID", f"scope {text[:40]!r}")

    def __str__(self) -> str:
        if self.everything:
            return "everything"
        return f"election:{self.election}" if self.election else f"voters:{','.join(self.voters)}"


def covering(session: Session, voter_id: str, of_elections: Collection[str]) -> bool:
    """Whether a hold that stands covers a registrant who was tagged for these elections; nobody outside is told."""
    scopes = [Scope.read(row.scope) for row in demands.holds(session)]
    return any(one.everything or voter_id in one.voters or one.election in of_elections for one in scopes)
