"""What stands behind the office's pages: what use cases need, and what was made once at start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from flask import current_app, g, request, url_for
from flask_wtf.csrf import generate_csrf
from jinja2 import Environment

from eligibility.pack import Pack
from voter_reg.language import ENGLISH, words
from voter_reg.office.accounts import Accounts
from voter_reg.office.cookies import OFFICE_COOKIE, STEP_COOKIE, token_in
from voter_reg.office.room import CardSource, Entry, Room
from voter_reg.office.visit import Visitor
from voter_reg.service.second_factor import Kind
from voter_reg.service.work import Bench
from voter_reg.vault import Vault
from voter_reg.web.assets import Assets
from voter_reg.web.translated import TranslatedEnvironment, pages

EXTENSION: Final = "office"


@dataclass(frozen=True, slots=True)
class Place:
    """What every page says about the city."""

    place: str
    demonstration: bool
    demo_words: str
    css: str
    script: str
    icon: str


class Front:
    """The vault, the clock, the templates and the rooms, shared by all requests of one application."""

    def __init__(
        self,
        *,
        accounts: Accounts,
        bench: Bench,
        pack: Pack,
        rooms: tuple[Room, ...],
    ) -> None:
        self.accounts = accounts
        self.bench = bench
        self.pack = pack
        self.zone = ZoneInfo(pack.time_zone)
        self.assets = Assets("office.css", "office.js", "mark.svg")
        self.cards: tuple[CardSource, ...] = tuple(card for room in rooms for card in room.cards)
        self._entries: tuple[Entry, ...] = tuple(entry for room in rooms for entry in room.entries)
        self._templates = _templates()
        law: Any = self._templates.get_template("web/law.html").module
        self._site = Place(
            place=pack.name,
            demonstration=pack.demonstration,
            demo_words=law.demo(pack.name, pack.legal_status),
            css=self.assets.url("office.css"),
            script=self.assets.url("office.js"),
            icon=self.assets.url("mark.svg"),
        )

    def now(self) -> datetime:
        """The present instant."""
        return self.bench.clock()

    @property
    def vault(self) -> Vault:
        """The vault."""
        return self.bench.vault

    def render(self, name: str, /, **words: Any) -> str:
        """Render one page, with its frame as the person who opened it may see it."""
        who = visitor()
        return self._templates.get_template(f"office/{name}").render(
            site=self._site,
            visitor=who,
            entries=self._entries_of(who),
            csrf=generate_csrf(),
            **words,
        )

    def _entries_of(self, who: Visitor | None) -> list[dict[str, str]]:
        if who is None:
            return []
        shown = [(entry.label, url_for(entry.endpoint)) for entry in self._entries if entry.roles & who.roles]
        return [{"label": label, "href": href, "here": _where(href)} for label, href in shown]


@cache
def _templates() -> Environment:
    """The templates of the office, shared by the applications of a process; in English, as the office is."""
    return TranslatedEnvironment(pages(), words(ENGLISH))


def _where(href: str) -> str:
    """What a place in the navigation is to the present page: the page itself, the part it belongs to, or neither."""
    if request.path == href:
        return "page"
    return "true" if href != "/" and request.path.startswith(f"{href}/") else ""


def front() -> Front:
    """The front of the application that answers this request."""
    return cast("Front", current_app.extensions[EXTENSION])


def visitor() -> Visitor | None:
    """Who opened this page; None when nobody is signed in. Their session is looked at once a request."""
    if "visitor" not in g:
        token = token_in(request, OFFICE_COOKIE)
        g.visitor = front().accounts.look(token) if token else None
    return cast("Visitor | None", g.visitor)


def signed_in_visitor() -> Visitor:
    """Who opened this page, where its guard has made sure that somebody did."""
    who = visitor()
    assert who is not None, "the guard of this page lets nobody else in"
    return who


def ticket_kinds() -> tuple[Kind, ...] | None:
    """How this browser may do the second step; None when its password step is over or never was."""
    if "kinds" not in g:
        ticket = token_in(request, STEP_COOKIE)
        g.kinds = front().accounts.kinds(ticket) if ticket else None
    return cast("tuple[Kind, ...] | None", g.kinds)
