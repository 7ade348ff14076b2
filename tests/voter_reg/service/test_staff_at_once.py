"""Many at once: each credential opens one door, whoever else tries it in the same instant."""

import threading

import pytest

from tests.voter_reg.service.authenticator import Authenticator
from tests.voter_reg.service.desk_of_staff import HOME, OTHER_PASSWORD, PASSWORD, Desk
from voter_reg.service import enrolment, own_account, sign_in
from voter_reg.service.limits import TooMany
from voter_reg.service.second_factor import Proof, WrongCode
from voter_reg.service.sign_in import TicketGone, WrongSignIn
from voter_reg.service.staff_links import LinkGone


@pytest.fixture
def desk(office):
    return Desk(office)


def at_once(desk, *works):
    """Start all works together; what each returned or raised."""
    gate, outcomes = threading.Barrier(len(works)), [None] * len(works)

    def run(place, work):
        with desk.office.app.app_context():
            gate.wait()
            try:
                outcomes[place] = work()
            except Exception as refused:  # noqa: BLE001 - told to the test
                outcomes[place] = refused

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes


def refusals(outcomes):
    return [type(one) for one in outcomes if isinstance(one, Exception)]


def second(desk, ticket, proof):
    return lambda: sign_in.with_second_factor(desk.gate, ticket.token, proof, source=HOME, now=desk.now)


def test_one_code_of_an_app_opens_one_session(desk):
    desk.hire()
    tickets, code = [desk.password() for _ in range(4)], desk.next_code()

    outcomes = at_once(desk, *(second(desk, ticket, code) for ticket in tickets))

    assert refusals(outcomes) == [WrongCode] * 3


def test_one_recovery_code_opens_one_session(desk):
    desk.hire()
    tickets, code = [desk.password() for _ in range(4)], Proof("recovery-code", desk.codes["amira"][0])

    outcomes = at_once(desk, *(second(desk, ticket, code) for ticket in tickets))

    assert refusals(outcomes) == [WrongCode] * 3
    assert desk.account().recovery_codes_left == 9


def test_one_ticket_opens_one_session(desk):
    desk.hire()
    ticket = desk.password()
    proofs = [Proof("recovery-code", code) for code in desk.codes["amira"][:4]]

    outcomes = at_once(desk, *(second(desk, ticket, proof) for proof in proofs))

    assert refusals(outcomes) == [TicketGone] * 3
    assert desk.account().recovery_codes_left == 9, "what opened nothing was not used up"


def test_one_answer_of_a_passkey_opens_one_session(desk):
    desk.hire()
    key, token = Authenticator(), desk.confirmed()
    options = own_account.offer_passkey(desk.gate, token, desk.now)
    own_account.add_passkey(desk.gate, token, key.create(options), "key", desk.now)
    ticket = desk.password()
    answer = Proof("passkey", key.get(sign_in.passkey_options(desk.gate, ticket.token, desk.now)))

    outcomes = at_once(desk, *(second(desk, ticket, answer) for _ in range(4)))

    assert len(refusals(outcomes)) == 3


def test_one_link_sets_up_one_account(desk):
    link = desk.invite()
    desk.secrets["amira"] = enrolment.open_link(desk.gate, link, desk.now).offer.secret
    code = desk.code()

    outcomes = at_once(
        desk,
        *(
            lambda password=password: enrolment.accept_invitation(
                desk.gate, link, password, code, source=HOME, now=desk.now
            )
            for password in (PASSWORD, OTHER_PASSWORD)
        ),
    )

    assert refusals(outcomes) == [LinkGone]
    won = (PASSWORD, OTHER_PASSWORD)[isinstance(outcomes[0], Exception)]
    desk.codes["amira"] = next(one for one in outcomes if not isinstance(one, Exception))
    assert desk.account().recovery_codes_left == 10
    assert desk.sign_in(password=won)


def test_many_guesses_at_once_get_no_more_than_one_after_another(desk):
    desk.hire()

    def guess():
        return sign_in.with_password(desk.gate, "amira", OTHER_PASSWORD, source=HOME, now=desk.now)

    outcomes = refusals(at_once(desk, *[guess] * 24))

    assert (outcomes.count(WrongSignIn), outcomes.count(TooMany)) == (10, 14)


def test_many_codes_at_once_get_no_more_than_one_after_another(desk):
    desk.hire()
    ticket = desk.password()

    outcomes = refusals(at_once(desk, *(second(desk, ticket, Proof("totp", f"{n:06}")) for n in range(16))))

    assert (outcomes.count(WrongCode), outcomes.count(TooMany)) == (5, 11)
