"""Signing in: two steps, one answer to whoever may not, and no credential that works twice."""

from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from sqlalchemy import event, text

from tests.voter_reg.service.desk_of_staff import ADMIN, HOME, OTHER_PASSWORD, PASSWORD, Desk
from voter_reg.roles import Role
from voter_reg.service import accounts, sessions, sign_in
from voter_reg.service.gate import Gate
from voter_reg.service.passwords import Passwords
from voter_reg.service.second_factor import Proof, WrongCode
from voter_reg.service.sign_in import TicketGone, WrongSignIn
from voter_reg.store.db import db, transaction
from voter_reg.store.models import STAFF


@pytest.fixture
def desk(office):
    return Desk(office)


def test_password_then_code_open_a_session(desk):
    account_id = desk.hire("amira", Role.CLERK, Role.REVIEWER)
    ticket = desk.password()

    assert ticket.kinds == ("totp", "recovery-code")
    assert sign_in.kinds_of(ticket.token, desk.now) == ticket.kinds

    signed_in = desk.second(ticket, desk.next_code())

    assert signed_in.session.account.id == account_id
    assert signed_in.session.roles == {Role.CLERK, Role.REVIEWER}
    assert not signed_in.session.confirmed
    assert desk.use(signed_in.token).account.name == "amira"


def test_every_step_is_in_the_log_by_account_and_never_by_a_name_nobody_has(desk):
    account_id = desk.hire()
    desk.sign_in()
    with pytest.raises(WrongSignIn):
        desk.password(password=OTHER_PASSWORD)
    with pytest.raises(WrongSignIn):
        desk.password("somebody.else")

    logged = desk.logged()

    assert [entry[1] for entry in logged] == [
        "account-made: clerk", "invitation-link-issued", "invitation-accepted", "password-accepted", "totp-accepted",
        "signed-in", "password-refused", "password-refused",
    ]  # fmt: skip
    assert logged[-2:] == [("service", "password-refused", account_id), ("service", "password-refused", "unknown")]
    assert ("staff:amira", "signed-in", account_id) in logged
    assert "somebody.else" not in str(logged)


def test_whoever_may_not_sign_in_gets_one_answer(desk):
    desk.hire("amira")
    desk.invite("invited")
    desk.hire("gone")
    accounts.disable(desk.ids["gone"], by=ADMIN, now=desk.now)
    answers = set()

    for name, password in [
        ("amira", OTHER_PASSWORD), ("amira", ""), ("amira", "x" * 1_000_000), ("amira", "\ud800"), ("nobody", PASSWORD),
        ("AMIRA", PASSWORD), ("", PASSWORD), ("n" * 100_000, PASSWORD), ("a\x00b", PASSWORD), ("\ud800", PASSWORD),
        ("amira\n", PASSWORD), ("invited", PASSWORD),
        ("gone", PASSWORD),
    ]:  # fmt: skip
        desk.later(minutes=6)
        with pytest.raises(WrongSignIn) as refused:
            desk.password(name, password)
        answers.add(str(refused.value))

    assert len(answers) == 1


def test_unknown_and_known_names_cost_the_same_argon2(desk):
    asked = []

    class Watched(PasswordHasher):
        def verify(self, stored, password):
            asked.append(stored.split("$")[1:4])
            return super().verify(stored, password)

    desk.hire("amira")
    desk.gate = Gate(desk.gate.vault, "o" * 40, desk.gate.origin, Passwords(Watched.from_parameters(CHEAPEST)))
    for name in ("amira", "nobody"):
        with pytest.raises(WrongSignIn):
            desk.password(name, OTHER_PASSWORD)

    assert len(asked) == 2
    assert asked[0] == asked[1]


def test_unknown_and_known_names_cost_the_same_statements(desk):
    desk.hire("amira")
    told = {}
    for name in ("amira", "nobody"):
        statements = []

        def note(conn, cursor, statement, *rest, into=statements):
            into.append(statement.split()[0])

        event.listen(db.engine, "before_cursor_execute", note)
        with pytest.raises(WrongSignIn):
            desk.password(name, OTHER_PASSWORD)
        event.remove(db.engine, "before_cursor_execute", note)
        told[name] = statements

    assert abs(len(told["amira"]) - len(told["nobody"])) <= 1, told


@pytest.mark.parametrize(("steps", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_good_for_its_half_minute_and_the_neighbours(desk, steps, accepted):
    desk.hire()
    desk.later(minutes=5)
    ticket = desk.password()
    proof = Proof("totp", desk.code(steps=steps))

    if accepted:
        assert desk.second(ticket, proof)
    else:
        with pytest.raises(WrongCode):
            desk.second(ticket, proof)


def test_a_code_works_once(desk):
    desk.hire()
    proof = desk.next_code()
    desk.second(desk.password(), proof)

    with pytest.raises(WrongCode):
        desk.second(desk.password(), proof)


def test_after_a_code_an_older_one_is_refused_though_its_time_is_not_over(desk):
    desk.hire()
    desk.later(minutes=5)
    older, newer = Proof("totp", desk.code(steps=-1)), Proof("totp", desk.code())
    desk.second(desk.password(), newer)

    with pytest.raises(WrongCode):
        desk.second(desk.password(), older)


def test_the_code_that_set_the_account_up_does_not_sign_in(desk):
    desk.accept(desk.invite())

    with pytest.raises(WrongCode):
        desk.second(desk.password(), Proof("totp", desk.code()))


@pytest.mark.parametrize(
    "typed", ["", "000000", "12345", "1234567", "abcdef", "１２３４５６", "9" * 100_000, "\ud800", "\x00"]
)
def test_what_is_no_code_is_refused(desk, typed):
    desk.hire()
    ticket = desk.password()

    with pytest.raises(WrongCode):
        desk.second(ticket, Proof("totp", typed))


def test_a_code_may_be_typed_with_spaces(desk):
    desk.hire()
    desk.later(seconds=30)
    code = desk.code()

    assert desk.second(desk.password(), Proof("totp", f" {code[:3]} {code[3:]} "))


def test_a_recovery_code_works_once_however_it_is_typed(desk):
    desk.hire()
    codes = desk.codes["amira"]
    assert len(set(codes)) == 10

    spelled = codes[3].lower().replace("-", " ").replace("0", "o").replace("1", "l")
    signed_in = desk.second(desk.password(), Proof("recovery-code", spelled))

    assert signed_in.session.account.recovery_codes_left == 9
    with pytest.raises(WrongCode):
        desk.second(desk.password(), Proof("recovery-code", codes[3]))
    assert desk.second(desk.password(), Proof("recovery-code", codes[4]))


@pytest.mark.parametrize("typed", ["", "7K2M9-QX4TB", "\ud800", "x" * 100_000, "\x00", "７K2M9QX4TB"])
def test_what_is_no_recovery_code_is_refused(desk, typed):
    desk.hire()

    with pytest.raises(WrongCode):
        desk.second(desk.password(), Proof("recovery-code", typed))


def test_anothers_recovery_code_is_refused_and_stays_good(desk):
    desk.hire("amira")
    desk.hire("bilan")

    with pytest.raises(WrongCode):
        desk.second(desk.password("amira"), Proof("recovery-code", desk.codes["bilan"][0]))
    assert desk.second(desk.password("bilan"), Proof("recovery-code", desk.codes["bilan"][0]))


def test_the_password_alone_opens_nothing(desk):
    desk.hire()
    ticket = desk.password()

    with pytest.raises(sessions.SessionGone):
        desk.use(ticket.token)


def test_a_ticket_is_good_for_five_minutes(desk):
    desk.hire()
    ticket, late = desk.password(), desk.password()
    assert ticket.expires_at == desk.now + timedelta(minutes=5)

    desk.later(minutes=4, seconds=59)
    assert desk.second(ticket, Proof("totp", desk.code()))
    desk.later(seconds=1)
    with pytest.raises(TicketGone):
        desk.second(late, Proof("recovery-code", desk.codes["amira"][0]))


def test_a_ticket_is_used_up_by_signing_in_and_not_by_a_wrong_code(desk):
    desk.hire()
    ticket = desk.password()
    with pytest.raises(WrongCode):
        desk.second(ticket, Proof("totp", "000000"))
    signed_in = desk.second(ticket, desk.next_code())

    assert signed_in.token != ticket.token
    with pytest.raises(TicketGone):
        desk.second(ticket, desk.next_code())
    with pytest.raises(TicketGone):
        sign_in.kinds_of(ticket.token, desk.now)


@pytest.mark.parametrize("token", ["", "x", "\ud800", "y" * 100_000])
def test_a_made_up_ticket_or_session_is_none(desk, token):
    with pytest.raises(TicketGone):
        sign_in.with_second_factor(desk.gate, token, Proof("totp", "123456"), source=HOME, now=desk.now)
    with pytest.raises(sessions.SessionGone):
        desk.use(token)


def test_disabling_between_the_steps_ends_the_ticket(desk):
    desk.hire()
    ticket = desk.password()
    accounts.disable(desk.ids["amira"], by=ADMIN, now=desk.now)

    with pytest.raises(TicketGone):
        desk.second(ticket, desk.next_code())


@pytest.mark.parametrize("change", ["state = 'disabled'", "password_hash = 'another'"])
def test_what_changes_while_argon2_works_counts(desk, change):
    desk.hire()

    class Slow(Passwords):
        def verify(self, stored, password):
            right = super().verify(stored, password)
            with transaction() as session:
                session.execute(text(f"UPDATE staff_account SET {change}"))
            return right

    desk.gate = Gate(desk.gate.vault, "o" * 40, desk.gate.origin, Slow(PasswordHasher.from_parameters(CHEAPEST)))

    with pytest.raises(WrongSignIn):
        desk.password()


def test_a_disabled_account_holds_nothing_to_sign_in_with(desk):
    desk.hire()
    desk.sign_in()
    desk.password()
    accounts.disable(desk.ids["amira"], by=ADMIN, now=desk.now)

    assert stored("password_hash") is None
    assert stored("sealed") is None
    with db.engine.connect() as connection:
        for table in ("staff_session", "staff_ticket", "staff_recovery_code", "staff_passkey"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0


def test_signing_in_with_an_old_hash_makes_it_anew(desk):
    desk.hire()
    before = stored("password_hash")
    dearer = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    desk.gate = Gate(desk.gate.vault, "o" * 40, desk.gate.origin, Passwords(dearer))

    desk.sign_in()
    after = stored("password_hash")
    desk.sign_in()

    assert "t=1" in before
    assert "m=16,t=2" in after
    assert stored("password_hash") == after


def test_no_secret_lies_in_the_database(desk, config):
    desk.hire()
    signed_in = desk.sign_in()
    ticket = desk.password()
    link = desk.invite("bilan")
    db.session.execute(text("SELECT 1"))
    if db.engine.dialect.name == "postgresql":
        tables = [db.session.execute(text(f"SELECT * FROM {model.__tablename__}")).all() for model in STAFF]
        held = repr(tables).encode()
    else:
        held = b"".join(path.read_bytes() for path in config.instance_dir.glob("voter_reg.sqlite3*"))

    for secret in (PASSWORD, desk.secrets["amira"], *desk.codes["amira"], signed_in.token, ticket.token, link, HOME):
        assert secret.encode() not in held
        assert secret.replace("-", "").encode() not in held
    assert b"amira" in held


def stored(column):
    with db.engine.connect() as connection:
        return connection.execute(text(f"SELECT {column} FROM staff_account WHERE name = 'amira'")).scalar_one()
