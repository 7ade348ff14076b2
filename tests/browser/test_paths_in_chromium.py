"""Every way through the portal in a real browser, as a resident on a narrow phone would go it."""

import pytest

from tests.browser.walking import go_on, sign
from tests.voter_reg.portal.conftest import NAME
from tests.voter_reg.portal.desk import GOOD_CARD

pytestmark = pytest.mark.browser

PHONE = {"width": 320, "height": 640}
CHARACTERS_A_SECOND = 3
WORDS_A_MINUTE = 200
READ = """typed => {
  const texts = [...document.querySelectorAll('main h1, main .contests .yes + b, '
    + 'main .answers dd:not(.change), main form > ul li, main form > .text')].map(e => e.innerText);
  for (const id of [...typed, 'signed']) {
    const field = document.getElementById(id);
    if (!field) continue;
    const group = field.closest('fieldset'), label = field.labels[0];
    texts.push(label.innerText);
    const asked = group || field.closest('.field');
    if (!id.includes('_') || id.endsWith('_month'))
      texts.push(...[...asked.querySelectorAll('legend, .hint')].map(e => e.innerText));
  }
  return texts.join(' ');
}"""
"""What one must read to answer: headings, labels and hints of the fields that are filled in, contests, the answers on
the review, and every line that is sworn."""


def to_card(page, address, language="en"):
    page.goto(f"/?lang={language}")
    go_on(page, ".hero a.button")
    go_on(page)
    page.locator("#address").fill(address)
    go_on(page)
    go_on(page, "main .actions a.button")
    for field, value in NAME.items():
        page.locator(f"#{field}").fill(value)
    go_on(page)
    assert page.url.endswith("/card")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_another_language_in_mid_form_keeps_what_was_typed(visit, scripts):
    with visit(java_script_enabled=scripts, viewport=PHONE) as page:
        to_card(page, "33 Oakland Ave N")
        page.goto("/name")
        page.locator("#name").fill("Half a na")
        go_on(page, ".tongues button[value=in-es]")

        assert page.locator("html").get_attribute("lang") == "es"
        assert page.locator("#name").input_value() == "Half a na"
        assert page.locator("[aria-invalid]").count() == 0


def test_a_form_that_nobody_touches_asks_first_and_stays_for_whoever_answers(visit):
    with visit() as page:
        page.clock.install()
        to_card(page, "33 Oakland Ave N")
        assert not page.locator(".still").is_visible()
        page.clock.fast_forward(58 * 60 * 1000 + 1000)
        assert page.locator(".still").is_visible()
        with page.expect_request("**/still-here"):
            page.locator(".still button").click()
        assert not page.locator(".still").is_visible()
        page.clock.fast_forward(57 * 60 * 1000)
        assert not page.locator(".still").is_visible()


def test_a_shared_device_clears_itself_for_the_next_person(visit):
    with visit() as page:
        page.clock.install()
        page.goto("/shared-device")
        go_on(page)
        to_card(page, "33 Oakland Ave N")
        with page.expect_navigation(url="**/left"):
            page.clock.fast_forward(5 * 60 * 1000 + 1000)
        page.goto("/name")
        assert page.locator("#name").count() == 0


def test_escape_three_times_leaves(visit):
    with visit() as page:
        to_card(page, "33 Oakland Ave N")
        for _ in range(2):
            page.keyboard.press("Escape")
        page.keyboard.press("a")
        page.keyboard.press("Escape")
        assert page.url.endswith("/card"), "only three in a row"
        with page.expect_navigation(url="**/left"):
            for _ in range(2):
                page.keyboard.press("Escape")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_signing_twice_registers_once(visit, live, scripts):
    with visit(java_script_enabled=scripts) as page:
        to_card(page, "33 Oakland Ave N")
        page.locator("#card").fill(GOOD_CARD)
        go_on(page)
        go_on(page)
        before = len(live[1].registered)
        sign(page)
        page.locator("#form .actions .button >> nth=0").dblclick()
        page.wait_for_url("**/done")

        assert len(live[1].registered) == before + 1


def test_a_first_time_try_with_a_municipal_id_takes_two_minutes(visit):
    """Counted from Start to the last press: whatever one must read to answer (`READ`) at 200 words a minute, and each
    character typed at 3 a second; going to a field, a press of a button and a tick count as one character.

    Not counted: the first screen and the notice, which come before one decides to register (the first screen says that
    the notice comes on top); side notes, other ways to show a home, the band of a demonstration.
    """
    typed = {"#address": "33 Oakland Ave N", **{f"#{field}": text for field, text in NAME.items()}, "#card": GOOD_CARD}
    typed["#signature"] = NAME["name"]
    words = keys = pages = 0
    with visit(viewport={"width": 390, "height": 844}) as page:
        page.goto("/")
        go_on(page, ".hero a.button")
        pages, keys = 1, 1
        while not page.url.endswith("/done"):
            pages += 1
            words += len(page.evaluate(READ, [field[1:] for field in typed]).split())
            for field, text in typed.items():
                if page.locator(field).count():
                    page.locator(field).fill(text)
                    keys += len(text) + 1
            if page.locator("#signed").count():
                page.locator("#signed").check()
                keys += 1
            go_on(page, "main .actions a.button" if "/contests/" in page.url else "#form .actions .button >> nth=0")
            keys += 1
            assert pages < 10
    seconds = keys / CHARACTERS_A_SECOND + words * 60 / WORDS_A_MINUTE
    print(f"{pages} pages, {keys} keys, {words} words, {seconds:.0f} seconds")
    assert seconds <= 120
