"""One sign-in of a member of staff, both steps, against one bare Argon2id verification of the same parameters.

What a sign-in costs should be what makes guessing dear, and nothing else. Processor time of the whole process, threads
of Argon2 included, so that waiting for the disk does not blur it.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher
from argon2.profiles import RFC_9106_LOW_MEMORY
from flask import Flask
from pyotp import TOTP

from benchmarks.row import Row, at_most, milliseconds
from benchmarks.turns import take_turns
from voter_reg.roles import Role
from voter_reg.service import accounts, enrolment, sign_in
from voter_reg.service.actors import SERVICE
from voter_reg.service.gate import Gate
from voter_reg.service.second_factor import Proof
from voter_reg.service.staff_links import PATH
from voter_reg.store import migrate
from voter_reg.store.db import open_database
from voter_reg.vault import create_keys, open_vault

ROUNDS, MOST = 15, 1.25
PASSWORD, HERE = "nine herons over the mill pond", "192.0.2.7"


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        master, keystore = Path(folder) / "master.key", Path(folder) / "keystore.json"
        create_keys(master, keystore)
        app = Flask("benchmark", static_folder=None)
        open_database(app, f"sqlite:///{folder}/voter_reg.sqlite3", lambda *_: None)
        with app.app_context():
            migrate.upgrade()
            gate = Gate(open_vault(master, keystore), "o" * 40, "https://office.example.org")
            sign_in_once = _hired(gate)
            hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
            stored = hasher.hash(PASSWORD)
            turns = take_turns(_cpu(sign_in_once), _cpu(lambda: hasher.verify(stored, PASSWORD)), ROUNDS)
    ours, floor = milliseconds(turns.ours), milliseconds(turns.floor)
    yield at_most("a sign-in of staff, both steps", f"{ours} CPU", f"{floor} CPU, one Argon2id", turns.ratio, MOST)


def _hired(gate: Gate) -> Callable[[], object]:
    """An account that is set up; signs in, half a minute later each time, as its codes demand."""
    now = datetime(2025, 9, 1, tzinfo=UTC)
    link = accounts.invite(gate, "amira", [Role.CLERK], by=SERVICE, now=now).path.removeprefix(PATH)
    offer = enrolment.open_link(gate, link, now).offer
    assert offer is not None
    app = TOTP(offer.secret)
    enrolment.accept_invitation(gate, link, PASSWORD, app.at(now), source=HERE, now=now)

    def sign_in_once() -> object:
        nonlocal now
        now += timedelta(seconds=30)
        ticket = sign_in.with_password(gate, "amira", PASSWORD, source=HERE, now=now)
        proof = Proof("totp", app.at(now))
        return sign_in.with_second_factor(gate, ticket.token, proof, source=HERE, now=now)

    return sign_in_once


def _cpu(work: Callable[[], object]) -> Callable[[], float]:
    def measure() -> float:
        started = time.process_time()
        work()
        return time.process_time() - started

    return measure
