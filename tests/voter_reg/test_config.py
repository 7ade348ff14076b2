"""The configuration: a missing secret stops the start and is named; what is secret is never shown."""

import pytest

from tests.voter_reg.town import command
from voter_reg.config import Config, ConfigError, write_settings

GOOD = {
    "VOTER_REG_PORTAL_SECRET": "p" * 32, "VOTER_REG_PACK": "minneapolis", "VOTER_REG_MAP_FILE": "town.map",
    "VOTER_REG_REGISTRY_URL": "http://127.0.0.1:8002", "VOTER_REG_REGISTRY_KEY": "k" * 32,
}  # fmt: skip


def test_the_instance_directory_holds_what_is_not_named_otherwise(tmp_path):
    config = Config.from_env({**GOOD, "VOTER_REG_INSTANCE_DIR": str(tmp_path)})

    assert config.database_url == f"sqlite:///{tmp_path}/voter_reg.sqlite3"
    assert config.master_key_file == tmp_path / "keys" / "master.key"
    assert (config.broker_url, config.broker_dir) == ("filesystem://", tmp_path / "broker")


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("value", [None, "", "  "])
def test_whatever_is_missing_is_named(tmp_path, name, value):
    environ = {**GOOD, "VOTER_REG_INSTANCE_DIR": str(tmp_path), name: value}

    with pytest.raises(ConfigError, match=name):
        Config.from_env({key: text for key, text in environ.items() if text is not None})


@pytest.mark.parametrize(("length", "good"), [(31, False), (32, True)])
def test_a_short_secret_is_refused(tmp_path, length, good):
    environ = {**GOOD, "VOTER_REG_INSTANCE_DIR": str(tmp_path), "VOTER_REG_PORTAL_SECRET": "p" * length}

    if good:
        assert Config.from_env(environ)
    else:
        with pytest.raises(ConfigError, match="shorter than 32"):
            Config.from_env(environ)


@pytest.mark.parametrize(
    ("seconds", "good"), [("0", True), ("10", True), ("10.1", False), ("-1", False), ("nan", False), ("x", False)]
)
def test_the_time_of_a_cards_answer_is_a_number_of_seconds(tmp_path, seconds, good):
    environ = {**GOOD, "VOTER_REG_INSTANCE_DIR": str(tmp_path), "VOTER_REG_CARD_ANSWER_SECONDS": seconds}

    if good:
        assert Config.from_env(environ).card_answer_seconds == float(seconds)
    else:
        with pytest.raises(ConfigError, match="CARD_ANSWER_SECONDS"):
            Config.from_env(environ)


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("filesystem://", True),
        ("redis://127.0.0.1:6379/0", True),
        ("rediss://:word@queue/1", True),
        ("amqp://guest:word@queue", False),
        ("", False),
    ],
)
def test_a_broker_is_the_file_system_or_redis_and_its_password_is_never_shown(tmp_path, url, good):
    environ = {**GOOD, "VOTER_REG_INSTANCE_DIR": str(tmp_path), "VOTER_REG_BROKER_URL": url}

    if good:
        assert Config.from_env(environ).broker_url == url
    else:
        with pytest.raises(ConfigError, match="BROKER_URL") as refused:
            Config.from_env(environ)
        assert "word" not in str(refused.value)


def test_the_environment_goes_before_the_settings_file(tmp_path):
    write_settings(tmp_path, {name.removeprefix("VOTER_REG_"): value for name, value in GOOD.items()})

    assert Config.from_env({"VOTER_REG_INSTANCE_DIR": str(tmp_path)}).pack == "minneapolis"
    assert Config.from_env({"VOTER_REG_INSTANCE_DIR": str(tmp_path), "VOTER_REG_PACK": "other"}).pack == "other"
    assert (tmp_path / "settings.env").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("content", "mode", "said"), [("VOTER_REG_PACK=x", 0o644, "read by others"),
                                                       ("PACK=x", 0o600, "is not VOTER_REG_"),
                                                       ("VOTER_REG_PACK", 0o600, "is not VOTER_REG_")])  # fmt: skip
def test_a_settings_file_that_cannot_be_trusted_is_refused(tmp_path, content, mode, said):
    (tmp_path / "settings.env").write_text(content)
    (tmp_path / "settings.env").chmod(mode)

    with pytest.raises(ConfigError, match=said):
        Config.from_env({**GOOD, "VOTER_REG_INSTANCE_DIR": str(tmp_path)})


def test_no_secret_is_shown_by_a_configuration(tmp_path):
    shown = repr(Config.from_env({**GOOD, "VOTER_REG_INSTANCE_DIR": str(tmp_path)}))

    assert "p" * 32 not in shown
    assert "k" * 32 not in shown


def test_a_command_without_an_installation_says_so_in_one_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("INSTANCE_DIR", *(name.removeprefix("VOTER_REG_") for name in GOOD)):
        monkeypatch.delenv(f"VOTER_REG_{name}", raising=False)

    ending = command("roster", "list")

    assert (ending.code, ending.err) == (2, "VOTER_REG_PORTAL_SECRET: is not set\n")


def test_cards_are_read_by_their_code_only_where_keys_are_named(tmp_path):
    environ = {**GOOD, "VOTER_REG_INSTANCE_DIR": str(tmp_path)}
    plain = Config.from_env({**environ, "VOTER_REG_REGISTRY_URL": "http://registry.example/id/"})
    named = Config.from_env(
        {
            **environ,
            "VOTER_REG_CARD_KEYS_FILE": str(tmp_path / "keys.json"),
            "VOTER_REG_CARD_STATUS_URL": "https://id.example/list",
        }
    )

    assert (plain.card_keys_file, plain.card_status_url) == (None, "http://registry.example/id/v1/status-list")
    assert (named.card_keys_file, named.card_status_url) == (tmp_path / "keys.json", "https://id.example/list")
