"""Codes of an authenticator app: RFC 6238, which steps are taken, and secrets that stay with their row."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyotp import TOTP
from sqlalchemy import text

from tests.voter_reg.service.desk_of_staff import Desk
from voter_reg.service import totp
from voter_reg.store.db import transaction
from voter_reg.vault import VaultError

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037"),
     (20000000000, "353130")],
)  # fmt: skip
def test_codes_are_those_of_rfc_6238(seconds, code):
    assert totp.step_of(SECRET, code, datetime.fromtimestamp(seconds, UTC)) == seconds // 30


@given(
    now=st.integers(1_000_000_000, 4_000_000_000),
    away=st.integers(-5, 5),
    after=st.integers(-4, 4),
)
def test_a_code_is_taken_at_most_one_step_away_and_only_after_the_last_one(now, away, after):
    step = now // 30 + away
    last = now // 30 + after

    taken = totp.step_of(SECRET, TOTP(SECRET).generate_otp(step), datetime.fromtimestamp(now, UTC), after=last)

    # One code in a million is another step's as well; then it is that step's.
    assert taken is None or (taken > last and abs(taken - now // 30) <= 1)
    if abs(away) <= 1 and away > after:
        assert taken is not None


def test_a_step_begins_at_the_half_minute():
    code = TOTP(SECRET).generate_otp(100)
    begins = datetime.fromtimestamp(100 * 30, UTC)

    good = [totp.step_of(SECRET, code, begins + timedelta(seconds=s)) == 100 for s in (-31, -30, 0, 29, 59, 60)]

    assert good == [False, True, True, True, True, False]


def test_a_secret_moved_to_another_account_does_not_open(office):
    desk = Desk(office)
    desk.hire("amira")
    desk.hire("bilan")
    with transaction() as session:
        session.execute(
            text(
                "UPDATE staff_account SET sealed = (SELECT sealed FROM staff_account WHERE name = 'bilan') "
                "WHERE name = 'amira'"
            )
        )
    desk.secrets["amira"] = desk.secrets["bilan"]

    with pytest.raises(VaultError):
        desk.sign_in("amira")
