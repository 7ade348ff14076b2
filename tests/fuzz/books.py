"""What the database must be after whatever was sent: whole rows, each of someone, and nothing of it in clear.

Whatever a registrant may do to a row is in the log: a row that went, changed or was proved without its entry is wrong.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eligibility.district_map import DistrictMap
from tests.fuzz.sending import Door
from tests.fuzz.values import MARK
from voter_reg.config import Config
from voter_reg.service.drafts import DRAFT, Draft, row_of
from voter_reg.service.match_keys import strong_index
from voter_reg.service.own_record import token_id
from voter_reg.service.paper_record import KIND, PAGES
from voter_reg.service.voter_record import RECORD, VoterRecord
from voter_reg.vault import Vault, VaultError
from voter_reg.vault.vault import epoch_in

_OPEN = "('waiting', 'second', 'third', 'cure')"
_NOBODYS = {
    "a paper of no draft and no voter": "SELECT id FROM paper WHERE"
    " COALESCE(draft_id, '') NOT IN (SELECT id FROM draft) AND COALESCE(voter_id, '') NOT IN (SELECT id FROM voter)",
    **{
        f"a {table} of nobody": f"SELECT {whose} FROM {table} WHERE {whose} NOT IN (SELECT id FROM voter)"
        for table, whose in (
            ("vouching_code", "voter_id"),
            ("decision", "voter_id"),
            ("review", "voter_id"),
            ("letter", "voter_id"),
            ("match_key", "voter_id"),
            ("own_session", "voter_id"),
            ("match", "newer"),
            ("match", "older"),
        )
    },
    **{
        f"a {table} of one who has left": f"SELECT voter.id FROM voter JOIN {table} ON {whose} = voter.id"
        " WHERE voter.state = 'left'"
        for table, whose in (
            ("vouching_code", "voter_id"),
            ("review", "voter_id"),
            ("letter", "voter_id"),
            ("paper", "voter_id"),
            ("match_key", "voter_id"),
            ("own_session", "voter_id"),
            ("match", "newer"),
            ("match", "older"),
        )
    },
    "one who has left and can still be found": "SELECT id FROM voter WHERE state = 'left' AND"
    " (code_index <> 'left|' || id OR card_index IS NOT NULL OR match_index <> '' OR key_id <> due)",
    "one who has left and is on no list": "SELECT id FROM voter WHERE state = 'left' AND id NOT IN"
    " (SELECT voter_id FROM decision JOIN roster ON roster.election_id = decision.election_id)",
    "a review still open of who waits no more": "SELECT review.id FROM review JOIN voter ON voter.id = voter_id"
    f" WHERE voter.state = 'active' AND review.state IN {_OPEN}",
    "a card's home that nobody looks for": "SELECT id FROM voter WHERE state = 'waiting' AND card_index IS NOT NULL"
    f" AND id NOT IN (SELECT voter_id FROM review WHERE way = 'placing' AND state IN {_OPEN})",
    "a voter without keys to be matched by": "SELECT id FROM voter WHERE state <> 'left' AND id NOT IN"
    " (SELECT voter_id FROM match_key)",
    "a voter who is neither decided on nor to be": "SELECT id FROM voter WHERE state <> 'left' AND id NOT IN"
    " (SELECT voter_id FROM decision WHERE generation > 0) AND id NOT IN"
    " (SELECT json_extract(args, '$.voter') FROM job WHERE kind = 'tag-voter' AND state IN ('queued', 'running'))",
    "a state that no voter has": "SELECT id FROM voter WHERE state NOT IN ('active', 'waiting', 'held', 'left')",
    "one card of two": "SELECT card_index FROM voter WHERE state = 'active' AND card_index IS NOT NULL"
    " GROUP BY card_index HAVING COUNT(*) > 1",
    "one held against nobody": "SELECT id FROM voter AS mine WHERE state = 'held' AND NOT EXISTS (SELECT 1 FROM voter"
    " WHERE card_index = mine.card_index AND state = 'active') AND id NOT IN (SELECT newer FROM match)",
}
_SIGNED = ("address", "name", "dates")
"""What is changed under a signature, which stays beside the form."""


@dataclass(frozen=True)
class Logged:
    """What the log knows: by the keyed hash of a record what was done with it, and when it was registered."""

    deeds: dict[str, Counter[str]]
    registered_at: dict[str, set[datetime]]

    @property
    def all(self) -> Counter[str]:
        """How often each was done."""
        return sum(self.deeds.values(), Counter[str]())

    def left_at(self, moment: datetime) -> bool:
        """Whether one who registered in that second has left."""
        return any(self.deeds[one]["leave"] and moment in at for one, at in self.registered_at.items())


@dataclass
class Books:
    """The database of an installation, looked at from beside it; rows that have not changed are opened once."""

    config: Config
    vault: Vault
    map: DistrictMap
    seen: dict[str, object] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        return self.config.instance_dir / "voter_reg.sqlite3"

    def wrong(self, door: Door) -> Iterator[str]:
        """What is wrong, in words; the door has given out every token of a draft and of a session that there is."""
        with closing(sqlite3.connect(self.file)) as connection:
            for what in ("integrity_check", "foreign_key_check"):
                if (found := connection.execute(f"PRAGMA {what}").fetchall()) not in ([], [("ok",)]):
                    yield f"{what}: {found[:3]}"
            for what, query in _NOBODYS.items():
                if found := connection.execute(query).fetchall():
                    yield f"{what}: {found[:3]}"
            logged = _logged(connection)
            yield from self._voters(connection, logged)
            yield from self._vouching(connection, logged)
            yield from self._sessions(connection, logged, door.sessions)
            yield from self._drafts(connection, logged, door.tokens)
            yield from self._links(connection, door.tokens)
        yield from self._in_clear()

    def count(self) -> dict[str, int]:
        """How many rows there are of what a portal makes."""
        with closing(sqlite3.connect(self.file)) as connection:
            tables = ("draft", "voter", "review", "paper", "resume", "vouching_code", "log_entry", "job", "own_session")
            counted = {name: connection.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0] for name in tables}
            (left,) = connection.execute("SELECT COUNT(*) FROM voter WHERE state = 'left'").fetchone()
            return {**counted, "left and kept with a list": left}

    def done(self) -> Counter[str]:
        """How often the log says that each thing was done."""
        with closing(sqlite3.connect(self.file)) as connection:
            return _logged(connection).all

    def _subject(self, voter_id: str) -> str:
        return self.vault.index("log-subject", voter_id)

    def _voters(self, connection: sqlite3.Connection, logged: Logged) -> Iterator[str]:
        there, anyone_left = set(), bool(logged.all["leave"])
        connection.row_factory = sqlite3.Row
        for row in connection.execute("SELECT * FROM voter").fetchall():
            subject = self._subject(row["id"])
            there.add(subject)
            deeds = logged.deeds[subject]
            if deeds["register"] != 1:
                yield f"a voter of whom the log knows {deeds['register']} registrations"
            if deeds["leave"] != (row["state"] == "left"):
                yield f"a voter who is {row['state']} and left {deeds['leave']} times"
            now = (*row, *sorted(deeds.items()))
            if self.seen.get(row["id"]) != now:
                self.seen[row["id"]] = now
                yield from self._voter(connection, row, deeds, anyone_left=anyone_left)
        connection.row_factory = None
        for subject, deeds in logged.deeds.items():
            if deeds["register"] and subject not in there and deeds["leave"] != 1:
                yield f"a voter who is gone, of whom the log knows that they left {deeds['leave']} times"
        for (voter_id,) in connection.execute("SELECT json_extract(args, '$.voter') FROM job WHERE kind = 'tag-voter'"):
            if self._subject(voter_id) not in there and not logged.deeds[self._subject(voter_id)]["leave"]:
                yield "a job for nobody"

    def _voter(
        self, connection: sqlite3.Connection, row: Any, deeds: Counter[str], *, anyone_left: bool
    ) -> Iterator[str]:
        voter_id, state = row["id"], row["state"]
        try:
            record = RECORD.open(self.vault, voter_id, row["sealed"])
        except (VaultError, ValueError, TypeError) as problem:
            yield f"a voter whose record does not open: {type(problem).__name__}"
            return
        yield from self._record(row, record, deeds)
        if state == "active" and not (record.proof == "card" and row["card_index"]) and not deeds["vouched-for"]:
            yield "a voter on the roll whose home nobody proved"
        if state == "waiting" and row["card_index"]:
            found = self.map.lookup(record.address)
            if record.proof != "card":
                yield "a voter who waits with a card that proves nothing"
            elif found.status == "found" and found.split == row["split"]:
                yield "a voter who waits though the map knows the home that their card proved"
        review = f"SELECT 1 FROM review WHERE voter_id = ? AND state IN {_OPEN}"
        # Whose card was another's waits without one once that other has left; the sweep opens a review.
        needs_one = state == "waiting" and not (record.proof == "card" and anyone_left)
        if needs_one and not connection.execute(review, (voter_id,)).fetchone():
            yield "a voter who waits without a review"
        for paper_id, kind, pages in connection.execute(
            "SELECT id, sealed_kind, sealed FROM paper WHERE voter_id = ?", (voter_id,)
        ).fetchall():
            if KIND.open(self.vault, paper_id, kind).pages != len(PAGES.open(self.vault, paper_id, pages).pages):
                yield "a paper with fewer pages than it says"

    def _record(self, row: Any, record: VoterRecord, deeds: Counter[str]) -> Iterator[str]:
        if not (record.name and record.birth and record.address and record.signature and record.code):
            yield "a voter whose record is half empty"
        digest = hashlib.sha256(record.signed_copy.encode()).hexdigest()
        if digest != record.signed_copy_sha256 or self.forms.setdefault(row["id"], digest) != digest:
            yield "a voter whose record is not what was signed"
        if epoch_in(row["sealed"]) != row["key_id"]:
            yield "a voter under another key than the row says"
        logged = {what: deeds[f"change-{what}"] for what in _SIGNED if deeds[f"change-{what}"]}
        if Counter(one.what for one in record.amendments) != logged:
            yield "a voter with other changes than the log knows"
        for one in record.amendments:
            if hashlib.sha256(one.text.encode()).hexdigest() != one.sha256 or digest not in one.text:
                yield "a change that is not what was signed"
        if row["state"] != "left":
            yield from self._found_by(row, record)
        elif record.email or record.mail_to:
            yield "one who has left and can still be written to"

    def _found_by(self, row: Any, record: VoterRecord) -> Iterator[str]:
        """What finds a record must be what the record says."""
        if self.vault.index("code", record.code.replace("-", "")) != row["code_index"]:
            yield "a voter whose code finds another"
        if strong_index(self.vault, record.name, record.birth) != row["match_index"]:
            yield "a voter who is matched by another name or birth date"
        if record.home in {None, "address", "facility"} and self.map.lookup(record.address).split != row["split"]:
            yield "a voter of another precinct than their address"

    def _vouching(self, connection: sqlite3.Connection, logged: Logged) -> Iterator[str]:
        """A code is there as long as one may be vouched for; after an oath it stays, used, whatever is changed then."""
        codes = dict(connection.execute("SELECT voter_id, sworn_mark FROM vouching_code").fetchall())
        for voter_id, state, sealed in connection.execute("SELECT id, state, sealed FROM voter").fetchall():
            deeds = logged.deeds[self._subject(voter_id)]
            try:
                waits = RECORD.open(self.vault, voter_id, sealed).proof == "vouching" and state != "left"
            except (VaultError, ValueError, TypeError):
                continue  # told of already
            proved = deeds["proved"] > 0
            if waits and voter_id not in codes:
                yield "a voter without the code that a voucher needs"
            # Who showed a card for a home off the map is still looked for: a voucher's oath may be faster.
            if voter_id in codes and not (waits or deeds["vouched-for"] or (proved and state in ("waiting", "held"))):
                yield "a voter with a vouching code and no need of one"
            if voter_id in codes and bool(codes[voter_id]) != bool(deeds["vouched-for"]):
                yield "a vouching code that was used without an oath, or the reverse"
        done, (counted,) = logged.all, connection.execute("SELECT TOTAL(count) FROM vouching_count").fetchone()
        if not done["vouched"] == done["vouched-for"] == counted / 2:
            yield f"{done['vouched']} vouched for {done['vouched-for']}, and {counted} are counted"

    def _sessions(self, connection: sqlite3.Connection, logged: Logged, given: set[str]) -> Iterator[str]:
        known, begun = {token_id(token) for token in given}, Counter[str]()
        for session_id, voter_id, started, seen in connection.execute("SELECT * FROM own_session"):
            begun[voter_id] += 1
            if session_id not in known:
                yield "a session that was given to nobody"
            if started > seen:
                yield "a session that was used before it began"
        for voter_id, number in begun.items():
            if number > logged.deeds[self._subject(voter_id)]["signed-in"]:
                yield "a session that nobody signed in to"
        if connection.execute("SELECT 1 FROM own_code").fetchone():
            yield "a code of the office, which gave none"

    def _drafts(self, connection: sqlite3.Connection, logged: Logged, tokens: set[str]) -> Iterator[str]:
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
            if not self._is_someones(connection, logged, draft):
                yield "a receipt of nobody"

    def _is_someones(self, connection: sqlite3.Connection, logged: Logged, draft: Draft) -> bool:
        """Whether a draft's receipt, if it has one, is that of a voter, or of one who has left since."""
        if draft.receipt is None:
            return True
        code = self.vault.index("code", draft.receipt.code.replace("-", ""))
        if connection.execute("SELECT 1 FROM voter WHERE code_index = ?", (code,)).fetchone():
            return True
        return logged.left_at(datetime.fromisoformat(draft.receipt.registered_at).astimezone(UTC))

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


def _logged(connection: sqlite3.Connection) -> Logged:
    """Only what stands for one record each: bulk reads and the office's own acts are no registrant's."""
    deeds, registered_at = defaultdict[str, Counter[str]](Counter), defaultdict[str, set[datetime]](set)
    one = "FROM log_entry WHERE purpose IN ('registration', 'own-record')"
    for subject, action, count in connection.execute(f"SELECT subject, action, COUNT(*) {one} GROUP BY 1, 2"):
        deeds[subject][action] = count
    for subject, at in connection.execute(f"SELECT subject, at {one} AND action = 'register'"):
        registered_at[subject].add(datetime.fromisoformat(at).replace(tzinfo=UTC, microsecond=0))
    return Logged(deeds, registered_at)


def in_clear(raw: bytes) -> str:
    """How `MARK` stands in some bytes; empty when it does not."""
    lowered = raw.lower()
    spelled = {
        "as it is": MARK.encode(),
        "in 16 bits": MARK.encode("utf-16-le"),
        "in hex": MARK.encode().hex().encode(),
    }
    return next((how for how, one in spelled.items() if one in lowered), "")
