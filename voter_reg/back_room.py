"""The back room, wired from a configuration: keys, database and queue without a page.

The command line and the worker need no more; what serves pages is in `apps`, which takes longer to import.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

from celery import Celery
from flask import Flask

from eligibility.archive import Archive
from voter_reg.config import Config
from voter_reg.jobs import make_celery, sender, serve_jobs
from voter_reg.mail import SmtpPost
from voter_reg.service.city import open_city
from voter_reg.service.shelf import Shelf
from voter_reg.service.work import Bench
from voter_reg.store.db import open_database
from voter_reg.vault import MasterKey, Vault, open_vault

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present instant; the one clock of the service, handed down from here."""
    return datetime.now(UTC)


def vault_of(config: Config) -> Vault:
    """The vault of an installation, whose master key comes from a file, the environment or a command.

    Raises:
        VaultError: a key is missing, readable by others, or not what it should be.
    """
    return open_vault(master_key_of(config), config.keystore_file)


def master_key_of(config: Config) -> MasterKey:
    """Where the master key of an installation comes from."""
    return MasterKey(config.master_key_file, config.master_key, config.master_key_command)


def create_database(config: Config) -> tuple[Flask, Celery]:
    """Database and queue alone, without a key: what migrations need."""
    app = Flask("voter_reg_back_room", static_folder=None)
    queue = make_celery(config.broker_url, config.broker_dir)
    open_database(app, config.database_url, sender(queue))
    return app, queue


def create_back_room(config: Config, *, clock: Clock = utc_now) -> tuple[Flask, Bench, Celery]:
    """Database, keys and queue without a page: what the command line and the workers use."""
    app, queue = create_database(config)
    return app, bench_of(config, clock), queue


def bench_of(config: Config, clock: Clock) -> Bench:
    """What use cases work with: vault, city, elections and clock of an installation."""
    post = None if config.mail is None else SmtpPost(config.mail)
    return Bench(vault_of(config), cache(lambda: open_city(config)), Shelf(Archive(config.archive_dir)), clock, post)


def create_celery(config: Config, *, clock: Clock = utc_now) -> Celery:
    """The Celery application of a worker, with its tasks and its sweep."""
    app, bench, queue = create_back_room(config, clock=clock)
    serve_jobs(queue, bench, app.app_context)
    return queue
