"""What the database must be after whatever was sent: whole rows, each of someone, and nothing of it in clear."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.values import MARK
from voter_reg.config import Config
from voter_reg.service.drafts import DRAFT, row_of
from voter_reg.service.paper_record import KIND, PAGES
from voter_reg.service.voter_record import RECORD
from voter_reg.vault import Vault, VaultError

_NOBODYS = {
    "a paper of no draft and no voter": "SELECT id FROM paper WHERE"
    " COALESCE(draft_id, '') NOT IN (SELECT id FROM draft) AND COALESCE(voter_id, '') NOT IN (SELECT id FROM voter)",
    "a vouching code of nobody": "SELECT voter_id FROM vouching_code WHERE voter_id NOT IN (SELECT id FROM voter)",
    "a decision on nobody": "SELECT voter_id FROM decision WHERE voter_id NOT IN (SELECT id FROM voter)",
    "a review of nobody": "SELECT id FROM review WHERE voter_id NOT IN (SELECT id FROM voter)",
    "a letter to nobody": "SELECT id FROM letter WHERE voter_id NOT IN (SELECT id FROM voter)",
    "a voter who waits without a review": "SELECT id FROM voter WHERE state = 'waiting' AND id NOT IN"
    " (SELECT voter_id FROM review WHERE state IN ('waiting', 'second', 'third', 'cure'))",
    "a review still open of who waits no more": "SELECT review.id FROM review JOIN voter ON voter.id = voter_id"
    " WHERE voter.state = 'active' AND review.state IN ('waiting', 'second', 'third', 'cure')",
    "a voter without keys to be matched by": "SELECT id FROM voter WHERE id NOT IN (SELECT voter_id FROM match_key)",
    "a voter who is neither decided on nor to be": "SELECT id FROM voter WHERE id NOT IN"
    " (SELECT voter_id FROM decision) AND id NOT IN (SELECT json_extract(args, '$.voter') FROM job"
    " WHERE kind = 'tag-voter' AND state <> 'failed')",
    "a job for nobody": "SELECT id FROM job WHERE json_extract(args, '$.voter') NOT IN (SELECT id FROM voter)",
    "a state that no voter has": "SELECT id FROM voter WHERE state NOT IN ('active', 'waiting', 'held')",
    "one card of two": "SELECT card_index FROM voter WHERE state = 'active' AND card_index IS NOT NULL"
    " GROUP BY card_index HAVING COUNT(*) > 1",
}


@dataclass
class Books:
    """The database of an installation, looked at from beside it; rows that have not changed are opened once."""

    config: Config
    vault: Vault
    seen: dict[str, object] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        return self.config.instance_dir / "voter_reg.sqlite3"

    def wrong(self, tokens: set[str]) -> Iterator[str]:
        """What is wrong, in words; `tokens` are those of all drafts that were ever given out."""
        with closing(sqlite3.connect(self.file)) as connection:
            for what in ("integrity_check", "foreign_key_check"):
                if (found := connection.execute(f"PRAGMA {what}").fetchall()) not in ([], [("ok",)]):
                    yield f"{what}: {found[:3]}"
            for what, query in _NOBODYS.items():
                if found := connection.execute(query).fetchall():
                    yield f"{what}: {found[:3]}"
            yield from self._voters(connection)
            yield from self._drafts(connection, tokens)
            yield from self._links(connection, tokens)
        yield from self._in_clear()

    def count(self) -> dict[str, int]:
        """How many rows there are of what a portal makes."""
        with closing(sqlite3.connect(self.file)) as connection:
            tables = ("draft", "voter", "review", "paper", "resume", "vouching_code", "log_entry", "job")
            return {name: connection.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0] for name in tables}

    def _voters(self, connection: sqlite3.Connection) -> Iterator[str]:
        logged = connection.execute("SELECT COUNT(*) FROM log_entry WHERE action = 'register'").fetchone()[0]
        there = connection.execute("SELECT COUNT(*) FROM voter").fetchone()[0]
        if logged != there:
            yield f"{there} voters, of whom the log knows {logged}"
        for voter_id, sealed, code in connection.execute("SELECT id, sealed, code_index FROM voter"):
            if self.seen.get(voter_id) == code:
                continue
            self.seen[voter_id] = code
            try:
                record = RECORD.open(self.vault, voter_id, sealed)
            except (VaultError, ValueError, TypeError) as problem:
                yield f"a voter whose record does not open: {type(problem).__name__}"
                continue
            digest = hashlib.sha256(record.signed_copy.encode()).hexdigest()
            if not (record.name and record.birth and record.address and record.signature and record.code):
                yield "a voter whose record is half empty"
            if digest != record.signed_copy_sha256 or self.vault.index("code", record.code.replace("-", "")) != code:
                yield "a voter whose record is not what was signed"
            if (record.proof == "vouching") != bool(
                connection.execute("SELECT 1 FROM vouching_code WHERE voter_id = ?", (voter_id,)).fetchone()
            ):
                yield "a voter with a vouching code and no need of one, or the reverse"
            for paper_id, kind, pages in connection.execute(
                "SELECT id, sealed_kind, sealed FROM paper WHERE voter_id = ?", (voter_id,)
            ):
                if KIND.open(self.vault, paper_id, kind).pages != len(PAGES.open(self.vault, paper_id, pages).pages):
                    yield "a paper with fewer pages than it says"

    def _drafts(self, connection: sqlite3.Connection, tokens: set[str]) -> Iterator[str]:
        known = {row_of(token): token for token in tokens}
        for row_id, sealed, version in connection.execute("SELECT id, sealed, version FROM draft"):
            if self.seen.get(row_id) == version:
                continue
            self.seen[row_id] = version
            token = known.get(row_id, "")
            try:
                draft = DRAFT.open_for(self.vault, token.encode(), row_id, sealed)
            except (VaultError, ValueError, TypeError) as problem:
                yield f"a draft that no token opens: {type(problem).__name__}"
                continue
            wanted = "SELECT id FROM paper WHERE draft_id = ? ORDER BY position"
            if draft.papers != tuple(one for (one,) in connection.execute(wanted, (row_id,))):
                yield "a draft with other papers than it says"
            code = draft.receipt and self.vault.index("code", draft.receipt.code.replace("-", ""))
            if code and not connection.execute("SELECT 1 FROM voter WHERE code_index = ?", (code,)).fetchone():
                yield "a receipt of nobody"

    def _links(self, connection: sqlite3.Connection, tokens: set[str]) -> Iterator[str]:
        drafts = {row_id for (row_id,) in connection.execute("SELECT id FROM draft")}
        mine = {hashlib.sha256(b"resume-of|" + token.encode()).hexdigest(): row_of(token) for token in tokens}
        for (of,) in connection.execute("SELECT draft_hash FROM resume"):
            if mine.get(of) not in drafts:
                yield "a link to no draft"

    def _in_clear(self) -> Iterator[str]:
        for path in sorted(self.config.instance_dir.rglob("*")):
            if path.is_file() and (how := in_clear(path.read_bytes())):
                yield f"what was typed stands in {path.name}, {how}"


def in_clear(raw: bytes) -> str:
    """How `MARK` stands in some bytes; empty when it does not."""
    lowered = raw.lower()
    spelled = {
        "as it is": MARK.encode(),
        "in 16 bits": MARK.encode("utf-16-le"),
        "in hex": MARK.encode().hex().encode(),
    }
    return next((how for how, one in spelled.items() if one in lowered), "")
