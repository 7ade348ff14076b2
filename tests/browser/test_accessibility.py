"""No page in any state, language, size or theme breaks a rule of WCAG 2.2 AA that axe-core can tell.

The same walk looks at what else holds of every page: nothing scrolls sideways on a phone, none is heavy, and English
reads at sixth grade or below.
"""

import pytest

from tests.browser.looking import broken, shape
from tests.browser.own_walking import walk_own
from tests.browser.reading import HIGHEST, PROSE, grade_of
from tests.browser.walking import walk

pytestmark = pytest.mark.browser

HEAVIEST = 20_000
"""Bytes of a page, without what a browser has already from the first: far less where the server packs it."""
LANGUAGES = ("en", *(pytest.param(one, marks=pytest.mark.long) for one in ("es", "so", "hmn")))
"""In light and in dark, two each; `make test-long` goes through the other three as well."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_in_any_state_breaks_a_rule_scrolls_sideways_on_a_phone_or_is_hard_to_read(visit, live, language):
    with on_a_phone(visit, language) as page:
        look_at_each(page, walk(page, live[1], language), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_an_own_record_does_either(visit, own, language):
    with on_a_phone(visit, language, base_url=own.base) as page:
        look_at_each(page, walk_own(page, own, language), language)


def on_a_phone(visit, language, **wishes):
    theme = "dark" if language in ("es", "hmn") else "light"
    return visit(viewport={"width": 320, "height": 640}, color_scheme=theme, bypass_csp=True, **wishes)


def look_at_each(page, states, language):
    seen = set()
    for state in states:
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, state
        assert len(page.content().encode()) <= HEAVIEST, state
        if language == "en":
            assert grade_of(page.evaluate(PROSE)) <= HIGHEST, state
        made = shape(page)
        if made not in seen:
            seen.add(made)
            assert broken(page) == [], state


def test_axe_would_find_what_is_broken(visit):
    with visit(bypass_csp=True) as page:
        page.goto("/check")
        page.evaluate("document.querySelector('label').remove()")

        assert "label" in [rule for rule, _ in broken(page)]
