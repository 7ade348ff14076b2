"""Paper forms: a clerk types what a resident signed, and it is registered as if it had come through the portal.

The paper stays the resident's own word: it is filed under the city's schedule, and the copy says that staff typed it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eligibility import BadInput, Pack
from eligibility.errors import CleanNo
from voter_reg.language import said
from voter_reg.residency.card_number import is_well_formed, normalise
from voter_reg.residency.verifier import CardVerifier
from voter_reg.service import registration, vouching
from voter_reg.service.access_log import log_bulk, log_voter
from voter_reg.service.actors import Actor
from voter_reg.service.city import City
from voter_reg.service.drafts import Draft, Receipt, Signature
from voter_reg.service.registration import Paper
from voter_reg.service.signed_copy import FromPaper
from voter_reg.service.voter_record import RECORD
from voter_reg.store import log, voters
from voter_reg.store.db import transaction
from voter_reg.store.vouching import remove_codes_of
from voter_reg.vault import Vault

SIGNED_BY: Final = ("paper", "mark", "assistant")
"""How a paper form may be signed: by hand, by a mark, or by an assistant for a person who cannot."""

OLDEST: Final = timedelta(days=366)
"""How long ago a form may have come: an older date is a slip of the pen."""

SHOWN_AGAIN: Final = timedelta(minutes=10)
"""How long the clerk who entered a form sees its code when the same page is sent again."""

_WHO: Final = said("Papers that meet the city's rule; seen by staff, not copied")
_SIGNED_WORDS: Final = {
    "paper": said("By hand, on paper"),
    "mark": said("By a mark, on paper"),
    "assistant": said("By an assistant, on paper, for a person who cannot sign"),
}


class CardNotConfirmed(CleanNo):
    """The registry did not confirm the Municipal ID, or could not be asked; `unavailable` says which."""

    def __init__(self, *, unavailable: bool) -> None:
        super().__init__("the registry could not be asked" if unavailable else "the registry did not confirm the card")
        self.unavailable = unavailable


class EnteredBefore(CleanNo):
    """This form was entered already, a while ago or by someone else."""


@dataclass(frozen=True, slots=True)
class PaperForm:
    """A signed form as a clerk typed it; every answer has been read as the portal reads it.

    `draft` holds the answers, with `notice_version` as printed on the form and `signature.kind` one of `SIGNED_BY`.
    `in_person` is whether the person handed it over themselves. `shown` is whether they also showed a photo with a
    birth date and a paper that shows where they live: never which. `card` is a Municipal ID's number, kept nowhere.
    """

    draft: Draft = field(repr=False)
    received_at: datetime
    in_person: bool = False
    shown: bool = False
    card: str | None = field(default=None, repr=False)


def enter_paper(
    vault: Vault,
    city: City,
    form: PaperForm,
    entry: str,
    verifier: CardVerifier | None = None,
    *,
    by: Actor,
    now: datetime,
) -> Receipt:
    """Register what a paper form says; the clerk is the one who acts, and sees the code once.

    `entry` is the random token of the page it was typed on: the same page sent twice is one registration, and its code
    is shown again for a few minutes to the same clerk. A card that another voter holds, and a likely duplicate, get the
    same receipt as anyone's.

    Raises:
        BadInput: the token, the day it came, the signature or the card cannot be.
        CardNotConfirmed: the registry did not confirm the card or could not be asked.
        EnteredBefore: this page was sent a while ago, or by another member of staff.
        Incomplete: an answer is missing, or a statement the law asks for is not sworn; names the step.
        Closed: registration had closed when the form came; carries the deadline.
        Suspended: two officers have suspended the coming election.
    """
    _require_sound(form, entry, now)
    draft = _with_card(vault, form, verifier, by, now)
    try:
        return _enter(vault, city, form, draft, entry, by, now)
    except IntegrityError:
        # The same page, or someone with the same card, was faster by a hair: the second look sees them.
        return _enter(vault, city, form, draft, entry, by, now)


def _enter(  # noqa: PLR0917
    vault: Vault, city: City, form: PaperForm, draft: Draft, entry: str, by: Actor, now: datetime
) -> Receipt:
    voter_id = hashlib.sha256(b"paper-form|" + entry.encode()).hexdigest()[:32]
    with transaction() as session:
        known = voters.find(session, voter_id)
        if known is None:
            paper = Paper(voter_id, form.received_at, form.in_person, form.shown, _copy(draft, form, city.pack))
            return registration.enter(session, vault, city, draft, paper, by=by, now=now)
        _require_own(session, vault, voter_id, by, now)
        log_voter(session, vault, by, "enter-paper-again", voter_id, now)
        state = voters.state_of(session, voter_id)
        asked = _new_vouching_code(session, vault, voter_id, draft, now)
    record = RECORD.open(vault, voter_id, known.sealed)
    public = "waiting-for-papers" if state == voters.WAITING else "registered"
    return Receipt(record.code, public, record.signed_copy, record.registered_at, record.proof, asked)


def _new_vouching_code(session: Session, vault: Vault, voter_id: str, draft: Draft, now: datetime) -> str | None:
    """Another code for who is to be vouched for, since of the first only a hash is kept; the first opens nothing."""
    if draft.proof != vouching.VOUCHING or not remove_codes_of(session, voter_id):
        return None
    return vouching.offer(session, vault, voter_id, now)


def _require_sound(form: PaperForm, entry: str, now: datetime) -> None:
    if not 32 <= len(entry) <= 64 or not entry.isascii() or not entry.isalnum():
        raise BadInput("is no page's token", "entry")
    if not now - OLDEST <= form.received_at <= now:
        raise BadInput("is still to come, or more than a year ago", "received")
    if form.draft.signature is None or form.draft.signature.kind not in SIGNED_BY:
        raise BadInput("is not signed", "signature")
    if form.shown and not (form.in_person and form.draft.proof == "papers-in-person"):
        raise BadInput("papers are seen with the person there", "shown")


def _with_card(vault: Vault, form: PaperForm, verifier: CardVerifier | None, by: Actor, now: datetime) -> Draft:
    """The answers with the card's mark, once the registry has confirmed it; asked before the transaction.

    That it is asked is in the log first, by a keyed hash of the number: nobody tries cards unseen.
    """
    if form.draft.proof != "card":
        return form.draft
    number = normalise(form.card or "")
    if not is_well_formed(number):
        raise BadInput("is no Municipal ID's number", "card")
    with transaction() as session:
        log_bulk(session, by, "registration", "card-asked", vault.index("log-card", number)[:32], 1, now)
    born, address = form.draft.birth or "", form.draft.address or ""
    answer = "unavailable" if verifier is None else verifier.check(number, born, address)
    if answer != "confirmed":
        raise CardNotConfirmed(unavailable=answer == "unavailable")
    return replace(form.draft, card_mark=vault.index("card", number))


def _copy(draft: Draft, form: PaperForm, pack: Pack) -> FromPaper:
    version, signature = draft.notice_version or "", draft.signature or Signature("paper")
    came = said("Handed in by the person") if form.in_person else said("By mail, or brought by someone else")
    rows = [
        (said("Entered"), said("From paper by staff, form version %(version)s", version=version)),
        (said("How it came"), came),
        (said("How it is signed"), _SIGNED_WORDS[signature.kind]),
    ]
    if form.shown:
        rows.append((said("Shown in person"), _WHO))
    return FromPaper(tuple(rows), notice=len(version) >= 8 and pack.digest.startswith(version))


def _require_own(session: Session, vault: Vault, voter_id: str, by: Actor, now: datetime) -> None:
    rows = log.of_subject(session, vault.index("log-subject", voter_id))
    entered = next((row for row in rows if row.action == "enter-paper"), None)
    if entered is None or entered.actor != by.label or now - entered.at > SHOWN_AGAIN:
        raise EnteredBefore("this form was entered already")
