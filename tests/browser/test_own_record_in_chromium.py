"""One's own record in a real browser: changing it, taking papers away, leaving."""

import pytest

from tests.browser.own_walking import sign_in
from tests.browser.walking import go_on
from tests.voter_reg.portal.own_pages import BORN

pytestmark = pytest.mark.browser

PHONE = {"width": 320, "height": 640}


@pytest.mark.parametrize("language", ["en", "es", "so", "hmn"])
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_registrant_changes_their_name_in_their_language_and_leaves(visit, own, language, scripts):
    with visit(base_url=own.base, java_script_enabled=scripts, viewport=PHONE) as page:
        page.goto(f"/record?lang={language}")
        sign_in(page, own.register())
        page.goto("/record/name")
        page.locator("#name").fill("Amina Yusuf Cali")
        page.locator("#signed").fill("Amina Yusuf Cali")
        go_on(page, "#form .actions .button")

        assert page.locator("html").get_attribute("lang") == language
        assert "Amina Yusuf Cali" in page.locator("dl.answers").inner_text()
        page.goto("/record/leave")
        page.locator("#sure").check()
        go_on(page, "#form .actions .button")
        page.goto("/record")
        assert page.locator("#code").count() == 1


def test_the_form_as_signed_is_taken_away_by_keyboard_alone_without_scripts(visit, own):
    with visit(base_url=own.base, java_script_enabled=False) as page:

        def tab_to(selector):
            for _ in range(60):
                page.keyboard.press("Tab")
                if page.locator(selector).first.and_(page.locator("*:focus")).count():
                    return
            raise AssertionError(f"never reached {selector}")

        page.goto("/record")
        tab_to("#code")
        page.keyboard.type(own.register())
        for field, text in BORN.items():
            tab_to(f"#{field}")
            page.keyboard.type(text)
        page.keyboard.press("Enter")
        page.locator("a[href='/record/papers']").wait_for()
        tab_to("a[href='/record/papers']")
        page.keyboard.press("Enter")
        page.wait_for_url("**/record/papers")
        tab_to("form[action='/record/papers'] .button")
        with page.expect_download() as taken:
            page.keyboard.press("Enter")

        assert taken.value.path().read_text().count("Amina Yusuf")


def test_a_shared_device_leaves_the_record_by_itself_for_the_next_person(visit, own):
    with visit(base_url=own.base) as page:
        page.clock.install()
        page.goto("/shared-device")
        go_on(page)
        sign_in(page, own.register())
        page.clock.fast_forward(4 * 60 * 1000)
        assert page.locator(".still").is_visible()
        with page.expect_request("**/still-here"):
            page.locator(".still button").click()
        with page.expect_navigation(url="**/left"):
            page.clock.fast_forward(5 * 60 * 1000 + 1000)
        page.goto("/record")
        assert page.locator("#code").count() == 1


def test_another_language_on_a_page_of_the_record_keeps_what_was_typed(visit, own):
    with visit(base_url=own.base) as page:
        sign_in(page, own.register())
        page.goto("/record/name")
        page.locator("#name").fill("Half a na")
        go_on(page, ".tongues button[value=in-so]")

        assert page.locator("html").get_attribute("lang") == "so"
        assert page.locator("#name").input_value() == "Half a na"
