"""Deny by default: every route of the office says who may open it, and the answer is what it says, for everyone."""

import re

import pytest
from flask import Blueprint

from tests.voter_reg.office.conftest import Colleague, make_office
from tests.voter_reg.office.memory import MemoryAccounts
from tests.voter_reg.portal.conftest import make_portal
from tests.voter_reg.portal.desk import MemoryDesk
from voter_reg.office.cookies import OFFICE_COOKIE, STEP_COOKIE
from voter_reg.office.guards import allowed, confirmed, guard_of, half_signed_in, signed_in
from voter_reg.office.room import Room
from voter_reg.office.views import ROOMS
from voter_reg.roles import Role
from voter_reg.web.marks import is_public

ACCOUNTS = MemoryAccounts()
OFFICE, PORTAL = make_office(ACCOUNTS), make_portal(MemoryDesk())
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
VISITORS = ("nobody", "made up", "half", "disabled", "ended", *Role)


def routes(app):
    return sorted(((rule.endpoint, rule) for rule in app.url_map.iter_rules()), key=lambda pair: pair[1].rule)


def path_of(rule):
    return re.sub(r"<(?:int:)?[a-z_]+>", "9999", rule.rule)


def browser_of(visitor):
    """A browser as each kind of visitor has it; nobody's has been confirmed a short while ago."""
    accounts, client = ACCOUNTS, OFFICE.test_client()
    if visitor == "nobody":
        return client
    if visitor == "made up":
        client.set_cookie(OFFICE_COOKIE, "x" * 43)
        return client
    one = accounts.add("someone", Role(visitor) if visitor in set(Role) else Role.ADMINISTRATOR)
    if visitor == "half":
        client.set_cookie(STEP_COOKIE, accounts.ticket(one))
        return client
    token = accounts.token(one)
    if visitor == "disabled":
        one.state = "disabled"
    if visitor == "ended":
        del accounts.tokens[token]
    client.set_cookie(OFFICE_COOKIE, token)
    return client


def expected(view, visitor, method):
    """What the guard says: None when the view itself may answer, else the status and where it leads."""
    if is_public(view):
        return None
    guard = guard_of(view)
    reads = method in ("GET", "HEAD")
    if visitor in ("nobody", "made up", "disabled", "ended"):
        return (303, "/sign-in") if reads else (403, None)
    if visitor == "half":
        return None if guard.half else (303, "/second-step") if reads else (403, None)
    if guard.half:
        return (303, "/") if reads else (403, None)
    if Role(visitor) not in guard.roles:
        return 403, None
    return (303, "/confirm") if guard.fresh else None


@pytest.mark.parametrize("visitor", VISITORS)
@pytest.mark.parametrize(("endpoint", "rule"), routes(OFFICE), ids=lambda value: str(getattr(value, "rule", "")))
def test_every_route_answers_each_visitor_as_its_guard_says(endpoint, rule, visitor):
    view = OFFICE.view_functions[endpoint]
    for method in METHODS:
        client, before = browser_of(visitor), len(ACCOUNTS.refused)
        answer = client.open(path_of(rule), method=method)
        siblings = {
            m for other in OFFICE.url_map.iter_rules() if path_of(other) == path_of(rule) for m in other.methods
        }
        if method not in siblings:
            assert answer.status_code == 405, method
            continue
        if method not in rule.methods:
            continue  # another view of the same path, which is walked as well
        wanted = expected(view, visitor, method)
        if wanted is None:
            # Without a form's token a POST ends there: nothing was done, but the guard let it pass.
            assert answer.status_code in ({400} if method == "POST" else {200, 303, 404, 410}), method
        else:
            status, place = wanted
            assert answer.status_code == status, method
            assert (answer.location or "").split("?")[0] == (place or ""), method
        wrong_role = bool(wanted) and wanted[0] == 403 and visitor in set(Role) and not guard_of(view).half
        assert len(ACCOUNTS.refused) - before == wrong_role, "a failed authorisation is logged, and nothing else is"


def test_every_office_route_has_exactly_one_guard():
    for endpoint, rule in routes(OFFICE):
        view = OFFICE.view_functions[endpoint]
        assert is_public(view) != (guard_of(view) is not None), rule.rule
    assert len(routes(OFFICE)) > 30


def test_what_is_public_in_the_office_is_little_and_known():
    found = {rule.rule for endpoint, rule in routes(OFFICE) if is_public(OFFICE.view_functions[endpoint])}

    assert found == {
        "/sign-in",
        "/sign-out",
        "/staff/link/<token>",
        "/staff/link/<token>/picture.svg",
        "/static/<version>/<name>",
    }


def test_every_portal_route_is_marked_public_and_none_is_a_staff_route():
    for endpoint, rule in routes(PORTAL):
        view = PORTAL.view_functions[endpoint]
        assert is_public(view), rule.rule
        assert guard_of(view) is None, rule.rule
        assert view.__module__.startswith("voter_reg.portal."), rule.rule


def test_no_office_view_is_the_portals():
    for endpoint, rule in routes(OFFICE):
        assert OFFICE.view_functions[endpoint].__module__.startswith("voter_reg.office."), rule.rule


@pytest.mark.parametrize(
    ("app", "others"), [(OFFICE, PORTAL), (PORTAL, OFFICE)], ids=["office's in the portal", "portal's in the office"]
)
def test_neither_front_door_leads_to_the_others_rooms(app, others):
    shared = {"/", "/static/9999/9999"}
    client = others.test_client()
    for endpoint, rule in routes(app):
        path = path_of(rule)
        if path in shared or path.startswith("/contests"):
            continue
        for method in rule.methods:
            assert client.open(path, method=method).status_code == 404, (method, endpoint)


def test_a_route_without_a_guard_is_not_there_for_anyone():
    forgotten = Blueprint("forgotten", __name__)
    forgotten.add_url_rule("/all-voters", view_func=lambda: "secrets", endpoint="all")
    accounts = MemoryAccounts()
    app = make_office(accounts, rooms=(*ROOMS, Room(forgotten)))
    one = accounts.add("max", *Role)

    answer = Colleague(app.test_client()).carry(accounts.token(one, fresh=True)).get("/all-voters")

    assert answer.status_code == 404
    assert "secrets" not in answer.text


def test_a_staff_view_hung_into_the_portal_is_never_run():
    app = make_portal(MemoryDesk())
    app.add_url_rule("/staff", view_func=allowed(Role.ADMINISTRATOR)(lambda: "secrets"), endpoint="staff")

    assert app.test_client().get("/staff").status_code == 404


def test_a_guard_that_names_nobody_or_stands_in_the_wrong_place_cannot_be_written():
    with pytest.raises(ValueError, match="at least one role"):
        allowed()
    with pytest.raises(ValueError, match="stands above"):
        confirmed()(lambda: "")
    with pytest.raises(ValueError, match="stands above"):
        confirmed()(half_signed_in(lambda: ""))


def test_a_wrong_role_reads_why_and_what_next_and_the_log_says_who_tried_what(clerk, accounts):
    answer = clerk.get("/people")

    assert accounts.refused == [("ada.clerk", "people.page")]

    assert answer.status_code == 403
    assert "not for your role" in answer.text
    assert "logged" in answer.text


@pytest.mark.parametrize("where", ["query", "header", "form"])
def test_a_session_is_taken_from_its_cookie_alone(accounts, app, where):
    token = accounts.token(accounts.add("max", Role.ADMINISTRATOR))
    client = app.test_client()

    if where == "query":
        answer = client.get(f"/?{OFFICE_COOKIE}={token}&token={token}")
    elif where == "header":
        answer = client.get("/", headers={"Authorization": f"Bearer {token}", "X-Session": token})
    else:
        answer = client.post("/account/sessions/end-others", data={OFFICE_COOKIE: token})
    assert answer.status_code in {303, 403}
    assert answer.location in {"/sign-in", None}


def test_every_guard_above_a_post_names_a_page_that_can_be_shown():
    for endpoint, rule in routes(OFFICE):
        guard = guard_of(OFFICE.view_functions[endpoint])
        if guard and guard.fresh:
            page = guard.page or endpoint
            pages = [other for other in OFFICE.url_map.iter_rules(page) if "GET" in other.methods]
            assert pages, rule.rule
            assert pages[0].arguments <= rule.arguments, rule.rule
            assert guard_of(OFFICE.view_functions[page]).roles == guard.roles


@signed_in
def _fine():
    return ""


def test_a_guard_is_read_from_the_view():
    assert guard_of(_fine).roles == frozenset(Role)
