"""`voter-reg staff code`: the present code of a secret, and one line for what is none."""

import time

import pyotp
import pytest

from tests.voter_reg.town import command

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.mark.parametrize("typed", [SECRET, SECRET.lower(), " ".join(SECRET)])
def test_the_present_code_is_printed(typed):
    before = pyotp.TOTP(SECRET).at(time.time())
    ending = command("staff", "code", typed)

    assert ending.code == 0
    assert ending.out.strip() in {before, pyotp.TOTP(SECRET).at(time.time())}


@pytest.mark.parametrize("typed", ["", "x", "1" * 32, "é" * 32, "A" * 15, "=" * 32])
def test_what_is_no_secret_is_said_without_repeating_it(typed):
    ending = command("staff", "code", typed)

    assert (ending.code, ending.out) == (2, "")
    assert ending.err == "SECRET: is not an authenticator's secret: letters A to Z and digits 2 to 7\n"
