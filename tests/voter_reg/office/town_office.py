"""The office over the real service of a small town, at a moment of our choosing; Argon2 as cheap as it can be."""

import re
import secrets
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pyotp
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from tests.voter_reg.office.conftest import Colleague, csrf
from tests.voter_reg.town import NOW, install
from voter_reg.apps import create_office
from voter_reg.roles import Role
from voter_reg.service import accounts
from voter_reg.service.actors import staff
from voter_reg.service.gate import Gate
from voter_reg.service.passwords import Passwords
from voter_reg.vault import open_vault

ROOT = staff("root", Role.ADMINISTRATOR)
PASSPHRASE = "seven otters juggle warm lanterns"
CHEAP = Passwords(PasswordHasher.from_parameters(CHEAPEST))


@dataclass
class TownOffice:
    """An installation's office, its clock, and what each person's phone holds."""

    config: object
    origin: str = "http://localhost"
    now: datetime = NOW
    secrets: dict = field(default_factory=dict)
    verifier: object = None

    def __post_init__(self):
        self.app = create_office(
            self.config, origin=self.origin, clock=lambda: self.now, passwords=CHEAP, verifier=self.verifier
        )
        vault = open_vault(self.config.master_key_file, self.config.keystore_file)
        self.gate = Gate(vault, self.config.needed_office_secret(), self.origin, CHEAP)

    def later(self, **span):
        self.now += timedelta(**span)

    def invite(self, name, *roles):
        """The path of a new account's invitation."""
        with self.app.app_context():
            return accounts.invite(self.gate, name, set(roles), by=ROOT, now=self.now, approved=True).path

    def code(self, name):
        """The next code of someone's phone: half a minute passes, so that none is used twice."""
        self.later(seconds=30)
        return pyotp.TOTP(self.secrets[name]).at(self.now)

    def browser(self):
        return Colleague(self.app.test_client())

    def enrol(self, name, *roles):
        """Follow an invitation through the pages; the recovery codes shown."""
        link, person = self.invite(name, *roles), self.browser()
        self.secrets[name] = re.search(r'id="secret">([A-Z2-7]+)<', person.get(link).text)[1]
        done = person.send(link, password=PASSPHRASE, again=PASSPHRASE, code=self.code(name))
        assert done.status_code == 200, done.text
        return re.findall(r"<li>([^<]+)</li>", done.text)

    def signed_in(self, name):
        person = self.browser()
        assert person.send("/sign-in", name=name, password=PASSPHRASE).location == "/second-step"
        assert person.send("/second-step", code=self.code(name)).location == "/"
        return person

    def confirm(self, person, name, then):
        """Confirm on the way to a page; where it leads."""
        sent = person.client.post(
            "/confirm",
            data={
                "csrf_token": csrf(person.get(f"/confirm?then={then}")),
                "then": then,
                "password": PASSPHRASE,
                "code": self.code(name),
            },
        )
        return sent.location


@contextmanager
def town_office(folder, town_map, **more):
    config = install(folder, town_map, OFFICE_SECRET=secrets.token_urlsafe(32))
    yield TownOffice(config, **more)
