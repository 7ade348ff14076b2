"""Sessions of staff: their two ends, who ends them, roles read anew, and fresh confirmation."""

from datetime import timedelta

import pytest

from tests.voter_reg.service.desk_of_staff import ADMIN, HOME, OTHER_PASSWORD, PASSWORD, Desk
from voter_reg.roles import Role
from voter_reg.service import accounts, own_account, sessions
from voter_reg.service.actors import staff
from voter_reg.service.administrators import NotAllowed
from voter_reg.service.passwords import PasswordRefused
from voter_reg.service.second_factor import Proof, WrongCode
from voter_reg.service.sessions import ConfirmFirst, SessionGone, require_confirmed
from voter_reg.service.sign_in import WrongSignIn


@pytest.fixture
def desk(office):
    return Desk(office)


def test_a_session_ends_after_thirty_idle_minutes_and_no_sooner(desk):
    desk.hire()
    token = desk.sign_in().token

    desk.later(minutes=29, seconds=59)
    desk.use(token)
    desk.later(minutes=29, seconds=59)
    assert desk.use(token).ends_at == desk.now + timedelta(minutes=30)
    desk.later(minutes=30)
    with pytest.raises(SessionGone):
        desk.use(token)


def test_a_session_ends_after_twelve_hours_however_busy(desk):
    desk.hire()
    signed_in = desk.sign_in()
    for _ in range(35):
        desk.later(minutes=20)
        desk.use(signed_in.token)

    desk.later(minutes=19, seconds=59)
    assert desk.use(signed_in.token).ends_at == signed_in.session.started_at + timedelta(hours=12)
    desk.later(seconds=1)
    with pytest.raises(SessionGone):
        desk.use(signed_in.token)


def test_a_clock_set_back_revives_nothing(desk):
    desk.hire()
    idle, busy = desk.sign_in().token, desk.sign_in().token
    desk.later(minutes=30)
    with pytest.raises(SessionGone):
        desk.use(idle)

    desk.later(minutes=-20)
    with pytest.raises(SessionGone):
        desk.use(idle)
    desk.use(busy)
    desk.later(minutes=19)
    assert desk.use(busy).seen_at == desk.now
    desk.later(hours=-2)
    assert desk.use(busy).seen_at == desk.now + timedelta(hours=2)
    desk.later(hours=2, minutes=30)
    with pytest.raises(SessionGone):
        desk.use(busy)


def test_a_confirmation_does_not_last_longer_by_a_clock_set_back(desk):
    desk.hire()
    token = desk.confirmed()
    desk.later(minutes=5)
    assert not desk.use(token).confirmed

    desk.later(minutes=-4)

    assert not desk.use(token).confirmed


def test_an_ended_session_is_removed_and_told(desk):
    account_id = desk.hire()
    token = desk.sign_in().token
    desk.later(hours=1)
    with pytest.raises(SessionGone):
        desk.use(token)

    assert desk.logged()[-1] == ("service", "session-expired", account_id)
    assert sessions.prune(desk.now) == 0


def test_signing_out_ends_that_session_alone(desk):
    desk.hire()
    first, second = desk.sign_in().token, desk.sign_in().token

    sessions.sign_out(first, desk.now)
    sessions.sign_out(first, desk.now)

    assert desk.use(second)
    with pytest.raises(SessionGone):
        desk.use(first)
    assert desk.actions().count("signed-out") == 1


def test_owners_see_and_end_their_sessions(desk):
    account_id = desk.hire()
    old, new = desk.sign_in(), desk.sign_in()

    listed = sessions.of_account(account_id, desk.now)
    sessions.end(old.session.id, account_id, by=staff("amira", "clerk"), now=desk.now)

    assert [one.id for one in listed] == [new.session.id, old.session.id]
    assert [one.id for one in sessions.of_account(account_id, desk.now)] == [new.session.id]
    with pytest.raises(SessionGone):
        desk.use(old.token)
    assert "session-ended" in desk.actions()


def test_a_list_of_sessions_leaves_out_those_that_have_ended_by_themselves(desk):
    account_id = desk.hire()
    desk.sign_in()
    desk.later(minutes=30)

    assert sessions.of_account(account_id, desk.now) == []
    assert sessions.of_account("nobody", desk.now) == []


def test_an_id_from_the_list_is_no_token(desk):
    desk.hire()

    with pytest.raises(SessionGone):
        desk.use(desk.sign_in().session.id)


def test_only_owner_and_administrators_end_sessions(desk):
    amira, bilan = desk.hire("amira"), desk.hire("bilan")
    token = desk.sign_in("amira").token
    ended = desk.use(token).id

    for by in (staff("bilan", "clerk"), staff("bilan", "head-judge")):
        with pytest.raises(NotAllowed):
            sessions.end(ended, amira, by=by, now=desk.now)
        with pytest.raises(NotAllowed):
            sessions.end_all(amira, by=by, now=desk.now)
    sessions.end(ended, bilan, by=staff("bilan", "clerk"), now=desk.now)
    assert desk.use(token)

    assert sessions.end_all(amira, by=ADMIN, now=desk.now) == 1
    with pytest.raises(SessionGone):
        desk.use(token)


def test_roles_are_read_at_each_request(desk):
    account_id = desk.hire("amira", Role.CLERK)
    token = desk.sign_in().token

    accounts.set_roles(account_id, [Role.REVIEWER], by=ADMIN, now=desk.now)
    session = desk.use(token)

    assert session.roles == {Role.REVIEWER}
    assert session.actor(Role.REVIEWER) == staff("amira", "reviewer")
    with pytest.raises(NotAllowed):
        session.actor(Role.CLERK)


def test_disabling_ends_every_session_at_once(desk):
    account_id = desk.hire()
    tokens = [desk.sign_in().token for _ in range(2)]

    accounts.disable(account_id, by=ADMIN, now=desk.now)

    for token in tokens:
        with pytest.raises(SessionGone):
            desk.use(token)


def test_a_confirmation_is_good_for_five_minutes_and_turns_the_token(desk):
    desk.hire()
    before = desk.sign_in()
    with pytest.raises(ConfirmFirst):
        require_confirmed(before.session)

    after = desk.confirm(before.token)

    assert after.token != before.token
    assert after.session.started_at == before.session.started_at
    with pytest.raises(SessionGone):
        desk.use(before.token)
    desk.later(minutes=4, seconds=59)
    require_confirmed(desk.use(after.token))
    desk.later(seconds=1)
    with pytest.raises(ConfirmFirst):
        require_confirmed(desk.use(after.token))
    assert "confirmed" in desk.actions()


def test_a_confirmation_needs_both_factors_again(desk):
    desk.hire()
    token = desk.sign_in().token

    with pytest.raises(WrongSignIn):
        desk.confirm(token, password=OTHER_PASSWORD)
    with pytest.raises(WrongCode):
        desk.confirm(token, proof=Proof("totp", "000000"))
    used = desk.next_code()
    token = desk.confirm(token, proof=used).token
    with pytest.raises(WrongCode):
        desk.confirm(token, proof=used)

    with pytest.raises(SessionGone):
        desk.confirm("made up", proof=desk.next_code())
    assert desk.use(token)


def test_a_new_password_ends_the_other_sessions_and_tickets(desk):
    desk.hire()
    other, ticket = desk.sign_in().token, desk.password()
    token = desk.confirmed()

    own_account.change_password(desk.gate, token, OTHER_PASSWORD, desk.now)

    assert desk.use(token)
    with pytest.raises(SessionGone):
        desk.use(other)
    with pytest.raises(Exception, match="begin again"):
        desk.second(ticket, desk.next_code())
    with pytest.raises(WrongSignIn):
        desk.password(password=PASSWORD)
    assert desk.sign_in(password=OTHER_PASSWORD)
    assert "password-changed" in desk.actions()


def test_a_bad_new_password_changes_nothing(desk):
    desk.hire()
    token = desk.confirmed()

    with pytest.raises(PasswordRefused):
        own_account.change_password(desk.gate, token, "too short", desk.now)

    assert desk.password()


def test_a_new_app_replaces_the_old_and_ends_the_other_sessions(desk):
    desk.hire()
    other, token = desk.sign_in().token, desk.confirmed()
    offer = own_account.offer_totp(desk.gate, token, desk.now)
    assert offer == own_account.offer_totp(desk.gate, token, desk.now)
    assert "amira" in offer.uri

    with pytest.raises(WrongCode):
        own_account.change_totp(desk.gate, token, desk.code(), source=HOME, now=desk.now)
    old, desk.secrets["amira"] = desk.secrets["amira"], offer.secret
    own_account.change_totp(desk.gate, token, desk.code(), source=HOME, now=desk.now)

    with pytest.raises(SessionGone):
        desk.use(other)
    with pytest.raises(WrongCode):
        desk.second(desk.password(), Proof("totp", desk.code()))
    assert old != offer.secret
    assert desk.sign_in()
    assert "totp-changed" in desk.actions()


def test_new_recovery_codes_end_the_old(desk):
    desk.hire()
    old, token = desk.codes["amira"], desk.confirmed()

    new = own_account.new_recovery_codes(desk.gate, token, desk.now)

    assert not set(new) & set(old)
    with pytest.raises(WrongCode):
        desk.second(desk.password(), Proof("recovery-code", old[0]))
    assert desk.second(desk.password(), Proof("recovery-code", new[0]))


def test_what_changes_a_factor_asks_for_a_confirmation_first(desk):
    desk.hire()
    token = desk.sign_in().token

    for change in (
        lambda: own_account.change_password(desk.gate, token, OTHER_PASSWORD, desk.now),
        lambda: own_account.offer_totp(desk.gate, token, desk.now),
        lambda: own_account.change_totp(desk.gate, token, "123456", source=HOME, now=desk.now),
        lambda: own_account.new_recovery_codes(desk.gate, token, desk.now),
        lambda: own_account.offer_passkey(desk.gate, token, desk.now),
        lambda: own_account.add_passkey(desk.gate, token, "{}", "key", desk.now),
        lambda: own_account.remove_passkey(desk.gate, token, "key", desk.now),
    ):
        with pytest.raises(ConfirmFirst):
            change()


def test_what_has_ended_by_itself_is_pruned(desk):
    desk.hire()
    desk.sign_in()
    desk.password()
    desk.later(minutes=29)
    kept = desk.sign_in().token

    desk.later(minutes=1)

    assert sessions.prune(desk.now) == 2
    assert desk.use(kept)
    desk.later(days=31)
    assert sessions.prune(desk.now) == 2
