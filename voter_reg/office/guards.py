"""Who may open a page: every route of the office says so, and one that does not is never run.

A guard stands directly above its view: `@allowed(Role.REVIEWER)`, `@signed_in`, `@half_signed_in`, or `@public` from
`voter_reg.web.marks`. `@confirmed` goes above one of them where the action needs a fresh "confirm it is you".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from voter_reg.roles import Role
from voter_reg.web.marks import View

EVERYONE: Final = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Guard:
    """What a view asks of who opens it.

    `half` pages are for those whose password was right and whose second step is still to come, and for nobody else.
    `fresh` pages ask for a recent confirmation; `page` is the endpoint to come back to, the view's own when empty.
    """

    roles: frozenset[Role] = EVERYONE
    half: bool = False
    fresh: bool = False
    page: str = ""


def allowed(*roles: Role) -> Callable[[View], View]:
    """Open to signed-in staff who have one of these roles."""
    if not roles:
        raise ValueError("name at least one role, or say @signed_in")
    return _marker(Guard(frozenset(roles)))


def signed_in(view: View) -> View:
    """Open to everyone who is signed in with both steps, whatever their role."""
    return _marker(Guard())(view)


def half_signed_in(view: View) -> View:
    """Open between the password and the second step."""
    return _marker(Guard(half=True))(view)


def confirmed(page: str = "") -> Callable[[View], View]:
    """Ask "confirm it is you" first, unless that was done a short while ago; stands above another guard.

    `page` names the endpoint of the page to come back to. A view that only takes a POST must name one, and that page
    must take no more arguments than the view; what was typed is then sent again by the person.
    """

    def mark(view: View) -> View:
        guard = guard_of(view)
        if guard is None or guard.half:
            raise ValueError("@confirmed stands above @allowed or @signed_in")
        return _marker(replace(guard, fresh=True, page=page))(view)

    return mark


def guard_of(view: Callable[..., Any]) -> Guard | None:
    """The guard of a view, or None when it has none."""
    guard = getattr(view, "guard", None)
    return guard if isinstance(guard, Guard) else None


def _marker(guard: Guard) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.guard = guard  # type: ignore[attr-defined]
        return view

    return mark
