"""What every page says about the place, in one language: read from the pack once a day, not once a request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final

from markupsafe import Markup

from eligibility.contest import Contest, contests_due, next_election
from eligibility.office import Outside
from eligibility.pack import HelpLine, Pack
from eligibility.registration import window
from eligibility.requirement import Age
from voter_reg.language import OWN_NAMES
from voter_reg.portal.notice import render_notice
from voter_reg.proof_words import always_asks_who, needed, points_of, who_documents
from voter_reg.service.retention import clock
from voter_reg.service.vouching import VOUCHING
from voter_reg.web.assets import Assets
from voter_reg.web.translated import TranslatedEnvironment

_STEPS: Final = 6
"""Screens of the form, as its progress line counts them."""


@dataclass(frozen=True, slots=True)
class Line:
    """A help line as a page shows it; `dial` is what a phone dials."""

    kind: str
    name: str
    phone: str
    dial: str
    href: str
    speaks: str
    language: str


@dataclass(frozen=True, slots=True)
class Offers:
    """What an installation can do besides: send e-mail, check a card's code, take papers, make papers."""

    mail: bool = False
    scan: bool = False
    uploads: bool = False
    papers: bool = False


@dataclass(frozen=True, slots=True)
class Site:
    """The words and facts of one place on one day in one language. `law_title` is empty where the law is in force.

    `closes` is when registering online ends before the next election, and `same_day` whether one can still come in
    person after that. `papers_needed` is what the place's rule asks for, and the two lists are of the papers that it
    takes, with their points where those count; `asks_who` is whether who has sent papers still shows who they are.
    `kept_months` and `list_months` are how long a record and an election's lists are kept.
    """

    language: str
    languages: Mapping[str, str]
    reviewed: bool
    place: str
    demonstration: bool
    demo_words: str
    law_title: str
    law_words: str
    age: int | None
    statements: tuple[str, ...]
    day: date | None
    election: str
    closes: str
    same_day: bool
    contests: tuple[Contest, ...]
    outside: tuple[Outside, ...]
    oath: tuple[str, ...]
    papers_needed: str
    asks_who: bool
    identity_documents: tuple[tuple[str, int], ...]
    residency_documents: tuple[tuple[str, str, int | None], ...]
    phones: tuple[Line, ...]
    legal_help: tuple[Line, ...]
    notice: Markup
    notice_language: str
    kept_months: int
    list_months: int
    offers: Offers
    vouching: bool
    css: str
    script: str
    icon: str


@dataclass(frozen=True, slots=True)
class Frame:
    """Pieces of HTML that are the same on every page of a day and a language; `progress` is one for each step."""

    named: Markup
    head: Markup
    band: Markup
    brand: Markup
    tongues: Markup
    tongues_of_form: Markup
    progress: tuple[Markup, ...]
    footer: Markup
    outside: Markup
    papers: Markup
    legal_help: Markup
    oath: Markup


def ways_of(pack: Pack, offers: Offers) -> tuple[str, ...]:
    """The ways besides the card to show where one lives, as `Draft.proof` names them, in the pack's order."""
    found: list[str] = []
    for way in pack.proof.ways:
        if way == "identity-and-residency-documents":
            found += ["uploaded", "papers"] if offers.uploads else ["papers"]
        elif way != "municipal-id":
            found.append(way)
    return tuple(found)


def frame_of(site: Site, templates: TranslatedEnvironment) -> Frame:
    """Render what stands around the pages of a site, once."""
    macros: Any = templates.get_template("portal/frame.html").module
    return Frame(
        named=macros.named(site),
        head=macros.head(site),
        band=macros.band(site.demo_words) if site.demonstration else Markup(),
        brand=macros.brand(site),
        tongues=macros.tongues(site, of_form=False),
        tongues_of_form=macros.tongues(site, of_form=True),
        progress=tuple(macros.progress(step, _STEPS) for step in range(1, _STEPS + 1)),
        footer=macros.footer(site),
        outside=macros.outside(site),
        papers=macros.papers(site),
        legal_help=macros.legal_help(site),
        oath=macros.oath(site),
    )


def site_of(  # noqa: PLR0917 - everything a page may say comes from these
    pack: Pack,
    today: date,
    assets: Assets,
    templates: TranslatedEnvironment,
    languages: tuple[str, ...],
    offers: Offers,
) -> Site:
    """Gather what the pages of a place say on `today` in the language of `templates`."""
    day = next_election(pack, today - timedelta(days=1))  # a city that votes today has its election today
    law: Any = templates.get_template("web/law.html").module
    words = templates.words
    notice_language = words.language if words.language in pack.notices else "en"
    opening = window(pack, day) if day else None
    registration = pack.registration.on(day) if day else None
    list_months = clock(pack, "election", day or today).months
    one_election = registration is not None and registration.value.validity == "one-election"
    return Site(
        language=words.language,
        languages=MappingProxyType({code: OWN_NAMES.get(code, code) for code in languages}),
        reviewed=words.reviewed and pack.translation_reviewed(words.language),
        place=pack.name,
        demonstration=pack.demonstration,
        demo_words=law.demo(pack.name, pack.legal_status),
        law_title=law.title(pack.legal_status),
        law_words=law.words_of(pack.name, pack.legal_status),
        age=_age(pack, day),
        statements=pack.statements_on(day) if day else (),
        day=day,
        election=words.long_date(day) if day else "",
        closes=words.moment(opening.closes) if opening else "",
        same_day=bool(registration and registration.value.same_day_until),
        contests=contests_due(pack, day) if day else (),
        outside=pack.outside,
        oath=tuple(line.text for line in pack.oath),
        papers_needed=needed(pack, words),
        asks_who=always_asks_who(pack),
        identity_documents=tuple((one.title, points_of(pack, one)) for one in who_documents(pack)),
        residency_documents=tuple((one.id, one.title, one.within_days) for one in pack.residency_documents),
        phones=tuple(_line(line) for line in pack.help if line.kind != "legal-help"),
        legal_help=tuple(_line(line) for line in pack.help if line.kind == "legal-help"),
        notice=render_notice(pack.notices[notice_language]),
        notice_language=notice_language,
        kept_months=list_months if one_election else clock(pack, "record", day or today).months,
        list_months=list_months,
        offers=offers,
        vouching=VOUCHING in pack.proof.ways,
        css=assets.url("portal.css"),
        script=assets.url("portal.js"),
        icon=assets.url("mark.svg"),
    )


def _age(pack: Pack, day: date | None) -> int | None:
    for requirement in pack.requirements:
        years = requirement.years.on(day) if isinstance(requirement, Age) and day else None
        if years is not None:
            return years.value
    return None


def _line(line: HelpLine) -> Line:
    dial = re.sub(r"[^\d+]", "", line.phone)
    speaks = "" if line.language == "en" else OWN_NAMES.get(line.language, line.language)
    return Line(line.kind, line.name, line.phone, dial, line.href, speaks, line.language)
