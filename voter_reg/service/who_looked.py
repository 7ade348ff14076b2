"""Who has looked at my record: what the access log says of one voter, reads of many at once included.

The answer names roles and purposes, never a member of staff: that is the privacy officer's to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from voter_reg.language import Said, said
from voter_reg.service.access_log import log_own, log_voter
from voter_reg.service.actors import RESIDENT, Actor
from voter_reg.store import demands, letters, rosters, voters
from voter_reg.store import log as store
from voter_reg.store.db import snapshot, transaction
from voter_reg.store.log import LogRow
from voter_reg.vault import Vault

_BULK: Final = frozenset({"roster", "poll-books", "tagging", "hold", "letters"})

_WORDS: Final[Mapping[tuple[str, str], Said]] = MappingProxyType(
    {
        ("registration", "register"): said("You registered."),
        ("registration", "tag"): said("The program worked out which contests you may vote in."),
        ("registration", "replay"): said("Someone had the program work out your contests again, to check them."),
        ("registration", "renew"): said("Your record was kept for another span, since you signed again."),
        ("registration", "match-review"): said("A reviewer compared this record with a like one."),
        ("registration", "match-different"): said("Reviewers found that this record and a like one are two people's."),
        ("registration", "match-same"): said("Two reviewers found that this record and a like one are one person's."),
        ("registration", "who-looked"): said("Someone asked who had looked at this record."),
        ("registration", "review"): said("A reviewer opened what shows where you live."),
        ("registration", "review-page"): said("A reviewer looked at a page of your papers."),
        ("registration", "review-approve"): said("A reviewer approved what shows where you live."),
        ("registration", "review-ask"): said("You were asked for more."),
        ("registration", "review-refuse"): said("A reviewer refused what shows where you live."),
        ("registration", "review-appeal"): said("You appealed."),
        ("registration", "review-papers"): said("You sent papers."),
        ("registration", "vouching-checked"): said("Someone gave this record's code, to vouch for a neighbor."),
        ("registration", "vouching-shown"): said(
            "A neighbor who had the vouching code saw this record's name and address."
        ),
        ("registration", "vouched"): said("You vouched for a neighbor."),
        ("registration", "vouched-for"): said("A neighbor vouched for you."),
        ("registration", "enter-paper"): said("Staff entered your paper form."),
        ("registration", "enter-paper-again"): said("Staff saw the code of a paper form that they had just entered."),
        ("registration", "counter"): said("Staff looked at this record, with someone there who gave its code."),
        ("registration", "proof-seen"): said("Staff saw your papers and put you on the list."),
        ("own-record", "sign-in"): said("Someone typed the code of this record, to sign in."),
        ("own-record", "signed-in"): said("The birth date was right too, and the record was opened to them."),
        ("own-record", "sign-in-refused"): said("The birth date was not right, so they were shown nothing."),
        ("own-record", "look"): said("You, or who signed in with your code, looked at this record."),
        ("own-record", "look-to-change"): said(
            "You, or who signed in with your code, opened a page to change this record."
        ),
        ("own-record", "look-to-prove"): said("You, or who signed in with your code, opened a page to send a paper."),
        ("own-record", "change-address"): said("The address was changed."),
        ("own-record", "change-name"): said("The name was changed."),
        ("own-record", "change-dates"): said("The birth date, or since when you live here, was changed."),
        ("own-record", "change-contact"): said("How to reach you was changed."),
        ("own-record", "prove"): said("A Municipal ID was shown, to prove this record."),
        ("own-record", "proved"): said("The Municipal ID was confirmed."),
        ("own-record", "who-looked"): said(
            "You, or who signed in with your code, asked who had looked at this record."
        ),
        ("own-record", "form"): said("Your own copy of the signed form was taken."),
        ("own-record", "registration-letter"): said("A letter on this registration was made, as asked for here."),
        ("own-record", "voting-letter"): said("A letter on voting was made, as asked for here."),
        ("own-record", "letter-refused"): said("A letter on voting was asked for, and the check was not right."),
        ("own-record", "office-code"): said("The office gave you a code in person."),
        ("own-record", "leave"): said("You took yourself off the list."),
        ("tagging", "read"): said("The program worked out everyone's contests."),
        ("tagging", "tag"): said("The program put everyone's contests to use."),
        ("roster", "read"): said("The program read everyone's record to make the list of voters."),
        ("roster", "freeze"): said("The list of voters was fixed."),
        ("poll-books", "export"): said("The list of voters was written for the polling places."),
        ("notice", "read"): said("The program looked up where to send you a message."),
        ("letters", "print"): said("Your name and postal address were shown to print a letter to you."),
        ("hold", "reseal"): said("A legal demand came, and the program locked records so that none is removed."),
    }
)


@dataclass(frozen=True, slots=True)
class Look:
    """One look: `many` says that it was at many records at once, of which this one was or may have been one."""

    at: datetime
    role: str
    what: Said | str
    many: bool


_TO_THE_REGISTRANT: Final[Mapping[tuple[str, str], Said]] = MappingProxyType(
    {("hold", "reseal"): said("The program put records under another key.")}
)
"""What is told otherwise to whoever signed in to the record: not that a legal demand came: the city may not tell."""

_NOT_TO_THE_REGISTRANT: Final = "match-"
"""Actions that begin so are left out for them, whatever their words: whoever registers under another's name and birth
date would learn from them that there is such a registration. The page says that they are not in its list."""


def who_looked(vault: Vault, voter_id: str, *, by: Actor, now: datetime) -> list[Look]:
    """Everything the log says of one voter's record, oldest first; asking is logged as well, before it is answered.

    A read of many counts when it was of an election that this voter was tagged for, or of everyone, and came after
    they registered. Whether it truly held this record is not always known any more, so it may say one too many.
    """
    subject = vault.index("log-subject", voter_id)
    with transaction() as session:
        log = log_own if by == RESIDENT else log_voter
        log(session, vault, by, "who-looked", voter_id, now)
    with snapshot() as session:
        own = store.of_subject(session, subject)
        of_elections = voters.elections_of(session, voter_id)
        subjects = {*of_elections, *rosters.ids_of(session, of_elections), *demands.hold_ids(session)}
        subjects |= letters.batches_of(session, voter_id)
        bulk = [row for row in store.of_subjects_since(session, subjects, own[0].at) if row.purpose in _BULK]
    told = {**_WORDS, **_TO_THE_REGISTRANT} if by == RESIDENT else _WORDS
    if by == RESIDENT:
        own = [row for row in own if not row.action.startswith(_NOT_TO_THE_REGISTRANT)]
    looks = [_look(row, told, many=False) for row in own] + [_look(row, told, many=True) for row in bulk]
    return sorted(looks, key=lambda look: look.at)


def _look(row: LogRow, said_of: Mapping[tuple[str, str], Said], *, many: bool) -> Look:
    words = said_of.get((row.purpose, row.action)) or f"{row.purpose}: {row.action}".replace("-", " ")
    return Look(row.at, row.role, words, many)
