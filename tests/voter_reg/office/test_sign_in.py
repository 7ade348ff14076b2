"""Getting in and out: each step, each refusal, one-time links, and what no page tells or keeps."""

from datetime import timedelta

import pytest

from tests.voter_reg.office.conftest import Colleague, csrf
from tests.voter_reg.office.memory import CODES, PASSWORD, Passkey
from voter_reg.office.cookies import OFFICE_COOKIE, STEP_COOKIE
from voter_reg.office.views import LARGEST_REQUEST
from voter_reg.roles import Role
from voter_reg.web.headers import HEADERS


@pytest.fixture
def ada(accounts):
    return accounts.add("ada.clerk", Role.CLERK)


def cookie(answer, name):
    return next((line for line in answer.headers.getlist("Set-Cookie") if line.startswith(f"{name}=")), "")


def test_password_and_code_let_in_with_a_new_token_each(someone, accounts, ada):
    first = someone.send("/sign-in", name="ada.clerk", password=PASSWORD)
    second = someone.send("/second-step", code=f" {accounts.code(ada)[:3]} {accounts.code(ada)[3:]} ")

    assert (first.status_code, first.location) == (303, "/second-step")
    assert (second.status_code, second.location) == (303, "/")
    assert cookie(first, STEP_COOKIE)
    assert not cookie(first, OFFICE_COOKIE), "a right password alone is no session"
    assert cookie(second, OFFICE_COOKIE)
    assert someone.client.get_cookie(STEP_COOKIE) is None
    assert "What waits for you" in someone.get("/").text


def test_a_recovery_code_or_a_passkey_stands_in_for_the_code(someone, accounts, ada):
    someone.send("/sign-in", name="ada.clerk", password=PASSWORD)
    assert someone.send("/second-step/recovery", page="/second-step", recovery=CODES[0]).location == "/"
    someone.send("/sign-out", page="/")
    ada.passkeys.append(Passkey("k1", "key", accounts.moment))
    someone.send("/sign-in", name="ada.clerk", password=PASSWORD)
    page = someone.get("/second-step")
    assert 'data-passkey="get"' in page.text
    begun = someone.client.post("/second-step/passkey/begin", data={"csrf_token": csrf(page)})
    assert begun.json["challenge"]
    assert someone.send("/second-step/passkey", page="/second-step", answer="bad").status_code == 422
    assert someone.send("/second-step/passkey", page="/second-step", answer="good").location == "/"


def test_the_cookies_are_bound_to_the_host_and_to_this_site(someone, accounts, ada):
    page = someone.get("/sign-in")
    first = someone.send("/sign-in", name="ada.clerk", password=PASSWORD)
    second = someone.send("/second-step", code=accounts.code(ada))

    found = [line for answer in (page, first, second) for line in answer.headers.getlist("Set-Cookie")]
    kept = [line for line in found if "Max-Age=0" not in line and "Expires" not in line]
    assert {line.split("=")[0] for line in kept} == {"__Host-office", "__Host-office-step", "__Host-office-form"}
    for line in kept:
        parts = {part.strip() for part in line.split(";")[1:]}
        assert parts == {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"}


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(someone, ada):
    answers = [
        someone.send("/sign-in", name=name, password=password)
        for name, password in (("ada.clerk", "wrong"), ("nobody.here", PASSWORD), ("nobody.here", "wrong"))
    ]

    assert {answer.status_code for answer in answers} == {422}
    plain = {
        answer.text.replace(csrf(answer), "").replace("ada.clerk", "").replace("nobody.here", "") for answer in answers
    }
    assert len(plain) == 1


def test_errors_keep_the_name_and_never_a_password_or_a_code(someone, accounts, ada):
    page = someone.send("/sign-in", name="ada.clerk", password="my wrong password").text
    assert 'value="ada.clerk"' in page
    assert "my wrong password" not in page
    assert 'href="#name"' in page
    someone.send("/sign-in", name="ada.clerk", password=PASSWORD)
    assert "000001" not in someone.send("/second-step", code="000001").text


def test_an_empty_field_is_named(someone, accounts, ada):
    page = someone.send("/sign-in").text
    assert "Enter your name." in page
    assert "Enter your password." in page
    assert accounts.asked == [], "nothing was checked"
    someone.send("/sign-in", name="ada.clerk", password=PASSWORD)
    assert "6 digits" in someone.send("/second-step").text
    assert "recovery codes" in someone.send("/second-step/recovery", page="/second-step").text


def test_too_many_tries_say_when_the_next_is_possible(someone, ada):
    for _ in range(5):
        someone.send("/sign-in", name="ada.clerk", password="wrong")
    answer = someone.send("/sign-in", name="ada.clerk", password=PASSWORD)

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "290"
    assert "in 5 minutes" in answer.text


@pytest.mark.parametrize("length", [1_025, LARGEST_REQUEST - 500, 1_000_000])
def test_a_password_longer_than_any_is_refused_before_anything_is_computed(someone, accounts, length):
    answer = someone.send("/sign-in", name="ada.clerk", password="x" * length)

    assert answer.status_code == 413
    assert accounts.asked == []
    assert "too much" in answer.text


def test_signing_out_ends_the_session_and_clears_the_browser(someone, accounts, ada):
    someone.sign_in(accounts, ada)
    held = someone.client.get_cookie(OFFICE_COOKIE).value
    answer = someone.send("/sign-out", page="/")

    assert answer.location == "/sign-in?done=out"
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert someone.client.get_cookie(OFFICE_COOKIE) is None
    assert held not in accounts.tokens
    assert "You are signed out" in someone.get(answer.location).text


def test_who_wants_to_sign_out_is_not_held_by_an_old_page(someone, accounts, ada):
    someone.sign_in(accounts, ada)

    answer = someone.client.post("/sign-out", headers={"Sec-Fetch-Site": "same-origin"})

    assert answer.location == "/sign-in?done=out"
    assert accounts.tokens == {}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_sent_from_another_site_is_refused_whatever_it_holds(someone, accounts, ada, site):
    someone.sign_in(accounts, ada)
    for path in ("/sign-in", "/sign-out", "/account/sessions/end-others"):
        sent = {"csrf_token": csrf(someone.get("/account"))}
        assert someone.client.post(path, data=sent, headers={"Sec-Fetch-Site": site}).status_code == 400
    assert accounts.tokens


def test_every_post_needs_the_token_of_its_browser_also_before_signing_in(app, accounts, ada, someone, clerk):
    strange = csrf(someone.get("/sign-in"))
    clerk.get("/account")
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods and "<" not in rule.rule and not rule.rule.startswith("/people"):
            for sent in ({}, {"csrf_token": "x"}, {"csrf_token": strange}):
                assert clerk.client.post(rule.rule, data=sent).status_code in {400, 403}, rule.rule


def test_a_form_from_before_signing_in_no_longer_counts(someone, accounts, ada):
    before = csrf(someone.get("/sign-in"))
    someone.sign_in(accounts, ada)
    someone.get("/account")

    assert someone.client.post("/account/sessions/end-others", data={"csrf_token": before}).status_code == 400


def test_an_invitation_sets_the_account_up_and_shows_its_codes_once(someone, accounts):
    new = accounts.add("eve.reviewer", Role.REVIEWER, state="invited")
    link = accounts.link(new, "invitation")
    page = someone.get(link)
    assert new.secret in page.text
    assert "eve.reviewer" in page.text
    picture = someone.get(f"{link}/picture.svg")
    assert picture.mimetype == "image/svg+xml"
    assert picture.headers["Cache-Control"] == "no-store"
    assert "style" not in picture.text

    short = someone.send(link, password="short", again="short", code=accounts.code(new))
    assert (short.status_code, "The password is shorter" in short.text) == (422, True)
    differ = someone.send(link, password=PASSWORD, again="other", code=accounts.code(new))
    assert "not the same" in differ.text
    wrong = someone.send(link, password=PASSWORD, again=PASSWORD, code="12")
    assert 'href="#code"' in wrong.text
    assert PASSWORD not in wrong.text
    assert "6 digits" in someone.send(link, password=PASSWORD, again=PASSWORD).text
    done = someone.send(link, password=PASSWORD, again=PASSWORD, code=accounts.code(new))
    assert all(code in done.text for code in CODES)
    assert someone.get(link).status_code == 410
    assert someone.sign_in(accounts, new).location == "/"


@pytest.mark.parametrize("by", ["code", "recovery"])
def test_a_link_for_a_new_password_shows_no_key_and_asks_for_the_second_step(someone, accounts, ada, by):
    link, new = accounts.link(ada, "password"), "an entirely new password"
    page = someone.get(link)
    assert ada.secret not in page.text
    assert someone.get(f"{link}/picture.svg").status_code == 404
    assert someone.send(link, password=new, again=new).status_code == 422
    assert someone.send(link, password=new, again=new, **{by: "123"}).status_code == 422
    assert ada.password == PASSWORD
    proof = accounts.code(ada) if by == "code" else CODES[0]
    answer = someone.send(link, password=new, again=new, **{by: proof})
    assert answer.location == "/sign-in?done=reset"
    assert ada.password == new


def test_a_link_for_a_new_second_step_asks_for_the_password(someone, accounts, ada):
    link = accounts.link(ada, "second-factor")
    assert 'name="again"' not in someone.get(link).text
    wrong = someone.send(link, password="wrong", code=accounts.code(ada))
    assert (wrong.status_code, "not your password" in wrong.text) == (422, True)
    assert CODES[0] in someone.send(link, password=PASSWORD, code=accounts.code(ada)).text


@pytest.mark.parametrize("link", ["forged", "x" * 500, "..%2f..", "%00"])
def test_a_link_that_opens_nothing_says_so(someone, link):
    answer = someone.get(f"/staff/link/{link}")

    assert answer.status_code in {404, 410}
    assert "no longer works" in answer.text or "no such page" in answer.text


@pytest.mark.parametrize("path", ["/sign-in", "/", "/nothing", "/staff/link/x", "/static/x/office.css", "/people"])
def test_every_answer_carries_the_headers_once_and_is_never_stored(someone, path):
    answer = someone.get(path)

    for name, value in HEADERS:
        assert answer.headers.getlist(name) == [value]
    assert answer.headers.getlist("Cache-Control") == ["no-store"]


def test_an_error_of_ours_tells_the_place_alone(someone, accounts, ada, caplog, monkeypatch):
    someone.client.application.config["PROPAGATE_EXCEPTIONS"] = False

    def broken(*_):
        raise RuntimeError(f"ada.clerk {PASSWORD}")

    monkeypatch.setattr(accounts, "first_step", broken)
    answer = someone.send("/sign-in", name="ada.clerk", password=PASSWORD)

    assert answer.status_code == 500
    assert "first_step" in caplog.text
    for secret in ("ada.clerk", PASSWORD, "127.0.0.1"):
        assert secret not in caplog.text
        assert secret not in answer.text


def test_where_sessions_cannot_be_looked_at_nothing_opens_and_the_page_is_still_plain(clerk, accounts, monkeypatch):
    clerk.client.application.config["PROPAGATE_EXCEPTIONS"] = False

    def broken(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr(accounts, "look", broken)
    for path in ("/", "/account", "/sign-in", "/nothing"):
        answer = clerk.get(path)
        assert answer.status_code == 500
        assert "on our side" in answer.text
        assert answer.headers["Cache-Control"] == "no-store"


def test_an_ended_session_leads_to_the_sign_in(someone, accounts, ada):
    someone.sign_in(accounts, ada)
    accounts.tokens.clear()
    accounts.moment += timedelta(hours=13)

    assert someone.get("/account").location == "/sign-in"


def test_who_is_signed_in_needs_no_sign_in(someone, accounts, ada):
    someone.sign_in(accounts, ada)

    assert someone.get("/sign-in").location == "/"
    assert someone.get("/second-step").location == "/"


def test_a_cookie_that_cannot_be_a_token_is_like_none(app):
    for text in ("", "x", "../../etc/passwd", "a" * 4000, "é" * 20):
        assert Colleague(app.test_client()).carry(text).get("/").location == "/sign-in"
