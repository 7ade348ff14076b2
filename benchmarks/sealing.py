"""Sealing and opening one envelope of 300 bytes, against AES-256-GCM alone with a ready cipher and a fresh nonce.

The envelope adds what makes it one: version, epoch, and the binding to kind, row and key. The budget is a share of the
bare rate, so the ratio here is the bare time over ours.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.row import Row
from benchmarks.turns import take_turns, timed
from voter_reg.vault import create_keys, open_vault

ROUNDS, TIMES, BYTES = 9, 20_000, 300


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        master, keystore = Path(folder) / "master.key", Path(folder) / "keystore.json"
        create_keys(master, keystore)
        vault, clear, bare = open_vault(master, keystore), os.urandom(BYTES), AESGCM(os.urandom(32))
        row_id, bound = "0" * 32, b"voter|" + b"0" * 32 + b"|2030-01"
        sealed, nonce = vault.seal("voter", row_id, "2030-01", clear), os.urandom(12)
        alone = bare.encrypt(nonce, clear, bound)

        def seal() -> None:
            for _ in range(TIMES):
                vault.seal("voter", row_id, "2030-01", clear)

        def bare_seal() -> None:
            for _ in range(TIMES):
                bare.encrypt(os.urandom(12), clear, bound)

        def unseal() -> None:
            for _ in range(TIMES):
                vault.open("voter", row_id, sealed)

        def bare_open() -> None:
            for _ in range(TIMES):
                bare.decrypt(nonce, alone, bound)

        for words, ours, floor, least in (
            ("seal an envelope of 300 bytes", seal, bare_seal, 0.5),
            ("open an envelope of 300 bytes", unseal, bare_open, 0.35),
        ):
            turns = take_turns(timed(ours), timed(floor), ROUNDS)
            share = 1 / turns.ratio
            yield Row(
                words,
                f"{TIMES / turns.ours:,.0f}/s",
                f"{TIMES / turns.floor:,.0f}/s",
                share,
                f"≥ {least:g}×",
                share >= least,
            )
