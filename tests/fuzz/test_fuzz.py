"""The short run of the fuzzer, and that it would notice. `make test-fuzz` sends a hundred thousand posts."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from tests.fuzz.books import in_clear
from tests.fuzz.checks import wrong_with
from tests.fuzz.run import Fuzzer, Wrong
from tests.fuzz.sending import Answer, OverHttp, Sent
from tests.fuzz.values import MARK, TAG
from tests.fuzz.visitors import STATES, Visitor
from tests.running import Installation
from voter_reg.web.headers import HEADERS

PAGE = Answer(
    200, [*HEADERS, ("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")], b"<title>Page</title>"
)
LOGGED_TWICE = (
    "INSERT INTO log_entry (at, actor, role, purpose, action, subject, count) SELECT at, actor, role, purpose,"
    " action, subject, count FROM log_entry WHERE action = 'register' LIMIT 1"
)
ASKED = Sent("POST", "/name")


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory):
    """A portal after the short run, which ends by itself at anything wrong."""
    fuzzer = Fuzzer(tmp_path_factory.mktemp("fuzzed"), seed=5)
    fuzzer.run(900)
    return fuzzer


@pytest.mark.slow
def test_whatever_is_sent_to_any_form_nothing_breaks_and_no_row_is_half_saved(fuzzed):
    assert fuzzed.tally.posts >= 900
    assert fuzzed.tally.rows["voter"] > 5
    assert set(fuzzed.tally.sent) >= set(fuzzed.posted)


@pytest.mark.slow
def test_most_forms_take_some_of_it_so_that_the_fuzzer_comes_behind_the_first_check(fuzzed):
    never = set(fuzzed.posted) - set(fuzzed.tally.taken)

    assert never <= {"/vouch", "/resume/<sealed>", "/card/photo", "/papers"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("DELETE FROM job", "neither decided on nor to be"),
        ("DELETE FROM review", "who waits without a review"),
        ("DELETE FROM match_key", "without keys to be matched by"),
        ("UPDATE voter SET sealed = substr(sealed, 1, 40)", "whose record does not open"),
        ("UPDATE draft SET sealed = substr(sealed, 1, 40), version = 99", "a draft that no token opens"),
        (LOGGED_TWICE, "of whom the log knows"),
        ("UPDATE resume SET draft_hash = id", "a link to no draft"),
        ("UPDATE voter SET id = id || 'x'", "a vouching code of nobody"),
        (f"UPDATE job SET problem = '{MARK.upper()}'", "stands in voter_reg.sqlite3"),
    ],
)
def test_a_half_saved_row_and_a_word_in_clear_are_noticed(fuzzed, tmp_path, harm, told):
    harmed = replace(fuzzed.books, config=replace(fuzzed.books.config, instance_dir=tmp_path), seen={})
    with closing(sqlite3.connect(fuzzed.books.file)) as whole, closing(sqlite3.connect(harmed.file)) as copy:
        whole.backup(copy)
        assert list(harmed.wrong(fuzzed.door.tokens)) == []
        harmed.seen.clear()
        copy.execute(harm)
        copy.commit()

    assert told in "; ".join(harmed.wrong(fuzzed.door.tokens))


@pytest.mark.slow
def test_a_portal_that_fails_is_told_with_the_seed_and_the_request(tmp_path):
    fuzzer = Fuzzer(tmp_path, seed=6)
    fuzzer.door.app.config["PROPAGATE_EXCEPTIONS"] = False
    fuzzer.desk.start = None

    with pytest.raises(Wrong, match="status 500") as wrong:
        fuzzer.run(900)

    assert "seed 6, post " in str(wrong.value)
    assert "POST /notice" in str(wrong.value)


@pytest.mark.slow
def test_a_portal_as_it_is_served_answers_as_well(tmp_path, town_map):
    fuzzer, installation = Fuzzer(tmp_path / "made", seed=8), Installation(tmp_path, "minneapolis", town_map, [])
    with installation.serving(worker=False):
        browser = OverHttp(fuzzer.door, port=installation.portal_port)
        visitor = STATES["at the name"][1](Visitor("served", browser, fuzzer.forms, 1))
        for rule in fuzzer.posted * 4:
            sent = fuzzer.post(visitor, rule)
            if not sent.path.isascii() or len(sent.path) > 2_000 or not sent.headers[0][1].isascii():
                continue  # what the server itself refuses is another test's
            sent = replace(sent, headers=sent.headers[:1])
            assert (list(wrong_with(sent, browser.send(sent), stopped=False)), str(sent)) == ([], str(sent))

    assert "".join(in_clear(path.read_bytes()) for path in tmp_path.glob("*.log")) == ""


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (PAGE, ""),
        (replace(PAGE, status=500), "status 500"),
        (replace(PAGE, status=503), "status 503"),
        (replace(PAGE, body=b"<p>No title</p>"), "without a title"),
        (replace(PAGE, body=PAGE.body + TAG.upper().encode()), "as it was sent"),
        (replace(PAGE, body=PAGE.body + b"62615533"), "as it was sent"),
        (replace(PAGE, body=PAGE.body + b"Traceback (most recent call last)"), "its inside"),
        (replace(PAGE, headers=PAGE.headers[1:]), "header Content-Security-Policy"),
        (replace(PAGE, headers=[*PAGE.headers, ("Set-Cookie", "other=1")]), "sets another cookie"),
        (replace(PAGE, headers=[*PAGE.headers, ("X", f"a {MARK}")]), "gives back"),
        (replace(PAGE, status=303, headers=[*PAGE.headers, ("Location", "//evil.example")]), "leads elsewhere"),
        (replace(PAGE, status=303, headers=[*PAGE.headers, ("Location", "/done")]), ""),
    ],
)
def test_what_is_wrong_with_an_answer_is_noticed(answer, told):
    found = "; ".join(wrong_with(ASKED, answer, stopped=False))

    assert told in found
    assert bool(told) == bool(found)


@pytest.mark.parametrize(
    ("path", "stopped", "fine"), [("/card", False, True), ("/name", True, True), ("/name", False, False)]
)
def test_unavailable_is_an_answer_only_where_cards_are_asked_about_or_all_is_stopped(path, stopped, fine):
    found = list(wrong_with(Sent("POST", path), replace(PAGE, status=503), stopped=stopped))

    assert (found == []) == fine
