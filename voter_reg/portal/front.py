"""What stands behind the pages: the desk that the service gives the portal, and what is made once at start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, cast

from flask import current_app
from jinja2 import Environment

from eligibility.district_map import DistrictMap
from eligibility.pack import Pack
from voter_reg.portal.resume import ResumeLinks
from voter_reg.portal.site import Frame, Site, frame_of, site_of
from voter_reg.service.drafts import LIFETIME, Draft
from voter_reg.service.registration import CardAnswer, Receipt
from voter_reg.web.assets import Assets

EXTENSION = "portal"


class Desk(Protocol):
    """Everything the portal may ask of the service; `create_portal` gives one. Time and keys are the desk's affair."""

    @property
    def pack(self) -> Pack:
        """The place's pack."""

    @property
    def map(self) -> DistrictMap:
        """The place's map."""

    def now(self) -> datetime:
        """The present instant, in the city's zone."""

    def is_stopped(self) -> bool:
        """Whether two officers have suspended the coming election: then nobody registers."""

    def start(self) -> str:
        """Start a draft for someone who has just read the pack's notice; the answer is its token."""

    def load(self, token: str) -> tuple[Draft, int] | None:
        """The draft and its version; None when it is unknown, finished long ago or expired."""

    def save(self, token: str, draft: Draft, version: int) -> int:
        """Save a draft that was at `version`; raises Stale when another tab was faster."""

    def discard(self, token: str) -> None:
        """Remove a draft."""

    def check_card(self, token: str, draft: Draft, version: int, number: str) -> CardAnswer:
        """Ask whether the card, the birth date and the address belong together, and keep the answer in the draft."""

    @property
    def reads_cards(self) -> bool:
        """Whether a card can be shown by its code; where not, that is not offered."""

    def check_presented(self, token: str, draft: Draft, version: int, presented: str) -> CardAnswer:
        """The same as `check_card` for the text of a card's code, settled here without asking anyone."""

    def submit(self, token: str, draft: Draft, version: int) -> Receipt:
        """Register; raises Incomplete, Closed, Suspended or Stale."""


@dataclass(frozen=True, slots=True)
class _Today:
    """What is the same for everyone on one day."""

    day: date
    site: Site
    frame: Frame
    landing: str


class Front:
    """The desk, the templates and the words of the day, shared by all requests of one application."""

    def __init__(self, desk: Desk, secret: str, templates: Environment) -> None:
        self.desk = desk
        self.links = ResumeLinks(secret, LIFETIME)
        self.assets = Assets("portal.css", "portal.js", "mark.svg")
        self._templates = templates
        self._today: _Today | None = None

    def site(self) -> Site:
        """The words of today."""
        return self._of_today().site

    def render(self, name: str, **words: Any) -> str:
        """Render one page. Flask's own `render_template` would add request and session, which no page here reads."""
        today = self._of_today()
        return self._templates.get_template(f"portal/{name}").render(site=today.site, frame=today.frame, **words)

    def landing(self) -> str:
        """The first page: the same for everyone all day, so it is rendered once."""
        return self._of_today().landing

    def _of_today(self) -> _Today:
        """Made anew when the city's day changes; two threads that do so at once make the same."""
        day = self.desk.now().date()
        today = self._today
        if today is None or today.day != day:
            site = site_of(self.desk.pack, day, self.assets, self._templates)
            frame = frame_of(site, self._templates)
            landing = self._templates.get_template("portal/landing.html").render(site=site, frame=frame)
            self._today = today = _Today(day, site, frame, landing)
        return today


def front() -> Front:
    """The front of the application that answers this request."""
    return cast("Front", current_app.extensions[EXTENSION])
