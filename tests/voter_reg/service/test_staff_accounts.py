"""Accounts: names, roles and who may give them, and what takes two officers."""

import pytest

from tests.voter_reg.service.desk_of_staff import ADMIN, SERVICE, Desk
from voter_reg.roles import Role
from voter_reg.service import accounts
from voter_reg.service.accounts import AccountRefused
from voter_reg.service.actors import RESIDENT, staff
from voter_reg.service.administrators import NotAllowed
from voter_reg.service.live import ApprovalMissing


@pytest.fixture
def desk(office):
    return Desk(office)


@pytest.fixture
def two_officers(desk):
    desk.hire("one", Role.PRIVACY_OFFICER)
    desk.hire("two", Role.PRIVACY_OFFICER)
    return desk


def set_roles(desk, name, *roles, by=ADMIN, approved=False):
    return accounts.set_roles(desk.ids[name], roles, by=by, now=desk.now, approved=approved)


@pytest.mark.parametrize("name", ["a", "amira", "a.b-c", "7", "x" * 32, "amira.hassan-2"])
def test_a_name_is_letters_digits_dots_and_dashes(desk, name):
    desk.invite(name)

    assert desk.account(name).name == name


@pytest.mark.parametrize(
    "name", ["", "Amira", "amira hassan", "amira@example.org", ".amira", "amira-", "x" * 33, "åsa", "a\n", "a/b", "a_b"]
)
def test_any_other_name_is_refused(desk, name):
    with pytest.raises(AccountRefused):
        desk.invite(name)


def test_a_name_is_given_once(desk):
    desk.invite("amira")

    with pytest.raises(AccountRefused, match="taken"):
        desk.invite("amira")


def test_an_account_has_several_roles_and_at_least_one(desk):
    desk.invite("amira", Role.CLERK, Role.HEAD_JUDGE)

    assert desk.account().roles == {Role.CLERK, Role.HEAD_JUDGE}
    with pytest.raises(AccountRefused):
        accounts.invite(desk.gate, "bilan", [], by=ADMIN, now=desk.now)
    with pytest.raises(AccountRefused):
        set_roles(desk, "amira")


def test_accounts_are_listed_by_name_and_found_by_id(desk):
    desk.invite("zahra")
    desk.hire("amira")

    assert [(one.name, one.state) for one in accounts.every()] == [("amira", "active"), ("zahra", "invited")]
    assert accounts.get(desk.ids["amira"]) == desk.account("amira")
    for missing in (lambda: accounts.get("x"), lambda: accounts.named("x")):
        with pytest.raises(AccountRefused):
            missing()


@pytest.mark.parametrize(
    "by", [staff("bilan", "clerk"), staff("bilan", "privacy-officer"), staff("bilan", "staff"), RESIDENT]
)
def test_only_administrators_act_on_accounts(desk, by):
    account_id = desk.hire()

    for act in (
        lambda: desk.invite("new", by=by),
        lambda: accounts.invite_again(desk.gate, account_id, by=by, now=desk.now),
        lambda: set_roles(desk, "amira", Role.JUDGE, by=by),
        lambda: accounts.disable(account_id, by=by, now=desk.now),
        lambda: accounts.unblock(account_id, by=by, now=desk.now),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert desk.account().roles == {Role.CLERK}


@pytest.mark.parametrize("by", [ADMIN, staff("someone"), SERVICE])
def test_administrators_the_command_line_and_the_service_may(desk, by):
    desk.invite("amira", by=by)

    assert set_roles(desk, "amira", Role.JUDGE, by=by).roles == {Role.JUDGE}


def test_nobody_gives_roles_to_themselves(desk):
    desk.hire("amira", Role.ADMINISTRATOR)

    with pytest.raises(NotAllowed, match="own account"):
        set_roles(desk, "amira", Role.ADMINISTRATOR, Role.REVIEWER, by=staff("amira", "administrator"))
    with pytest.raises(NotAllowed):
        accounts.unblock(desk.ids["amira"], by=staff("amira", "administrator"), now=desk.now)


@pytest.mark.parametrize("role", [Role.PRIVACY_OFFICER, Role.COUNSEL, Role.ADMINISTRATOR])
def test_with_two_officers_privileged_roles_come_and_go_by_approval(two_officers, role):
    desk = two_officers
    desk.invite("amira", Role.CLERK)

    with pytest.raises(ApprovalMissing):
        set_roles(desk, "amira", Role.CLERK, role)
    with pytest.raises(ApprovalMissing):
        desk.invite("bilan", role)
    desk.invite("bilan", role, approved=True)
    assert set_roles(desk, "amira", Role.CLERK, role, approved=True).roles == {Role.CLERK, role}
    with pytest.raises(ApprovalMissing):
        set_roles(desk, "amira", Role.CLERK)
    assert set_roles(desk, "amira", Role.JUDGE, role).roles == {Role.JUDGE, role}


@pytest.mark.parametrize("role", [Role.CLERK, Role.REVIEWER, Role.JUDGE, Role.HEAD_JUDGE])
def test_other_roles_need_no_approval(two_officers, role):
    two_officers.invite("amira", role)

    assert two_officers.account().roles == {role}


def test_before_there_are_two_active_officers_an_administrator_decides_alone(desk):
    desk.hire("one", Role.PRIVACY_OFFICER)
    desk.invite("two", Role.PRIVACY_OFFICER)
    desk.invite("amira", Role.ADMINISTRATOR)

    assert set_roles(desk, "amira", Role.COUNSEL).roles == {Role.COUNSEL}


def test_taking_over_an_officers_account_by_inviting_it_anew_needs_approval(two_officers):
    desk = two_officers
    accounts.disable(desk.ids["one"], by=ADMIN, now=desk.now)

    with pytest.raises(ApprovalMissing):
        accounts.invite_again(desk.gate, desk.ids["one"], by=ADMIN, now=desk.now)
    assert accounts.invite_again(desk.gate, desk.ids["one"], by=ADMIN, now=desk.now, approved=True)


def test_disabling_officers_opens_no_way_round_approval_for_thirty_days(two_officers):
    desk = two_officers
    for name in ("one", "two"):
        accounts.disable(desk.ids[name], by=ADMIN, now=desk.now)

    with pytest.raises(ApprovalMissing):
        desk.invite("mine", Role.PRIVACY_OFFICER)
    desk.later(days=29, hours=23, minutes=59)
    with pytest.raises(ApprovalMissing):
        desk.invite("mine", Role.PRIVACY_OFFICER)
    desk.later(minutes=1)
    desk.invite("mine", Role.PRIVACY_OFFICER)


def test_disabling_twice_begins_no_new_thirty_days(two_officers):
    desk = two_officers
    for _ in range(2):
        for name in ("one", "two"):
            accounts.disable(desk.ids[name], by=ADMIN, now=desk.now)
        desk.later(days=15)

    desk.invite("mine", Role.PRIVACY_OFFICER)


def test_what_changes_accounts_is_logged_with_who_did_it(desk):
    account_id = desk.hire("amira", Role.CLERK)
    set_roles(desk, "amira", Role.JUDGE)
    accounts.disable(account_id, by=ADMIN, now=desk.now)

    by_admin = [(action, subject) for actor, action, subject in desk.logged() if actor == ADMIN.label]

    assert by_admin == [
        (action, account_id)
        for action in ("account-made: clerk", "invitation-link-issued", "roles-set: judge", "account-disabled")
    ]
