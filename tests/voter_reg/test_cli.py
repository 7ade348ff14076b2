"""The command line's promises: exit codes, one line for what went wrong, and no waiting for what isn't needed."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import click
import pytest

from eligibility.errors import BadInput
from voter_reg import cli


def voter_reg(*words: str, locale: str = "C") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "voter_reg", *words],
        capture_output=True,
        encoding="utf-8",
        env={"LC_ALL": locale, "PATH": ""},
        check=False,
    )


def ending_with(monkeypatch: pytest.MonkeyPatch, event: BaseException) -> int:
    """The exit code when a command ends in `event`."""

    @click.command()
    def broken() -> None:
        raise event

    monkeypatch.setattr(cli, "root", broken)
    return cli.main([])


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ([], "voter-reg: say which command; --help lists them"),
        (["pakc"], "voter-reg: no such command 'pakc'; did you mean 'pack'?"),
        (["zzzzzz"], "voter-reg: No such command 'zzzzzz'."),
        (["--zap"], "voter-reg: No such option '--zap'."),
        (["pack", "show"], "voter-reg pack show: Missing argument"),
    ],
)
def test_bad_use_is_one_line_and_exit_code_2(words: list[str], line: str) -> None:
    result = voter_reg(*words)

    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(line)
    assert result.stderr.count("\n") == 1


def test_bad_input_is_one_line_that_says_what_and_where() -> None:
    result = voter_reg("pack", "show", "nowhere")

    assert (result.returncode, result.stdout) == (2, "")
    assert "nowhere" in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_answer_exits_0_and_says_nothing_on_standard_error() -> None:
    result = voter_reg("pack", "list", "--json")

    assert (result.returncode, result.stderr) == (0, "")
    assert [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("event", "code", "line"),
    [
        (cli.CleanNo("facts destroyed on 2030-01-01"), 1, "facts destroyed on 2030-01-01\n"),
        (SystemExit(1), 1, ""),
        (SystemExit(0), 0, ""),
        (SystemExit(None), 0, ""),
        (BadInput("two\nlines", "pack.toml"), 2, "pack.toml: two lines\n"),
        (FileNotFoundError(2, "No such file or directory", "gone.map"), 2, "gone.map: No such file or directory\n"),
        (PermissionError(13, "Permission denied", "secret.key"), 2, "secret.key: Permission denied\n"),
        (click.UsageError("say which"), 2, "voter-reg: say which\n"),
        (KeyboardInterrupt(), 130, ""),
        (BrokenPipeError(32, "Broken pipe"), 0, ""),
    ],
)
def test_every_ending_has_its_code_and_its_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], event: BaseException, code: int, line: str
) -> None:
    monkeypatch.setattr(cli, "_close_quietly", lambda: None)

    assert ending_with(monkeypatch, event) == code
    assert capsys.readouterr().err == line


def test_an_unforeseen_error_shows_its_kind_and_never_its_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("VOTER_REG_DEBUG", raising=False)

    assert ending_with(monkeypatch, KeyError("Fadumo Cabdi Warsame")) == 2
    assert "Fadumo" not in capsys.readouterr().err


def test_an_unforeseen_error_is_raised_for_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOTER_REG_DEBUG", "1")

    with pytest.raises(KeyError):
        ending_with(monkeypatch, KeyError("here"))


def test_a_reader_that_stops_early_sees_no_complaint() -> None:
    shell = f"{shlex.quote(sys.executable)} -m voter_reg pack show minneapolis | true"

    result = subprocess.run(["/bin/sh", "-c", shell], capture_output=True, text=True, check=False)

    assert result.stderr == ""


def test_names_in_any_script_survive_a_terminal_without_a_locale() -> None:
    result = voter_reg("pack", "show", "ከተማ")

    assert "ከተማ" in result.stderr


@pytest.mark.parametrize("words", ["'pack', 'list'", "'map', '--help'", "'ballot', '--help'"])
def test_the_rules_and_the_map_never_wait_for_the_service(words: str) -> None:
    program = (
        f"import sys, voter_reg.cli as cli; cli.main([{words}]);"
        "print([m for m in ('flask', 'sqlalchemy', 'celery', 'cryptography') if m in sys.modules], file=sys.stderr)"
    )

    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert result.stderr.strip().splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", sorted(cli.COMMANDS))
def test_every_command_that_is_listed_is_there_and_explains_itself(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([name, "--help"]) == 0

    assert capsys.readouterr().err == ""


def test_every_module_of_the_service_can_be_the_first_that_is_imported() -> None:
    """Otherwise a command fails by the order in which others were run."""
    program = (
        "import importlib, pkgutil, sys, voter_reg.service as service\n"
        "for found in pkgutil.iter_modules(service.__path__, 'voter_reg.service.'):\n"
        "    for name in list(sys.modules):\n"
        "        if name.startswith('voter_reg.service.'): del sys.modules[name]\n"
        "    importlib.import_module(found.name)\n"
    )

    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert (result.returncode, result.stderr) == (0, "")


def test_the_command_table_names_modules_of_this_house() -> None:
    folder = Path(cli.__file__).parent / "commands"

    assert {f"{module}.py" for module, _, _ in cli.COMMANDS.values()} <= {path.name for path in folder.glob("*.py")}
