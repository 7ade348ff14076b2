"""A portal over a desk in memory, and a person who fills in its forms."""

import re
from dataclasses import dataclass
from html import unescape

import pytest
from flask import Flask

from tests.voter_reg.officers import CLERK
from tests.voter_reg.portal.desk import GOOD_CARD, MemoryDesk
from tests.voter_reg.service.own_person import CARD, run_jobs
from tests.voter_reg.town import DAY, Registry, card
from voter_reg.apps import create_portal
from voter_reg.portal.views import open_portal
from voter_reg.service import elections

NAME = {
    "name": "Nguyễn Thị Minh Khai",
    "birth_month": "1",
    "birth_day": "1",
    "birth_year": "1990",
    "since_month": "5",
    "since_year": "2019",
}
SIGN = {"signature": "Minh Khai", "signed": "yes"}


def make_portal(desk, tongues=None):
    app = Flask("voter_reg", static_folder=None)
    open_portal(app, desk, "a secret of the tests, long enough for any signer", tongues)
    return app


@dataclass
class Person:
    """Fills in forms as a browser without scripts does: what stands in the page goes along."""

    client: object
    saved: str = ""

    def get(self, path):
        return self.client.get(path)

    def send(self, path, *, page=None, **values):
        """Send the form of `page` (the page at `path` itself) to `path`."""
        return self.client.post(path, data={**hidden(self.get(page or path)), **values})

    def accept(self):
        return self.send("/notice")

    def live_at(self, address="33 Oakland Ave N", **values):
        return self.send("/address", address=address, **values)

    def be(self, **values):
        return self.send("/name", **{**NAME, **values})

    def show_card(self, number=GOOD_CARD):
        return self.send("/card", card=number)

    def up_to_review(self):
        self.accept()
        self.live_at()
        self.be()
        return self.show_card()

    def register(self):
        self.up_to_review()
        return self.send("/review", **SIGN)


def hidden(answer):
    """The first token and version of a page."""
    fields = {}
    for name in ("csrf_token", "version"):
        if found := re.search(rf'name="{name}" value="([^"]*)"', answer.text):
            fields[name] = unescape(found[1])
    return fields


@pytest.fixture
def desk():
    return MemoryDesk()


@pytest.fixture
def app(desk):
    return make_portal(desk)


@pytest.fixture
def person(app):
    return Person(app.test_client())


@pytest.fixture
def stranger(app):
    return Person(app.test_client())


@pytest.fixture
def own_registry():
    return Registry({card(8): "not_confirmed", card(9): "unavailable"})


@pytest.fixture
def own_portal(config, office, own_registry, town_map):
    elections.create("minneapolis", town_map, DAY, by=CLERK, now=office.now)
    return create_portal(config, clock=office.clock, verifier=own_registry)


@pytest.fixture
def me(own_portal, office):
    person = Person(own_portal.test_client())
    person.code = office.register(CARD).code
    run_jobs(office)
    return person
