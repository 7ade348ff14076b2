"""Passkeys (WebAuthn): the two ceremonies, each with a challenge that is good once and for five minutes.

An answer is held to the office's own origin and host. A counter that does not move on means a copied authenticator, and
is refused. What kind of authenticator it is, is not asked.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, generate_challenge
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import PublicKeyCredentialDescriptor

from voter_reg.service.gate import Gate
from voter_reg.store import staff as store
from voter_reg.store import staff_sessions
from voter_reg.store.staff import PasskeyRow, Stored

CHALLENGE = timedelta(minutes=5)
MOST_PASSKEYS = 10
_RP_NAME = "Voter registration office"
_MOST_TYPED = 20_000
_UNREADABLE = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError)
"""What the library raises over an answer made up by someone."""


def ask(session: Session, gate: Gate, account_id: str, holder: str, now: datetime) -> str:
    """What a browser needs to ask for one of an account's passkeys, as JSON."""
    challenge = generate_challenge()
    staff_sessions.put_challenge(session, f"get|{holder}", challenge, now + CHALLENGE)
    known = _described(store.passkeys(session, account_id))
    return options_to_json(
        generate_authentication_options(rp_id=gate.rp_id, challenge=challenge, allow_credentials=known)
    )


def use(session: Session, gate: Gate, account_id: str, holder: str, answer: str, now: datetime) -> bool:  # noqa: PLR0917
    """Whether a browser's answer is of one of an account's passkeys, over the challenge of this holder."""
    challenge = staff_sessions.take_challenge(session, f"get|{holder}", now)
    if challenge is None or len(answer) > _MOST_TYPED:
        return False
    for key in store.passkeys(session, account_id):
        count = _new_count(gate, key, challenge, answer)
        if count is not None:
            return store.use_passkey(session, key.id, key.sign_count, count)
    return False


def offer(session: Session, gate: Gate, account: Stored, holder: str, now: datetime) -> str:
    """What a browser needs to make a passkey for an account, as JSON."""
    challenge = generate_challenge()
    staff_sessions.put_challenge(session, f"create|{holder}", challenge, now + CHALLENGE)
    options = generate_registration_options(
        rp_id=gate.rp_id,
        rp_name=_RP_NAME,
        user_id=account.id.encode(),
        user_name=account.name,
        challenge=challenge,
        exclude_credentials=_described(store.passkeys(session, account.id)),
    )
    return options_to_json(options)


def add(  # noqa: PLR0917
    session: Session, gate: Gate, account_id: str, holder: str, answer: str, label: str, now: datetime
) -> str | None:
    """Add the passkey that a browser made; its id.

    None when the answer is not one to this holder's challenge, or the passkey is somebody's already.
    """
    challenge = staff_sessions.take_challenge(session, f"create|{holder}", now)
    if challenge is None or len(answer) > _MOST_TYPED:
        return None
    try:
        made = verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=gate.rp_id, expected_origin=gate.origin
        )
    except _UNREADABLE:
        return None
    passkey_id = bytes_to_base64url(made.credential_id)
    if store.has_passkey(session, passkey_id):
        return None
    store.add_passkey(
        session,
        id=passkey_id,
        account_id=account_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        label=label,
        added_at=now,
    )
    return passkey_id


def _new_count(gate: Gate, key: PasskeyRow, challenge: bytes, answer: str) -> int | None:
    try:
        verified = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=gate.rp_id,
            expected_origin=gate.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
        )
    except _UNREADABLE:
        return None
    return verified.new_sign_count if bytes_to_base64url(verified.credential_id) == key.id else None


def _described(keys: list[PasskeyRow]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(key.id)) for key in keys]
