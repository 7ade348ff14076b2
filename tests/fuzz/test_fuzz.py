"""The short run of the fuzzer, and that it would notice. `make test-fuzz` sends a hundred thousand posts."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.fuzz.books import in_clear
from tests.fuzz.checks import wrong_with
from tests.fuzz.reached import is_accepted, opens_record
from tests.fuzz.run import Fuzzer, Wrong
from tests.fuzz.sending import Answer, OverHttp, Sent
from tests.fuzz.values import MARK, TAG
from tests.fuzz.visitor import Visitor
from tests.fuzz.visitors import STATES
from tests.running import free_port, wait_for
from voter_reg.web.headers import HEADERS

PAGE = Answer(
    200, [*HEADERS, ("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")], b"<title>Page</title>"
)
LOGGED_TWICE = (
    "INSERT INTO log_entry (at, actor, role, purpose, action, subject, count) SELECT at, actor, role, purpose,"
    " action, subject, count FROM log_entry WHERE action = 'register' LIMIT 1"
)
ASKED = Sent("POST", "/name")


DEEP = {
    "registering": {"/review"},
    "saving for later": {"/save"},
    "vouching": {"/vouch/oath"},
    "changing the own record": {"/record/name", "/record/address", "/record/dates"},
    "proving a new home": {"/record/card"},
    "the own papers": {"/record/papers"},
    "letters": {"/record/letters"},
    "leaving": {"/record/leave"},
}
"""The last form of each group; one of them must have done what it is for."""


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory):
    """A portal after the short run, which ends by itself at anything wrong."""
    fuzzer = Fuzzer(tmp_path_factory.mktemp("fuzzed"), seed=1, posts_each=20)
    fuzzer.run(20 * len(STATES))
    return fuzzer


@pytest.mark.slow
def test_whatever_is_sent_to_any_form_nothing_breaks_and_no_row_is_half_saved(fuzzed):
    assert fuzzed.tally.posts >= 20 * len(STATES)
    assert fuzzed.tally.rows["voter"] > 5
    assert set(fuzzed.tally.sent) >= set(fuzzed.posted)


@pytest.mark.slow
@pytest.mark.parametrize("group", DEEP)
def test_the_last_form_of_each_group_is_accepted_now_and_then_so_that_the_fuzzer_comes_behind_every_check(
    fuzzed, group
):
    assert sum(fuzzed.tally.accepted[rule] for rule in DEEP[group]) > 0


@pytest.mark.slow
@pytest.mark.parametrize("deed", ["register", "vouched", "vouched-for", "signed-in", "leave", "form", "look"])
def test_the_log_says_that_it_was_done(fuzzed, deed):
    assert fuzzed.tally.done[deed] > 0


@pytest.mark.slow
def test_some_who_leave_are_gone_and_some_are_kept_with_the_list_that_names_them(fuzzed):
    kept = fuzzed.tally.rows["left and kept with a list"]

    assert 0 < kept < fuzzed.tally.done["leave"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("DELETE FROM job", "neither decided on nor to be"),
        ("DELETE FROM review", "who waits without a review"),
        ("DELETE FROM match_key", "without keys to be matched by"),
        ("UPDATE voter SET sealed = substr(sealed, 1, 40)", "whose record does not open"),
        ("UPDATE draft SET sealed = substr(sealed, 1, 40), version = 99", "a draft that no token opens"),
        (LOGGED_TWICE, "of whom the log knows 2 registrations"),
        ("UPDATE resume SET draft_hash = id", "a link to no draft"),
        ("UPDATE voter SET id = id || 'x'", "a vouching_code of nobody"),
        (f"UPDATE job SET problem = '{MARK.upper()}'", "stands in voter_reg.sqlite3"),
        ("DELETE FROM voter WHERE state = 'active'", "is gone, of whom the log knows that they left 0 times"),
        ("DELETE FROM log_entry WHERE action = 'leave'", "left and left 0 times"),
        ("UPDATE voter SET state = 'left' WHERE state = 'active'", "a voter who is left and left 0 times"),
        ("UPDATE voter SET state = 'active' WHERE state = 'waiting'", "on the roll whose home nobody proved"),
        ("UPDATE voter SET code_index = id WHERE state = 'left'", "has left and can still be found"),
        ("DELETE FROM roster", "has left and is on no list"),
        ("UPDATE voter SET split = 'C-3' WHERE state <> 'left'", "another precinct than their address"),
        ("UPDATE voter SET match_index = id WHERE state <> 'left'", "matched by another name"),
        ("UPDATE voter SET key_id = '2031-01'", "under another key than the row says"),
        ("DELETE FROM log_entry WHERE action LIKE 'change-%'", "other changes than the log knows"),
        ("DELETE FROM log_entry WHERE action = 'signed-in'", "a session that nobody signed in to"),
        ("UPDATE own_session SET id = id || 'x'", "a session that was given to nobody"),
        ("DELETE FROM log_entry WHERE action = 'vouched-for'", "used without an oath"),
        ("DELETE FROM vouching_code", "without the code that a voucher needs"),
        ("UPDATE vouching_count SET count = 3", "are counted"),
    ],
)
def test_a_half_saved_row_and_a_word_in_clear_are_noticed(fuzzed, tmp_path, harm, told):
    harmed = replace(fuzzed.books, config=replace(fuzzed.books.config, instance_dir=tmp_path), seen={}, forms={})
    with closing(sqlite3.connect(fuzzed.books.file)) as whole, closing(sqlite3.connect(harmed.file)) as copy:
        whole.backup(copy)
        assert list(harmed.wrong(fuzzed.door)) == []
        harmed.seen.clear()
        for (trigger,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            copy.execute(f"DROP TRIGGER {trigger}")  # they keep the log from being harmed at all
        copy.execute(harm)
        copy.commit()

    assert told in "; ".join(harmed.wrong(fuzzed.door))


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
@pytest.mark.parametrize("state", ["at the name", "in the own record, waiting"])
def test_a_portal_as_it_is_served_answers_as_well(fuzzed, served, state):
    browser = OverHttp(fuzzed.door, port=served.port)
    visitor = STATES[state][1](Visitor(state, browser, fuzzed.forms, 1))
    # Whoever leaves, or shares the device, is asked for a new page before anything else is looked at.
    for rule in sorted(fuzzed.posted, key=lambda rule: (rule in {"/leave", "/record/leave", "/shared-device"}, rule)):
        sent = fuzzed.post(visitor, rule)
        if not sent.path.isascii() or len(sent.path) > 2_000 or not sent.headers[0][1].isascii():
            continue  # what the server itself refuses is another test's
        sent = replace(sent, headers=sent.headers[:1])
        assert (list(wrong_with(sent, visitor.send(sent), stopped=False)), str(sent)) == ([], str(sent))

    assert list(fuzzed.books.wrong(fuzzed.door)) == []
    assert in_clear(served.log.read_bytes()) == ""


@dataclass(frozen=True)
class Served:
    """A portal behind the server that serves it, and what that writes."""

    port: int
    log: Path


@pytest.fixture(scope="module")
def served(fuzzed, tmp_path_factory):
    """The fuzzed installation's portal, served."""
    found = Served(free_port(), tmp_path_factory.mktemp("served") / "portal.log")
    command = [sys.executable, "-m", "voter_reg", "serve", "portal", "--port", str(found.port)]
    place = {**os.environ, "VOTER_REG_INSTANCE_DIR": str(fuzzed.books.config.instance_dir)}
    with found.log.open("wb") as log, subprocess.Popen(command, env=place, stdout=log, stderr=log) as portal:
        try:
            wait_for(found.port)
            yield found
        finally:
            portal.send_signal(signal.SIGINT)  # at once: nobody is being served any more


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
    ("rule", "status", "headers", "accepted", "opens"),
    [
        ("/record", 303, [("Location", "/record"), ("Set-Cookie", "__Host-record=abc; Path=/")], True, True),
        ("/record", 422, [], False, False),
        ("/record/name", 303, [("Location", "/record")], True, True),
        ("/record/name", 303, [("Location", "/record"), ("Set-Cookie", "__Host-record=; Max-Age=0")], False, False),
        ("/record/name", 200, [], False, True),
        ("/record/name", 400, [], False, False),
        ("/record/leave", 200, [("Set-Cookie", "__Host-record=; Max-Age=0")], True, False),
        ("/record/leave", 200, [], False, True),
        ("/name", 303, [("Location", "/card")], True, False),
        ("/name", 303, [("Location", "/address")], False, False),
        ("/vouch/oath", 303, [("Location", "/vouch/done")], True, False),
    ],
)
def test_a_form_that_did_what_it_is_for_is_told_from_one_that_was_only_answered(rule, status, headers, accepted, opens):
    answer = Answer(status, headers, b"")

    assert (is_accepted(rule, answer), opens_record(rule, answer)) == (accepted, opens)


@pytest.mark.parametrize(
    ("path", "stopped", "fine"),
    [("/card", False, True), ("/record/card", False, True), ("/name", True, True), ("/name", False, False)],
)
def test_unavailable_is_an_answer_only_where_cards_are_asked_about_or_all_is_stopped(path, stopped, fine):
    found = list(wrong_with(Sent("POST", path), replace(PAGE, status=503), stopped=stopped))

    assert (found == []) == fine
