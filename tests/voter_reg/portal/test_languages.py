"""The portal in other languages: how one is chosen, what changing it keeps, and a made-up one from right to left."""

import re

import pytest
from flask import Flask

from tests.voter_reg.portal.conftest import NAME, SIGN, Person
from tests.voter_reg.portal.desk import MemoryDesk
from voter_reg.language import Words, words
from voter_reg.portal.views import open_portal

MARK = "\u2066¡"
"""Stands before each message of the made-up language."""


def made_up(text):
    return f"{MARK}{text}!\u2069"


@pytest.fixture
def portal():
    app = Flask("voter_reg", static_folder=None)
    tongues = {"en": words("en"), "qps": Words("qps", made_up, "rtl")}
    open_portal(app, MemoryDesk(), "a secret of the tests, long enough for any signer", tongues)
    return app


@pytest.fixture
def person(portal):
    return Person(portal.test_client())


def language_of(answer):
    return re.search(r'<html lang="([^"]+)" dir="([^"]+)"', answer.text).groups()


def test_english_is_for_whoever_asks_for_nothing_else(person):
    assert language_of(person.get("/")) == ("en", "ltr")
    assert language_of(person.client.get("/", headers={"Accept-Language": "sv, qps;q=0.5"})) == ("qps", "rtl")


def test_a_link_changes_the_language_and_the_browser_remembers_it(person):
    assert language_of(person.get("/check?lang=qps")) == ("qps", "rtl")
    assert language_of(person.get("/notice")) == ("qps", "rtl")
    assert language_of(person.get("/notice?lang=en")) == ("en", "ltr")
    assert language_of(person.get("/notice?lang=xx")) == ("en", "ltr")


@pytest.mark.parametrize("path", ["/address", "/name", "/contact"])
def test_changing_the_language_of_a_form_keeps_what_was_typed_and_saves_nothing(person, portal, path):
    person.accept()
    person.live_at()
    person.be()
    person.show_card()
    typed = {"address": "12 Half an addr", "unit": "9", "name": "Half a na", "birth_year": "19", "mail_to": "PO Bo"}

    answer = person.send(path, **typed, then="in-qps")

    assert answer.status_code == 200
    assert language_of(answer) == ("qps", "rtl")
    assert "aria-invalid" not in answer.text
    for field in re.findall(r'<(?:input type="text"|textarea)[^>]* name="(\w+)"', answer.text):
        if field in typed:
            assert typed[field] in answer.text
    assert language_of(person.get(path)) == ("qps", "rtl")
    assert "12 Half" not in person.get("/address").text


def test_changing_it_while_signing_keeps_the_ticks_and_signs_nothing(person):
    person.up_to_review()
    answer = person.send("/review", **SIGN, then="in-qps")

    assert answer.status_code == 200
    assert re.search(r'name="signed" value="yes" checked', answer.text)
    assert 'value="Minh Khai"' in answer.text
    assert person.get("/done").location == "/contact"


def test_a_language_that_is_not_offered_changes_nothing(person):
    person.accept()
    person.live_at()
    answer = person.send("/name", **NAME, then="in-xx")

    assert (answer.status_code, language_of(answer)) == (200, ("en", "ltr"))


def test_every_text_of_every_page_can_be_translated(person):
    """In the made-up language whatever has no mark stands in the code in English: names, addresses, the law's words."""
    person.get("/?lang=qps")
    pages = {path: person.get(path).text for path in ("/", "/check", "/notice", "/shared-device", "/nothing", "/left")}
    person.up_to_review()
    for path in (
        "/address",
        "/address?home=program",
        "/contests/W-3%20P-04",
        "/name",
        "/card",
        "/contact",
        "/review",
        "/save",
    ):
        pages[path] = person.get(path).text
    pages["mistakes"] = person.be(name="", birth_year="", since_year="1").text
    pages["address, mistakes"] = person.live_at("33 Oaklnad Ave N").text
    person.send("/review", **SIGN)
    pages["/done"] = person.get("/done").text
    for path, page in pages.items():
        left = [text for text in texts_of(page) if MARK not in text]
        assert left == [], path


def texts_of(page):
    """What a person reads or hears, without what is nobody's language or the pack's own."""
    page = re.sub(
        r'<div class="law".*?</div>|<ul class="(?:lines|contests|picks)">.*?</ul>|<bdi>.*?</bdi>',
        "",
        page,
        flags=re.DOTALL,
    )
    page = re.sub(
        r'<nav class="tongues.*?</nav>|<p class="code">.*?</p>|<(textarea|aside|title)\b.*?</\1>',
        "",
        page,
        flags=re.DOTALL,
    )
    page = re.sub(r"<main.*?<ul>.*?</ul>", lambda found: re.sub(r"<li>[^<]*</li>", "", found[0]), page, flags=re.DOTALL)
    page = re.sub(r"</?(?:a|b|span)(?: [^>]*)?>", "", page)
    known = re.compile(
        r"[\d\W]*|Minneapolis|DEMONSTRATION\.|English|qps|33 OAKLAND AVE N.*|Minh Khai|(?:January|May) .*|Nguy.*|None",
        re.DOTALL,
    )
    found = re.findall(r">([^<>]*[A-Za-z][^<>]*)<", page) + re.findall(
        r'(?:aria-label|title|data-some|data-none)="([^"]+)"', page
    )
    return [text.strip() for text in found if not known.fullmatch(text.strip())]
