"""`voter-reg pack new` and `pack todo`: what a clerk types, and how each ends."""

import json

from voter_reg.cli import main

NEW = ["pack", "new", "my-city", "--name", "My City", "--ocd-id", "ocd-division/country:us/state:mn/place:my_city",
       "--time-zone", "America/Chicago", "--today", "2026-11-23"]  # fmt: skip


def test_from_nothing_to_a_checked_pack(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert main(NEW) == 0
    assert main(["pack", "check", "my-city"]) == 0
    assert "proven" in capsys.readouterr().out
    assert main(["pack", "todo", "my-city", "--json", "--today", "2026-11-24"]) == 1
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"where", "cite", "what"} == set(found[0])
    assert main(["pack", "diff", "my-city", "takoma-park"]) == 0
    assert "who is 16 to 17 years old" in capsys.readouterr().out


def test_a_taken_directory_ends_with_2_and_one_line(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(NEW) == 0
    capsys.readouterr()

    assert main(NEW) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n"), "never written over" in printed.err) == ("", 1, True)


def test_like_another_place(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert main([*NEW, "--like", "washington-dc", "--out", "mine"]) == 0
    assert main(["pack", "show", "mine"]) == 0
    assert "to be confirmed: Copied from Washington, D.C.: is it so here?" in capsys.readouterr().out


def test_a_pack_with_nothing_open_ends_with_0(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(NEW) == 0
    file = tmp_path / "my-city" / "pack.toml"
    kept = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("to_confirm")]
    file.write_text("\n".join(kept), encoding="utf-8")
    capsys.readouterr()

    assert main(["pack", "todo", "my-city", "--today", "2026-11-24"]) == 0
    assert capsys.readouterr().out == "nothing is open\n"
