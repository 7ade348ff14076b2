"""`voter-reg paper`: blank forms, the check of a signature with its exit codes, keys listed, exported and replaced."""

import stat
from datetime import UTC, datetime

import pytest

from eligibility import load_pack
from tests.voter_reg.town import command
from voter_reg.config import Config, write_settings
from voter_reg.documents import blank_form, issue, read_city_key
from voter_reg.documents.city_key import fingerprint_of, read_certificate
from voter_reg.language import words

NOW = datetime(2026, 11, 28, 18, 0, tzinfo=UTC)


@pytest.fixture
def config(tmp_path):
    folder = tmp_path / "instance"
    folder.mkdir()
    settings = {"PORTAL_SECRET": "p" * 40, "PACK": "minneapolis", "MAP_FILE": "x", "REGISTRY_URL": "http://127.0.0.1:9"}
    write_settings(folder, {**settings, "REGISTRY_KEY": "k" * 40})
    return Config.from_env({"VOTER_REG_INSTANCE_DIR": str(folder)})


@pytest.fixture
def run(config):
    assert command("keys", "init", config=config).code == 0
    return lambda *args: command("paper", *map(str, args), config=config)


@pytest.fixture
def paper(run, config, tmp_path):
    key = read_city_key(config.paper_key_file, config.paper_certificate_file)
    file = tmp_path / "paper.pdf"
    file.write_bytes(issue(blank_form(load_pack("minneapolis"), words("en")).paper, key, NOW))
    return file


def test_making_keys_makes_the_paper_key_and_archives_certificate_and_forms(run, config):
    assert stat.S_IMODE(config.paper_key_file.stat().st_mode) == 0o600
    (kept,) = (config.archive_dir / "paper-keys").iterdir()
    assert read_certificate(kept) == read_certificate(config.paper_certificate_file)
    languages = {file.name.split(".")[1] for file in (config.archive_dir / "forms").iterdir()}
    assert languages == {"en", "es", "so", "hmn"}


def test_a_form_is_written_kept_and_is_no_other_the_next_time(run, config, tmp_path):
    first = run("form", "--pack", "takoma-park", "--language", "es", "--out", tmp_path / "a.pdf", "--json").json
    second = run("form", "--pack", "takoma-park", "--language", "es", "--out", tmp_path / "b.pdf", "--json").json

    assert first["version"] == second["version"]
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    kept = config.archive_dir / "forms" / f"{first['version']}.es.pdf"
    assert kept.read_bytes() == (tmp_path / "a.pdf").read_bytes()


def test_a_form_may_say_where_to_bring_it(run, tmp_path):
    plain = run("form", "--pack", "winooski", "--out", tmp_path / "a.pdf", "--json").json
    told = run("form", "--pack", "winooski", "--out", tmp_path / "b.pdf", "--bring-to", "City Hall", "--json").json

    assert plain["version"] != told["version"]


@pytest.mark.parametrize("wrong", [("--language", "xx"), ("--pack", "atlantis")])
def test_a_form_of_no_language_and_of_no_place_is_refused_in_one_line(run, tmp_path, wrong):
    given = dict([("--pack", "minneapolis"), wrong])
    ended = run("form", *(part for pair in given.items() for part in pair), "--out", tmp_path / "x.pdf")

    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert not (tmp_path / "x.pdf").exists()


def test_a_paper_of_this_city_is_valid(run, paper):
    ended = run("verify", paper)

    assert ended.code == 0
    assert "valid, signed at 2026-11-28T18:00:00+00:00 by DEMONSTRATION Minneapolis" in ended.out
    assert run("verify", paper, "--json").json["outcome"] == "valid"


def test_a_changed_paper_is_a_clean_no(run, paper):
    whole = paper.read_bytes()
    paper.write_bytes(whole.replace(b"Minneapolis", b"Minneapolit", 1) if b"Minneapolis" in whole else whole[:-1])
    ended = run("verify", paper)

    assert (ended.code, ended.out, ended.err.count("\n")) == (1, "", 1)
    assert run("verify", paper, "--json").json["outcome"] == "changed"


def test_an_unknown_key_is_told_with_its_number_and_known_once_its_certificate_is_given(run, paper, config, tmp_path):
    found = read_certificate(config.paper_certificate_file)
    (config.archive_dir / "paper-keys" / f"{fingerprint_of(found)}.pem").rename(tmp_path / "city.pem")

    unknown = run("verify", paper)
    assert (unknown.code, fingerprint_of(found) in unknown.err) == (2, True)
    assert run("verify", paper, "--certificate", tmp_path / "city.pem").code == 0
    assert run("verify", paper, "--certificate", paper).code == 2


def test_what_is_no_file_and_what_is_too_large_is_bad_use(run, tmp_path):
    assert run("verify", tmp_path / "nothing.pdf").code == 2
    with (tmp_path / "large").open("wb") as file:
        file.truncate(33 * 1024 * 1024)
    assert run("verify", tmp_path / "large").code == 2


def test_after_a_new_key_old_papers_stay_valid_and_both_keys_are_listed_and_exported(run, paper, config, tmp_path):
    old = read_certificate(config.paper_certificate_file)
    assert run("new-key").code == 0
    new = read_certificate(config.paper_certificate_file)

    assert old != new
    assert run("verify", paper).code == 0
    listed = run("keys", "--json", "--out", tmp_path / "public")
    assert {fingerprint_of(old), fingerprint_of(new)} <= set(listed.out.replace('"', " ").split())
    assert {read_certificate(file) for file in (tmp_path / "public").iterdir()} == {old, new}
    assert "DEMONSTRATION Minneapolis" in run("keys").out
