"""The access log: what an entry costs with its place in the tree, and how fast a log's file verifies.

An entry is inserted in a transaction that is happening anyway, so what is timed is a batch of them, and then giving
them their places. Verifying is held against SHA-256 alone over as many short inputs.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from benchmarks.row import Row, milliseconds
from tests.voter_reg.town import Office, build_town, install
from voter_reg.service import audit
from voter_reg.service.access_log import log_bulk
from voter_reg.service.actors import SERVICE
from voter_reg.store.db import transaction
from voter_reg.vault.log_file import verify_log

ENTRIES = 20_000
A_TRANSACTION = 100
MOST_SECONDS, LEAST_HASHES = 0.0003, 200_000


def rows() -> Iterator[Row]:
    now = datetime(2026, 1, 2, 12, tzinfo=UTC)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = install(folder / "instance", build_town(folder))
        with Office(config, now).open() as office:
            began = time.perf_counter()
            for _ in range(ENTRIES // A_TRANSACTION):
                with transaction() as session:
                    for _ in range(A_TRANSACTION):
                        log_bulk(session, SERVICE, "benchmark", "look", "0" * 64, 1, now)
            audit.sequence()
            each = (time.perf_counter() - began) / ENTRIES
            audit.export(office.vault, folder / "log", now)
        yield Row(
            f"an entry of the access log, its place included, {A_TRANSACTION} a transaction",
            milliseconds(each),
            budget="≤ 0.3 ms",
            met=each <= MOST_SECONDS,
        )
        began = time.perf_counter()
        found = verify_log(folder / "log")
        seconds = time.perf_counter() - began
        hashes = 2 * found.leaves - 1
        began = time.perf_counter()
        for number in range(hashes):
            sha256(b"%064d" % number).digest()
        floor = hashes / (time.perf_counter() - began)
        ours = hashes / seconds
        yield Row(
            f"verify a log's file of {found.leaves:,} leaves",
            f"{ours:,.0f} hashes/s",
            f"{floor:,.0f}/s",
            ours / floor,
            f"≥ {LEAST_HASHES:,}/s",
            ours >= LEAST_HASHES,
        )
