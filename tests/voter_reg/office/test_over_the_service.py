"""The pages with the real service behind them: the whole life of an account, and what is refused."""

import re

import pytest
from sqlalchemy import text

from tests.voter_reg.office.conftest import Colleague, csrf
from tests.voter_reg.office.town_office import CHEAP, PASSPHRASE, TownOffice, town_office
from tests.voter_reg.town import install
from voter_reg.apps import create_office
from voter_reg.config import ConfigError
from voter_reg.office.cookies import OFFICE_COOKIE
from voter_reg.roles import Role
from voter_reg.service import sign_in
from voter_reg.store.db import db

NEW = "eleven geese repaint a quiet harbour"


@pytest.fixture
def town(tmp_path, town_map):
    with town_office(tmp_path / "instance", town_map) as opened:
        yield opened


def logged(town):
    with town.app.app_context():
        rows = [tuple(row) for row in db.session.execute(text("SELECT actor, purpose, action, subject FROM log_entry"))]
        db.session.rollback()
    return rows


def test_the_whole_life_of_an_account(town):
    codes = town.enrol("ada.clerk", Role.CLERK)
    assert len(codes) == 10
    ada = town.signed_in("ada.clerk")
    assert "What waits for you" in ada.get("/").text
    assert ada.get("/account/password").location == "/confirm?then=/account/password"
    assert town.confirm(ada, "ada.clerk", "/account/password") == "/account/password"
    other = town.signed_in("ada.clerk")
    assert ada.send("/account/password", password=NEW, again=NEW).location == "/account?done=password"
    assert other.get("/").location == "/sign-in"
    assert ada.get("/account").status_code == 200
    ada.send("/sign-out", page="/")
    assert ada.get("/").location == "/sign-in"
    assert ada.send("/sign-in", name="ada.clerk", password=PASSPHRASE).status_code == 422
    assert ada.send("/sign-in", name="ada.clerk", password=NEW).location == "/second-step"
    assert ada.send("/second-step/recovery", page="/second-step", recovery=codes[3]).location == "/"
    assert "9 left" in ada.get("/account").text


def test_an_administrator_invites_changes_and_disables(town):
    town.enrol("fay.admin", Role.ADMINISTRATOR)
    fay = town.signed_in("fay.admin")
    assert town.confirm(fay, "fay.admin", "/people/invite") == "/people/invite"
    refused = fay.send("/people/invite", name="Not A Name", roles="clerk")
    assert (refused.status_code, "The name is not 1 to 32" in refused.text) == (422, True)
    page = fay.send("/people/invite", name="bob", roles=["clerk"])
    link = re.search(r"http://localhost(/staff/link/[^<]+)<", page.text)[1]
    bob = town.browser()
    town.secrets["bob"] = re.search(r'id="secret">([A-Z2-7]+)<', bob.get(link).text)[1]
    assert bob.get(f"{link}/picture.svg").status_code == 200
    sent = {"password": PASSPHRASE, "again": PASSPHRASE}
    assert bob.send(link, **sent, code=town.code("bob")).status_code == 200
    assert bob.get(link).status_code == 410
    bob = town.signed_in("bob")
    place = re.search(r'href="(/people/[0-9a-f]+)">bob<', fay.get("/people").text)[1]
    assert bob.get("/people").status_code == 403
    town.confirm(fay, "fay.admin", place)
    assert fay.send(f"{place}/roles", page=place, roles="reviewer").location == f"{place}?done=roles"
    assert "Reviewer" in bob.get("/account").text
    reset = fay.send(f"{place}/reset-password", page=place)
    assert "A link for a new password" in reset.text
    assert fay.send(f"{place}/reset-second-step", page=place).status_code == 422
    assert fay.send(f"{place}/disable", page=place).location == f"{place}?done=disabled"
    assert bob.get("/").location == "/sign-in"
    assert town.browser().send("/sign-in", name="bob", password=PASSPHRASE).status_code == 422
    again = fay.send(f"{place}/invite-again", page=place)
    assert "An invitation" in again.text
    assert ("staff:bob", "office", "refused", "people.page") in logged(town)


def test_a_code_works_once_and_a_session_ends_by_itself(town):
    town.enrol("ada.clerk", Role.CLERK)
    ada = town.signed_in("ada.clerk")
    again = town.browser()
    again.send("/sign-in", name="ada.clerk", password=PASSPHRASE)
    code = town.code("ada.clerk")
    assert again.send("/second-step", code=code).location == "/"
    third = town.browser()
    third.send("/sign-in", name="ada.clerk", password=PASSPHRASE)
    assert third.send("/second-step", code=code).status_code == 422
    town.later(minutes=31)
    assert ada.get("/").location == "/sign-in"
    assert third.get("/second-step").location == "/sign-in", "the ticket is over"


def test_too_many_tries_end_in_waiting(town):
    town.enrol("ada.clerk", Role.CLERK)
    thief = town.browser()
    answers = [thief.send("/sign-in", name="ada.clerk", password=f"wrong {n}") for n in range(25)]

    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


@pytest.mark.parametrize(("proxies", "counted"), [(0, "127.0.0.1"), (1, "198.51.100.9"), (2, "192.0.2.7")])
def test_the_address_that_limits_go_by_is_believed_of_our_own_proxies_alone(town, monkeypatch, proxies, counted):
    app, seen = create_office(town.config, origin=town.origin, proxies=proxies, passwords=CHEAP), []

    def refuse(*_, source, **more):
        seen.append(source)
        raise sign_in.WrongSignIn

    monkeypatch.setattr(sign_in, "with_password", refuse)
    person = Colleague(app.test_client())
    claimed = {"X-Forwarded-For": "203.0.113.5, 192.0.2.7, 198.51.100.9"}
    sent = {"csrf_token": csrf(person.get("/sign-in")), "name": "ada", "password": PASSPHRASE}

    assert person.client.post("/sign-in", data=sent, headers=claimed).status_code == 422
    assert seen == [counted]


def test_where_tries_cannot_be_counted_nobody_is_let_in(town):
    town.enrol("ada.clerk", Role.CLERK)
    town.app.config["PROPAGATE_EXCEPTIONS"] = False
    with town.app.app_context():
        table = db.session.scalar(text("SELECT name FROM sqlite_master WHERE name LIKE '%attempt%' AND type = 'table'"))
        db.session.rollback()
        db.session.execute(text(f"DROP TABLE {table}"))
        db.session.commit()
    thief = town.browser()
    answer = thief.send("/sign-in", name="ada.clerk", password=PASSPHRASE)

    assert answer.status_code in {429, 500, 503}
    assert thief.client.get_cookie("__Host-office-step") is None


def test_the_authenticator_is_replaced_and_codes_are_renewed(town):
    old_codes = town.enrol("ada.clerk", Role.CLERK)
    ada = town.signed_in("ada.clerk")
    town.confirm(ada, "ada.clerk", "/account/authenticator")
    town.secrets["ada.clerk"] = re.search(r'id="secret">([A-Z2-7]+)<', ada.get("/account/authenticator").text)[1]
    assert ada.send("/account/authenticator", code=town.code("ada.clerk")).location == "/account?done=authenticator"
    page = ada.send("/account/codes")
    assert "new" not in old_codes
    assert not any(code in page.text for code in old_codes)
    assert town.signed_in("ada.clerk").get("/").status_code == 200


def test_a_confirmation_ends_and_the_token_before_it_too(town):
    town.enrol("ada.clerk", Role.CLERK)
    ada = town.signed_in("ada.clerk")
    before = ada.client.get_cookie(OFFICE_COOKIE).value
    town.confirm(ada, "ada.clerk", "/account/codes")
    assert town.browser().carry(before).get("/").location == "/sign-in"
    assert ada.get("/account/codes").status_code == 200
    town.later(minutes=6)
    assert ada.get("/account/codes").location == "/confirm?then=/account/codes"


def test_nothing_secret_stands_in_the_database_or_the_log(town, caplog):
    codes = town.enrol("ada.clerk", Role.CLERK)
    ada = town.signed_in("ada.clerk")
    held = ada.client.get_cookie(OFFICE_COOKIE).value
    kept = b"".join(path.read_bytes() for path in town.config.instance_dir.glob("voter_reg.sqlite3*"))
    for secret in (PASSPHRASE, town.secrets["ada.clerk"], held, *codes):
        assert secret.encode() not in kept
        assert secret not in caplog.text


@pytest.mark.parametrize("secret", ["", "short", "p" * 40])
def test_the_office_does_not_open_without_a_secret_of_its_own(tmp_path, town_map, secret):
    config = install(tmp_path / "instance", town_map, OFFICE_SECRET=secret)

    with pytest.raises(ConfigError, match="VOTER_REG_OFFICE_SECRET"):
        TownOffice(config)
