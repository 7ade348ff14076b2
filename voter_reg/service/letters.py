"""Letters to print: the office makes one print file of all that wait, and says so once it is printed."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from eligibility import BadInput
from voter_reg.language import said
from voter_reg.service.access_log import log_bulk
from voter_reg.service.actors import Actor
from voter_reg.service.notices import CONTACT_CHANGED, NOTICES, reached_before, words_for
from voter_reg.service.voter_record import RECORD
from voter_reg.store import letters as store
from voter_reg.store import voters
from voter_reg.store.db import snapshot, transaction
from voter_reg.store.letters import Batch
from voter_reg.vault import Vault

MOST_LETTERS: Final = 250
"""Letters in one print file."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many letters wait, and the print files that were made and not said to be printed."""

    letters: int
    files: tuple[Batch, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One letter: the lines of its address, its language, and its paragraphs."""

    to: tuple[str, ...]
    language: str
    direction: str
    day: str
    paragraphs: tuple[str, ...]


def waiting() -> Waiting:
    """What waits; no record is opened."""
    with snapshot() as session:
        return Waiting(store.count_waiting(session), tuple(store.unprinted(session)))


def gather(now: datetime, *, by: Actor) -> str | None:
    """Put the letters that wait into a print file; its id, or None when none waits. No record is opened."""
    batch = f"letters-{secrets.token_hex(8)}"
    with transaction() as session:
        count = store.gather(session, batch, MOST_LETTERS)
        if count:
            log_bulk(session, by, "letters", "gather", batch, count, now)
    return batch if count else None


def open_file(vault: Vault, batch: str, *, by: Actor, now: datetime) -> tuple[Page, ...]:
    """The pages of a print file. One entry with their number is in the log before the first record is opened.

    Whoever gave no postal address any more gets no page.

    Raises:
        BadInput: no such print file, or it is printed.
    """
    with transaction() as session:
        due = store.in_batch(session, batch)
        if not due:
            raise BadInput("no such letters to print", "letters")
        log_bulk(session, by, "letters", "print", batch, len(due), now)
        there = [one for one in due if voters.state_of(session, one.voter_id) != voters.LEFT]
        rows = [(one, voters.find(session, one.voter_id)) for one in there]
    pages = [_page(vault, one.voter_id, one.notice, one.made_at, row.sealed) for one, row in rows if row is not None]
    return tuple(page for page in pages if page is not None)


def mark_printed(batch: str, *, by: Actor, now: datetime) -> int:
    """Say that a print file is printed and sent; how many letters it had."""
    with transaction() as session:
        count = store.mark_printed(session, batch, now)
        if count:
            log_bulk(session, by, "letters", "printed", batch, count, now)
    return count


def _page(vault: Vault, voter_id: str, notice: str, made_at: datetime, sealed: bytes) -> Page | None:
    record = RECORD.open(vault, voter_id, sealed)
    if notice == CONTACT_CHANGED:
        record = reached_before(record)
    if not record.mail_to:
        return None
    spoken = words_for(record)
    text = (NOTICES[notice], said("Go to the city’s website or come to the city’s office, and bring your code."))
    return Page(
        to=(record.name, *record.mail_to.splitlines()),
        language=spoken.language,
        direction=spoken.direction,
        day=spoken.date(made_at.date()),
        paragraphs=tuple(spoken.say(one) for one in text),
    )
