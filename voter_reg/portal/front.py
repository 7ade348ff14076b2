"""What stands behind the pages: the desk that the service gives the portal, and what is made once at start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Protocol, cast

from flask import current_app, request
from itsdangerous import URLSafeTimedSerializer
from markupsafe import Markup

from eligibility.contest import Contest, contest_title
from eligibility.decision import DayRules
from eligibility.district_map import DistrictMap
from eligibility.pack import Pack
from eligibility.split import Split
from voter_reg.language import Said, Words, words
from voter_reg.portal.cookies import DraftCookie, idle_limit, is_shared
from voter_reg.portal.resume import ResumeLinks
from voter_reg.portal.site import Frame, Offers, Site, frame_of, site_of, ways_of
from voter_reg.portal.tongue import language, spoken
from voter_reg.residency.papers import CleanPaper
from voter_reg.service.drafts import Draft
from voter_reg.service.papers import SentPaper
from voter_reg.service.polling_places import PollingPlace
from voter_reg.service.registration import CardAnswer, Receipt
from voter_reg.service.vouching import Asked, Shown, Vouching
from voter_reg.web.assets import Assets
from voter_reg.web.translated import TranslatedEnvironment, pages

EXTENSION = "portal"


class Desk(Protocol):
    """Everything the portal may ask of the service; `create_portal` gives one. Time and keys are the desk's affair."""

    @property
    def pack(self) -> Pack:
        """The place's pack."""

    @property
    def map(self) -> DistrictMap:
        """The place's map."""

    @property
    def offers(self) -> Offers:
        """What this installation can do besides."""

    def now(self) -> datetime:
        """The present instant, in the city's zone."""

    def is_stopped(self) -> bool:
        """Whether two officers have suspended the coming election: then nobody registers."""

    def polling_place(self, split: Split) -> PollingPlace | None:
        """Where people of a split vote at the coming election; None where the city has not said so here."""

    def start(self, language: str, notice_language: str) -> str:
        """Start a draft for someone who has just read the pack's notice; the answer is its token."""

    def load(self, token: str) -> tuple[Draft, int] | None:
        """The draft and its version; None when it is unknown, finished long ago or expired."""

    def save(self, token: str, draft: Draft, version: int) -> int:
        """Save a draft that was at `version`; raises Stale when another tab was faster."""

    def discard(self, token: str) -> None:
        """Remove a draft."""

    def keep_for_later(self, token: str) -> tuple[str, str]:
        """A link's secret and a code, which together open the draft once within a day."""

    def take_up(self, link: str, code: str) -> str | None:
        """The token of the draft that a link and its code open; None when they do not, or no longer."""

    def check_card(self, token: str, draft: Draft, version: int, number: str) -> CardAnswer:
        """Ask whether the card, the birth date and the address belong together, and keep the answer in the draft."""

    def send_paper(self, token: str, version: int, kind: str, clean: CleanPaper) -> int:
        """Keep a paper with the draft, sealed for its browser; raises Stale, TooManyPapers."""

    def take_back_paper(self, token: str, version: int, paper_id: str) -> int:
        """Remove one; raises Stale, BadInput."""

    def sent_papers(self, token: str) -> tuple[SentPaper, ...]:
        """Which were sent."""

    def check_presented(self, token: str, draft: Draft, version: int, presented: str) -> CardAnswer:
        """The same as `check_card` for the text of a card's code, settled here without asking anyone."""

    def paper_form(self, language: str) -> bytes | None:
        """The blank form as a PDF; None where this installation has no key to sign papers with."""

    def slip(self, code: str, language: str, by: date | None = None) -> bytes | None:
        """What to bring, as a PDF; None as above."""

    def paper_keys(self) -> str:
        """The public certificates of signed papers, as PEM; empty where there are none."""

    def submit(self, token: str, draft: Draft, version: int) -> Receipt:
        """Register; raises Incomplete, Closed, Suspended or Stale."""

    def vouch_look(self, asked: Asked) -> Shown:
        """Whom a voucher is asked to vouch for; raises NotPossible, TooMany or Suspended, all after the same time."""

    def vouch_again(self, vouching: Vouching) -> Shown:
        """The same for a page that is open already."""

    def vouch_swear(self, vouching: Vouching) -> None:
        """The oath is sworn; raises NotPossible or Suspended."""


@dataclass(frozen=True, slots=True)
class _Today:
    """What is the same for everyone on one day: the rules of the coming election, and what pages say by language."""

    day: date
    rules: DayRules | None
    sites: Mapping[str, Site]
    frames: Mapping[str, Frame]
    landings: Mapping[str, str]


class Front:
    """The desk, the templates and the words of the day, shared by all requests of one application.

    `tongues` are the languages to offer, by their codes; the place's own where none are given.
    """

    def __init__(self, desk: Desk, secret: str, tongues: Mapping[str, Words] | None = None) -> None:
        self.desk = desk
        self.cookie = DraftCookie(secret)
        self.links = ResumeLinks(secret)
        self.vouchings = URLSafeTimedSerializer(secret, salt="vouching-page")
        self.ways = ways_of(desk.pack, desk.offers)
        self.assets = Assets("portal.css", "portal.js", "mark.svg")
        offered = tongues or {code: words(code) for code in spoken(desk.pack)}
        self.languages = tuple(offered)
        self._templates = {code: _templates_of(each, desk.pack) for code, each in offered.items()}
        self._today: _Today | None = None

    def site(self) -> Site:
        """The words of today, in the language of this request."""
        return self._of_today().sites[language()]

    def rules(self) -> DayRules | None:
        """The rules of the coming election; None where there is none."""
        return self._of_today().rules

    def words(self) -> Words:
        """The language of this request."""
        return self._templates[language()].words

    def render(self, name: str, errors: Mapping[str, Said | str] | None = None, **said: Any) -> str:
        """Render one page. Flask's own `render_template` would add request and session, which no page here reads."""
        today, spoken_here = self._of_today(), language()
        templates = self._templates[spoken_here]
        problems = {field: templates.words.say(message) for field, message in (errors or {}).items()}
        return templates.get_template(f"portal/{name}").render(
            site=today.sites[spoken_here],
            frame=today.frames[spoken_here],
            errors=problems,
            ways=self.ways,
            shared=is_shared(request),
            idle=int(idle_limit(request).total_seconds()),
            **said,
        )

    def landing(self) -> str:
        """The first page: the same for everyone all day, so it is rendered once a language."""
        return self._of_today().landings[language()]

    def _of_today(self) -> _Today:
        """Made anew when the city's day changes; two threads that do so at once make the same."""
        day = self.desk.now().date()
        today = self._today
        if today is None or today.day != day:
            made = {code: self._made(code, day) for code in self.languages}
            sites, frames, landings = ({code: cast("Any", one[n]) for code, one in made.items()} for n in range(3))
            coming = next(iter(sites.values())).day
            rules = DayRules(self.desk.pack, coming) if coming else None
            self._today = today = _Today(day, rules, sites, frames, landings)
        return today

    def _made(self, code: str, day: date) -> tuple[Site, Frame, str]:
        templates = self._templates[code]
        site = site_of(self.desk.pack, day, self.assets, templates, self.languages, self.desk.offers)
        frame = frame_of(site, templates)
        return site, frame, templates.get_template("portal/landing.html").render(site=site, frame=frame)


def front() -> Front:
    """The front of the application that answers this request."""
    return cast("Front", current_app.extensions[EXTENSION])


_MADE: dict[tuple[str, str, bool], TranslatedEnvironment] = {}
"""Templates compiled once a process for each language and pack; nothing in them changes, so applications share them."""


def _templates_of(language: Words, pack: Pack) -> TranslatedEnvironment:
    """The templates in a language, with filters for what the pack says in it.

    `law` gives a text of the pack's own, `contest` a contest's title, `offered` its line in a list where it is open.
    """
    key = (language.language, pack.digest, pack.demonstration)
    known = _MADE.get(key)
    if known is not None and known.words is language:
        return known
    made = TranslatedEnvironment(pages(), language)
    made.filters["law"] = lambda text: pack.say(text, language.language)
    made.filters["contest"] = lambda contest: contest_title(pack, contest, language.language)
    made.filters["offered"] = cache(lambda contest: _offered(made, contest))
    _MADE[key] = made
    return made


def _offered(templates: TranslatedEnvironment, contest: Contest) -> Markup:
    macros: Any = templates.get_template("portal/contest.html").module
    line: Markup = macros.offered(contest)
    return line
