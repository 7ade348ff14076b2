"""Live portals and offices on free loopback ports, and a Chromium that may speak to nothing else."""

import os
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.own_walking import own_records
from tests.running import free_port, serving
from tests.voter_reg.office.conftest import make_office
from tests.voter_reg.office.memory import MemoryAccounts
from tests.voter_reg.office.town_office import town_office
from tests.voter_reg.portal.conftest import make_portal
from tests.voter_reg.portal.desk import MemoryDesk
from tests.voter_reg.town import build_town
from voter_reg.portal.site import Offers

QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


TELL_VIOLATIONS = """document.addEventListener('securitypolicyviolation', event =>
  console.error('POLICY ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample))"""
"""Whatever the policy blocks becomes an error of the console, and those fail a test."""


@pytest.fixture(scope="session")
def town_map(tmp_path_factory):
    return build_town(tmp_path_factory.mktemp("map"))


@pytest.fixture(scope="module")
def chromium(chromium_path):
    """One Chromium for the tests of a module; root needs it without its sandbox.

    No longer: its driver runs an event loop in this thread, and signing a PDF begins one of its own.
    """
    args = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=args)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def live():
    """The portal over a desk in memory: its address and the desk."""
    desk = MemoryDesk(offers=Offers(mail=True, scan=True, uploads=True))
    with serving(make_portal(desk)) as base:
        yield base, desk


@pytest.fixture(scope="module")
def own(tmp_path_factory, town_map):
    """Own records over the real service: their address, and the office that registers whoever asks."""
    with own_records(tmp_path_factory.mktemp("own"), town_map) as found:
        yield found


@pytest.fixture
def office_live():
    """The office over accounts in memory: its address and the accounts."""
    accounts = MemoryAccounts()
    with serving(make_office(accounts)) as base:
        yield base.replace("127.0.0.1", "localhost"), accounts


@pytest.fixture
def visit(chromium, live):
    """Open a page as someone with these wishes; afterwards every request must have gone to this machine."""
    base, _ = live

    @contextmanager
    def open_page(**wishes):
        asked, said = [], []
        wishes = {"base_url": base, "viewport": {"width": 1024, "height": 800}, **wishes}
        context = chromium.new_context(**wishes)
        context.add_init_script(TELL_VIOLATIONS)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.set_default_timeout(10_000)
        yield page
        context.close()
        assert {urlsplit(url).netloc for url in asked} <= {urlsplit(wishes["base_url"]).netloc}
        # Chromium writes a line for every answer that is an error page; those are asked for here.
        assert [line for line in said if "Failed to load resource" not in line] == []

    return open_page


@pytest.fixture
def office_real(tmp_path, town_map):
    """The office over the real service, at an address that passkeys can be bound to: its address and the town."""
    port = free_port()
    with (
        town_office(tmp_path / "instance", town_map, origin=f"http://localhost:{port}") as town,
        serving(town.app, port),
    ):
        yield town.origin, town
