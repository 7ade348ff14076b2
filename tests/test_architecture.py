"""The shape of the house: which way imports run, what lies at the top, and how long a file may grow."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repository import ROOT, files

TOP = {
    ".ci", "ballots", "benchmarks", "docs", "eligibility", "migrations", "scripts", "tests", "voter_reg",
    ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "README.md", "pyproject.toml",
    "requirements-build.lock", "requirements-dev.lock", "requirements.lock",
}  # fmt: skip
MOST_LINES = 400


def check_contracts(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "scripts/import_contracts.py"], cwd=root, capture_output=True, text=True, check=False
    )


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the house in which a test may plant a wrong import."""
    for name in ("eligibility", "ballots", "voter_reg", "scripts"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_no_import_runs_upward() -> None:
    result = check_contracts(ROOT)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("eligibility/errors.py", "import ballots"),
        ("ballots/style.py", "import voter_reg.cli"),
        ("eligibility/facts.py", "import flask"),
        ("ballots/roster.py", "import sqlalchemy"),
        ("voter_reg/commands/__init__.py", "import voter_reg.cli"),
    ],
)
def test_a_planted_upward_import_is_found(house: Path, module: str, line: str) -> None:
    with (house / module).open("a") as file:
        file.write(f"\n{line}\n")

    result = check_contracts(house)

    assert result.returncode == 1
    assert "BROKEN" in result.stdout


def test_nothing_lies_at_the_top_but_what_the_house_is_made_of() -> None:
    assert {path.parts[0] for path in files()} - TOP == set()


def test_the_house_has_all_its_rooms() -> None:
    assert TOP - {path.parts[0] for path in files()} == set()


def test_no_module_is_longer_than_one_sitting() -> None:
    long = {
        str(path): lines
        for path in files()
        if path.suffix == ".py" and (lines := (ROOT / path).read_text("utf-8").count("\n")) > MOST_LINES
    }

    assert long == {}


def test_every_module_says_its_subject_first() -> None:
    silent = [
        str(path)
        for path in files()
        if path.suffix == ".py"
        and path.parts[0] != "migrations"
        and (text := (ROOT / path).read_text("utf-8"))
        and not text.startswith('"""')
    ]

    assert silent == []
