"""What every answer carries, what is refused, and that nothing is open by accident."""

import re

import pytest
from flask import Blueprint
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.voter_reg.portal.conftest import Person, hidden, make_portal
from tests.voter_reg.portal.desk import MemoryDesk
from voter_reg.portal.views import LARGEST_REQUEST
from voter_reg.web.headers import HEADERS


def test_every_route_is_marked_public(app):
    unmarked = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not getattr(app.view_functions[rule.endpoint], "is_public", False)
    ]

    assert unmarked == []
    assert len(list(app.url_map.iter_rules())) > 15


def test_a_route_without_the_mark_is_never_run(desk):
    forgotten = Blueprint("forgotten", __name__)
    forgotten.add_url_rule("/staff", view_func=lambda: "secrets", endpoint="staff")
    app = make_portal(desk)
    app.register_blueprint(forgotten)

    assert app.test_client().get("/staff").status_code == 404


@pytest.mark.parametrize("path", ["/", "/notice", "/check", "/nothing", "/left", "/address", "/static/x/portal.css"])
def test_every_answer_carries_the_headers_once(person, path):
    answer = person.get(path)

    for name, value in HEADERS:
        assert answer.headers.getlist(name) == [value]
    assert answer.headers.getlist("Cache-Control") == ["no-store"]


def test_the_policy_allows_our_own_files_and_nothing_else():
    policy = dict(HEADERS)["Content-Security-Policy"]

    assert policy.startswith("default-src 'none';")
    for part in ("script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'", "base-uri 'none'",
                 "form-action 'self'", "frame-ancestors 'none'"):  # fmt: skip
        assert part in policy
    assert "unsafe" not in policy


def test_files_may_be_kept_and_change_their_address_with_their_content(person):
    page = person.get("/").text
    for path in re.findall(r'"(/static/[^"]+)"', page):
        answer = person.get(path)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert person.get("/static/0000000000000000/portal.css").status_code == 404
    assert person.get("/static/x/../../config.py").status_code == 404


def test_cookies_are_bound_to_the_host_and_hidden_from_scripts(person):
    cookies = person.get("/notice").headers.getlist("Set-Cookie") + person.accept().headers.getlist("Set-Cookie")

    assert {cookie.split("=")[0] for cookie in cookies} == {"__Host-portal", "__Host-draft"}
    for cookie in cookies:
        parts = {part.strip() for part in cookie.split(";")[1:]}
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= parts
        assert not any(part.startswith(("Domain", "Expires", "Max-Age")) for part in parts)


def test_every_post_needs_the_token_of_its_browser(app, person, stranger):
    person.up_to_review()
    token = hidden(stranger.get("/check"))["csrf_token"]
    for rule in app.url_map.iter_rules():
        if "POST" not in rule.methods:
            continue
        path = rule.rule.replace("<sealed>", "x")
        for sent in ({}, {"csrf_token": "x"}, {"csrf_token": token}):
            answer = person.client.post(path, data=sent)
            assert answer.status_code == 400, path
            assert "open too long" in answer.text
    assert person.get("/review").status_code == 200, "the draft is kept"


def test_a_form_sent_from_another_site_is_refused_whatever_it_holds(person):
    person.accept()
    sent = {**hidden(person.get("/address")), "address": "33 Oakland Ave N"}

    assert person.client.post("/address", data=sent, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 400
    assert person.client.post("/address", data=sent, headers={"Sec-Fetch-Site": "same-site"}).status_code == 400
    assert person.client.post("/address", data=sent, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 303


def test_who_wants_to_leave_is_not_held_by_an_old_page(person, desk):
    person.accept()

    assert person.client.post("/leave", headers={"Sec-Fetch-Site": "same-origin"}).location == "/left"
    assert desk.rows == {}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "BREW"])
def test_a_method_that_no_page_has_is_refused(person, method):
    answer = person.client.open("/name", method=method)

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert "cannot be used that way" in answer.text


def test_a_form_page_is_not_changed_by_looking_at_it(person, desk):
    person.accept()
    before = dict(desk.rows)
    for path in ("/address", "/save", "/resume", "/contests/W-3%20P-04", "/left", "/leave", "/way"):
        person.get(path)

    assert desk.rows == before


def test_a_request_that_is_too_large_is_refused_in_plain_words(person):
    person.accept()
    answer = person.client.post("/address", data=b"address=" + b"x" * LARGEST_REQUEST)

    assert answer.status_code == 413
    assert "too much to send" in answer.text


def test_a_file_in_place_of_a_field_is_no_answer(person):
    person.accept()
    token = hidden(person.get("/address"))
    with open(__file__, "rb") as upload:  # noqa: PTH123
        answer = person.client.post("/address", data={**token, "address": (upload, "x.txt")})

    assert answer.status_code == 422


@pytest.mark.parametrize("more", ["", '; filename="x.txt"'])
def test_a_part_without_a_name_is_refused_as_unreadable(person, more):
    token = hidden(person.get("/check"))["csrf_token"]
    parts = (f'name="csrf_token"\r\n\r\n{token}', f"nome=address{more}\r\n\r\n33 Oakland Ave N")
    body = "".join(f"--b\r\nContent-Disposition: form-data; {part}\r\n" for part in parts) + "--b--\r\n"
    answer = person.client.post("/check", data=body, content_type="multipart/form-data; boundary=b")

    assert answer.status_code == 400
    assert "We could not read that" in answer.text


@pytest.mark.parametrize("cookie", ["", "x", "../../etc/passwd", "a" * 4000, "\u00e9" * 20, "0" * 43])
def test_a_cookie_that_opens_nothing_is_like_none(app, cookie):
    client = app.test_client()
    client.set_cookie("__Host-draft", cookie)

    assert client.get("/name").status_code == 404


def test_no_page_sends_anyone_to_another_site(person):
    for path in ("/?next=https://example.org", "/check?url=//example.org", "/resume?to=https://example.org"):
        answer = person.get(path)
        assert "example.org" not in answer.text
        assert "example.org" not in (answer.location or "")


def test_an_error_of_ours_tells_nothing_about_it(person, desk, app):
    person.accept()
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken(*_):
        raise RuntimeError("Nguyễn, 33 Oakland")

    desk.save = broken
    answer = person.live_at()

    assert answer.status_code == 500
    assert "Nguyễn" not in answer.text
    assert "on our side" in answer.text


def test_the_log_of_an_error_names_the_place_and_no_person(person, desk, app, caplog):
    person.accept()
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def broken(*_):
        raise RuntimeError("Nguyễn, 33 Oakland")

    desk.save = broken
    person.live_at()

    assert "RuntimeError" in caplog.text
    assert "answer_address" in caplog.text
    for secret in ("Nguyễn", "Oakland", "127.0.0.1"):
        assert secret not in caplog.text


FIELDS = ("address", "unit", "choice", "name", "sort_name", "birth_month", "birth_day", "birth_year", "birth_partly",
          "since_month", "since_day", "since_year", "card", "sworn", "signed", "then", "version")  # fmt: skip
ODD = st.one_of(
    st.text(max_size=40), st.sampled_from(["1", "0", "31", "1990", "9999", "\x00", "yes", "save", "😀" * 99])
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    path=st.sampled_from(["/address", "/name", "/card", "/way", "/contact", "/review", "/check", "/notice"]),
    sent=st.dictionaries(st.sampled_from(FIELDS), ODD, max_size=10),
)
def test_whatever_is_sent_gets_an_answer_in_plain_words(path, sent):
    person = Person(make_portal(MemoryDesk()).test_client())
    person.up_to_review()
    token = hidden(person.get("/review"))

    answer = person.client.post(path, data={**token, **sent})

    assert answer.status_code in {303, 409, 422, 503}
