"""A resident registers in a real browser: with and without scripts, by keyboard alone, on a narrow phone."""

import pytest

from tests.browser.looking import STILL, fits, fits_turned
from tests.browser.own_walking import walk_own
from tests.browser.walking import sign, walk
from tests.running import serving
from tests.voter_reg.portal.conftest import NAME, make_portal
from tests.voter_reg.portal.desk import GOOD_CARD, SIGNED, MemoryDesk
from tests.voter_reg.portal.test_languages import made_up
from voter_reg.language import Words, words
from voter_reg.portal.site import Offers

pytestmark = pytest.mark.browser

OVERHANG = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll('body *')].filter(e => { const b = e.getBoundingClientRect();
    return b.width > 1 && (b.right > innerWidth + 1 || b.left < -1) && b.right > 0;
  }).map(e => e.outerHTML.slice(0, 120))"""
"""What stands out of a page that can be scrolled sideways."""


def press(page, name):
    """Press a button; every button of the portal leads to a page, be it the same one with a message."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()


def follow(page, name):
    with page.expect_navigation():
        page.get_by_role("link", name=name, exact=True).first.click()


def fill_name(page, **changes):
    for field, value in {**NAME, **changes}.items():
        page.locator(f"#{field}").fill(value)
    press(page, "Continue")


def to_address(page):
    page.goto("/")
    follow(page, "Start")
    press(page, "I have read this. Continue")


def to_name(page, address="33 Oakland Ave N"):
    to_address(page)
    page.get_by_label("Street address").fill(address)
    press(page, "Show my contests")
    follow(page, "Continue")


def to_review(page):
    to_name(page)
    fill_name(page)
    page.get_by_label("Card number").fill(GOOD_CARD)
    press(page, "Check my card")
    press(page, "Continue")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_resident_registers(visit, live, scripts):
    _, desk = live
    before = len(desk.registered)
    with visit(java_script_enabled=scripts, accept_downloads=True) as page:
        to_review(page)
        sign(page)
        press(page, "Sign and register")

        assert page.get_by_role("heading", level=1).inner_text() == "You are registered in the demonstration"
        assert page.locator(".code").inner_text() == "K7QM-4XTD-9PWA"
        with page.expect_download() as download:
            page.get_by_role("link", name="Save my copy").click()
        assert download.value.path().read_bytes() == SIGNED.encode()
    assert len(desk.registered) == before + 1


def test_the_first_stop_skips_to_the_page_and_enter_in_a_field_sends_the_form(visit):
    with visit() as page:
        page.goto("/notice")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        to_address(page)
        page.locator("#address").focus()
        page.keyboard.type("33 Oakland Ave N")
        page.keyboard.press("Enter")
        page.wait_for_url("**/contests/**")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_mistakes_take_the_focus_and_lead_to_their_fields(visit, scripts):
    with visit(java_script_enabled=scripts) as page:
        to_name(page)
        press(page, "Continue")

        focused = page.locator("*:focus")
        assert focused.get_attribute("id") == "errors"
        page.keyboard.press("Tab")
        assert page.locator("*:focus").get_attribute("href") == "#name"
        page.keyboard.press("Enter")
        page.keyboard.type("Ana")
        if scripts:
            assert page.locator("#name").input_value() == "Ana"
        field = page.get_by_label("Full name")
        assert field.get_attribute("aria-invalid") == "true"
        assert "Enter your name" in page.locator(f"#{field.get_attribute('aria-describedby').split()[-1]}").inner_text()
        assert page.title().startswith("Error: ")


def test_the_back_button_shows_what_was_answered_and_going_on_again_works(visit):
    with visit() as page:
        to_review(page)
        page.go_back()
        page.go_back()
        page.go_back()
        assert page.get_by_label("Full name").input_value() == NAME["name"]
        page.get_by_label("Full name").fill("Minh Khai")
        press(page, "Continue")
        page.goto("/review")
        assert page.get_by_text("Minh Khai", exact=True).is_visible()


def send_from_two_tabs(page):
    """The name from another tab, and then from this one, which was opened before."""
    to_name(page)
    other = page.context.new_page()
    other.goto("/name")
    fill_name(other, name="The newer tab")
    fill_name(page, name="The older tab")


def test_the_slower_of_two_tabs_keeps_what_was_typed(visit):
    with visit() as page:
        send_from_two_tabs(page)

        assert page.get_by_role("heading", level=1).inner_text() == "Another tab is newer"
        press(page, "Use what I just sent")
        page.goto("/name")
        assert page.get_by_label("Full name").input_value() == "The older tab"


def test_the_slower_tab_read_in_another_language_still_holds_what_was_typed(visit):
    with visit() as page:
        send_from_two_tabs(page)
        with page.expect_navigation():
            page.locator(".tongues button[value=in-es]").click()

        assert page.locator("html").get_attribute("lang") == "es"
        assert page.locator("#name").input_value() == "The older tab"


def test_leaving_clears_the_browser_and_the_form_is_gone(visit):
    with visit() as page:
        to_name(page)
        press(page, "Leave this site")

        assert page.url.endswith("/left")
        assert page.context.cookies() == []
        page.go_back()
        page.reload()
        assert "find your form" in page.get_by_role("heading", level=1).inner_text()


def test_the_link_goes_on_in_another_browser(visit):
    with visit() as page:
        to_name(page)
        press(page, "Save and finish later")
        press(page, "Make my link and code")
        link, code = page.get_by_label("Your link").input_value(), page.locator(".code").inner_text()
    with visit(java_script_enabled=False) as other:
        other.goto(link)
        other.locator("#code").fill(code.lower())
        press(other, "Go on")
        assert other.get_by_role("heading", level=1).inner_text() == "Your name and birth date"


def test_a_name_written_from_right_to_left_stays_whole_on_the_review(visit):
    with visit() as page:
        to_name(page)
        fill_name(page, name="محمد بن سلمان (Ali)")
        page.get_by_label("Card number").fill(GOOD_CARD)
        press(page, "Check my card")
        press(page, "Continue")

        assert page.locator("bdi").nth(1).inner_text() == "محمد بن سلمان (Ali)"


def test_every_state_fits_can_be_hit_and_is_read_at_each_width_in_each_theme_and_with_text_twice_as_large(visit, live):
    with visit(**STILL) as page:
        for state in walk(page, live[1]):
            fits(page, state)


@pytest.mark.long
def test_so_does_every_state_of_an_own_record(visit, own):
    with visit(base_url=own.base, **STILL) as page:
        for state in walk_own(page, own):
            fits(page, state)
            fits_turned(page, state)


def test_the_first_screen_of_a_phone_holds_the_button(visit):
    with visit(viewport={"width": 390, "height": 844}) as page:
        page.goto("/")
        box = page.get_by_role("link", name="Start", exact=True).first.bounding_box()

        assert box["y"] + box["height"] <= 844


def test_from_right_to_left_nothing_breaks(visit):
    """The made-up language has brackets around each message and its pages turned around."""
    tongues = {"en": words("en"), "qps": Words("qps", made_up, "rtl")}
    desk = MemoryDesk(offers=Offers(mail=True, scan=True, uploads=True))
    with (
        serving(make_portal(desk, tongues)) as base,
        visit(base_url=base, viewport={"width": 320, "height": 640}) as page,
    ):
        for state in walk(page, desk, "qps"):
            assert page.evaluate("document.documentElement.dir") == "rtl" or state == "left", state
            assert page.evaluate(OVERHANG) == [], state


def test_a_screen_reader_hears_each_page_in_order(visit):
    with visit() as page:
        to_name(page)
        heard = page.locator("body").aria_snapshot()

        order = ["Skip to the page", "Demonstration", "Leave this site", "Step 3 of 6", "Your name and birth date",
                 "Full name", "Birth date", "Month", "Day", "Year", "Continue", "Save and finish later", "Why we ask",
                 "Help by phone"]  # fmt: skip
        places = [heard.find(words) for words in order]
        assert -1 not in places
        assert places == sorted(places)
