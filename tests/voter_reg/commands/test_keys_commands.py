"""`voter-reg keys`: what it makes, shows, replaces and destroys, and what it refuses."""

import pytest

from tests.voter_reg.officers import FIRST, SECOND
from tests.voter_reg.town import Office, card, command
from voter_reg.back_room import utc_now
from voter_reg.config import Config, write_settings
from voter_reg.service import approvals


@pytest.fixture
def run(config):
    return lambda *args: command(*args, config=config)


def test_status_names_keys_and_never_shows_one(run, config):
    with Office(config).open() as office:
        office.register(card(1))
    shown = run("keys", "status", "--json")

    assert [key["destroyed_on"] for key in shown.json["keys"]] == [None, None]
    assert config.master_key_file.read_text().strip() not in shown.out
    assert "in use" in run("keys", "status").out


def test_rotating_replaces_the_master_key_and_everything_opens(run, config):
    with Office(config).open() as office:
        office.register(card(1))
    before = config.master_key_file.read_text()

    assert run("keys", "rotate").code == 0

    assert config.master_key_file.read_text() != before
    with Office(config).open() as office:
        office.register(card(2))


def test_a_key_is_destroyed_once_two_officers_approved_it(run, config):
    with Office(config).open() as office:
        office.vault.seal("test", "1", "2020-01", b"x")
    asked = run("keys", "destroy", "2020-01", "--reason", "Over.")
    assert (asked.code, "q-00001" in asked.err) == (1, True)
    assert run("keys", "destroy", "2020-01", "--request", "q-00001").code == 1
    with Office(config).open():
        for officer in (FIRST, SECOND):
            approvals.approve("q-00001", by=officer, now=utc_now())

    assert run("keys", "destroy", "2020-01", "--request", "q-00001").code == 0
    assert run("keys", "status", "--json").json["keys"][0]["destroyed_on"]
    assert run("keys", "destroy", "2020-01", "--request", "q-00001").code == 1


@pytest.mark.parametrize("key", ["service", "2999-01", "nothing"])
def test_what_is_in_use_is_not_destroyed_even_when_it_is_approved(run, config, key):
    with Office(config).open():
        request = approvals.file("destroy-key", key, {}, "Why not.", by=FIRST, now=utc_now()).id
        approvals.approve(request, by=SECOND, now=utc_now())

    ended = run("keys", "destroy", key, "--request", request)

    assert (ended.code, ended.err.count("\n")) == (2, 1)
    with Office(config).open():
        assert approvals.find(request).state == "approved", "nothing was done, so nothing is used up"


def test_the_master_key_may_come_from_the_environment_and_then_no_file_is_made(tmp_path):
    settings = {"PORTAL_SECRET": "p" * 40, "PACK": "minneapolis", "MAP_FILE": "x", "REGISTRY_URL": "http://127.0.0.1:9"}
    write_settings(tmp_path, {**settings, "REGISTRY_KEY": "k" * 40, "MASTER_KEY": "ab" * 32})
    config = Config.from_env({"VOTER_REG_INSTANCE_DIR": str(tmp_path)})

    assert command("keys", "init", config=config).code == 0
    assert command("keys", "status", config=config).code == 0
    refused = command("keys", "rotate", config=config)
    assert (refused.code, "--new-from" in refused.err) == (2, True)
    (tmp_path / "new").touch(mode=0o600)
    (tmp_path / "new").write_text("cd" * 32)
    assert command("keys", "rotate", "--new-from", str(tmp_path / "new"), config=config).code == 0
    assert not config.master_key_file.exists()
    assert "does not open" in command("keys", "status", config=config).err


def test_two_sources_of_the_master_key_are_refused(config):
    path = config.instance_dir / "settings.env"
    path.write_text(path.read_text() + f"VOTER_REG_MASTER_KEY={'ab' * 32}\nVOTER_REG_MASTER_KEY_COMMAND=cat x\n")

    ended = command("keys", "status", config=config)

    assert (ended.code, ended.err.count("\n"), "MASTER_KEY" in ended.err, "ab" * 32 in ended.err) == (2, 1, True, False)
