"""What every page says about the place: read from the pack once a day, not once a request."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from eligibility.contest import Contest, contests_due, next_election
from eligibility.office import Outside
from eligibility.pack import HelpLine, Pack
from eligibility.requirement import Age
from voter_reg.portal.answers import MONTHS
from voter_reg.portal.notice import render_notice
from voter_reg.web.assets import Assets

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_LANGUAGES = {"en": "", "es": "Español", "so": "Soomaali", "hmn": "Hmoob"}


@dataclass(frozen=True, slots=True)
class Line:
    """A help line as a page shows it; `dial` is what a phone dials."""

    name: str
    phone: str
    dial: str
    href: str
    speaks: str


@dataclass(frozen=True, slots=True)
class Site:
    """The words and facts of one place on one day. `law_title` is empty where the law is in force."""

    place: str
    demonstration: bool
    demo_words: str
    law_title: str
    law_words: str
    age: int | None
    statements: tuple[str, ...]
    day: date | None
    election: str
    contests: tuple[Contest, ...]
    outside: tuple[Outside, ...]
    oath: tuple[str, ...]
    identity_documents: tuple[str, ...]
    residency_documents: tuple[str, ...]
    phones: tuple[Line, ...]
    legal_help: tuple[Line, ...]
    notice: Markup
    css: str
    script: str
    icon: str


@dataclass(frozen=True, slots=True)
class Frame:
    """Pieces of HTML that are the same on every page of a day."""

    head: Markup
    band: Markup
    brand: Markup
    footer: Markup
    outside: Markup
    papers: Markup
    legal_help: Markup
    oath: Markup


def frame_of(site: Site, templates: Environment) -> Frame:
    """Render what stands around the pages of a site, once."""
    macros: Any = templates.get_template("portal/frame.html").module
    return Frame(
        head=macros.head(site),
        band=macros.band(site.demo_words) if site.demonstration else Markup(),
        brand=macros.brand(site),
        footer=macros.footer(site),
        outside=macros.outside(site),
        papers=macros.papers(site),
        legal_help=macros.legal_help(site),
        oath=macros.oath(site),
    )


def site_of(pack: Pack, today: date, assets: Assets, templates: Environment) -> Site:
    """Gather what the pages of a place say on `today`."""
    day = next_election(pack, today - timedelta(days=1))  # a city that votes today has its election today
    law: Any = templates.get_template("web/law.html").module
    return Site(
        place=pack.name,
        demonstration=pack.demonstration,
        demo_words=law.demo(pack.name, pack.legal_status),
        law_title=law.title(pack.legal_status),
        law_words=law.words(pack.name, pack.legal_status),
        age=_age(pack, day),
        statements=pack.statements_on(day) if day else (),
        day=day,
        election=long_date(day) if day else "",
        contests=contests_due(pack, day) if day else (),
        outside=pack.outside,
        oath=tuple(line.text for line in pack.oath),
        identity_documents=tuple(document.title for document in pack.identity_documents),
        residency_documents=tuple(document.title for document in pack.residency_documents),
        phones=tuple(_line(line) for line in pack.help if line.kind != "legal-help"),
        legal_help=tuple(_line(line) for line in pack.help if line.kind == "legal-help"),
        notice=render_notice(pack.notices["en"]),
        css=assets.url("portal.css"),
        script=assets.url("portal.js"),
        icon=assets.url("mark.svg"),
    )


def long_date(day: date) -> str:
    """A day in English words: "Tuesday, November 3, 2026"."""
    return f"{_DAYS[day.weekday()]}, {MONTHS[day.month - 1]} {day.day}, {day.year}"


def _age(pack: Pack, day: date | None) -> int | None:
    for requirement in pack.requirements:
        years = requirement.years.on(day) if isinstance(requirement, Age) and day else None
        if years is not None:
            return years.value
    return None


def _line(line: HelpLine) -> Line:
    dial = re.sub(r"[^\d+]", "", line.phone)
    return Line(line.name, line.phone, dial, line.href, _LANGUAGES.get(line.language, line.language))
