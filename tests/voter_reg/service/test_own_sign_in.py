"""Signing in to one's own record: one answer for everything wrong, limits on both sides, and sessions that end."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from tests.voter_reg.service.own_person import actions, one, registered, rows
from tests.voter_reg.town import card
from voter_reg.service import own_record
from voter_reg.service.own_limits import FREE, MOST_TOGETHER, WAITS, Wait
from voter_reg.service.own_record import NotFound, NotSignedIn
from voter_reg.store import own_record as own_record_store
from voter_reg.store.db import db, transaction
from voter_reg.vault import vault as vault_module


@pytest.fixture
def me(office):
    return registered(office)


@pytest.mark.parametrize("spell", [str, str.lower, lambda code: code.replace("-", " "), lambda code: f" {code} "])
def test_code_and_birth_date_open_the_record_however_the_code_is_typed(me, spell):
    assert me.look(own_record.use(me.sign_in(spell(me.code)), me.office.now)).record.name == "Amina Yusuf"


@pytest.mark.parametrize(
    ("code", "birth"),
    [("7K2M9-QX4TB", None), (None, "1990-01-02"), (None, "1990-01"), (None, "1990"), ("", None), ("x" * 5000, None)],
)
def test_a_wrong_code_and_a_wrong_birth_date_get_one_answer(me, code, birth):
    with pytest.raises(NotFound) as refused:
        me.sign_in(me.code if code is None else code or " ", birth)

    assert str(refused.value) == str(NotFound())


def test_a_birth_date_known_to_the_year_is_typed_as_it_was(office):
    me = registered(office, birth="1990")

    assert me.look().record.birth == "1990"
    with pytest.raises(NotFound):
        me.sign_in(birth="1990-01-01")


def test_another_persons_code_opens_nothing_with_my_birth_date(office, me):
    other = registered(office, card(2), birth="1985-05-05")

    with pytest.raises(NotFound):
        me.sign_in(code=other.code)


def test_who_has_left_gets_the_answer_that_a_stranger_gets(me):
    me.leave()

    with pytest.raises(NotFound):
        me.sign_in()


def wrong_ways(me):
    gone = registered(me.office, card(3))
    gone.leave()
    return {
        "unknown code": ("7K2M9-QX4TB", me.birth),
        "birth date": (me.code, "1991-01-01"),
        "left": (gone.code, me.birth),
    }


def test_every_wrong_way_is_the_same_work(me, monkeypatch):
    done = []

    def counted(method):
        real = getattr(vault_module.Vault, method)

        def call(*args):
            done.append(method)
            return real(*args)

        return call

    for method in ("seal", "open", "index"):
        monkeypatch.setattr(vault_module.Vault, method, counted(method))
    seen = {}
    for name, (code, birth) in wrong_ways(me).items():
        done.clear()
        before = len(actions())
        with pytest.raises(NotFound):
            me.sign_in(code, birth)
        seen[name] = (list(done), actions()[before:])

    assert len({str(one) for one in seen.values()}) == 1, seen
    assert seen["left"][0].count("open") == 1
    assert seen["left"][1] == ["sign-in", "sign-in-refused"]


def test_a_record_whose_key_is_gone_is_not_found(me, monkeypatch):
    def gone(*_):
        raise vault_module.VaultError("gone", "key")

    monkeypatch.setattr("voter_reg.service.own_record.RECORD.open", gone)
    with pytest.raises(NotFound):
        me.sign_in()
    with pytest.raises(NotFound):
        me.sign_in(birth="")


def guess(me, times, code=None):
    for _ in range(times):
        with pytest.raises(NotFound):
            me.sign_in(code, "1900-01-01")


@pytest.mark.parametrize("known", [True, False])
def test_after_five_wrong_tries_with_a_code_each_further_one_waits_longer(me, known):
    code = me.code if known else "7K2M9-QX4TB"
    guess(me, FREE, code)
    for wait in (*WAITS, WAITS[-1]):
        with pytest.raises(Wait) as told:
            me.sign_in(code)
        assert told.value.until == me.office.now + wait
        me.office.later(seconds=wait.total_seconds() - 1)
        with pytest.raises(Wait):
            me.sign_in(code)
        me.office.later(seconds=1)
        guess(me, 1, code)


def test_nobody_is_kept_out_of_their_record_for_longer_than_half_an_hour(me):
    guess(me, FREE)
    for wait in WAITS:
        me.office.later(seconds=wait.total_seconds())
        guess(me, 1)

    me.office.later(minutes=30)
    assert me.look().state == "registered"
    assert max(WAITS) == timedelta(minutes=30)


def test_waiting_for_one_code_holds_up_no_other(office, me):
    other = registered(office, card(2))
    guess(me, FREE)

    assert other.look().state == "registered"


def test_being_refused_here_prolongs_nothing(me):
    guess(me, FREE)
    for _ in range(5):
        with pytest.raises(Wait):
            me.sign_in()

    me.office.later(minutes=1)
    me.sign_in()


def test_signing_in_is_no_attempt_but_takes_no_wrong_one_back(me):
    for _ in range(FREE + 5):
        me.sign_in()
    guess(me, FREE - 1)
    me.sign_in()
    guess(me, 1)

    with pytest.raises(Wait):
        me.sign_in()


def test_wrong_tries_are_forgotten_after_a_day(me):
    guess(me, FREE)
    me.office.later(days=1)
    guess(me, FREE)

    with pytest.raises(Wait):
        me.sign_in()


def test_all_codes_together_have_a_limit_that_ends_within_a_minute(me):
    with transaction() as session:
        for number in range(MOST_TOGETHER):
            own_record_store.add_attempt(session, f"mark {number}", me.office.now)

    with pytest.raises(Wait) as told:
        me.sign_in()
    assert told.value.until == me.office.now + timedelta(minutes=1)
    me.office.later(seconds=59)
    with pytest.raises(Wait):
        me.sign_in()
    me.office.later(seconds=1)
    me.sign_in()


def test_a_clock_set_back_makes_nobody_wait_longer_than_the_limit(me):
    guess(me, FREE)
    me.office.later(hours=-5)

    with pytest.raises(Wait) as told:
        me.sign_in()
    assert told.value.until == me.office.now + WAITS[0]


def test_a_database_that_does_not_answer_means_no(me, monkeypatch):
    def broken(*_):
        raise OperationalError("x", {}, Exception("locked"))

    monkeypatch.setattr("voter_reg.store.own_record.attempts", broken)
    with pytest.raises(Wait):
        me.sign_in()


def test_attempts_keep_neither_code_nor_birth_date_nor_address(me):
    guess(me, 1)

    (mark,) = rows("SELECT mark FROM own_attempt")
    assert me.code.replace("-", "") not in mark
    assert mark not in rows("SELECT code_index FROM voter")


@pytest.mark.parametrize(
    ("idle", "open_still"), [(timedelta(minutes=15) - timedelta(seconds=1), True), (timedelta(minutes=15), False)]
)
def test_a_session_ends_after_fifteen_idle_minutes(me, idle, open_still):
    token = me.sign_in()
    me.office.now += idle

    assert_open(me, token, open_still=open_still)


@pytest.mark.parametrize(("seconds", "open_still"), [(299, True), (300, False)])
def test_on_a_shared_device_it_ends_sooner(me, seconds, open_still):
    token = me.sign_in()
    me.office.later(seconds=seconds)

    assert_open(me, token, open_still=open_still, idle=timedelta(minutes=5))


@pytest.mark.parametrize(("seconds", "open_still"), [(3599, True), (3600, False)])
def test_a_session_ends_after_an_hour_however_busy(me, seconds, open_still):
    token, start = me.sign_in(), me.office.now
    for _ in range(4):
        me.office.later(minutes=14)
        own_record.use(token, me.office.now)
    me.office.now = start + timedelta(seconds=seconds)

    assert_open(me, token, open_still=open_still)


def assert_open(me, token, *, open_still, idle=own_record.IDLE):
    if open_still:
        assert own_record.use(token, me.office.now, idle=idle)
    else:
        with pytest.raises(NotSignedIn):
            own_record.use(token, me.office.now, idle=idle)
        me.office.later(hours=-2)
        with pytest.raises(NotSignedIn):
            own_record.use(token, me.office.now, idle=idle)


def test_a_session_ends_when_its_browser_leaves_and_others_go_on(me):
    first, second = me.sign_in(), me.sign_in()
    own_record.end(first)

    with pytest.raises(NotSignedIn):
        own_record.use(first, me.office.now)
    assert own_record.use(second, me.office.now)


@pytest.mark.parametrize("token", ["", "x", "é" * 43, "\x00" * 43])
def test_a_token_that_nobody_was_given_opens_nothing(me, token):
    with pytest.raises(NotSignedIn):
        own_record.use(token, me.office.now)


def test_the_database_does_not_hold_the_token(me):
    token = me.sign_in()

    assert token not in str(rows("SELECT id FROM own_session"))


def test_what_ended_by_itself_is_pruned_and_nothing_else(me):
    guess(me, 1)
    me.sign_in()
    assert own_record.prune(me.office.now) == 0

    me.office.later(minutes=15)
    assert own_record.prune(me.office.now) == 1
    me.office.later(days=1)
    assert own_record.prune(me.office.now) == 1
    assert one("SELECT count(*) FROM own_attempt") == 0


def test_signing_in_is_in_the_log_before_the_record_is_opened(me, monkeypatch):
    def broken(*_):
        raise RuntimeError

    monkeypatch.setattr("voter_reg.service.own_record.RECORD.open", broken)
    with pytest.raises(RuntimeError):
        me.sign_in()

    db.session.rollback()
    assert actions() == ["sign-in"]
