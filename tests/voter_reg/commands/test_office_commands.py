"""The commands of an installation: keys, database, elections, tagging, rosters; their words and exit codes."""

import json

import pyrage
import pytest

from tests.voter_reg.town import Office, card, command

ELECTION = "minneapolis-2025-11-04"
ROSTER = f"{ELECTION}-r1"


@pytest.fixture
def run(config):
    return lambda *args: command(*args, config=config)


@pytest.fixture
def voters(config):
    with Office(config).open() as office:
        for number, split in enumerate(("A-1", "B-3")):
            office.register(card(number), split=split, name=f"Voter {number}")


@pytest.fixture
def election(run, voters, town_map):
    return run("election", "create", "--pack", "minneapolis", "--map", str(town_map), "--on", "2025-11-04")


def test_from_an_election_to_its_poll_books(run, election, tmp_path):
    assert (election.code, election.out) == (0, f"{ELECTION}\n")
    assert run("tag", ELECTION, "--json").json == {"election": ELECTION, "tagged": 2}
    frozen = run("roster", "freeze", ELECTION, "--json").json
    assert (frozen["id"], frozen["voters"]) == (ROSTER, 2)
    done = run("roster", "export", ROSTER, "--format", "csv", "--out", str(tmp_path / "out"), "--clear", "--json")
    assert done.json == {"roster": ROSTER, "format": "csv", "out": str(tmp_path / "out"), "poll_books": 18}
    assert "Voter 1" in (tmp_path / "out" / "contest-council-ward-2.csv").read_text()
    assert run("roster", "list", "--json").json["digest"] == frozen["digest"]


def test_to_a_recipient_nothing_leaves_in_clear(run, election, tmp_path):
    run("roster", "freeze", ELECTION)
    reader = pyrage.x25519.Identity.generate()

    ending = run(
        "roster",
        "export",
        ROSTER,
        "--contest",
        "mayor",
        "--out",
        str(tmp_path / "out"),
        "--to",
        str(reader.to_public()),
    )

    assert ending.code == 0, ending.err
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["contest-mayor.csv.age", "manifest.json"]
    assert b"Voter 0" in pyrage.decrypt((tmp_path / "out" / "contest-mayor.csv.age").read_bytes(), [reader])


@pytest.mark.parametrize("said", [(), ("--clear", "--to", "age1x")])
def test_an_export_says_to_whom_or_in_clear_and_not_both(run, election, tmp_path, said):
    ending = run("roster", "export", ROSTER, "--out", str(tmp_path / "out"), *said)

    assert (ending.code, ending.err.count("\n"), "--to" in ending.err) == (2, 1, True)


def test_a_live_export_ends_with_1_and_in_clear_with_2(run, election, tmp_path, monkeypatch):
    run("roster", "freeze", ELECTION)
    monkeypatch.setattr("ballots.election.Election.demonstration", property(lambda _: False))
    to = str(pyrage.x25519.Identity.generate().to_public())

    live = run("roster", "export", ROSTER, "--out", str(tmp_path / "out"), "--to", to, "--reason", "Poll books.")
    clear = run("roster", "export", ROSTER, "--out", str(tmp_path / "out"), "--clear")

    assert (live.code, "two officers have approved" in live.err) == (1, True)
    assert (clear.code, "only a demonstration" in clear.err) == (2, True)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "args",
    [("tag", "nowhere"), ("roster", "freeze", "nowhere"), ("election", "show", "nowhere"),
     ("roster", "export", "nowhere", "--out", "out", "--clear"), ("roster", "export", ROSTER, "--format", "doc"),
     ("election", "create", "--pack", "minneapolis", "--map", "/nowhere.map", "--on", "2025-11-04"),
     ("election", "create", "--pack", "minneapolis", "--map", "x", "--on", "2025-02-30"),
     ("keys", "init")],
)  # fmt: skip
def test_bad_input_ends_with_2_and_one_line(run, args):
    ending = run(*args)

    assert (ending.code, ending.out, ending.err.count("\n")) == (2, "", 1)


def test_an_election_is_shown_with_its_kind_and_its_digests(run, election):
    shown = run("election", "show", ELECTION, "--json").json

    assert shown["demonstration"] is True
    assert (shown["id"], shown["day"], shown["place"], shown["status"]) == (
        ELECTION,
        "2025-11-04",
        "minneapolis",
        "open",
    )
    assert "DEMONSTRATION" in run("election", "show").out
    assert {len(shown["pack_digest"]), len(shown["map_digest"])} == {64}


def test_no_command_prints_a_persons_data(run, election, tmp_path):
    endings = [run("tag", ELECTION), run("roster", "freeze", ELECTION), run("roster", "list"),
               run("roster", "export", ROSTER, "--out", str(tmp_path / "out"), "--clear")]  # fmt: skip

    assert not [ending for ending in endings if "Voter" in ending.out + ending.err or "OAK" in ending.out + ending.err]
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["voters"] == 2


def test_keys_are_made_once(tmp_path, town_map, config, monkeypatch):
    monkeypatch.setenv("VOTER_REG_MASTER_KEY_FILE", str(tmp_path / "new" / "master.key"))
    monkeypatch.setenv("VOTER_REG_KEYSTORE_FILE", str(tmp_path / "new" / "keystore.json"))

    first, second = command("keys", "init", config=config), command("keys", "init", config=config)

    assert (first.code, second.code) == (0, 2)
    assert "never overwritten" in second.err
