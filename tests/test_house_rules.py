"""Rules no file may break: status is never asked, pages promise nothing untrue, no machine is named."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.repository import ROOT, texts

STATUS = re.compile(
    r"citizen|immigra|nationalit|(?<![a-z])aliens?(?![a-z])|(?<![a-z])ssn(?![a-z])|social.?security"
    r"|(?<![a-z])a[_-]?numbers?(?![a-z])|countr(?:y|ies).?of.?(?:birth|origin)|birth.?(?:country|place)|place.?of.?birth",
    re.IGNORECASE,
)
PROMISES = re.compile(
    r"\b(?:safe|safely|anonymous|anonymously|erased?|erases|guarantee[ds]?|untraceable)\b", re.IGNORECASE
)
MACHINES = re.compile(
    r"/wo[r]k/|/ro[o]t/|/ho[m]e/[a-z]|/t[m]p/w|/o[p]t/|pypi\.o[r]g|pythonhosted\.o[r]g|npmjs\.o[r]g|debian\.o[r]g"
    r"|-index-u[r]l|find-lin[k]s"
)
PRODUCT = {"eligibility", "ballots", "voter_reg", "migrations"}
LEGAL_TEXT = {"cite", "href", "why", "title", "note", "conflict", "law", "text"}
"""Keys of a pack whose value quotes a law, an act's title or a notice, which name what they are about."""


@dataclass(frozen=True)
class Allowed:
    """One reviewed exception: in this file, on a line that holds this text, for this reason."""

    file: str
    text: str
    reason: str


def allowed(kind: str) -> list[Allowed]:
    listed = tomllib.loads((ROOT / "tests" / "reviewed_words.toml").read_text("utf-8"))
    return [Allowed(**entry) for entry in listed.get(kind, [])]


def spoken(path: Path, text: str) -> Iterator[str]:
    """What a file asks, names or shows: no comments and no docstrings, which reach nobody."""
    if path.suffix == ".py":
        yield from _names_and_strings(ast.parse(text))
    elif path.name == "pack.toml":
        yield from _keys_and_values(tomllib.loads(text))
    else:
        yield from re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL).splitlines()


def _names_and_strings(tree: ast.Module) -> Iterator[str]:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, documented)}
    for node in ast.walk(tree):
        for field in ("id", "attr", "arg", "name"):
            if isinstance(value := getattr(node, field, None), str):
                yield value
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in docstrings:
            yield from node.value.splitlines()


def _keys_and_values(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _keys_and_values(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys_and_values(inner, key)
    elif isinstance(value, str) and key not in LEGAL_TEXT:
        yield value


def is_page(path: Path) -> bool:
    return path.parts[0] == "voter_reg" and (path.suffix in {".html", ".txt"} or path.parts[1] in {"portal", "office"})


def is_legal_notice(path: Path) -> bool:
    in_a_pack = path.parts[:2] in {("eligibility", "packs"), ("eligibility", "pack_template")}
    return in_a_pack and "notices" in path.parts


def findings(pattern: re.Pattern[str], kind: str, where: list[tuple[Path, str]]) -> tuple[list[str], list[Allowed]]:
    """Lines that match and that nobody allowed; and the exceptions that nothing needed."""
    exceptions = allowed(kind)
    unused = set(exceptions)
    found = []
    for path, text in where:
        for line in spoken(path, text):
            if not pattern.search(line):
                continue
            # A phrase that was reviewed is taken out; whatever else matches on its line still counts.
            rest = line
            for exception in exceptions:
                if exception.file == str(path) and exception.text in rest:
                    unused.discard(exception)
                    rest = rest.replace(exception.text, "")
            if pattern.search(rest):
                found.append(f"{path}: {line.strip()[:160]}")
    return found, sorted(unused, key=str)


def product() -> list[tuple[Path, str]]:
    return [(path, text) for path, text in texts() if path.parts[0] in PRODUCT]


def test_nothing_asks_for_or_holds_anyones_status() -> None:
    where = [(path, text) for path, text in product() if not is_legal_notice(path)]

    found, unused = findings(STATUS, "status", where)

    assert found == []
    assert unused == [], "reviewed_words.toml allows what is no longer there"


def test_pages_promise_nothing_that_nobody_can_keep() -> None:
    found, unused = findings(PROMISES, "promise", [(path, text) for path, text in product() if is_page(path)])

    assert found == []
    assert unused == [], "reviewed_words.toml allows what is no longer there"


def test_every_exception_gives_its_reason() -> None:
    assert all(len(exception.reason) > 20 for kind in ("status", "promise") for exception in allowed(kind))


@pytest.mark.parametrize(
    "asked",
    ["citizen", "is_citizen", "citizenshipStatus", "immigration_status", "nationality", "alien", "alien_id", "ssn",
     "applicant_ssn", "a_number", "A-number", "country_of_birth", "birthplace", "social security"],
)  # fmt: skip
def test_the_scan_knows_every_way_to_ask(asked: str) -> None:
    assert STATUS.search(asked)


@pytest.mark.parametrize("said", ["a number", "passing", "salient", "session", "denizen", "the city zone"])
def test_the_scan_leaves_ordinary_words_alone(said: str) -> None:
    assert not STATUS.search(said)


def test_a_column_that_asks_would_be_found() -> None:
    planted = "class Voter:\n    '''A voter.'''\n    immigration_status = Column(Text)\n"

    assert [line for line in spoken(Path("voter_reg/store/voters.py"), planted) if STATUS.search(line)]


def test_no_file_names_a_machine_or_an_index() -> None:
    named = [
        f"{path}: {line.strip()[:120]}" for path, text in texts() for line in text.splitlines() if MACHINES.search(line)
    ]

    assert named == []
