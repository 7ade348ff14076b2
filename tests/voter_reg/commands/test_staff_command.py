"""`voter-reg staff`: the first administrator is invited from the command line, and accounts are closed from there."""

import pytest

from tests.voter_reg.service.desk_of_staff import Desk
from tests.voter_reg.town import Office, command, install
from voter_reg.back_room import utc_now
from voter_reg.service import accounts, enrolment
from voter_reg.service.staff_links import PATH


@pytest.fixture
def config(tmp_path, town_map):
    return install(tmp_path / "instance", town_map, OFFICE_SECRET="o" * 40)


def staff(config, *arguments):
    return command("staff", *arguments, config=config)


def test_an_invitation_is_printed_with_its_path_and_its_end(config):
    plain = staff(config, "invite", "amira", "--role", "administrator", "--role", "clerk")
    whole = staff(config, "invite", "bilan", "--role", "clerk", "--url", "https://office.example.org/", "--json")

    assert plain.code == whole.code == 0, plain.err
    assert PATH in plain.out
    assert "good once and until" in plain.out
    assert whole.json["link"].startswith(f"https://office.example.org{PATH}")
    assert whole.json["purpose"] == "invitation"


def test_the_printed_link_sets_up_an_account(config):
    link = staff(config, "invite", "amira", "--role", "administrator", "--json").json["link"]

    with Office(config, utc_now()).open() as office:
        desk = Desk(office)
        desk.ids["amira"] = accounts.named("amira").id
        assert enrolment.open_link(desk.gate, link.removeprefix(PATH), desk.now).account_name == "amira"
        desk.accept(link.removeprefix(PATH))
        desk.sign_in()
    listed = staff(config, "list", "--json").json
    ended = staff(config, "end-sessions", "amira")
    reset = staff(config, "reset", "amira", "--password", "--json")
    other = staff(config, "reset", "amira", "--second-factor")
    closed = staff(config, "disable", "amira")

    assert (listed["name"], listed["state"], listed["roles"]) == ("amira", "active", ["administrator"])
    assert listed["recovery_codes_left"] == 10
    assert (ended.code, ended.out) == (0, "amira: 1 sessions ended\n")
    assert reset.json["purpose"] == "password"
    assert (other.code, "another administrator" in other.err) == (1, True)
    assert closed.code == 0
    assert "disabled" in staff(config, "list").out
    assert staff(config, "invite", "amira", "--again").code == 0


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("invite", "amira"), 2),
        (("invite", "amira", "--role", "king"), 2),
        (("invite", "Amira H", "--role", "clerk"), 2),
        (("invite", "nobody", "--again"), 2),
        (("invite", "amira", "--again", "--role", "clerk"), 2),
        (("disable", "nobody"), 2),
        (("unblock", "nobody"), 2),
        (("end-sessions", "nobody"), 2),
        (("reset", "nobody", "--password"), 2),
        (("reset", "nobody"), 2),
    ],
)
def test_bad_use_is_told_in_one_line(config, arguments, code):
    ending = staff(config, *arguments)

    assert ending.code == code
    assert len(ending.err.strip().splitlines()) == 1
    assert ending.out == ""


def test_a_blocked_account_is_let_in_again(config):
    staff(config, "invite", "amira", "--role", "clerk")

    assert staff(config, "unblock", "amira").code == 0


@pytest.mark.parametrize("secret", ["", "s3cr3t", "p" * 40])
def test_links_need_an_office_secret_that_is_long_and_not_the_portals(tmp_path, town_map, secret):
    config = install(tmp_path / "instance", town_map, OFFICE_SECRET=secret)

    ending = staff(config, "invite", "amira", "--role", "clerk")

    assert (ending.code, "VOTER_REG_OFFICE_SECRET" in ending.err) == (2, True)
    assert staff(config, "list").code == 0, "what hands out no link needs no secret"
    assert secret == "" or secret not in ending.err
