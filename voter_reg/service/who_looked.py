"""Who has looked at my record: what the access log says of one voter, reads of many at once included.

The answer names roles and purposes, never a member of staff: that is the privacy officer's to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from voter_reg.service.access_log import log_voter
from voter_reg.service.actors import Actor
from voter_reg.store import demands, letters, log, rosters, voters
from voter_reg.store.db import snapshot, transaction
from voter_reg.store.log import LogRow
from voter_reg.vault import Vault

_BULK: Final = frozenset({"roster", "poll-books", "tagging", "hold", "letters"})

_WORDS: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {
        ("registration", "register"): "You registered.",
        ("registration", "tag"): "The program worked out which contests you may vote in.",
        ("registration", "replay"): "Someone had the program work out your contests again, to check them.",
        ("registration", "renew"): "Your record was kept for another span, since you signed again.",
        ("registration", "match-review"): "A reviewer compared this record with a like one.",
        ("registration", "match-different"): "Reviewers found that this record and a like one are two people's.",
        ("registration", "match-same"): "Two reviewers found that this record and a like one are one person's.",
        ("registration", "review"): "A reviewer opened what shows where you live.",
        ("registration", "review-page"): "A reviewer looked at a page of your papers.",
        ("registration", "review-approve"): "A reviewer approved what shows where you live.",
        ("registration", "review-ask"): "You were asked for more.",
        ("registration", "review-refuse"): "A reviewer refused what shows where you live.",
        ("registration", "review-appeal"): "You appealed.",
        ("registration", "review-papers"): "You sent papers.",
        ("registration", "who-looked"): "Someone asked who had looked at this record.",
        (
            "registration",
            "vouching-checked",
        ): "Someone gave this record's code, to vouch for a neighbor.",
        ("registration", "vouching-shown"): "A neighbor who had the vouching code saw this record's name and address.",
        ("registration", "vouched"): "You vouched for a neighbor.",
        ("registration", "vouched-for"): "A neighbor vouched for you.",
        ("registration", "enter-paper"): "Staff entered your paper form.",
        ("registration", "enter-paper-again"): "Staff saw the code of a paper form that they had just entered.",
        ("registration", "proof-seen"): "Staff saw your papers and put you on the list.",
        ("tagging", "read"): "The program worked out everyone's contests.",
        ("tagging", "tag"): "The program put everyone's contests to use.",
        ("roster", "read"): "The program read everyone's record to make the list of voters.",
        ("roster", "freeze"): "The list of voters was fixed.",
        ("poll-books", "export"): "The list of voters was written for the polling places.",
        ("notice", "read"): "The program looked up where to send you a message.",
        ("letters", "print"): "Your name and postal address were shown to print a letter to you.",
        ("hold", "reseal"): "A legal demand came, and the program locked records so that none is removed.",
    }
)


@dataclass(frozen=True, slots=True)
class Look:
    """One look: `many` says that it was at many records at once, of which this one was or may have been one."""

    at: datetime
    role: str
    what: str
    many: bool


def who_looked(vault: Vault, voter_id: str, *, by: Actor, now: datetime) -> list[Look]:
    """Everything the log says of one voter's record, oldest first; asking is logged as well, before it is answered.

    A read of many counts when it was of an election that this voter was tagged for, or of everyone, and came after
    they registered. Whether it truly held this record is not always known any more, so it may say one too many.
    """
    subject = vault.index("log-subject", voter_id)
    with transaction() as session:
        log_voter(session, vault, by, "who-looked", voter_id, now)
    with snapshot() as session:
        own = log.of_subject(session, subject)
        of_elections = voters.elections_of(session, voter_id)
        subjects = {*of_elections, *rosters.ids_of(session, of_elections), *demands.hold_ids(session)}
        subjects |= letters.batches_of(session, voter_id)
        bulk = [row for row in log.of_subjects_since(session, subjects, own[0].at) if row.purpose in _BULK]
    looks = [_look(row, many=False) for row in own] + [_look(row, many=True) for row in bulk]
    return sorted(looks, key=lambda look: look.at)


def _look(row: LogRow, *, many: bool) -> Look:
    words = _WORDS.get((row.purpose, row.action), f"{row.purpose}: {row.action}".replace("-", " "))
    return Look(row.at, row.role, words, many)
