"""Through every page and state of the portal in turn, in whatever language, by what the pages are made of."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from tests.voter_reg.portal.conftest import NAME
from tests.voter_reg.portal.desk import GOOD_CARD, SLEEPING_CARD, STRANGE_CARD, TRIED_CODE, VOUCHER_CODE, VOUCHING_CODE
from tests.voter_reg.residency.made_files import pages, photo

MAIN_BUTTON = "#form .actions .button >> nth=0"
LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff " * 4
PHOTO = {"name": "lease.jpg", "mimeType": "image/jpeg", "buffer": photo((800, 600))}
PAPER = {"name": "bill.pdf", "mimeType": "application/pdf", "buffer": pages(2)}
TEXT = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no picture at all"}


def go_on(page, button=MAIN_BUTTON):
    """Press the page's main button; every button of the portal leads to a page, be it the same one with a message."""
    with page.expect_navigation():
        page.locator(button).first.click()


def sign(page):
    page.locator("#signature").fill("Minh Khai")
    page.locator("#signed").check()


def draw(page):
    """A line across the box, as a finger would."""
    box = page.locator("canvas")
    box.scroll_into_view_if_needed()
    at = box.bounding_box()
    page.mouse.move(at["x"] + 20, at["y"] + 40)
    page.mouse.down()
    page.mouse.move(at["x"] + 180, at["y"] + 70, steps=12)
    page.mouse.up()


def fill_in(page, **changes):
    for field, value in {**NAME, **changes}.items():
        page.locator(f"#{field}").fill(value)
    go_on(page)


def walk(page, desk, language="en"):
    """Every page and state of the portal over this desk; yields its name when the page stands there."""
    page.goto(f"/?lang={language}")
    yield "landing"
    page.goto("/check")
    yield "check"
    page.locator("#address").fill("33 Oakland Ave N")
    go_on(page)
    yield "check, contests"
    page.goto("/shared-device")
    yield "shared device"
    page.goto("/notice")
    yield "notice"
    go_on(page)
    yield from _homes(page)
    yield "contests"
    go_on(page, "main .actions a.button")
    go_on(page)
    yield "name, mistakes"
    page.locator("[name=birth_partly]").check()
    fill_in(page, name=LONG_NAME, birth_month="", birth_day="", birth_year="2011")
    yield "card"
    yield from _ways(page)
    page.goto("/contact")
    yield "contact"
    page.locator("#email").fill("nobody at all")
    go_on(page)
    yield "contact, mistake"
    page.locator("#email").fill("")
    go_on(page)
    yield "review"
    go_on(page)
    yield "review, mistakes"
    yield from _later(page, desk)
    page.goto("/review")
    if page.evaluate("!document.querySelector('.pad').hidden"):
        draw(page)
    page.locator("[name=assistant]").check()
    page.locator("#sworn-of-age").check()
    sign(page)
    yield "review, signed"
    go_on(page)
    yield "done"
    yield from _done_otherwise(page, desk)
    page.goto("/done")
    go_on(page, ".later button")
    yield "left"
    yield from _vouching(page, desk, language)


def _homes(page):
    yield "address"
    for home in ("no-fixed", "facility", "program", "unlisted"):
        page.goto(f"/address?home={home}")
        yield f"address, {home}"
        go_on(page)
        yield f"address, {home}, mistakes"
        page.locator("#place").fill("P.O. Box 17531")
        page.locator("#address").fill("33 Oakland Ave N")
        go_on(page)
        assert "/contests/" in page.url
    page.goto("/address?home=address")
    if page.locator(".offers").count():  # the script made it
        page.locator("#address").fill("")
        page.locator("#address").press_sequentially("33 oak")
        page.locator(".offers li").first.wait_for()
        page.keyboard.press("ArrowDown")
        yield "address, list open"
        page.keyboard.press("Escape")
    page.locator("#address").fill("33 Oakland")
    go_on(page)
    yield "address, several"
    page.locator("#choice-first").check()
    go_on(page)


def _ways(page):
    page.locator("#card").fill(STRANGE_CARD)
    go_on(page)
    yield "card, not confirmed"
    page.locator("#photo").set_input_files(PHOTO)
    go_on(page, "form[action='/card/photo'] button")
    yield "card, no code in the photo"
    page.locator("input[value=uploaded]").check()
    go_on(page, "form[action='/way'] button")
    yield "papers"
    go_on(page, "form[action='/papers'] button")
    yield "papers, mistakes"
    for file in (TEXT, PHOTO, PAPER):
        page.locator("#kind").check()
        page.locator("#paper").set_input_files(file)
        go_on(page, "form[action='/papers'] .button")
        yield f"papers, {file['name']}"
    page.goto("/card")
    page.locator("#card").fill(SLEEPING_CARD)
    go_on(page)
    yield "card, registry away"
    page.locator("#card").fill(GOOD_CARD)
    go_on(page)
    page.goto("/card")
    yield "card, confirmed"


def _later(page, desk):
    page.goto("/save")
    yield "save"
    go_on(page)
    yield "save, link and code"
    page.goto(page.locator("#link").input_value())
    yield "resume"
    go_on(page)
    yield "resume, mistake"
    page.goto("/name")
    page.locator("#form [name=version]").evaluate("field => { field.value = '0' }")
    go_on(page)
    yield "another tab is newer"
    for field, value, problem in (("csrf_token", "x", "old page"), ("name", "x" * 300_000, "too much")):
        page.goto("/name")
        page.locator(f"#form [name={field}]").evaluate("(field, value) => { field.value = value }", value)
        go_on(page)
        yield problem
    page.goto("/nothing")
    yield "missing"
    page.goto("/resume/nothing")
    yield "old link"
    for flag in ("stopped", "closed"):
        page.goto("/review")
        page.locator("#sworn-of-age").check()
        sign(page)
        setattr(desk, flag, True)
        try:
            go_on(page)
        finally:
            setattr(desk, flag, False)
        yield flag
    with patch("voter_reg.portal.cookies.IDLE", timedelta(seconds=-1)):
        cookies = page.context.cookies()
        page.goto("/name")
    yield "away"
    page.context.add_cookies(cookies)


def _done_otherwise(page, desk):
    """The last page as it is for each other way; the desk is told that it was that one."""
    token = next(token for token, (draft, _) in reversed(desk.rows.items()) if draft.receipt)
    (draft, version) = kept = desk.rows[token]
    for way in ("uploaded", "papers", "vouching", "facility-staff", "prior-registration"):
        code = VOUCHING_CODE if way == "vouching" else None
        receipt = replace(draft.receipt, way=way, public_state="waiting-for-papers", vouching_code=code)
        desk.rows[token] = (replace(draft, receipt=receipt), version)
        page.goto("/done")
        yield f"done, {way}"
    desk.rows[token] = kept


def _vouching(page, desk, language):
    desk.sworn.clear()
    page.goto(f"/vouch?lang={language}")  # leaving took the choice back
    yield "vouch"
    go_on(page)
    yield "vouch, mistakes"
    for code, state in ((TRIED_CODE, "vouch, wait"), (VOUCHER_CODE, "vouch, oath")):
        page.goto("/vouch")
        page.locator("#code").fill(code)
        page.locator("#vouching_code").fill(VOUCHING_CODE)
        for part, value in (("month", "1"), ("day", "1"), ("year", "1990")):
            page.locator(f"#birth_{part}").fill(value)
        go_on(page)
        yield state
    go_on(page)
    yield "vouch, oath, mistake"
    page.locator("#sworn").check()
    go_on(page)
    yield "vouch, done"
