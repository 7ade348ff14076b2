"""Who opened a page, as far as their session tells."""

from __future__ import annotations

from dataclasses import dataclass, field

from voter_reg.office.words import role_names
from voter_reg.roles import Role
from voter_reg.service.actors import Actor, staff


@dataclass(frozen=True, slots=True)
class Visitor:
    """One signed-in member of staff; `fresh` is whether they confirmed a short while ago that it is them."""

    account_id: str
    name: str
    roles: frozenset[Role]
    session_id: str
    token: str = field(repr=False)
    fresh: bool = False

    @property
    def role_words(self) -> str:
        """Their roles as a page says them."""
        return role_names(self.roles)

    def acting_as(self, *wanted: Role) -> Actor:
        """They as the log names them, in the first of the wanted roles that they hold; in any of theirs otherwise."""
        held = [role for role in (*wanted, *sorted(self.roles)) if role in self.roles]
        return staff(self.name, held[0]) if held else staff(self.name)
