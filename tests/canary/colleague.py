"""A member of staff at the office: enrolled by a link, signed in with both steps, looking at records."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pyotp

from tests.visitor import Page, Visitor

PASSPHRASE = "seven otters juggle warm lanterns"


class Colleague:
    """One member of staff with a browser and an authenticator app."""

    def __init__(self, url: str, invitation: str) -> None:
        """Take an invitation up, as `staff invite --json` prints it, and sign in."""
        self._visitor = Visitor(url)
        link = re.sub(r"^https?://[^/]+", "", json.loads(invitation)["link"])
        page = self._visitor.get(link)
        found = re.search(r'id="secret">([A-Z2-7]+)<', page.text)
        assert found, page.text
        self._app, self._steps = pyotp.TOTP(found[1]), 0
        done = self._visitor.submit(page, password=PASSPHRASE, again=PASSPHRASE, code=self.code())
        assert "ecovery" in done.text, done.text
        name = json.loads(invitation)["name"]
        page = self._visitor.submit(self._visitor.get("/sign-in"), name=name, password=PASSPHRASE)
        assert page.url.endswith("/second-step"), page.text
        page = self._visitor.submit(page, action="/second-step", code=self.code())
        assert "What waits for you" in page.text, page.text

    def code(self) -> str:
        """The present code, and the next step's when it is asked again at once: none is good twice."""
        self._steps += 1
        return self._app.at(datetime.now(UTC) + timedelta(seconds=30 * (self._steps - 2)))

    def get(self, path: str) -> Page:
        return self._visitor.get(path)

    def text(self, path: str) -> str:
        return unescape(self.get(path).text)

    def links(self, path: str, pattern: str) -> list[str]:
        """The links of a page that look so."""
        return re.findall(rf'href="({pattern})"', self.get(path).text)

    def send(self, path: str, *, page: str | None = None, **values: str) -> Page:
        return self._visitor.submit(self._visitor.get(page or path), action=path, **values)
