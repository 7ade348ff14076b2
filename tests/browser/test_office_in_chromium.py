"""Staff work in a real browser: by keyboard, on a narrow phone, under a policy that nothing breaks."""

import re

import pytest

from tests.browser.looking import STILL, fits_in_every_way
from tests.browser.test_portal_in_chromium import press
from tests.voter_reg.office.memory import PASSWORD, Passkey
from tests.voter_reg.office.town_office import PASSPHRASE
from voter_reg.office.cookies import OFFICE_COOKIE
from voter_reg.roles import Role

pytestmark = pytest.mark.browser

LONG = "wolfeschlegelsteinhausenbergerdorff.the.third.of.that.name"


def carry(page, base, token):
    """Hold a session's token, as after signing in."""
    cookie = {"name": OFFICE_COOKIE, "value": token, "url": base.replace("http:", "https:"), "secure": True}
    page.context.add_cookies([{**cookie, "httpOnly": True, "sameSite": "Strict"}])


def walk(page, base, accounts):
    """Every page and state of the office in turn."""
    max_, bob = accounts.add("max.admin", Role.ADMINISTRATOR), accounts.add(LONG, *set(Role))
    eve = accounts.add("eve.reviewer", Role.REVIEWER, state="invited")
    accounts.add("old.clerk", Role.CLERK, state="disabled")
    max_.passkeys.append(Passkey("k1", "blue USB key", accounts.moment))
    bob.blocked = True
    page.goto("/sign-in")
    yield "sign in"
    press(page, "Continue")
    yield "sign in, mistakes"
    page.goto(accounts.link(eve, "invitation"))
    yield "invitation"
    page.get_by_label("New password").fill("short")
    press(page, "Finish")
    yield "invitation, mistakes"
    page.goto(accounts.link(bob, "password"))
    yield "new password"
    page.goto(accounts.link(bob, "second-factor"))
    yield "new second step"
    page.goto("/staff/link/old")
    yield "old link"
    page.goto("/sign-in")
    page.get_by_label("Name").fill("max.admin")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Continue")
    yield "second step"
    page.get_by_label("Code from your authenticator app").fill("12")
    press(page, "Sign in")
    yield "second step, mistakes"
    page.get_by_label("Code from your authenticator app").fill(accounts.code(max_))
    press(page, "Sign in")
    yield "home"
    page.goto("/people/invite")
    yield "confirm"
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code from your authenticator app").fill(accounts.code(max_))
    press(page, "Confirm")
    yield "invite"
    press(page, "Make an invitation")
    yield "invite, mistakes"
    page.locator("#name").fill("new.judge")
    page.locator("input[value=judge]").check()
    press(page, "Make an invitation")
    yield "link"
    accounts.token(max_)
    for path in ("/people", f"/people/{bob.id}", f"/people/{max_.id}", "/account", "/account?done=password",
                 "/account/password", "/account/authenticator", "/account/passkeys", "/account/codes",
                 "/nothing"):  # fmt: skip
        page.goto(path)
        yield path
    page.goto("/account/codes")
    press(page, "Make new codes")
    yield "codes"
    page.goto("/")
    press(page, "Sign out")
    yield "signed out"


def tab_to(page, name):
    """Go on by keyboard to what is called so: a field's id, or the words of a link or a button."""
    for _ in range(60):
        page.keyboard.press("Tab")
        said = page.evaluate("(e => (e.id || '') + '|' + (e.innerText || '').trim())(document.activeElement)")
        if name in said.split("|"):
            return
    raise AssertionError(f"never reached {name}")


def press_key(page, name):
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def type_into(page, name, text):
    """Type into the field that the page put the keyboard into; browsers do so a moment after a page has loaded."""
    page.wait_for_function("id => document.activeElement.id === id", arg=name)
    page.keyboard.type(text)


def test_an_account_is_set_up_used_and_left_by_keyboard_alone(visit, office_real):
    base, town = office_real
    link = town.invite("ada.clerk", Role.CLERK)
    with visit(base_url=base) as page:
        page.goto(link)
        assert page.locator("img.qr").evaluate("picture => picture.complete && picture.naturalWidth > 100")
        town.secrets["ada.clerk"] = page.locator("#secret").inner_text()
        type_into(page, "password", PASSPHRASE)
        tab_to(page, "again")
        page.keyboard.type(PASSPHRASE)
        tab_to(page, "code")
        page.keyboard.type(town.code("ada.clerk"))
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.get_by_role("heading", level=1).inner_text() == "Your recovery codes"
        assert page.locator(".codes li").count() == 10
        press_key(page, "Go on and sign in")
        type_into(page, "name", "ada.clerk")
        tab_to(page, "password")
        page.keyboard.type(PASSPHRASE)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        type_into(page, "code", town.code("ada.clerk"))
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.get_by_role("heading", level=1).inner_text() == "What waits for you"
        press_key(page, "Your account")
        assert page.get_by_text("10 left").is_visible()
        press_key(page, "Sign out")
        assert page.url == f"{base}/sign-in?done=out"
        assert page.context.cookies() == [] or all("step" not in c["name"] for c in page.context.cookies())
        page.go_back()
        page.reload()
        assert page.get_by_role("heading", level=1).inner_text() == "Sign in"


def test_a_passkey_is_added_and_signs_in_and_confirms(visit, office_real):
    base, town = office_real
    town.enrol("ada.clerk", Role.CLERK)
    with visit(base_url=base) as page:
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        device = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True,
                  "hasResidentKey": True, "automaticPresenceSimulation": True}  # fmt: skip
        session.send("WebAuthn.addVirtualAuthenticator", {"options": device})

        def first_step():
            page.goto("/sign-in")
            page.get_by_label("Name").fill("ada.clerk")
            page.get_by_label("Password").fill(PASSPHRASE)
            press(page, "Continue")

        first_step()
        assert page.get_by_role("button", name="Use my passkey").count() == 0
        page.locator("#code").fill(town.code("ada.clerk"))
        press(page, "Sign in")
        page.goto("/account/passkeys")
        page.locator("#password").fill(PASSPHRASE)
        page.locator("#code").fill(town.code("ada.clerk"))
        press(page, "Confirm")
        page.locator("#label").fill("blue USB key")
        press(page, "Add a passkey")
        assert page.get_by_text("Your passkey is added").is_visible()
        assert page.get_by_role("cell", name="blue USB key").or_(page.get_by_text("blue USB key")).first.is_visible()

        page.goto("/")
        press(page, "Sign out")
        first_step()
        press(page, "Use my passkey")
        assert page.get_by_role("heading", level=1).inner_text() == "What waits for you"
        page.goto("/account/codes")
        page.locator("#password").fill(PASSPHRASE)
        press(page, "Use my passkey in place of the code")
        assert page.get_by_role("heading", level=1).inner_text() == "New recovery codes"
        page.goto("/account/passkeys")
        press(page, "Remove blue USB key")
        assert page.get_by_text("You have none.").is_visible()


def test_nothing_on_any_page_breaks_the_policy_and_nothing_leaves_the_origin(visit, office_live):
    base, accounts = office_live
    with visit(base_url=base) as page:
        assert len([state for state in walk(page, base, accounts) if page.locator("h1").count() == 1]) > 20


@pytest.mark.parametrize("door", ["office", "portal"])
def test_an_injected_script_or_style_is_blocked(chromium, office_live, live, door):
    base = office_live[0] if door == "office" else live[0]
    context = chromium.new_context(base_url=base, java_script_enabled=True)
    page = context.new_page()
    blocked = []
    page.on("console", lambda message: blocked.append(message.text) if "Content Security Policy" in message.text else 0)
    page.goto("/sign-in" if door == "office" else "/check")
    page.evaluate(
        """() => {
          const script = document.createElement('script'); script.textContent = 'window.broken = 1';
          document.body.append(script);
          const far = document.createElement('script'); far.src = 'https://evil.example/x.js';
          document.body.append(far);
          const style = document.createElement('style'); style.textContent = 'body { color: red }';
          document.body.append(style);
          document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.broken = 2">');
        }"""
    )
    page.wait_for_timeout(300)

    assert page.evaluate("window.broken") is None
    assert page.evaluate("getComputedStyle(document.body).color") != "rgb(255, 0, 0)"
    assert len(blocked) >= 3
    context.close()


def test_every_page_fits_is_read_and_breaks_no_rule(visit, office_live):
    base, accounts = office_live
    with visit(base_url=base, bypass_csp=True, **STILL) as page:
        assert fits_in_every_way(page, walk(page, base, accounts)) > 20


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_mistake_takes_the_focus_and_leads_to_its_field(visit, office_live, scripts):
    base, _ = office_live
    with visit(base_url=base, java_script_enabled=scripts) as page:
        page.goto("/sign-in")
        press(page, "Continue")
        assert page.locator("*:focus").get_attribute("id") == "errors"
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.title().startswith("Error: ")
        field = page.get_by_label("Name")
        assert field.get_attribute("aria-invalid") == "true"
        assert "Enter your name" in page.locator(f"#{field.get_attribute('aria-describedby').split()[-1]}").inner_text()


def test_passkeys_are_offered_only_where_a_script_can_ask_for_them(visit, office_live):
    base, accounts = office_live
    one = accounts.add("max.admin", Role.ADMINISTRATOR)
    for scripts in (True, False):
        with visit(base_url=base, java_script_enabled=scripts) as page:
            carry(page, base, accounts.token(one, fresh=True))
            page.goto("/account/passkeys")
            assert page.get_by_role("button", name="Add a passkey").is_visible() is scripts


def test_a_screen_reader_hears_the_page_in_order(visit, office_live):
    base, accounts = office_live
    one = accounts.add("max.admin", Role.ADMINISTRATOR)
    with visit(base_url=base) as page:
        carry(page, base, accounts.token(one))
        page.goto("/account")
        heard = page.locator("body").aria_snapshot()
        order = ["Skip to the page", "Demonstration", "max.admin", "Sign out", 'navigation "Office"', "Your account",
                 'heading "Your account"', "Change your password", 'heading "Where you are signed in"']  # fmt: skip
        places = [heard.find(words) for words in order]
        assert -1 not in places, heard
        assert places == sorted(places)


def test_the_first_tab_skips_to_the_page(visit, office_live):
    base, _ = office_live
    with visit(base_url=base) as page:
        page.goto("/nothing")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert re.search(r"#main$", page.evaluate("document.activeElement.href"))
