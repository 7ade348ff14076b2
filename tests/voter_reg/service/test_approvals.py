"""Two-person approval: two officers, one request, exactly what it names, once, and not for ever."""

import pytest

from eligibility import BadInput
from tests.voter_reg.officers import CLERK, COUNSEL, FIRST, SECOND, approved
from voter_reg.service import approvals
from voter_reg.service.actors import staff
from voter_reg.service.approvals import NotAnOfficer
from voter_reg.service.live import ApprovalMissing
from voter_reg.store.db import transaction

ARGS = {"to": ["age1x"]}


def file(office, by=CLERK, **changes):
    asked = {"kind": "export", "subject": "town-r1", "args": ARGS, "reason": "Poll books for Tuesday.", **changes}
    return approvals.file(**asked, by=by, now=office.now)


def take(office, request_id, kind="export", subject="town-r1", args=ARGS):
    with transaction() as session:
        approvals.take(session, request_id, kind, subject, args, CLERK, office.now)


def test_two_officers_approve_and_it_is_done_once(office):
    request = file(office)
    assert (request.state, request.missing) == ("open", 2)
    assert approvals.approve(request.id, by=FIRST, now=office.now).missing == 1
    assert approvals.approve(request.id, by=SECOND, now=office.now).state == "approved"

    take(office, request.id)

    assert approvals.find(request.id).state == "done"
    with pytest.raises(ApprovalMissing, match="done"):
        take(office, request.id)


def test_one_officer_counts_once_however_often(office):
    request = file(office, by=FIRST)
    for _ in range(3):
        assert approvals.approve(request.id, by=FIRST, now=office.now).missing == 1

    with pytest.raises(ApprovalMissing, match="two officers must approve"):
        take(office, request.id)


def test_an_officer_who_files_has_approved_and_the_same_request_filed_again_is_the_second(office):
    first = file(office, by=FIRST)
    second = file(office, by=SECOND)

    assert (second.id, second.state) == (first.id, "approved")


@pytest.mark.parametrize("by", [CLERK, COUNSEL, staff("ada", "operator"), staff("root")])
def test_nobody_else_approves_or_refuses(office, by):
    request = file(office)
    for act in (approvals.approve, approvals.refuse):
        with pytest.raises(NotAnOfficer):
            act(request.id, by=by, now=office.now)

    assert approvals.find(request.id).missing == 2


@pytest.mark.parametrize(
    "changes",
    [{"kind": "publish"}, {"subject": "town-r2"}, {"args": {"to": ["age1y"]}}, {"args": {}}],
)
def test_an_approval_is_for_exactly_what_it_names(office, changes):
    request = approved("export", "town-r1", ARGS, office.now)

    with pytest.raises(ApprovalMissing):
        take(office, request, **changes)
    take(office, request)


def test_no_request_and_an_unknown_one_let_nothing_through(office):
    for request_id in (None, "q-99999", ""):
        with pytest.raises(ApprovalMissing):
            take(office, request_id)


def test_a_request_lives_seven_days(office):
    request = file(office)
    office.later(days=7, seconds=-1)
    approvals.approve(request.id, by=FIRST, now=office.now)
    approvals.approve(request.id, by=SECOND, now=office.now)
    office.later(seconds=1)

    with pytest.raises(ApprovalMissing, match="expired"):
        take(office, request.id)
    with pytest.raises(BadInput, match="expired"):
        approvals.approve(request.id, by=FIRST, now=office.now)
    assert approvals.waiting(office.now) == []


def test_a_refused_request_stays_refused_even_when_it_was_approved(office):
    request = approved("export", "town-r1", ARGS, office.now)
    approvals.refuse(request, by=FIRST, now=office.now)

    with pytest.raises(ApprovalMissing, match="refused"):
        take(office, request)
    with pytest.raises(BadInput, match="refused"):
        approvals.approve(request, by=SECOND, now=office.now)


def test_what_was_used_up_in_a_transaction_that_failed_is_not_used_up(office):
    request = approved("export", "town-r1", ARGS, office.now)

    def fail():
        with transaction() as session:
            approvals.take(session, request, "export", "town-r1", ARGS, CLERK, office.now)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    take(office, request)


@pytest.mark.parametrize("changes", [{"kind": "please"}, {"reason": " "}, {"reason": "x" * 501}])
def test_a_request_without_a_kind_or_a_reason_is_refused(office, changes):
    with pytest.raises(BadInput):
        file(office, **changes)

    assert approvals.every() == []


def test_unknown_requests_are_said_to_be_unknown(office):
    with pytest.raises(BadInput, match="no such request"):
        approvals.find("q-1")
    with pytest.raises(BadInput, match="no such request"):
        approvals.approve("q-1", by=FIRST, now=office.now)
