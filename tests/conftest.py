"""What every test may lean on: how hard Hypothesis looks, real maps beside the checkout, a browser."""

from __future__ import annotations

import os
import shutil
import tomllib
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, settings

from eligibility import toml_table

pytest_plugins = ["tests.databases"]

ROOT = Path(__file__).resolve().parent.parent

# The default is quick and the same on every run; `pytest --hypothesis-profile=fuzz` looks long and elsewhere each time.
# Deadlines are off in both, since a shared machine may stall for a second at any line.
settings.register_profile(
    "default", max_examples=40, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("fuzz", max_examples=5_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("default")


@pytest.fixture(scope="session", autouse=True)
def parsed_once():
    """Parse each text of TOML once: a test of a use case reads the same pack four times over."""
    loads = lru_cache(maxsize=200)(tomllib.loads)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            toml_table, "tomllib", SimpleNamespace(**{**vars(tomllib), "loads": lambda text: deepcopy(loads(text))})
        )
        yield


@pytest.fixture(scope="session")
def geodata() -> Path:
    """The folder of real maps and addresses, kept beside the checkout and never inside it."""
    folder = ROOT.parent / "shared" / "geodata"
    if not folder.is_dir():
        pytest.skip("the real maps are not here: no folder ../shared/geodata beside the checkout")
    return folder


@pytest.fixture(scope="session")
def chromium_path() -> str | None:
    """The Chromium on the PATH, or None for Playwright's own under .venv/browsers."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    browsers = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", ROOT / ".venv" / "browsers"))
    if not any(browsers.glob("chromium*")):
        pytest.skip("no Chromium here; `make test` installs one where it can")
    return None
