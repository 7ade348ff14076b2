"""An office over accounts in memory, and people who work in it."""

import re
from dataclasses import dataclass
from functools import cache
from html import unescape

import pytest
from flask import Flask

from eligibility import load_pack
from tests.voter_reg.office.memory import PASSWORD, MemoryAccounts
from voter_reg.office.cookies import OFFICE_COOKIE
from voter_reg.office.views import ROOMS, open_office
from voter_reg.roles import Role
from voter_reg.service.work import Bench
from voter_reg.store.db import db, open_database
from voter_reg.store.models import MODELS

assert MODELS  # importing them fills the metadata

SECRET = "a secret of the office's tests, long enough for any signer"


read_pack = cache(load_pack)


def make_office(accounts, pack="minneapolis", rooms=ROOMS):
    app = Flask("voter_reg", static_folder=None)
    open_database(app, "sqlite://", lambda *_: None)  # in memory, and empty
    with app.app_context():
        db.create_all()
    bench = Bench(vault=None, city=lambda: None, shelf=None, clock=accounts.clock)
    open_office(app, accounts=accounts, bench=bench, pack=read_pack(pack), secret=SECRET, rooms=rooms)
    return app


@dataclass
class Colleague:
    """Works as a browser without scripts does: what stands in the page goes along."""

    client: object

    def get(self, path, **more):
        return self.client.get(path, **more)

    def send(self, path, *, page=None, **values):
        """Send a form of `page` (the page at `path` itself) to `path`."""
        return self.client.post(path, data={"csrf_token": csrf(self.get(page or path)), **values})

    def carry(self, token):
        """Hold a session's token."""
        self.client.set_cookie(OFFICE_COOKIE, token)
        return self

    def sign_in(self, accounts, one, password=PASSWORD):
        self.send("/sign-in", name=one.name, password=password)
        return self.send("/second-step", code=accounts.code(one))


def csrf(answer):
    """The first token of a page; none where it has no form."""
    found = re.search(r'name="csrf_token" value="([^"]*)"', answer.text)
    return unescape(found[1]) if found else ""


@pytest.fixture
def accounts():
    return MemoryAccounts()


@pytest.fixture
def app(accounts):
    return make_office(accounts)


@pytest.fixture
def someone(app):
    """A browser in which nobody is signed in."""
    return Colleague(app.test_client())


@pytest.fixture
def clerk(accounts, app):
    """A clerk, signed in, with a fresh confirmation."""
    one = accounts.add("ada.clerk", Role.CLERK)
    return Colleague(app.test_client()).carry(accounts.token(one, fresh=True))


@pytest.fixture
def administrator(accounts, app):
    """An administrator, signed in, with a fresh confirmation."""
    one = accounts.add("max.admin", Role.ADMINISTRATOR)
    return Colleague(app.test_client()).carry(accounts.token(one, fresh=True))
