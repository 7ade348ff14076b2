"""Notices: that there is news, by e-mail or by letter, to those who asked for it. What the news is stands nowhere else.

Telling someone is a job with ids alone. It opens the record, which is logged first, and sends one e-mail where an
address was given, else leaves a letter to be printed where letters were asked for, else does nothing. A crash between
sending and saying so sends again, under the same Message-ID: a notice may come twice, but none is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy.orm import Session

from eligibility import BadInput
from voter_reg.language import ENGLISH, OWN_NAMES, Said, Words, said, words
from voter_reg.mail import Later, Letter, Never, Post
from voter_reg.service.access_log import log_voter
from voter_reg.service.actors import SERVICE
from voter_reg.service.jobs import Progress, enqueue
from voter_reg.service.voter_record import RECORD, VoterRecord
from voter_reg.store import letters, voters
from voter_reg.store.db import transaction
from voter_reg.vault import Vault

NOTIFY: Final = "notify"

NOTICES: Final[Mapping[str, Said]] = MappingProxyType(
    {
        "received": said("We have your form. We will write again when someone has looked at it."),
        "registered": said("Your form is complete. You do not have to do anything now."),
        "waiting-for-papers": said(
            "We have your form. We still need to see a paper that shows where you live. Bring it to us, or send it on "
            "the city’s website."
        ),
        "more-needed": said("We have looked at your form. We need one more thing from you."),
        "approved": said("We have looked at your form. It is complete. You do not have to do anything now."),
        "refused": said(
            "We have looked at your form. We cannot take it as it is. You can ask for a second look by another person."
        ),
        "appeal-received": said("You asked for a second look. Another person will look, and we will write to you."),
        "changed": said("We changed your form as you asked. If you did not ask for this, tell us soon."),
        "contact-changed": said(
            "We will write to another address from now on, or not at all, as you asked. If you did not ask for this, "
            "tell us soon."
        ),
    }
)
"""Every kind of notice, and the sentence of its letter; no word of them says what the form is for."""

CONTACT_CHANGED: Final = "contact-changed"
"""Told where news went before: whoever took that away must not be the only one who knows."""

MOST_TRIES: Final = 18
"""Tries to hand in an e-mail, over two days; then a letter instead, where letters can go."""

_LONGEST_WAIT: Final = timedelta(hours=4)


def tell(session: Session, voter_id: str, notice: str, now: datetime) -> int:
    """Have someone told, once the transaction is committed; the job's id. Who asked for no notices gets none.

    Raises:
        BadInput: no such kind of notice.
    """
    if notice not in NOTICES:
        raise BadInput(f"no such notice {notice[:40]!r}", "notice")
    return enqueue(session, NOTIFY, {"voter": voter_id, "notice": notice}, now)


def notify(vault: Vault, post: Post | None, args: Mapping[str, Any], progress: Progress, now: datetime) -> None:
    """Tell one person, as they asked to be told; run again after it was cut off, it may tell them twice.

    Raises:
        BadInput: the e-mail cannot be handed in, and no letter can go instead.
    """
    voter_id, notice = str(args["voter"]), str(args["notice"])
    record = _read(vault, voter_id, now)
    if record is not None and notice == CONTACT_CHANGED:
        record = reached_before(record)
    if record is None or not (record.email or record.mail_to):
        progress.finish(1)
        return
    if record.email is None:
        _leave_letter(voter_id, notice, progress, now)
        return
    if post is None:
        _letter_instead("no e-mail is offered any more", record, voter_id, notice, progress, now)
        return
    try:
        post.send(_message(vault, post, record, progress), now)
    except Later as problem:
        if progress.tries + 1 < MOST_TRIES:
            progress.wait(wait_after(progress.tries), str(problem))
        else:
            _letter_instead(str(problem), record, voter_id, notice, progress, now)
    except Never as problem:
        _letter_instead(str(problem), record, voter_id, notice, progress, now)
    else:
        progress.finish(1)


def reached_before(record: VoterRecord) -> VoterRecord:
    """The record with where news went before it was changed."""
    former = record.former
    return replace(record, email=former.email if former else None, mail_to=former.mail_to if former else None)


def wait_after(tries: int) -> timedelta:
    """How long to wait after a run that failed with so many before it: a minute, then twice as long each time."""
    return min(timedelta(minutes=1 << tries), _LONGEST_WAIT)


def words_for(record: VoterRecord) -> Words:
    """The language to write to a person in; English where the service does not speak theirs."""
    return words(record.language if record.language in OWN_NAMES else ENGLISH)


def subject(spoken: Words) -> str:
    """The e-mail's subject: the same for every notice."""
    return spoken.say(said("A message for you"))


def body(spoken: Words, start_page: str) -> str:
    """The e-mail's text: the same for every notice and everyone, since others may read it."""
    news = said("There is news about a form you sent to the city.")
    way = said("Go to the city’s website %(page)s and use your code.", page=start_page)
    return f"{spoken.say(news)}\n\n{spoken.say(way)}\n"


def _message(vault: Vault, post: Post, record: VoterRecord, progress: Progress) -> Letter:
    spoken = words_for(record)
    mark = vault.index("message-id", str(progress.job_id))[:32]
    return Letter(str(record.email), subject(spoken), body(spoken, post.start_page), mark)


def _read(vault: Vault, voter_id: str, now: datetime) -> VoterRecord | None:
    """The record of a voter; that it is read is committed before it is. None when it is gone, and nothing is logged."""
    with transaction() as session:
        # Whoever left while a legal hold keeps the record is left alone.
        gone = voters.state_of(session, voter_id) in (None, voters.LEFT)
        row = None if gone else voters.find(session, voter_id)
        if row is not None:
            log_voter(session, vault, SERVICE, "read", voter_id, now, purpose="notice")
    return None if row is None else RECORD.open(vault, voter_id, row.sealed)


def _leave_letter(voter_id: str, notice: str, progress: Progress, now: datetime) -> None:
    with transaction() as session:
        if progress.finish_once(session) and voters.state_of(session, voter_id) is not None:
            letters.add(session, voter_id, notice, now)


def _letter_instead(  # noqa: PLR0917
    problem: str, record: VoterRecord, voter_id: str, notice: str, progress: Progress, now: datetime
) -> None:
    """A letter where letters can go: only to an address that was given for them, never to the home by itself."""
    if not record.mail_to:
        raise BadInput(problem, "notice not sent")
    _leave_letter(voter_id, notice, progress, now)
