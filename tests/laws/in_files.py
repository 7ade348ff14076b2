"""What the files of the product say: names and strings of code, paragraphs of pages, keys and values of data."""

from __future__ import annotations

import ast
import gettext
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.laws.words import Said

PRODUCT = {"eligibility", "ballots", "voter_reg", "migrations"}
LEGAL_TEXT = {"cite", "href", "why", "title", "note", "conflict", "law", "text"}
"""Keys of a pack whose value quotes a law, an act's title or a notice, which name what they are about."""

Files = Iterable[tuple[Path, str]]


def in_files(files: Files) -> Iterator[Said]:
    """What each file of the product says; comments and docstrings reach nobody and are left out."""
    for path, text in files:
        if path.parts[0] not in PRODUCT:
            continue
        for line in _lines(path, text):
            yield Said(kind_of(path), str(path), line)


def kind_of(path: Path) -> str:
    """Which kind of source a file is."""
    if path.parts[0] == "migrations":
        return "migrations"
    if "translations" in path.parts:
        return "catalogues"
    if "notices" in path.parts:
        return "notices"
    return {".py": "code", ".toml": "packs", ".json": "schemas"}.get(path.suffix, "templates")


def _lines(path: Path, text: str) -> Iterator[str]:
    if path.suffix == ".py":
        yield from names_and_strings(ast.parse(text))
    elif path.suffix == ".toml":
        yield from keys_and_values(tomllib.loads(text), leave_out=LEGAL_TEXT)
    elif path.suffix == ".json":
        yield from keys_and_values(json.loads(text))
    elif path.suffix in {".po", ".pot"}:
        yield from _messages(text)
    else:
        yield from paragraphs(re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL))


def paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a text, each on one line, so that a phrase is found wherever its line breaks."""
    for paragraph in re.split(r"\n\s*\n", text):
        if line := " ".join(paragraph.split()):
            yield line


def names_and_strings(tree: ast.Module) -> Iterator[str]:
    """Every name and string of a module but its docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {ast.get_docstring(node, clean=False) for node in ast.walk(tree) if isinstance(node, documented)}
    for node in ast.walk(tree):
        for field in ("id", "attr", "arg", "name"):
            if isinstance(value := getattr(node, field, None), str):
                yield value
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value not in docstrings:
            yield from paragraphs(node.value)


def keys_and_values(value: Any, *, leave_out: Iterable[str] = (), key: str = "") -> Iterator[str]:
    """Every key and text of nested data; the texts under some keys left out."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from keys_and_values(inner, leave_out=leave_out, key=str(name))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from keys_and_values(inner, leave_out=leave_out, key=key)
    elif isinstance(value, str) and key not in leave_out:
        yield value


def _messages(text: str) -> Iterator[str]:
    """The messages of a gettext catalogue, each put together from its quoted lines."""
    for entry in re.findall(r'^(?:msg\w+(?:\[\d+\])?\s+)((?:"(?:[^"\\]|\\.)*"\s*)+)', text, flags=re.MULTILINE):
        parts = re.findall(r'"((?:[^"\\]|\\.)*)"', entry)
        yield " ".join("".join(parts).replace('\\"', '"').replace("\\n", " ").split())


def in_compiled_catalogues(folder: Path) -> Iterator[Said]:
    """The messages of the compiled catalogues under a folder, where there are any."""
    for path in sorted(folder.rglob("*.mo")):
        with path.open("rb") as file:
            catalogue = gettext.GNUTranslations(file)
        for asked, answered in vars(catalogue)["_catalog"].items():
            where = "/".join(path.parts[-5:])
            yield from (Said("catalogues", where, one) for one in keys_and_values([asked, answered]) if one)


def in_log_events(files: Files) -> Iterator[Said]:
    """The purposes and actions that the access log is told, wherever it is."""
    for path, text in files:
        if path.suffix == ".py" and path.parts[0] == "voter_reg":
            for call in _calls(text):
                if _name(call).startswith("log_"):
                    yield from (Said("log events", str(path), one) for one in _strings(call))


def in_job_args(files: Files) -> Iterator[Said]:
    """The kinds of jobs and the keys of their arguments, wherever one is made or its arguments are put together."""
    makers = {"enqueue", "create", "run_job", "keep"}
    for path, text in files:
        if path.suffix != ".py" or path.parts[0] != "voter_reg":
            continue
        for call in _calls(text):
            if _name(call) in makers:
                yield from (Said("job arguments", str(path), one) for one in _strings(call))
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and node.name == "as_args":
                said = (one for part in node.body if not _is_docstring(part) for one in _strings(part))
                yield from (Said("job arguments", str(path), one) for one in said)


def _calls(text: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _strings(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value
