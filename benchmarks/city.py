"""The demonstration city prepared for a measurement, and a registrant's way through its form."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.served import process
from tests.visitor import Page, Visitor
from voter_reg.demo.residents import Resident, residents
from voter_reg.demo.setup import REGISTERED, prepare


@dataclass(frozen=True, slots=True)
class Served:
    """A running demonstration: the portal's address, and the processes whose CPU counts."""

    url: str
    portal: int
    worker: int
    registry: int


@contextmanager
def served_city(folder: Path) -> Iterator[Served]:
    """Portal, worker and registry on the demonstration city, cards answered without waiting."""
    portal_port, registry_port = free_port(), free_port()
    prepare(folder, registry_port, _now().date(), _now, _quiet)
    environment = {"VOTER_REG_INSTANCE_DIR": str(folder), "VOTER_REG_CARD_ANSWER_SECONDS": "0"}
    with ExitStack() as stack:
        registry = ["voter_reg", "serve", "registry", "--port", str(registry_port), "--dir", str(folder / "registry")]
        registry_pid = stack.enter_context(process(registry, environment, registry_port))
        portal = ["voter_reg", "serve", "portal", "--port", str(portal_port)]
        portal_pid = stack.enter_context(process(portal, environment, portal_port))
        worker_pid = stack.enter_context(process(["voter_reg", "worker"], environment, None))
        yield Served(f"http://127.0.0.1:{portal_port}", portal_pid, worker_pid, registry_pid)


def _now() -> datetime:
    return datetime.now(UTC)


def _quiet(line: str) -> None:
    """The demonstration tells what it prepares; a measurement has its own table."""


def not_yet_registered() -> list[Resident]:
    """Residents with valid cards and whole birth dates who have not registered."""
    return [one for one in residents()[:-REGISTERED] if len(one.born) == 10 and one.card.valid_until.year > 2027]


def up_to_review(visitor: Visitor, who: Resident) -> Page:
    """Walk through the form as far as the review page."""
    page = visitor.submit(visitor.get("/notice"), action="/notice")
    visitor.submit(page, action="/address", address=who.home.address)
    (year, month, day), (since_year, since_month) = who.born.split("-"), who.since.split("-")
    born = {"birth_year": year, "birth_month": month, "birth_day": day}
    since = {"since_year": since_year, "since_month": since_month}
    page = visitor.submit(visitor.get("/name"), action="/name", name=who.name, **born, **since)
    page = visitor.submit(page, action="/card", card=who.card.number)
    page = visitor.submit(page, action="/contact")
    assert page.url == "/review", page.url
    return page


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
