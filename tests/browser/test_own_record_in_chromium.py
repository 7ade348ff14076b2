"""One's own record in a real browser: changing it, taking papers away, leaving."""

import pytest

from tests.browser.own_walking import sign_in
from tests.browser.walking import go_on

pytestmark = pytest.mark.browser

PHONE = {"width": 320, "height": 640}


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
