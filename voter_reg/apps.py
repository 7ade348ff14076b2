"""The composition root: every application is wired here, once, from a configuration."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TypeVar

from celery import Celery
from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from eligibility import Pack
from eligibility.archive import Archive
from eligibility.district_map import DistrictMap
from voter_reg.config import Config
from voter_reg.jobs import make_celery, sender, serve_jobs
from voter_reg.mail import SmtpPost
from voter_reg.office.accounts import Accounts
from voter_reg.office.views import open_office
from voter_reg.portal.site import Offers
from voter_reg.portal.views import open_portal
from voter_reg.residency.registry_client import RegistryClient
from voter_reg.residency.verifier import CardAnswer, CardVerifier
from voter_reg.service import drafts, registration, resume
from voter_reg.service.actors import RESIDENT
from voter_reg.service.city import City, open_city, require_open_to_residents
from voter_reg.service.drafts import Draft, Receipt
from voter_reg.service.gate import Gate
from voter_reg.service.own_desk import OwnRecordDesk
from voter_reg.service.passwords import Passwords
from voter_reg.service.shelf import Shelf
from voter_reg.service.work import Bench
from voter_reg.store.db import open_database
from voter_reg.vault import MasterKey, Vault, open_vault

Clock = Callable[[], datetime]
T = TypeVar("T")

_STOPPED_KEPT = timedelta(seconds=1)


def utc_now() -> datetime:
    """The present instant; the one clock of the service, handed down from here."""
    return datetime.now(UTC)


class PortalDesk:
    """What the portal may ask for: the use cases of registration, with vault, city, registry and clock filled in."""

    def __init__(  # noqa: PLR0917 - everything a desk is made of
        self,
        vault: Vault,
        city: City,
        verifier: CardVerifier,
        clock: Clock,
        card_answer_seconds: float,
        offers: Offers,
    ) -> None:
        self._vault = vault
        self._city = city
        self._verifier = verifier
        self._clock = clock
        self._card_answer_seconds = card_answer_seconds
        self._offers = offers
        self._stopped: tuple[datetime, bool] | None = None

    @property
    def pack(self) -> Pack:
        """The place's pack."""
        return self._city.pack

    @property
    def map(self) -> DistrictMap:
        """The place's map."""
        return self._city.map

    def now(self) -> datetime:
        """The present instant, in the city's zone."""
        return self._clock().astimezone(self._city.zone)

    def is_stopped(self) -> bool:
        """Whether registration is stopped; looked up once a second, since every page asks. Submitting always looks."""
        now, known = self._clock(), self._stopped
        if known is None or not known[0] <= now < known[0] + _STOPPED_KEPT:
            self._stopped = known = (now, registration.is_stopped(self._city, now))
        return known[1]

    @property
    def offers(self) -> Offers:
        """What this installation can do besides."""
        return self._offers

    def start(self, language: str, notice_language: str) -> str:
        """Start a draft for someone who has just read the pack's notice, which the pack's digest covers; its token."""
        version = self._city.pack.digest
        return drafts.start(
            self._vault, self._clock(), notice_version=version, language=language, notice_language=notice_language
        )

    def load(self, token: str) -> tuple[Draft, int] | None:
        """The draft of a token and its version."""
        return drafts.load(self._vault, token, self._clock())

    def save(self, token: str, draft: Draft, version: int) -> int:
        """Save a draft; raises Stale."""
        return drafts.save(self._vault, token, draft, version, self._clock())

    def discard(self, token: str) -> None:
        """Remove a draft."""
        drafts.discard(token)
        resume.forget(token)

    def keep_for_later(self, token: str) -> tuple[str, str]:
        """A link's secret and a code, which together open the draft once within a day."""
        return resume.keep_for_later(self._vault, token, self._clock())

    def take_up(self, link: str, code: str) -> str | None:
        """The token of the draft that a link and its code open. Every answer takes the same time."""
        return self._in_even_time(lambda: resume.take_up(self._vault, link, code, self._clock()))

    def check_card(self, token: str, draft: Draft, version: int, number: str) -> CardAnswer:  # noqa: ARG002
        """Ask about a card, for the draft as it is stored. Every answer takes the same time: it tells nothing."""
        return self._in_even_time(
            lambda: registration.check_card(self._vault, self._verifier, token, version, number, self._clock())
        )

    def submit(self, token: str, draft: Draft, version: int) -> Receipt:
        """Register; raises Incomplete, Closed, Suspended or Stale."""
        return registration.submit(self._vault, self._city, token, draft, version, by=RESIDENT, now=self._clock())

    def _in_even_time(self, ask: Callable[[], T]) -> T:
        """An answer that takes the same time whatever it is: its time tells nothing."""
        ends = time.monotonic() + self._card_answer_seconds
        try:
            return ask()
        finally:
            time.sleep(max(0.0, ends - time.monotonic()))


def vault_of(config: Config) -> Vault:
    """The vault of an installation, whose master key comes from a file, the environment or a command.

    Raises:
        VaultError: a key is missing, readable by others, or not what it should be.
    """
    return open_vault(master_key_of(config), config.keystore_file)


def master_key_of(config: Config) -> MasterKey:
    """Where the master key of an installation comes from."""
    return MasterKey(config.master_key_file, config.master_key, config.master_key_command)


def create_portal(config: Config, *, clock: Clock = utc_now, verifier: CardVerifier | None = None) -> Flask:
    """The residents' portal.

    Raises:
        BadInput: the pack, the map or a key cannot be trusted.
        ApprovalMissing: the pack is live, and no election of it is published.
    """
    app = Flask("voter_reg", static_folder=None)
    open_database(app, config.database_url, sender(make_celery(config.broker_url, config.broker_dir)))
    vault = vault_of(config)
    asked = verifier or RegistryClient(config.registry_url, config.registry_key)
    city = open_city(config)
    with app.app_context():
        require_open_to_residents(city)
    offers = Offers(mail=config.mail is not None)
    desk = PortalDesk(vault, city, asked, clock, config.card_answer_seconds, offers)
    shelf = Shelf(Archive(config.archive_dir))
    records = OwnRecordDesk(vault, city, shelf, asked, clock, config.card_answer_seconds)
    open_portal(app, desk, config.portal_secret, records=records)
    return app


def create_office(
    config: Config, *, origin: str, proxies: int = 0, clock: Clock = utc_now, passwords: Passwords | None = None
) -> Flask:
    """The staff's office. `origin` is its address as browsers see it; passkeys are bound to its host.

    `proxies` is how many servers of ours pass requests on to it: as many of the addresses they name are believed, and
    limits are kept by the address before them. With none, a browser's own claim counts for nothing.

    Raises:
        BadInput: the pack or a key cannot be trusted, or the office's secret is missing or the portal's.
    """
    app = Flask("voter_reg", static_folder=None)
    open_database(app, config.database_url, sender(make_celery(config.broker_url, config.broker_dir)))
    bench, secret = bench_of(config, clock), config.needed_office_secret()
    gate = Gate(bench.vault, secret, origin, passwords or Passwords())
    accounts = Accounts(gate, clock, lambda: request.remote_addr or "")
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=0)  # type: ignore[method-assign]  # as its guide has it
    open_office(app, accounts=accounts, bench=bench, pack=bench.city().pack, secret=secret)
    return app


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
