"""The applications that serve pages, wired once from a configuration, over the back room."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from eligibility.archive import Archive
from voter_reg.back_room import Clock, bench_of, utc_now, vault_of
from voter_reg.config import Config
from voter_reg.desk import Cards, PortalDesk
from voter_reg.documents import PaperArchive, read_city_key
from voter_reg.jobs import make_celery, sender
from voter_reg.office.accounts import Accounts
from voter_reg.office.views import open_office
from voter_reg.portal.site import Offers
from voter_reg.portal.views import open_portal
from voter_reg.press import Press
from voter_reg.residency.card_keys import read_card_keys
from voter_reg.residency.card_status import CardStatus
from voter_reg.residency.offline import OfflineCards
from voter_reg.residency.registry_client import RegistryClient
from voter_reg.residency.verifier import CardReader, CardVerifier
from voter_reg.service.city import City, open_city, require_open_to_residents
from voter_reg.service.gate import Gate
from voter_reg.service.own_desk import OwnRecordDesk
from voter_reg.service.passwords import Passwords
from voter_reg.service.review_opening import ask_anew
from voter_reg.service.shelf import Shelf
from voter_reg.store.db import open_database


def create_portal(
    config: Config,
    *,
    clock: Clock = utc_now,
    verifier: CardVerifier | None = None,
    cards: CardReader | None = None,
) -> Flask:
    """The residents' portal. `verifier` and `cards` stand in for what the configuration names.

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
    reader = cards or card_reader_of(config)
    press = press_of(config, city, clock)
    offers = Offers(mail=config.mail is not None, scan=reader is not None, uploads=True, papers=press is not None)
    desk = PortalDesk(vault, city, clock, offers, Cards(asked, reader, config.card_answer_seconds), press)
    shelf = Shelf(Archive(config.archive_dir))
    records = OwnRecordDesk(
        vault, city, shelf, asked, clock, config.card_answer_seconds, press, lambda *told: ask_anew(city, *told)
    )
    open_portal(app, desk, config.portal_secret, records=records)
    return app


def press_of(config: Config, city: City, clock: Clock) -> Press | None:
    """What makes papers; None where the installation has no key to sign them with (`voter-reg paper new-key`).

    Raises:
        KeyProblem: the key or its certificate cannot be used.
    """
    if not config.paper_key_file.exists():
        return None
    key = read_city_key(config.paper_key_file, config.paper_certificate_file)
    return Press(city.pack, key, PaperArchive(config.archive_dir), lambda: clock().astimezone(city.zone))


def card_reader_of(config: Config) -> CardReader | None:
    """What reads a presented card; None where the installation has no keys of an issuer.

    Raises:
        BadInput: the file of keys or the address of the status list is not what it should be.
    """
    if config.card_keys_file is None:
        return None
    keys = read_card_keys(config.card_keys_file)
    return OfflineCards(keys, CardStatus(keys, config.card_status_url))


def create_office(
    config: Config,
    *,
    origin: str,
    proxies: int = 0,
    clock: Clock = utc_now,
    passwords: Passwords | None = None,
    verifier: CardVerifier | None = None,
) -> Flask:
    """The staff's office. `origin` is its address as browsers see it; passkeys are bound to its host.

    `proxies` is how many servers of ours pass requests on to it: as many of the addresses they name are believed, and
    limits are kept by the address before them. With none, a browser's own claim counts for nothing.

    Raises:
        BadInput: the pack or a key cannot be trusted, or the office's secret is missing or the portal's.
    """
    app = Flask("voter_reg", static_folder=None)
    open_database(app, config.database_url, sender(make_celery(config.broker_url, config.broker_dir)))
    asked = verifier or RegistryClient(config.registry_url, config.registry_key)
    bench, secret = replace(bench_of(config, clock), verifier=asked), config.needed_office_secret()
    gate = Gate(bench.vault, secret, origin, passwords or Passwords())
    accounts = Accounts(gate, clock, lambda: request.remote_addr or "")
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=0)  # type: ignore[method-assign]  # as its guide has it
    open_office(app, accounts=accounts, bench=bench, pack=bench.city().pack, secret=secret)
    return app
