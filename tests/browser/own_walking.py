"""Through every page and state of one's own record in turn, over the real service."""

from contextlib import contextmanager
from dataclasses import dataclass

from tests.browser.walking import PHOTO, go_on
from tests.running import serving
from tests.voter_reg.officers import CLERK
from tests.voter_reg.portal.own_pages import BORN
from tests.voter_reg.residency import issuing
from tests.voter_reg.reviewing import ONE, TWO, say
from tests.voter_reg.service.own_person import run_jobs
from tests.voter_reg.town import DAY, Office, Registry, card, install
from voter_reg.apps import create_portal
from voter_reg.portal.record_desk import RECORD_COOKIE
from voter_reg.residency.offline import OfflineCards
from voter_reg.service import elections

NOT_HERS = card(9)


@dataclass
class Own:
    """A portal whose residents look at their own records: its address, and the office that registers them."""

    base: str
    office: Office
    cards: int = 0

    def register(self, *, proven=True):
        """Someone new, a second after whoever came before; their code."""
        self.office.later(seconds=1)
        code = self.office.register(self.new_card() if proven else None).code
        run_jobs(self.office)
        return code

    def new_card(self):
        """The number of a card that nobody has shown yet."""
        self.cards += 1
        return card(100 + self.cards)


@contextmanager
def own_records(folder, town_map):
    """Own records of a town with an election ahead."""
    config = install(folder, town_map)
    with Office(config).open() as office:
        elections.create("minneapolis", town_map, DAY, by=CLERK, now=office.now)
        registry = Registry({NOT_HERS: "not_confirmed"})
        cards = OfflineCards(issuing.KEYS, issuing.KnownCards())
        with serving(create_portal(config, clock=office.clock, verifier=registry, cards=cards)) as base:
            yield Own(base, office)


def sign_in(page, code):
    page.goto("/record")
    page.locator("#code").fill(code)
    for field, value in BORN.items():
        page.locator(f"#{field}").fill(value)
    go_on(page)


def walk_own(page, own, language="en"):
    """Every page and state of one's own record; yields its name when the page stands there."""
    page.goto(f"/record?lang={language}")
    yield "record, sign in"
    go_on(page)
    yield "record, sign in, mistakes"
    sign_in(page, "7K2M9-QX4TB")
    yield "record, not found"
    yield from _waiting(page, own)
    sign_in(page, own.register())
    yield "record"
    for name in ("ballot", "looks", "papers"):
        page.goto(f"/record/{name}")
        yield f"record, {name}"
    yield from _changes(page)
    page.goto("/record/letters")
    yield "record, letters"
    go_on(page)
    yield "record, letters, mistakes"
    page.locator("[value=voting]").check()
    page.locator("#lawyer").check()
    page.locator("#shown").fill(NOT_HERS)
    go_on(page)
    yield "record, letters, not shown"
    yield from _leaving(page, own, language)


def _waiting(page, own):
    """Someone who has yet to show where they live."""
    sign_in(page, own.register(proven=False))
    yield "record, waiting"
    page.goto("/record/card")
    yield "record, card"
    page.locator("#card").fill("12")
    go_on(page)
    yield "record, card, mistake"
    page.locator("#card").fill(NOT_HERS)
    go_on(page)
    yield "record, card, not confirmed"
    page.goto("/record/proof")
    yield "record, proof"
    go_on(page)
    yield "record, proof, mistakes"
    page.locator("#kind").check()
    page.locator("#paper").set_input_files(PHOTO)
    go_on(page)
    yield "record, paper sent"
    for answer, reviewers in (("ask", (ONE,)), ("refuse", (ONE, TWO))):
        for reviewer in reviewers:
            say(own.office, answer, by=reviewer)
        page.goto("/record")
        yield f"record, {answer}"
    go_on(page, "form[action='/record/appeal'] button")
    yield "record, appealed"
    page.context.clear_cookies(name=RECORD_COOKIE)


def _changes(page):
    for home in ("address", "no-fixed", "facility", "program", "unlisted"):
        page.goto(f"/record/address?home={home}")
        yield f"record, address, {home}"
        go_on(page)
        yield f"record, address, {home}, mistakes"
    page.goto("/record/address")
    page.locator("#address").fill("100 Oakish")
    go_on(page)
    yield "record, address, not found"
    for name, emptied in (("name", "#name"), ("dates", "#birth_year"), ("contact", None)):
        page.goto(f"/record/{name}")
        yield f"record, {name}"
        if emptied is None:
            page.locator("#mail_to").fill("x" * 300)
        else:
            page.locator(emptied).fill("")
        go_on(page)
        yield f"record, {name}, mistakes"
    page.goto("/record/name")
    version = page.locator("[name=version]").first
    version.evaluate("field => { field.value = 'another' }")
    page.locator("#signed").fill("Amina Yusuf")
    go_on(page)
    yield "record, changed meanwhile"


def _leaving(page, own, language):
    page.goto("/record/leave")
    yield "record, leave"
    go_on(page, "#form .button >> nth=0")
    yield "record, leave, mistake"
    page.locator("#sure").check()
    go_on(page, "#form .button >> nth=0")
    yield "record, left"
    page.goto(f"/record?lang={language}")
    sign_in(page, own.register())
    page.goto("/record/leave")
    go_on(page, "#form [name=then]")
    yield "record, left, onward"
