"""`voter-reg staff code`: the present code of an authenticator's secret, for whoever tries the demonstration."""

from __future__ import annotations

import binascii
from datetime import UTC, datetime

import click
import pyotp

from eligibility.errors import BadInput


@click.command("code")
@click.argument("secret")
def code(secret: str) -> None:
    """Print the present 6 digits of an authenticator SECRET, in place of a phone, for the demonstration's accounts."""
    key = secret.replace(" ", "").upper()
    try:
        digits = pyotp.TOTP(key).at(datetime.now(UTC)) if len(key) >= 16 else ""
    except (binascii.Error, ValueError):
        digits = ""
    if not digits:
        raise BadInput("is not an authenticator's secret: letters A to Z and digits 2 to 7", "SECRET")
    click.echo(digits)
