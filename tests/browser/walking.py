"""Through every page and state of the portal in turn, in whatever language, by what the pages are made of."""

from tests.voter_reg.portal.conftest import NAME
from tests.voter_reg.portal.desk import GOOD_CARD, STRANGE_CARD

MAIN_BUTTON = "#form .actions .button >> nth=0"


def go_on(page, button=MAIN_BUTTON):
    """Press the page's main button; every button of the portal leads to a page, be it the same one with a message."""
    with page.expect_navigation():
        page.locator(button).click()


def sign(page):
    page.locator("#signature").fill("Minh Khai")
    page.locator("#signed").check()


def fill_in(page, **changes):
    for field, value in {**NAME, **changes}.items():
        page.locator(f"#{field}").fill(value)
    go_on(page)


def walk(page, language="en"):
    """Every page and state; yields its name when the page stands there."""
    page.goto(f"/?lang={language}")
    yield "landing"
    page.goto("/check")
    yield "check"
    page.goto("/shared-device")
    yield "shared device"
    page.goto("/notice")
    yield "notice"
    go_on(page)
    yield "address"
    for home in ("no-fixed", "facility", "program", "unlisted"):
        page.goto(f"/address?home={home}")
        yield f"address, {home}"
    go_on(page)
    yield "address, unlisted, mistakes"
    page.goto("/address?home=address")
    page.locator("#address").fill("33 Oakland")
    go_on(page)
    yield "address, several"
    page.locator("#choice-first").check()
    go_on(page)
    yield "contests"
    go_on(page, "main .actions a.button")
    go_on(page)
    yield "name, mistakes"
    fill_in(page, name="Wolfeschlegelsteinhausenbergerdorff " * 4)
    yield "card"
    page.locator("#card").fill(STRANGE_CARD)
    go_on(page)
    yield "card, not confirmed"
    page.locator("#card").fill(GOOD_CARD)
    go_on(page)
    yield "contact"
    go_on(page)
    yield "review"
    go_on(page)
    yield "review, mistakes"
    page.goto("/save")
    yield "save"
    go_on(page)
    yield "save, link and code"
    page.goto(page.locator("#link").input_value())
    yield "resume"
    go_on(page)
    yield "resume, mistake"
    page.goto("/nothing")
    yield "missing"
    page.goto("/review")
    sign(page)
    go_on(page)
    yield "done"
    go_on(page, ".later button")
    yield "left"
