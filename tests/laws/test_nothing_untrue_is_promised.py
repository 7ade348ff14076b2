"""No page and no document promises what nobody can keep: not safety, not that nobody can tell who, not oblivion."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.laws.in_files import in_files, paragraphs
from tests.laws.words import PROMISES, Said, allowed, findings, says
from tests.repository import texts


def is_page(path: Path) -> bool:
    if "notices" in path.parts or "translations" in path.parts:
        return True
    return path.parts[0] == "voter_reg" and (path.suffix in {".html", ".txt"} or path.parts[1] in {"portal", "office"})


def is_document(path: Path) -> bool:
    return path.suffix == ".md" and (len(path.parts) == 1 or path.parts[0] == "docs")


def said(files: list[tuple[Path, str]]) -> list[Said]:
    pages = in_files([(path, text) for path, text in files if is_page(path)])
    documents = [(str(path), line) for path, text in files if is_document(path) for line in paragraphs(text)]
    return [*pages, *(Said("documents", where, line) for where, line in documents)]


def test_no_page_and_no_document_promises_what_nobody_can_keep() -> None:
    found, used = findings(PROMISES, allowed("promise"), said(texts()))

    assert found == []
    assert set(allowed("promise")) - used == set(), "reviewed_words.toml allows what is no longer there"


def test_pages_notices_and_documents_are_looked_at() -> None:
    looked_at = {one.where for one in said(texts())}

    notice = "eligibility/packs/minneapolis/notices/en.md"
    assert {"README.md", "docs/threat-model.md", "docs/data-inventory.md", notice} <= looked_at
    assert "voter_reg/templates/portal/landing.html" in looked_at


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("voter_reg/templates/portal/x.html", "<p>Your name is\nsafe with us.</p>"),
        ("voter_reg/portal/x.py", "flash('The list is anonymous.')"),
        ("eligibility/packs/x/notices/en.md", "We guarantee it."),
        ("voter_reg/translations/es/x.po", 'msgid "x"\nmsgstr "es anónimo"'),
        ("README.md", "Everything is erased at once."),
        ("docs/x.md", "Leaving erases all of it."),
        ("docs/decisions/0099-x.md", "It is untraceable."),
    ],
)
def test_a_planted_promise_is_found(file: str, text: str) -> None:
    found, _ = findings(PROMISES, allowed("promise"), said([(Path(file), text)]))

    assert len(found) == 1


@pytest.mark.parametrize("kept", ["unsafe", "a safety net", "the draft is removed", "safer than before"])
def test_ordinary_words_are_no_promise(kept: str) -> None:
    assert not says(PROMISES, kept)
