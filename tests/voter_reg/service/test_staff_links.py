"""One-time links: setting up, resetting one factor and never both, and one answer to every link that is dead."""

from datetime import timedelta

import pytest
from itsdangerous import URLSafeTimedSerializer

from tests.voter_reg.service.desk_of_staff import ADMIN, HOME, OTHER_PASSWORD, PASSWORD, Desk
from voter_reg.roles import Role
from voter_reg.service import accounts, enrolment, sign_in, staff_links
from voter_reg.service.actors import staff
from voter_reg.service.administrators import NotAllowed
from voter_reg.service.gate import Gate
from voter_reg.service.limits import TooMany
from voter_reg.service.passwords import PasswordRefused
from voter_reg.service.second_factor import Proof, WrongCode
from voter_reg.service.sessions import SessionGone
from voter_reg.service.sign_in import TicketGone, WrongSignIn
from voter_reg.service.staff_links import PATH, LinkGone, ResetRefused

SECOND_ADMIN = staff("zahra.admin", "administrator")


@pytest.fixture
def desk(office):
    return Desk(office)


def reset(desk, factor, by=ADMIN, name="amira"):
    issue = staff_links.reset_password if factor == "password" else staff_links.reset_second_factor
    return issue(desk.gate, desk.ids[name], by=by, now=desk.now).path.removeprefix(PATH)


def set_password(desk, link, proof=None, password=OTHER_PASSWORD):
    shown = proof or desk.next_code()
    return enrolment.set_new_password(desk.gate, link, password, shown, source=HOME, now=desk.now)


def set_factor(desk, link, password=PASSWORD, code=None):
    offer = enrolment.open_link(desk.gate, link, desk.now).offer
    before, desk.secrets["amira"] = desk.secrets["amira"], offer.secret
    try:
        typed = code or desk.code()
        codes = enrolment.set_new_second_factor(desk.gate, link, password, typed, source=HOME, now=desk.now)
    except Exception:
        desk.secrets["amira"] = before
        raise
    return codes


def test_an_invitation_sets_up_the_account_in_one_step(desk):
    link = desk.invite("amira", Role.CLERK)
    opened = enrolment.open_link(desk.gate, link, desk.now)
    assert (opened.purpose, opened.account_name, opened.kinds) == ("invitation", "amira", ())
    assert opened.expires_at == desk.now + timedelta(hours=24)
    assert desk.account().state == "invited"

    desk.accept(link)

    account = desk.account()
    assert (account.state, account.recovery_codes_left, account.passkeys) == ("active", 10, 0)
    assert len(desk.codes["amira"]) == 10
    assert desk.sign_in()


def test_the_offered_secret_stays_the_same_for_a_link_and_is_another_for_each(desk):
    link, other = desk.invite("amira"), desk.invite("bilan")

    offers = [enrolment.open_link(desk.gate, one, desk.now).offer for one in (link, link, other)]

    assert offers[0] == offers[1] != offers[2]
    assert len(offers[0].secret) == 32
    assert offers[0].uri.startswith("otpauth://totp/")


def test_nothing_half_set_up_is_left_by_a_wrong_code_or_a_bad_password(desk):
    link = desk.invite()
    offer = enrolment.open_link(desk.gate, link, desk.now).offer

    with pytest.raises(WrongCode):
        enrolment.accept_invitation(desk.gate, link, PASSWORD, "000000", source=HOME, now=desk.now)
    with pytest.raises(PasswordRefused):
        enrolment.accept_invitation(desk.gate, link, "password1234567", "000000", source=HOME, now=desk.now)

    assert desk.account().state == "invited"
    assert enrolment.open_link(desk.gate, link, desk.now).offer == offer
    assert desk.accept(link)


def test_codes_for_an_invitation_are_limited(desk):
    link = desk.invite()
    for _ in range(5):
        with pytest.raises(WrongCode):
            enrolment.accept_invitation(desk.gate, link, PASSWORD, "000000", source=HOME, now=desk.now)

    with pytest.raises(TooMany):
        desk.accept(link)


def test_a_link_works_once(desk):
    link = desk.invite()
    desk.accept(link)
    desk.later(seconds=30)

    for follow in (
        lambda: enrolment.open_link(desk.gate, link, desk.now),
        lambda: enrolment.accept_invitation(desk.gate, link, PASSWORD, desk.code(), source=HOME, now=desk.now),
    ):
        with pytest.raises(LinkGone):
            follow()


@pytest.mark.parametrize(("hours", "seconds", "good"), [(23, 3599, True), (24, 0, False), (24, 1, False)])
def test_a_link_is_good_for_twenty_four_hours(desk, hours, seconds, good):
    link = desk.invite()
    desk.later(hours=hours, seconds=seconds)

    if good:
        assert desk.accept(link)
    else:
        with pytest.raises(LinkGone):
            enrolment.open_link(desk.gate, link, desk.now)


def test_forged_links_are_gone(desk):
    link = desk.invite()
    payload = link.split(".", maxsplit=1)[0]
    foreign = Gate(desk.gate.vault, "x" * 40, desk.gate.origin, desk.gate.passwords)
    forged = [
        "", "x", "..", "\ud800", "é", "a" * 100_000, payload, link[:-1], link + "A", link[:-1] + "!",
        ("B" if link[0] != "B" else "C") + link[1:],
        URLSafeTimedSerializer("o" * 40, salt="another").dumps("nonce"),
        staff_links._serializer(desk.gate, desk.now).dumps("a nonce nobody was given"),
        staff_links._serializer(desk.gate, desk.now).dumps({"a": 1}),
        staff_links._serializer(foreign, desk.now).dumps("nonce"),
    ]  # fmt: skip

    for one in forged:
        with pytest.raises(LinkGone):
            enrolment.open_link(desk.gate, one, desk.now)
    assert desk.accept(link)


def test_a_newer_link_replaces_an_older_one(desk):
    desk.hire()
    older, newer = reset(desk, "password"), reset(desk, "password")

    with pytest.raises(LinkGone):
        enrolment.open_link(desk.gate, older, desk.now)
    assert enrolment.open_link(desk.gate, newer, desk.now)


def test_a_link_is_good_for_its_own_purpose_alone(desk):
    desk.hire()
    link = reset(desk, "password")

    with pytest.raises(LinkGone):
        enrolment.accept_invitation(desk.gate, link, PASSWORD, desk.code(), source=HOME, now=desk.now)
    with pytest.raises(LinkGone):
        enrolment.set_new_second_factor(desk.gate, link, PASSWORD, desk.code(), source=HOME, now=desk.now)
    link = reset(desk, "second-factor", by=SECOND_ADMIN)
    with pytest.raises(LinkGone):
        set_password(desk, link)
    with pytest.raises(LinkGone):
        enrolment.passkey_options(desk.gate, link, desk.now)


def test_a_password_reset_still_asks_for_the_second_factor(desk):
    desk.hire()
    token = desk.sign_in().token
    link = reset(desk, "password")
    opened = enrolment.open_link(desk.gate, link, desk.now)

    assert (opened.offer, opened.kinds) == (None, ("totp", "recovery-code"))
    with pytest.raises(SessionGone):
        desk.use(token)
    with pytest.raises(WrongCode):
        set_password(desk, link, Proof("totp", "000000"))
    with pytest.raises(PasswordRefused):
        set_password(desk, link, password="short")
    assert desk.sign_in(), "until the link is followed the old password holds"

    token = desk.sign_in().token
    set_password(desk, link)

    with pytest.raises(SessionGone):
        desk.use(token)
    with pytest.raises(WrongSignIn):
        desk.password(password=PASSWORD)
    assert desk.sign_in(password=OTHER_PASSWORD)
    with pytest.raises(LinkGone):
        set_password(desk, link)


def test_a_password_reset_takes_a_recovery_code_once(desk):
    desk.hire()
    link, code = reset(desk, "password"), Proof("recovery-code", desk.codes["amira"][0])

    set_password(desk, link, code)

    with pytest.raises(WrongCode):
        desk.second(desk.password(password=OTHER_PASSWORD), code)


def test_a_second_factor_reset_still_asks_for_the_password(desk):
    desk.hire()
    old = desk.codes["amira"]
    link = reset(desk, "second-factor")

    with pytest.raises(WrongSignIn):
        set_factor(desk, link, OTHER_PASSWORD)
    with pytest.raises(WrongCode):
        set_factor(desk, link, code="000000")
    codes = set_factor(desk, link)

    assert not set(codes) & set(old)
    with pytest.raises(WrongCode):
        desk.second(desk.password(), Proof("recovery-code", old[0]))
    assert desk.sign_in()
    with pytest.raises(LinkGone):
        enrolment.open_link(desk.gate, link, desk.now)


def test_a_second_factor_reset_ends_what_was_begun_with_the_old_one(desk):
    desk.hire()
    link = reset(desk, "second-factor")
    token, ticket = desk.sign_in().token, desk.password()

    set_factor(desk, link)

    with pytest.raises(SessionGone):
        desk.use(token)
    with pytest.raises(TicketGone):
        desk.second(ticket, desk.next_code())


def test_the_code_that_confirmed_a_new_app_does_not_sign_in(desk):
    desk.hire()
    set_factor(desk, reset(desk, "second-factor"))

    with pytest.raises(WrongCode):
        desk.second(desk.password(), Proof("totp", desk.code()))


@pytest.mark.parametrize(("first", "second"), [("password", "second-factor"), ("second-factor", "password")])
def test_one_administrator_cannot_reset_both_factors_within_seven_days(desk, first, second):
    desk.hire()
    reset(desk, first)
    reset(desk, first)

    with pytest.raises(ResetRefused, match="another administrator"):
        reset(desk, second)
    assert reset(desk, second, by=SECOND_ADMIN)
    desk.later(days=6, hours=23, minutes=59)
    with pytest.raises(ResetRefused):
        reset(desk, second)
    desk.later(minutes=1)
    assert reset(desk, second)


def test_nobody_resets_their_own_factors_and_only_administrators_reset(desk):
    desk.hire()

    for by in (staff("amira", "administrator"), staff("bilan", "clerk")):
        with pytest.raises(NotAllowed):
            reset(desk, "second-factor", by=by)


def test_only_an_active_account_is_reset(desk):
    desk.invite("amira")
    with pytest.raises(ResetRefused):
        reset(desk, "password")
    with pytest.raises(ResetRefused):
        staff_links.reset_password(desk.gate, "nobody", by=ADMIN, now=desk.now)


def test_who_has_lost_both_is_disabled_and_invited_anew(desk):
    account_id = desk.hire("amira", Role.CLERK)
    old_link = reset(desk, "password")
    with pytest.raises(accounts.AccountRefused):
        accounts.invite_again(desk.gate, account_id, by=ADMIN, now=desk.now)
    accounts.disable(account_id, by=ADMIN, now=desk.now)
    with pytest.raises(LinkGone):
        enrolment.open_link(desk.gate, old_link, desk.now)

    link = accounts.invite_again(desk.gate, account_id, by=ADMIN, now=desk.now).path.removeprefix(PATH)

    assert desk.account().recovery_codes_left == 0
    with pytest.raises(WrongSignIn):
        desk.password()
    desk.accept(link, password=OTHER_PASSWORD)
    assert desk.account().roles == {Role.CLERK}
    assert desk.sign_in(password=OTHER_PASSWORD)


def test_an_invitation_that_ran_out_is_given_anew(desk):
    first = desk.invite()
    desk.later(days=2)

    again = accounts.invite_again(desk.gate, desk.ids["amira"], by=ADMIN, now=desk.now).path.removeprefix(PATH)

    with pytest.raises(LinkGone):
        enrolment.open_link(desk.gate, first, desk.now)
    assert desk.accept(again)


def test_links_are_logged_and_never_written_down(desk):
    desk.hire()
    link = reset(desk, "password")
    set_password(desk, link)

    assert [action for action in desk.actions() if "link" in action or "reset" in action] == [
        "invitation-link-issued", "password-link-issued", "password-reset",
    ]  # fmt: skip
    assert link not in str(desk.logged())


def test_whoever_spent_the_days_codes_does_not_delay_a_reset(desk):
    desk.hire()
    ticket = desk.password()
    for _ in range(5):
        with pytest.raises(WrongCode):
            desk.second(ticket, Proof("totp", "000000"))
    with pytest.raises(TooMany):
        desk.second(ticket, desk.next_code())

    set_password(desk, reset(desk, "password"))

    assert desk.sign_in(password=OTHER_PASSWORD)


def test_a_reset_opens_a_blocked_account_again(desk):
    desk.hire()
    for _ in range(8):
        for _ in range(10):
            with pytest.raises(WrongSignIn):
                sign_in.with_password(desk.gate, "amira", OTHER_PASSWORD, source=HOME, now=desk.now)
        desk.later(minutes=5)
    assert desk.account().blocked

    set_password(desk, reset(desk, "password"))

    assert desk.sign_in(password=OTHER_PASSWORD)
