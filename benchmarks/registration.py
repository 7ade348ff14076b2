"""A whole registration, from the notice to the code: CPU seconds of the portal, and of the worker that tags the voter.

The worker polls its queue also when there is nothing to do; what it takes while idle is measured in the same run and
left out. The registry is another body's service and stands on a row of its own. The floor is a bare page, asked in
between: how many of them a registration costs says more than milliseconds on a machine that runs now fast, now slow.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.asking import ASKED, bare_page
from benchmarks.city import Served, not_yet_registered, served_city, up_to_review
from benchmarks.row import Row, milliseconds
from benchmarks.served import cpu_seconds
from tests.visitor import Visitor
from voter_reg.demo.residents import Resident

ROUNDS, EACH = 4, 10
_SETTLE_SECONDS = 1.5  # the worker has tagged everyone by then
_START_SECONDS = 15.0  # a worker that has just started still imports and sweeps
_IDLE_SECONDS = 5.0


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder, served_city(Path(folder) / "city") as city:
        people = iter(not_yet_registered())
        _register(city, [next(people)])  # the first one warms everything up
        time.sleep(_START_SECONDS)
        idle = _idle_rate(city.worker)
        with bare_page() as floor:
            costs = [(*_cost(city, [next(people) for _ in range(EACH)], idle), floor()) for _ in range(ROUNDS)]
        portal, worker, registry, page = (statistics.median(cost[n] for cost in costs) for n in range(4))
        page /= ASKED
        whole = portal + worker
        name = "a whole registration, CPU of portal and job; floor: bare Flask + Jinja page"
        yield Row(name, milliseconds(whole), milliseconds(page), whole / page, "≤ 40 ms", whole <= 0.04)
        yield Row("… of that the portal's pages", milliseconds(portal))
        yield Row("… of that the tagging job", milliseconds(worker))
        yield Row("… the registry's answer, not counted above", milliseconds(registry))


def _cost(city: Served, people: list[Resident], idle: float) -> tuple[float, float, float]:
    pids = (city.portal, city.worker, city.registry)
    before, started = [cpu_seconds(pid) for pid in pids], time.monotonic()
    _register(city, people)
    time.sleep(_SETTLE_SECONDS)
    portal, worker, registry = (cpu_seconds(pid) - was for pid, was in zip(pids, before, strict=True))
    worker -= idle * (time.monotonic() - started)
    return portal / len(people), max(0.0, worker) / len(people), registry / len(people)


def _register(city: Served, people: list[Resident]) -> None:
    for who in people:
        visitor = Visitor(city.url)
        page = up_to_review(visitor, who)
        page = visitor.submit(page, action="/review", signature="My name", signed="yes")
        assert page.url == "/done", page.url
        visitor.close()


def _idle_rate(pid: int) -> float:
    """CPU seconds a second of a worker that has nothing to do."""
    before, started = cpu_seconds(pid), time.monotonic()
    time.sleep(_IDLE_SECONDS)
    return (cpu_seconds(pid) - before) / (time.monotonic() - started)
