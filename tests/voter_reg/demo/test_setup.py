"""Preparing a demonstration's directory: somebody's files are never touched, and a half-made one is never used."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import make_url

from eligibility import BadInput
from voter_reg.config import Config, write_settings
from voter_reg.demo import setup

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
REAL = {"settings.env": "VOTER_REG_PACK=minneapolis\n", "voter_reg.sqlite3": "the roll", "keys": None, "broker": None}


def prepare(folder, port=8002):
    return setup.prepare(folder, port, date(2026, 11, 23), lambda: NOW, lambda _: None)


def fill(folder, names):
    folder.mkdir(exist_ok=True)
    for name, text in names.items():
        path = folder / name
        if text is None:
            path.mkdir()
            (path / "master.key").write_text("the only one")
        else:
            path.write_text(text)


def contents(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_real_installation_is_refused_and_left_as_it_was(tmp_path):
    fill(tmp_path, REAL)
    before = contents(tmp_path)

    for refused in (prepare, setup.refuse_foreign):
        with pytest.raises(BadInput, match="which is no demonstration's"):
            refused(tmp_path)
    assert contents(tmp_path) == before


def test_what_a_start_left_unfinished_goes_but_never_with_somebodys_file_in_it(tmp_path):
    fill(tmp_path, {"demonstration.unfinished": "", "city.map": "half", "registry": None, "thesis.txt": "mine"})
    before = contents(tmp_path)
    with pytest.raises(BadInput, match=r"holds 'thesis\.txt'"):
        prepare(tmp_path)
    assert contents(tmp_path) == before

    (tmp_path / "thesis.txt").unlink()
    setup._clear_unfinished(tmp_path)
    assert set(contents(tmp_path)) == {"demonstration.unfinished"}


@pytest.mark.parametrize("text", ["", '{"form', "[]", "null", '{"format": 4}'])
def test_a_damaged_marker_is_said_and_nothing_is_begun_anew(tmp_path, text):
    fill(tmp_path, {**REAL, "demonstration.json": text})
    before = contents(tmp_path)

    with pytest.raises(BadInput, match=r"demonstration\.json: is damaged"):
        prepare(tmp_path)
    assert contents(tmp_path) == before


def test_a_demonstration_of_another_version_is_refused(tmp_path):
    fill(tmp_path, {"demonstration.json": '{"format": 3, "election": "x"}'})

    with pytest.raises(BadInput, match="of another version"):
        prepare(tmp_path)


@pytest.mark.parametrize("broken", ["_make_city", "_make_registry", "_make_database", "_make_papers", "_write_marker"])
def test_a_start_cut_short_anywhere_leaves_no_marker_and_is_recognised(tmp_path, monkeypatch, broken):
    steps = ("_make_city", "_make_registry", "_make_database", "_make_papers")
    for step in steps:
        monkeypatch.setattr(setup, step, lambda *_: "an-election")
    cut = pytest.raises(KeyboardInterrupt)
    with monkeypatch.context() as patch, cut:
        patch.setattr(setup, broken, interrupt)
        prepare(tmp_path)
    assert not (tmp_path / "demonstration.json").exists()

    assert prepare(tmp_path) == "an-election"
    assert (tmp_path / "demonstration.json").exists()
    assert not (tmp_path / "demonstration.unfinished").exists()


def interrupt(*_):
    raise KeyboardInterrupt


def test_another_start_keeps_the_secrets_and_takes_the_new_port(tmp_path, monkeypatch):
    monkeypatch.setattr(setup, "_make_papers", lambda *_: None)
    fill(tmp_path, {"demonstration.json": f'{{"format": {setup._FORMAT}, "election": "x"}}'})
    assert prepare(tmp_path, 8002) == "x"
    first = setup.config_of(tmp_path)
    assert prepare(tmp_path, 9002) == "x"
    second = setup.config_of(tmp_path)

    kept = [(one.portal_secret, one.office_secret, one.registry_key) for one in (first, second)]
    assert kept[0] == kept[1]
    assert len(set(kept[0])) == 3
    assert (first.registry_url, second.registry_url) == ("http://127.0.0.1:8002", "http://127.0.0.1:9002")


def test_settings_whose_writing_fails_are_the_old_ones(tmp_path):
    write_settings(tmp_path, {"PACK": "minneapolis"})
    with pytest.raises(UnicodeEncodeError):
        write_settings(tmp_path, {"PACK": "\ud800"})

    assert (tmp_path / "settings.env").read_text() == "VOTER_REG_PACK=minneapolis\n"
    assert (tmp_path / "settings.env").stat().st_mode & 0o077 == 0


def test_the_database_stands_in_the_directory_whatever_its_name(tmp_path):
    folder = tmp_path / "my #1 50%41 or more? é"
    folder.mkdir()
    needed = {"PORTAL_SECRET": "p" * 32, "REGISTRY_KEY": "r" * 32, "REGISTRY_URL": "http://x"}
    write_settings(folder, {**needed, "PACK": "minneapolis", "MAP_FILE": "m"})
    config = Config.from_env({"VOTER_REG_INSTANCE_DIR": str(folder)})

    assert make_url(config.database_url).database == str(folder / "voter_reg.sqlite3")
