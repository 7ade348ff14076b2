"""Limits on guessing: each layer at its edge, strangers who cannot lock anyone out, and no answer means no."""

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.voter_reg.service.desk_of_staff import ADMIN, AWAY, HOME, OTHER_PASSWORD, PASSWORD, Desk
from voter_reg.back_room import create_back_room
from voter_reg.service import accounts, limits, sign_in
from voter_reg.service.limits import FAMILIAR_FAILURES, STRANGER_FAILURES, TooMany
from voter_reg.service.second_factor import Proof, WrongCode
from voter_reg.service.sign_in import WrongSignIn
from voter_reg.store import attempts
from voter_reg.store.db import db, transaction


@pytest.fixture
def desk(office):
    return Desk(office)


def guess(desk, name="amira", source=HOME, times=1):
    for _ in range(times):
        with pytest.raises(WrongSignIn):
            desk.password(name, OTHER_PASSWORD, source)


def wrong_codes(desk, times):
    for _ in range(times):
        with pytest.raises(WrongCode):
            desk.second(desk.password(), Proof("totp", "000000"))


@pytest.mark.parametrize("name", ["amira", "nobody"])
def test_ten_passwords_in_five_minutes_for_a_name_whether_or_not_there_is_one(desk, name):
    desk.hire()
    guess(desk, name, times=10)

    with pytest.raises(TooMany) as refused:
        desk.password(name, PASSWORD)

    assert 0 < refused.value.seconds <= 301
    desk.later(minutes=4, seconds=59)
    with pytest.raises(TooMany):
        desk.password(name, PASSWORD)
    desk.later(seconds=1)
    guess(desk, name)


def test_ten_in_five_minutes_for_an_account_from_all_unfamiliar_addresses_together(desk):
    desk.hire()
    for number in range(10):
        guess(desk, source=f"203.0.113.{number}")

    with pytest.raises(TooMany):
        desk.password(source="203.0.113.99")


def test_twenty_in_five_minutes_from_one_address_whatever_the_names(desk):
    for number in range(20):
        guess(desk, f"name{number}", AWAY)

    with pytest.raises(TooMany):
        desk.password("another", PASSWORD, AWAY)
    guess(desk, "another", HOME)


def test_neighbours_in_one_ipv6_network_count_as_one_address(desk):
    for number in range(20):
        guess(desk, f"name{number}", f"2001:db8:1:2::{number:x}")

    with pytest.raises(TooMany):
        desk.password("another", PASSWORD, "2001:db8:1:2:ffff::1")
    guess(desk, "another", "2001:db8:1:3::1")


@pytest.mark.parametrize(
    "pair", [("::ffff:192.0.2.7", "192.0.2.7"), ("not an address", ""), ("fe80::1%eth0", "fe80::2")]
)
def test_spellings_of_one_address_and_things_that_are_none_count_together(desk, pair):
    for number in range(20):
        guess(desk, f"name{number}", pair[number % 2])

    with pytest.raises(TooMany):
        desk.password("another", PASSWORD, pair[0])


def test_a_thousand_in_five_minutes_from_everywhere(desk, monkeypatch):
    assert [(layer.most, layer.within) for layer in limits.LAYERS if layer.per == ()] == [(1000, timedelta(minutes=5))]
    small = tuple(
        limits.Layer("password", (), 30, layer.within, layer.familiar) if layer.per == () else layer
        for layer in limits.LAYERS
    )
    monkeypatch.setattr(limits, "LAYERS", small)
    desk.hire()
    desk.sign_in(source=HOME)
    for number in range(30):
        guess(desk, f"name{number}", f"203.0.113.{number}")

    with pytest.raises(TooMany):
        desk.password("another", PASSWORD, AWAY)
    assert desk.password(source=HOME), "a familiar address is not shut out by strangers"


def test_a_stranger_who_keeps_trying_a_name_does_not_lock_its_owner_out(desk):
    desk.hire()
    desk.sign_in(source=HOME)

    for _ in range(12):
        for number in range(11):
            with suppress(TooMany, WrongSignIn):
                desk.password("amira", OTHER_PASSWORD, f"203.0.113.{number}")
        desk.later(minutes=6)

    assert desk.account().blocked, "to strangers it is closed by now"
    with pytest.raises(WrongSignIn):
        desk.password("amira", PASSWORD, AWAY)
    assert desk.sign_in(source=HOME), "and its owner comes in as ever"
    assert not desk.account().blocked
    assert desk.password(source=AWAY)


def test_the_owner_comes_in_while_strangers_have_used_up_the_account_for_now(desk):
    desk.hire()
    desk.sign_in(source=HOME)
    for number in range(10):
        guess(desk, source=f"203.0.113.{number}")

    with pytest.raises(TooMany):
        desk.password(source=AWAY)
    assert desk.sign_in(source=HOME)


def test_an_address_is_familiar_only_after_both_steps_and_for_thirty_days(desk):
    desk.hire()
    desk.password(source=AWAY)
    for number in range(10):
        guess(desk, source=f"203.0.113.{number}")
    with pytest.raises(TooMany):
        desk.password(source=AWAY)

    desk.later(minutes=5)
    desk.sign_in(source=AWAY)
    desk.later(days=30)
    for number in range(10):
        guess(desk, source=f"203.0.113.{number}")
    with pytest.raises(TooMany):
        desk.password(source=AWAY)


def test_a_familiar_address_has_a_limit_as_well(desk):
    desk.hire()
    desk.sign_in(source=HOME)
    guess(desk, source=HOME, times=10)

    with pytest.raises(TooMany):
        desk.password(source=HOME)


def test_two_familiar_addresses_do_not_use_up_each_others_tries(desk):
    desk.hire()
    for source in (HOME, AWAY):
        desk.sign_in(source=source)
    guess(desk, source=HOME, times=10)

    guess(desk, source=AWAY, times=9)
    assert desk.password(source=AWAY)


def test_at_most_a_hundred_failures_in_a_row_and_then_an_administrator_is_needed(desk):
    desk.hire()
    desk.sign_in(source=HOME)
    assert STRANGER_FAILURES + FAMILIAR_FAILURES == 100

    for _ in range(8):
        guess(desk, source=AWAY, times=10)
        desk.later(minutes=5)
    for _ in range(2):
        guess(desk, source=HOME, times=10)
        desk.later(minutes=5)

    for source in (HOME, AWAY):
        with pytest.raises(WrongSignIn):
            desk.password(source=source)
    assert desk.account().blocked
    accounts.unblock(desk.ids["amira"], by=ADMIN, now=desk.now)
    assert not desk.account().blocked
    assert desk.sign_in(source=AWAY)


def test_the_failure_before_the_last_still_leaves_a_try(desk):
    desk.hire()
    for _ in range(7):
        guess(desk, source=AWAY, times=10)
        desk.later(minutes=5)
    guess(desk, source=AWAY, times=9)

    assert not desk.account().blocked
    assert desk.sign_in(source=AWAY)


def test_right_answers_are_not_counted(desk):
    desk.hire()
    for _ in range(12):
        desk.second(desk.password(), desk.next_code())


def test_five_second_factors_in_five_minutes_twenty_an_hour_fifty_a_day(desk):
    desk.hire()
    ends = desk.now + timedelta(days=1)
    tried, refused_at = 0, []
    ticket = None
    while desk.now < ends and tried < 60:
        with suppress(WrongSignIn, TooMany):
            ticket = desk.password()
        try:
            desk.second(ticket, Proof("totp", "000000"))
        except WrongCode:
            tried += 1
        except TooMany:
            refused_at.append(tried)
            desk.later(minutes=5)

    assert refused_at[0] == 5
    assert 20 in refused_at
    assert tried == 50


def test_the_wait_that_is_told_is_the_one_that_is_needed(desk):
    desk.hire()
    with transaction() as session:
        session.execute(text("DELETE FROM staff_attempt"))
    ticket = desk.password()
    marks = dict.fromkeys(("account_mark", "source_mark"), "") | {"familiar": False}
    marks["account_mark"] = desk.gate.vault.index("staff-attempt", "amira")
    with transaction() as session:
        for _ in range(50):
            attempts.add(session, desk.now - timedelta(hours=2), "second-factor", marks)

    with pytest.raises(TooMany) as refused:
        desk.second(ticket, desk.next_code())

    assert abs(refused.value.seconds - timedelta(hours=22).total_seconds()) <= 31
    assert "22 hours" in str(refused.value)
    desk.later(days=-3)
    with pytest.raises(TooMany) as refused:
        desk.second(ticket, desk.next_code())
    assert refused.value.seconds == 24 * 3600 + 1
    assert "minutes" in str(TooMany(61))


def test_all_kinds_of_second_factor_share_one_limit(desk):
    desk.hire()
    ticket = desk.password()
    for kind in ("totp", "recovery-code", "passkey", "totp", "recovery-code"):
        with pytest.raises(WrongCode):
            desk.second(ticket, Proof(kind, "wrong"))

    with pytest.raises(TooMany):
        desk.second(ticket, desk.next_code())


def test_what_is_refused_unchecked_does_not_use_up_a_code(desk):
    desk.hire()
    wrong_codes(desk, 5)
    ticket, code = desk.password(), desk.codes["amira"][0]
    with pytest.raises(TooMany):
        desk.second(ticket, Proof("recovery-code", code))

    desk.later(minutes=5)

    assert desk.second(desk.password(), Proof("recovery-code", code))


def test_a_hundred_wrong_second_factors_in_a_row_need_an_administrator(desk):
    desk.hire()
    with transaction() as session:
        session.execute(text("UPDATE staff_account SET factor_failures = 99"))
    wrong_codes(desk, 1)

    with pytest.raises(WrongCode):
        desk.second(desk.password(), desk.next_code())
    assert desk.account().blocked


def test_limits_survive_a_restart(desk, config):
    desk.hire()
    guess(desk, times=10)

    app, bench, _ = create_back_room(config, clock=desk.office.clock)
    with app.app_context(), pytest.raises(TooMany):
        sign_in.with_password(
            Desk(type("Again", (), {"vault": bench.vault, "now": desk.now})).gate,
            "amira", PASSWORD, source=HOME, now=desk.now,
        )  # fmt: skip


def test_an_attempt_that_cannot_be_counted_is_refused(desk):
    desk.hire()
    with transaction() as session:
        session.execute(text("ALTER TABLE staff_attempt RENAME TO away"))

    with pytest.raises(TooMany):
        desk.password()

    with transaction() as session:
        session.execute(text("ALTER TABLE away RENAME TO staff_attempt"))
    assert desk.password()


def test_being_limited_is_logged_once_in_five_minutes(desk):
    account_id = desk.hire()
    guess(desk, times=10)
    for _ in range(5):
        with pytest.raises(TooMany):
            desk.password()

    assert [entry for entry in desk.logged() if entry[1] == "sign-in-limited"] == [
        ("service", "sign-in-limited", account_id)
    ]


def test_no_address_and_no_unknown_name_is_kept(desk):
    guess(desk, "somebody.else", AWAY)
    with db.engine.connect() as connection:
        rows = str(connection.execute(text("SELECT * FROM staff_attempt")).all())

    assert "somebody" not in rows
    assert "198.51" not in rows


def test_an_address_is_another_hash_each_day(desk):
    guess(desk, "somebody", AWAY)
    desk.later(days=1)
    guess(desk, "somebody", AWAY)
    with db.engine.connect() as connection:
        marks = connection.execute(text("SELECT account_mark, source_mark FROM staff_attempt")).all()

    assert len({mark for mark, _ in marks}) == 1
    assert len({mark for _, mark in marks}) == 2


def test_a_clock_set_back_makes_nobody_wait_longer_than_the_span(desk):
    desk.hire()
    guess(desk, times=10)
    desk.later(days=-1)

    with pytest.raises(TooMany) as refused:
        desk.password()

    assert refused.value.seconds <= 301


def test_old_attempts_are_pruned_and_those_that_count_are_kept(desk):
    desk.hire()
    wrong_codes(desk, 2)
    desk.sign_in()
    desk.later(days=1)

    assert limits.prune_attempts(desk.now - timedelta(minutes=2)) == 0
    assert limits.prune_attempts(desk.now) == 2
    desk.later(days=30)
    assert limits.prune_attempts(desk.now) == 1
