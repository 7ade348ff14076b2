"""The installation that a command works on: opened from the environment, closed when the command ends."""

from __future__ import annotations

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from eligibility import BadInput
from voter_reg.back_room import create_back_room, create_database
from voter_reg.config import Config
from voter_reg.process import no_core_dumps
from voter_reg.service.actors import Actor, staff
from voter_reg.service.work import Bench
from voter_reg.store import migrate


@contextmanager
def opened_database() -> Iterator[Flask]:
    """The database of the installation, whatever its schema is."""
    app, _ = create_database(Config.from_env(os.environ))
    with app.app_context():
        yield app


@contextmanager
def opened_back_room() -> Iterator[Bench]:
    """Database, keys and queue of the installation, as VOTER_REG_INSTANCE_DIR and the other variables name it.

    Raises:
        BadInput: it is not configured, its keys cannot be read, or its schema is not this version's.
    """
    no_core_dumps()
    app, bench, _ = create_back_room(Config.from_env(os.environ))
    with app.app_context():
        present, needed = migrate.revisions()
        if present != needed:
            raise BadInput(f"is at {present or 'no revision'}, not {needed}; run: voter-reg db upgrade", "database")
        yield bench


def operator() -> Actor:
    """Who runs the command, as the operating system knows them."""
    return staff(getpass.getuser())


def draw_progress(done: int, total: int) -> None:
    """Draw rows done of rows total on a terminal; nothing elsewhere."""
    if sys.stderr.isatty() and total:
        width = 30 * done // total
        end = "\n" if done >= total else ""
        sys.stderr.write(f"\r[{'#' * width:<30}] {done:,} of {total:,}{end}")
        sys.stderr.flush()
