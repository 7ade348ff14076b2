"""Somebody asked for what is not for their role: it is refused, and the log says so."""

from __future__ import annotations

from datetime import datetime

from voter_reg.service.access_log import log_bulk
from voter_reg.service.actors import Actor
from voter_reg.store.db import transaction


def note(page: str, *, by: Actor, now: datetime) -> None:
    """Log that a page was refused; `page` is its name in the route map, never its address."""
    with transaction() as session:
        log_bulk(session, by, "office", "refused", page, 0, now)
