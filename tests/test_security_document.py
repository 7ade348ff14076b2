"""The security document: every item has its row, and every test that it names is there."""

from __future__ import annotations

import ast
import re

import pytest

from tests.repository import ROOT

TEXT = (ROOT / "docs" / "security.md").read_text("utf-8")
THREATS = (ROOT / "docs" / "threat-model.md").read_text("utf-8")
ITEMS = [
    "3.3.1",
    "3.3.2",
    "3.3.3",
    "3.3.4",
    "3.4.1",
    "3.4.3",
    "3.4.4",
    "3.4.5",
    "3.4.6",
    "3.5.1",
    "3.5.3",
    "3.5.4",
    "6.1.1",
    "6.2.1",
    "6.2.4",
    "6.2.5",
    "6.2.7",
    "6.2.8",
    "6.2.9",
    "6.2.10",
    "6.2.12",
    "6.3.3",
    "6.3.8",
    "6.4.1",
    "6.4.2",
    "6.4.3",
    "6.4.4",
    "6.5.1",
    "6.5.2",
    "6.5.5",
    "6.6.3",
    "7.1.1",
    "7.1.2",
    "7.2.3",
    "7.2.4",
    "7.3.1",
    "7.3.2",
    "7.4.1",
    "7.4.2",
    "7.4.3",
    "7.4.5",
    "7.5.1",
    "7.5.2",
    "8.1.1",
    "8.2.1",
    "8.2.2",
    "8.2.3",
    "2.2.3",
    "2.3.1",
    "2.3.3",
    "2.3.4",
    "2.4.1",
    "14.1.1",
    "14.1.2",
    "14.2.1",
    "14.2.3",
    "14.3.1",
    "14.3.2",
    "14.3.3",
    "11.5.1",
    "11.4.2",
    "5.2.1",
    "5.2.2",
    "5.3.2",
    "5.4.3",
    "16.1.1",
    "16.2.5",
    "16.3.1",
    "16.3.2",
    "16.4.1",
    "16.5.1",
    "16.5.3",
]
"""OWASP ASVS 5.0, levels 1 and 2 (and 6.3.8 of level 3): the items that bite here."""


@pytest.mark.parametrize("item", ITEMS)
def test_every_item_has_a_row_with_a_test_or_a_reason(item):
    rows = [
        line for line in TEXT.splitlines() if line.startswith("|") and re.search(rf"(?<![\d.]){item}(?![\d.])", line)
    ]

    assert len(rows) == 1
    assert len(rows[0].split("|")[2].strip()) > 20


@pytest.mark.parametrize("named", sorted(set(re.findall(r"`(tests/[^`]+)`", TEXT + THREATS))))
def test_every_test_that_is_named_is_there(named):
    path, *names = named.split("::")

    assert (ROOT / path).exists(), path
    if names:
        found = {
            node.name
            for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8")))
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
        }
        assert set(names) <= found


def test_every_test_that_the_threat_model_names_by_its_name_alone_is_there():
    named = set(re.findall(r"`(test_[a-z_0-9]+)`", THREATS))
    found = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"def (test_\w+)", path.read_text("utf-8"))
    }

    assert named
    assert named <= found
