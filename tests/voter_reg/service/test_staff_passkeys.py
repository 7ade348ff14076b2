"""Passkeys: both ceremonies with an authenticator in software, and everything a wrong one may send."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility import BadInput
from tests.voter_reg.service.authenticator import Authenticator
from tests.voter_reg.service.desk_of_staff import ADMIN, HOME, OTHER_PASSWORD, Desk
from voter_reg.service import enrolment, own_account, sessions, sign_in, staff_links
from voter_reg.service.gate import Gate
from voter_reg.service.passkeys import _new_count
from voter_reg.service.second_factor import Proof, WrongCode
from voter_reg.service.sessions import SessionGone
from voter_reg.service.staff_links import PATH
from voter_reg.store.staff import PasskeyRow


@pytest.fixture
def desk(office):
    return Desk(office)


@pytest.fixture
def key():
    return Authenticator()


def add(desk, key, token=None, label="blue key"):
    token = token or desk.confirmed()
    options = own_account.offer_passkey(desk.gate, token, desk.now)
    return own_account.add_passkey(desk.gate, token, key.create(options), label, desk.now)


def ask(desk, ticket):
    return sign_in.passkey_options(desk.gate, ticket.token, desk.now)


def show(desk, ticket, answer):
    return desk.second(ticket, Proof("passkey", answer))


def test_a_passkey_is_added_and_signs_in(desk, key):
    account_id = desk.hire()
    other = desk.sign_in().token
    added = add(desk, key)

    assert own_account.passkeys(account_id) == [added]
    with pytest.raises(SessionGone):
        desk.use(other)
    ticket = desk.password()
    assert ticket.kinds == ("passkey", "totp", "recovery-code")
    signed_in = show(desk, ticket, key.get(ask(desk, ticket)))
    assert signed_in.session.account.passkeys == 1
    assert [action for action in desk.actions() if "passkey" in action] == ["passkey-added", "passkey-accepted"]


def test_what_the_browser_is_asked_names_the_office_and_the_accounts_own_keys(desk, key):
    desk.hire()
    token = desk.confirmed()
    making = json.loads(own_account.offer_passkey(desk.gate, token, desk.now))
    add(desk, key, token)
    again = json.loads(own_account.offer_passkey(desk.gate, token, desk.now))
    asking = json.loads(ask(desk, desk.password()))

    assert making["rp"]["id"] == asking["rpId"] == "office.example.org"
    assert (making["user"]["name"], making["excludeCredentials"]) == ("amira", [])
    assert len(again["excludeCredentials"]) == len(asking["allowCredentials"]) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"origin": "https://office.example.net"}, {"origin": "http://office.example.org"}, {"rp_id": "example.org"}],
)
def test_another_sites_answer_is_refused_in_both_ceremonies(desk, key, wrong):
    desk.hire()
    token = desk.confirmed()
    with pytest.raises(WrongCode):
        add(desk, Authenticator(**wrong), token)
    add(desk, key, token)
    for name, value in wrong.items():
        setattr(key, name, value)

    ticket = desk.password()
    with pytest.raises(WrongCode):
        show(desk, ticket, key.get(ask(desk, ticket)))


def test_a_challenge_is_good_once(desk, key):
    desk.hire()
    token = desk.confirmed()
    options = own_account.offer_passkey(desk.gate, token, desk.now)
    own_account.add_passkey(desk.gate, token, key.create(options), "key", desk.now)
    with pytest.raises(WrongCode):
        own_account.add_passkey(desk.gate, token, Authenticator().create(options), "second", desk.now)

    ticket = desk.password()
    options = ask(desk, ticket)
    answer = key.get(options)
    show(desk, ticket, answer)
    again = desk.password()
    for replayed in (answer, key.get(options)):
        with pytest.raises(WrongCode):
            show(desk, again, replayed)


def test_a_failed_answer_uses_the_challenge_up_as_well(desk, key):
    desk.hire()
    add(desk, key)
    ticket = desk.password()
    options = ask(desk, ticket)
    with pytest.raises(WrongCode):
        show(desk, ticket, "{}")

    with pytest.raises(WrongCode):
        show(desk, ticket, key.get(options))
    assert show(desk, ticket, key.get(ask(desk, ticket)))


def test_a_challenge_of_another_ticket_or_session_is_refused(desk, key):
    desk.hire("amira")
    desk.hire("bilan")
    add(desk, key)
    mine, other = desk.password(), desk.password()

    answer = key.get(ask(desk, mine))

    with pytest.raises(WrongCode):
        show(desk, other, answer)
    token, foreign = desk.confirmed("amira"), desk.confirmed("bilan")
    options = own_account.offer_passkey(desk.gate, foreign, desk.now)
    with pytest.raises(WrongCode):
        own_account.add_passkey(desk.gate, token, Authenticator().create(options), "key", desk.now)


@pytest.mark.parametrize(("seconds", "good"), [(299, True), (300, False)])
def test_a_challenge_is_good_for_five_minutes(desk, key, seconds, good):
    desk.hire()
    token = desk.confirmed()
    add(desk, key, token)
    answer = Proof("passkey", key.get(sessions.passkey_options(desk.gate, token, desk.now)))

    desk.later(seconds=seconds)

    if good:
        assert desk.confirm(token, proof=answer)
    else:
        with pytest.raises(WrongCode):
            desk.confirm(token, proof=answer)


def test_a_confirmation_turns_the_session_and_its_offers_end(desk, key):
    desk.hire()
    token = desk.confirmed()
    options = own_account.offer_passkey(desk.gate, token, desk.now)
    token = desk.confirm(token).token

    with pytest.raises(WrongCode):
        own_account.add_passkey(desk.gate, token, key.create(options), "late", desk.now)


def test_a_counter_that_stands_still_or_goes_back_is_refused(desk, key):
    desk.hire()
    key.counter = 10
    add(desk, key)

    for moves in (0, -3):
        ticket = desk.password()
        with pytest.raises(WrongCode):
            show(desk, ticket, key.get(ask(desk, ticket), moves=moves))
    key.counter = 10
    ticket = desk.password()
    assert show(desk, ticket, key.get(ask(desk, ticket)))


def test_a_passkey_that_does_not_count_is_taken(desk, key):
    desk.hire()
    add(desk, key)
    for _ in range(2):
        ticket = desk.password()
        assert show(desk, ticket, key.get(ask(desk, ticket), moves=0))


def test_another_key_under_the_same_id_is_refused(desk, key):
    desk.hire()
    add(desk, key)
    copy = Authenticator()
    copy.id = key.id
    ticket = desk.password()

    with pytest.raises(WrongCode):
        show(desk, ticket, copy.get(ask(desk, ticket)))


def test_anothers_passkey_is_refused_and_cannot_be_added_twice(desk, key):
    desk.hire("amira")
    desk.hire("bilan")
    add(desk, key, desk.confirmed("amira"))

    with pytest.raises(WrongCode):
        add(desk, key, desk.confirmed("bilan"))
    ticket = desk.password("bilan")
    with pytest.raises(WrongCode):
        show(desk, ticket, key.get(ask(desk, ticket)))


def test_a_passkey_confirms_a_session_and_a_password_reset(desk, key):
    desk.hire()
    token = desk.confirmed()
    add(desk, key, token)
    options = sessions.passkey_options(desk.gate, token, desk.now)
    assert desk.confirm(token, proof=Proof("passkey", key.get(options))).session.confirmed

    link = staff_links.reset_password(desk.gate, desk.ids["amira"], by=ADMIN, now=desk.now).path.removeprefix(PATH)
    assert "passkey" in enrolment.open_link(desk.gate, link, desk.now).kinds
    proof = Proof("passkey", key.get(enrolment.passkey_options(desk.gate, link, desk.now)))
    enrolment.set_new_password(desk.gate, link, OTHER_PASSWORD, proof, source=HOME, now=desk.now)

    assert desk.password(password=OTHER_PASSWORD)


def test_a_removed_passkey_opens_nothing(desk, key):
    account_id = desk.hire()
    token = desk.confirmed()
    added = add(desk, key, token)

    own_account.remove_passkey(desk.gate, token, added.id, desk.now)
    own_account.remove_passkey(desk.gate, token, added.id, desk.now)

    assert own_account.passkeys(account_id) == []
    assert desk.actions().count("passkey-removed") == 1
    ticket = desk.password()
    with pytest.raises(WrongCode):
        show(desk, ticket, key.get(ask(desk, ticket)))


def test_nobody_removes_anothers_passkey(desk, key):
    amira = desk.hire("amira")
    desk.hire("bilan")
    added = add(desk, key, desk.confirmed("amira"))

    own_account.remove_passkey(desk.gate, desk.confirmed("bilan"), added.id, desk.now)

    assert own_account.passkeys(amira) == [added]


@pytest.mark.parametrize("label", ["", "   ", "x" * 41, "a\x00b"])
def test_a_passkey_needs_a_name_that_can_be_shown(desk, key, label):
    desk.hire()

    with pytest.raises(BadInput):
        add(desk, key, label=label)


def test_ten_passkeys_are_the_most(desk):
    desk.hire()
    token = desk.confirmed()
    for number in range(10):
        add(desk, Authenticator(), token, f"key {number}")

    with pytest.raises(BadInput):
        add(desk, Authenticator(), token)


NESTED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
)


@settings(max_examples=150)
@given(
    response=NESTED,
    fields=st.dictionaries(st.sampled_from(["id", "rawId", "type", "clientExtensionResults"]), NESTED),
    raw=st.text(max_size=60),
)
def test_whatever_a_browser_sends_is_refused_and_not_a_crash(response, fields, raw):
    gate = Gate(None, "", "https://office.example.org", None)
    row = PasskeyRow(id="a", public_key=b"x", sign_count=0)

    assert _new_count(gate, row, b"challenge", json.dumps({**fields, "response": response})) is None
    assert _new_count(gate, row, b"challenge", raw) is None


def test_a_cut_answer_is_refused_and_not_a_crash(desk, key):
    gate = desk.gate
    options = '{"challenge": "Y2hhbGxlbmdl"}'
    answer = key.get(options)
    row = PasskeyRow(id="a", public_key=b"\xa1\x01", sign_count=0)

    for end in range(0, len(answer), 7):
        assert _new_count(gate, row, b"challenge", answer[:end]) is None
    for name in ("clientDataJSON", "authenticatorData", "signature"):
        for end in (0, 1, 3, 10, 40):
            cut = json.loads(answer)
            cut["response"][name] = cut["response"][name][:end]
            assert _new_count(gate, row, b"challenge", json.dumps(cut)) is None
