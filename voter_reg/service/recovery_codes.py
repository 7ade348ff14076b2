"""Recovery codes: ten of them, each good once, kept only as keyed hashes.

A code has 50 random bits. Its hash is keyed with the vault's index key, which no copy of the database holds, so the
hashes alone cannot be tried out.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from voter_reg.service.codes import new_code, plain_code
from voter_reg.store import staff as store
from voter_reg.vault import Vault

HOW_MANY = 10
"""Codes of a set; a new set ends the old one."""

_MOST_TYPED = 40


def give(session: Session, vault: Vault, account_id: str) -> tuple[str, ...]:
    """New codes in place of all old ones; kept nowhere in clear."""
    codes = tuple(new_code() for _ in range(HOW_MANY))
    store.replace_codes(session, account_id, [_hash(vault, account_id, code) for code in codes])
    return codes


def use(session: Session, vault: Vault, account_id: str, typed: str) -> bool:
    """Use up a code; False when it is none of the account's, or was used."""
    return (
        len(typed) <= _MOST_TYPED
        and typed.isascii()
        and store.use_code(session, account_id, _hash(vault, account_id, typed))
    )


def _hash(vault: Vault, account_id: str, code: str) -> str:
    return vault.index("staff-recovery-code", f"{account_id}|{plain_code(code)}")
