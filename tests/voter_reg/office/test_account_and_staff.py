"""One's own account, staff, confirming, home and navigation."""

import re
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.voter_reg.office.conftest import Colleague, make_office
from tests.voter_reg.office.memory import CODES, PASSWORD, MemoryAccounts, Passkey
from voter_reg.office import returns
from voter_reg.office.cookies import OFFICE_COOKIE
from voter_reg.office.front import front
from voter_reg.office.room import Card, CardSource
from voter_reg.roles import Role

NEW = "an entirely new password"
APP = make_office(MemoryAccounts())
EVIL = (
    *("//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "https:evil.example", "///evil"),
    *("/%2f%2fevil.example", "/%5cevil.example", "%2f%2fevil.example", "/people/a1/../../../evil", "/people//1"),
    *(
        "javascript:alert(1)",
        " /people/a1",
        "/people/a1\n",
        "/people/a1?x=//evil",
        "/people/a1#//evil",
        "/people/a1@evil.example",
    ),
    *("http:/people/a1", "/people/a1/disable", "/sign-out", "/nothing", "/sign-in", "", "/" * 50, "/x" * 300),
    *("/@evil.example", "/.evil", "//people/a1", "/people/a1/", "/people/-1-/x", "/people/²"),
)


@pytest.mark.parametrize("path", EVIL)
def test_a_confirmation_leads_nowhere_but_to_a_page_that_asks_for_one(accounts, app, path):
    one = accounts.add("max", Role.ADMINISTRATOR)
    person = Colleague(app.test_client()).carry(accounts.token(one))
    page = person.get(f"/confirm?then={quote(path, safe='')}").text
    assert re.search(r'name="then" value="/"', page)
    assert "evil" not in page

    answer = person.send("/confirm", then=path, password=PASSWORD, code=accounts.code(one))

    assert (answer.status_code, answer.location) == (303, "/")


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.text(max_size=60), st.text("/\\.:%a-z@#? \t\n0", max_size=40)))
def test_whatever_is_given_the_way_back_is_one_of_ours(path):
    with APP.test_request_context():
        way = returns.back_to(path)
        assert way == "/" or APP.url_map.bind("").match(way)[0] in returns.pages_to_come_back_to()


@pytest.mark.parametrize("path", ["/people/a1", "/people/invite", "/account/codes", "/account/passkeys"])
def test_a_confirmation_leads_back_to_its_page(accounts, app, path):
    one = accounts.add("max", Role.ADMINISTRATOR)
    person = Colleague(app.test_client()).carry(accounts.token(one))
    sent_on = person.get(path)
    assert sent_on.status_code == 303
    assert sent_on.location == f"/confirm?then={quote(path)}"

    held = person.client.get_cookie(OFFICE_COOKIE).value
    wrong = person.send("/confirm", page=sent_on.location, then=path, password="wrong", code=accounts.code(one))
    assert wrong.status_code == 422
    answer = person.send("/confirm", page=sent_on.location, then=path, password=PASSWORD, code=accounts.code(one))

    assert answer.location == path
    assert person.client.get_cookie(OFFICE_COOKIE).value != held
    assert person.get(path).status_code == 200


def test_an_unconfirmed_action_is_not_done_and_leads_back_to_its_page(accounts, app):
    one, other = accounts.add("max", Role.ADMINISTRATOR), accounts.add("ada", Role.CLERK)
    person = Colleague(app.test_client()).carry(accounts.token(one))

    answer = person.send(f"/people/{other.id}/disable", page="/account")

    assert answer.location == f"/confirm?then={quote(f'/people/{other.id}')}"
    assert other.state == "active"


def test_a_passkey_stands_in_for_the_code_of_a_confirmation_and_never_for_the_password(accounts, app):
    one = accounts.add("max", Role.ADMINISTRATOR)
    person = Colleague(app.test_client()).carry(accounts.token(one))
    assert "data-passkey" not in person.get("/confirm").text
    one.passkeys.append(Passkey("k1", "key", accounts.moment))
    assert "data-passkey" in person.get("/confirm").text
    assert person.send("/confirm/passkey/begin", page="/confirm").json["challenge"]

    sent = {"page": "/confirm", "then": "/people/invite"}
    assert person.send("/confirm", **sent, password=PASSWORD, answer="bad").status_code == 422
    assert person.send("/confirm", **sent, answer="good").status_code == 422
    assert person.send("/confirm", **sent, password=PASSWORD, answer="good").location == "/people/invite"


def test_home_and_navigation_are_of_the_role(clerk, administrator):
    assert "Nothing waits for you" in clerk.get("/").text
    assert 'href="/people"' not in clerk.get("/").text
    assert "Invitations not taken up" in administrator.get("/").text
    assert '<a href="/people">' in administrator.get("/").text
    assert '<a href="/" aria-current="page">' in administrator.get("/").text
    assert '<a href="/people" aria-current="true">' in administrator.get("/people/invite").text
    assert 'href="/" aria-current' not in administrator.get("/people/invite").text


def test_a_part_that_has_nothing_to_show_shows_no_card(app, clerk):
    with app.app_context():
        place = front()
    place.cards = (
        CardSource(lambda _: None),
        CardSource(lambda who: Card(f"For {who.name}", 3, "/account"), frozenset({Role.CLERK})),
        CardSource(lambda _: Card("For counsel", 1, "/account"), frozenset({Role.COUNSEL})),
    )
    page = clerk.get("/").text

    assert page.count('class="card ') == 1
    assert "For ada.clerk" in page


def test_the_password_changes_and_every_other_session_ends(clerk, accounts):
    one = accounts.held["a1"]
    accounts.token(one)
    short = clerk.send("/account/password", password="short", again="short")
    assert (short.status_code, "The password is shorter" in short.text) == (422, True)
    assert "not the same" in clerk.send("/account/password", password=NEW, again="x").text
    answer = clerk.send("/account/password", password=NEW, again=NEW)

    assert answer.location == "/account?done=password"
    assert one.password == NEW
    assert len(accounts.tokens) == 1
    page = clerk.get(answer.location).text
    assert "Your password is changed" in page
    assert NEW not in page


def test_the_authenticator_is_replaced_once_the_new_one_answers(clerk, accounts):
    one = accounts.held["a1"]
    old = one.secret
    page = clerk.get("/account/authenticator").text
    assert one.new_secret in page
    assert clerk.get("/account/authenticator/picture.svg").headers["Cache-Control"] == "no-store"
    assert clerk.send("/account/authenticator", code=accounts.code(one)).status_code == 422
    assert one.secret == old
    assert clerk.send("/account/authenticator", code=accounts.code(one, one.new_secret)).status_code == 303
    assert one.secret != old


def test_new_recovery_codes_are_shown_once(clerk, accounts):
    page = clerk.send("/account/codes").text

    assert "DDDD-EEEE-FFF0" in page
    assert CODES[0] not in page
    assert "DDDD-EEEE-FFF0" not in clerk.get("/account/codes").text


def test_passkeys_are_added_named_and_removed_and_nobody_elses(clerk, accounts):
    begun = clerk.send("/account/passkeys/begin", page="/account/passkeys")
    assert begun.mimetype == "application/json"
    assert clerk.send("/account/passkeys", label="blue", answer="bad").status_code == 422
    assert clerk.send("/account/passkeys", label="blue <key>", answer="good").status_code == 303
    page = clerk.get("/account/passkeys?done=added").text
    assert "blue &lt;key&gt;" in page
    key = accounts.held["a1"].passkeys[0]
    assert clerk.send("/account/passkeys/9999/remove", page="/account/passkeys").status_code == 303
    assert accounts.held["a1"].passkeys == [key]
    assert clerk.send(f"/account/passkeys/{key.id}/remove", page="/account/passkeys").status_code == 303
    assert accounts.held["a1"].passkeys == []


def test_ones_sessions_are_listed_and_ended_and_nobody_elses(clerk, accounts):
    own, other = accounts.held["a1"], accounts.add("bob", Role.CLERK)
    mine, second, theirs = accounts.token(own), accounts.token(own), accounts.token(other)
    page = clerk.get("/account").text
    assert page.count("<tbody>") == 1
    assert page.count('<th scope="row">') == 3
    ended = clerk.send(f"/account/sessions/{accounts.tokens[mine].session_id}/end", page="/account")
    assert ended.status_code == 303
    assert mine not in accounts.tokens
    clerk.send(f"/account/sessions/{accounts.tokens[theirs].session_id}/end", page="/account")
    clerk.send("/account/sessions/end-others", page="/account")
    assert second not in accounts.tokens
    assert theirs in accounts.tokens
    assert clerk.get("/account").status_code == 200


def test_an_invitation_is_made_and_its_link_is_shown_once(administrator, accounts):
    page = administrator.send("/people/invite", name="eve.reviewer", roles=["reviewer", "clerk"])
    link = re.search(r"http://localhost/staff/link/(link-\d+)", page.text)[1]

    assert accounts.links[link][0].roles == {Role.REVIEWER, Role.CLERK}
    assert page.headers["Cache-Control"] == "no-store"
    for path in ("/people", "/people/invite", "/"):
        assert link not in administrator.get(path).text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"roles": "clerk"}, "Enter a name."),
        ({"name": "eve"}, "Tick at least one role."),
        ({"name": "max.admin", "roles": "clerk"}, "The name max.admin is taken."),
        ({"name": "eve", "roles": "privacy-officer"}, "Two officers must approve this first."),
    ],
)
def test_an_invitation_that_cannot_be_made_keeps_what_was_typed(administrator, sent, said):
    answer = administrator.send("/people/invite", **sent)

    assert answer.status_code == 422
    assert said in answer.text
    assert all(word in answer.text for word in sent.get("name", "").split())
    assert ("checked" in answer.text) == ("roles" in sent)


def test_a_role_that_there_is_not_is_refused(administrator, accounts):
    assert administrator.send("/people/invite", name="eve", roles="emperor").status_code == 400
    assert len(accounts.held) == 1


def test_staff_are_changed_by_an_administrator(administrator, accounts):
    bob = accounts.add("bob.clerk", Role.CLERK)
    place, session = f"/people/{bob.id}", accounts.token(bob)

    def act(way, **sent):
        return administrator.send(f"{place}/{way}", page=place, **sent)

    assert act("roles").status_code == 422
    assert "Two officers" in act("roles", roles="privacy-officer").text
    assert act("roles", roles="reviewer").location == f"{place}?done=roles"
    assert bob.roles == {Role.REVIEWER}
    assert "A link for a new password" in act("reset-password").text
    refused = act("reset-second-step")
    assert (refused.status_code, "another administrator" in refused.text.casefold()) == (422, True)
    assert act("invite-again").status_code == 422
    act("end-sessions")
    assert session not in accounts.tokens
    bob.blocked = True
    assert "Too many failed tries" in administrator.get(place).text
    act("unblock")
    assert not bob.blocked
    act("disable")
    assert bob.state == "disabled"
    assert "Disabled" in administrator.get(f"{place}?done=disabled").text
    assert "An invitation" in act("invite-again").text
    assert administrator.get("/people/9999").status_code == 404


WAYS = ["roles", "reset-password", "reset-second-step", "disable", "unblock", "end-sessions", "invite-again"]


@pytest.mark.parametrize("way", WAYS)
def test_an_administrator_cannot_do_it_to_themselves(administrator, accounts, way):
    me = next(one for one in accounts.held.values() if one.name == "max.admin")

    assert administrator.send(f"/people/{me.id}/{way}", page="/account", roles="clerk").status_code == 403
    assert (me.state, me.roles) == ("active", {Role.ADMINISTRATOR})
    assert "This is you" in administrator.get(f"/people/{me.id}").text


def test_a_name_cannot_bring_markup_along(administrator, accounts):
    accounts.add("<script>alert(1)</script>", Role.CLERK)
    page = administrator.get("/people").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_demonstration_says_so_on_every_page(clerk, someone):
    for person, path in ((clerk, "/"), (clerk, "/account"), (someone, "/sign-in"), (someone, "/nothing")):
        assert "DEMONSTRATION." in person.get(path).text


def test_no_page_holds_anything_inline_or_from_elsewhere(administrator, clerk):
    pages = [administrator.get(path).text for path in ("/", "/people", "/people/invite", "/people/a1", "/account")]
    pages += [clerk.get(path).text for path in ("/account/passkeys", "/account/authenticator", "/account/password")]
    for page in pages:
        assert not re.search(r"\bstyle=|\bon[a-z]+=\"|<style|javascript:|<script>", page)
        assert all(place.startswith("/") for place in re.findall(r'(?:href|src|action)="([^"#]+)"', page))
