"""A rule no file may break: no machine and no package index is named."""

from __future__ import annotations

import re

from tests.repository import texts

MACHINES = re.compile(
    r"/wo[r]k/|/ro[o]t/|/ho[m]e/[a-z]|/t[m]p/w|/o[p]t/|pypi\.o[r]g|pythonhosted\.o[r]g|npmjs\.o[r]g|debian\.o[r]g"
    r"|-index-u[r]l|find-lin[k]s"
)


def test_no_file_names_a_machine_or_an_index() -> None:
    named = [
        f"{path}: {line.strip()[:120]}" for path, text in texts() for line in text.splitlines() if MACHINES.search(line)
    ]

    assert named == []
