"""Residency papers of a draft: sealed for its browser alone, and for a reviewer once the form is signed.

Until then the service cannot open them, so what nobody finishes nobody can look at.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from eligibility import BadInput
from voter_reg.residency.papers import CleanPaper
from voter_reg.service import drafts
from voter_reg.service.city import City
from voter_reg.service.drafts import LIFETIME, Draft, Stale
from voter_reg.service.paper_record import KIND, PAGES, Pages, kind_of
from voter_reg.service.review_opening import open_review, way_of
from voter_reg.store import papers as store
from voter_reg.store.db import snapshot, transaction
from voter_reg.store.voters import Untagged
from voter_reg.vault import Vault
from voter_reg.vault.keys import epoch_of
from voter_reg.vault.vault import epoch_in

MOST_PAPERS: Final = 5
"""Papers that one person may send; two are enough under every place's rule."""

KEPT: Final = timedelta(days=14)
"""How long a paper is kept that nobody has decided on, counted from when it was sent, and again from signing."""

_KIND = re.compile(r"[a-z0-9-]{1,64}", re.ASCII)


class TooManyPapers(Exception):
    """The person has sent as many papers as they may."""


@dataclass(frozen=True, slots=True)
class SentPaper:
    """A paper as its sender sees it in a list: which it is, and how many pages."""

    id: str
    kind: str
    pages: int


def attach(vault: Vault, token: str, version: int, kind: str, clean: CleanPaper, now: datetime) -> int:  # noqa: PLR0917
    """Keep a paper with a draft that was read at `version`; the draft's new version.

    Raises:
        Stale: another tab was faster, or the draft is gone or signed.
        TooManyPapers: it has `MOST_PAPERS` already.
        BadInput: a paper without a page, or a kind that is no id of a list.
    """
    require_paper(kind, clean)
    key, row_id = drafts.key_of(token), drafts.row_of(token)
    with transaction() as session:
        draft = _draft(session, vault, token, version, now)
        sent = store.of_draft(session, row_id)
        if len(sent) >= MOST_PAPERS:
            raise TooManyPapers
        paper_id, expires = secrets.token_hex(16), (now + KEPT).astimezone(UTC).date()
        epoch = epoch_of(expires)
        values = {
            "id": paper_id,
            "draft_id": row_id,
            "position": max((one.position for one in sent), default=0) + 1,
            "key_id": epoch,
            "due": epoch,
            "expires_on": expires,
            "sealed_kind": KIND.seal_for(vault, key, paper_id, epoch, kind_of(kind, clean)),
            "sealed": PAGES.seal_for(vault, key, paper_id, epoch, Pages(clean.pages)),
        }
        store.add(session, values)
        changed = replace(draft, papers=(*(one.id for one in sent), paper_id))
        drafts.write(session, vault, token, changed, version, now + LIFETIME)
    return version + 1


def remove(vault: Vault, token: str, version: int, paper_id: str, now: datetime) -> int:
    """Remove a paper of a draft that was read at `version`; the draft's new version.

    Raises:
        Stale: as `attach`.
        BadInput: the draft has no such paper.
    """
    with transaction() as session:
        draft = _draft(session, vault, token, version, now)
        if not store.remove_of_draft(session, drafts.row_of(token), paper_id):
            raise BadInput("no such paper", "paper")
        left = tuple(one for one in draft.papers if one != paper_id)
        drafts.write(session, vault, token, replace(draft, papers=left), version, now + LIFETIME)
    return version + 1


def listed(vault: Vault, token: str, now: datetime) -> tuple[SentPaper, ...]:
    """The papers that were sent with a draft, in order; those past their last day are not among them."""
    key, today = drafts.key_of(token), now.astimezone(UTC).date()
    with snapshot() as session:
        if drafts.read(session, vault, token, now) is None:
            return ()
        found = [one for one in store.of_draft(session, drafts.row_of(token)) if one.expires_on >= today]
    said = [(one.id, KIND.open_for(vault, key, one.id, one.sealed_kind)) for one in found]
    return tuple(SentPaper(paper_id, about.kind, about.pages) for paper_id, about in said)


def take_over(  # noqa: PLR0917 - all of it is needed
    session: Session, vault: Vault, city: City, token: str, draft: Draft, voter_id: str, epoch: str, now: datetime
) -> None:
    """Within the transaction that registers a voter who waits: their papers become the voter's, and a review opens."""
    key, today = drafts.key_of(token), now.astimezone(UTC).date()
    expires, kept = (now + KEPT).astimezone(UTC).date(), 0
    for one in store.of_draft(session, drafts.row_of(token)):
        if one.expires_on < today:
            continue
        about = KIND.open_for(vault, key, one.id, one.sealed_kind)
        pages = PAGES.open_for(vault, key, one.id, store.pages(session, one.id))
        values = {
            "key_id": epoch,
            "due": epoch,
            "expires_on": expires,
            "sealed_kind": KIND.seal(vault, one.id, epoch, about),
            "sealed": PAGES.seal(vault, one.id, epoch, pages),
        }
        store.hand_over(session, one.id, voter_id, values)
        kept += 1
    open_review(session, city, voter_id, way_of(draft.proof, sent=kept > 0), epoch, now)


def move(session: Session, vault: Vault, token: str, new: str) -> None:
    """Seal the papers of a draft for its new token, within the transaction that moves it."""
    before, after = drafts.key_of(token), drafts.key_of(new)
    for one in store.of_draft(session, drafts.row_of(token)):
        about = KIND.open_for(vault, before, one.id, one.sealed_kind)
        sealed = store.pages(session, one.id)
        pages, epoch = PAGES.open_for(vault, before, one.id, sealed), epoch_in(sealed)
        values = {
            "sealed_kind": KIND.seal_for(vault, after, one.id, epoch, about),
            "sealed": PAGES.seal_for(vault, after, one.id, epoch, pages),
        }
        store.move(session, one.id, drafts.row_of(new), values)


def drop(session: Session, token: str) -> None:
    """Within the transaction that registers a voter who needs none: remove the papers that were sent all the same."""
    for one in store.of_draft(session, drafts.row_of(token)):
        store.remove_of_draft(session, drafts.row_of(token), one.id)


def seal_for_review(  # noqa: PLR0917
    session: Session, vault: Vault, voter: Untagged, position: int, kind: str, clean: CleanPaper, now: datetime
) -> None:
    """Keep a paper of someone who is registered already, under the key that their record is under.

    Raises:
        BadInput: a paper without a page, or a kind that is no id of a list.
    """
    require_paper(kind, clean)
    paper_id, epoch = secrets.token_hex(16), epoch_in(voter.sealed)
    values = {
        "id": paper_id,
        "voter_id": voter.id,
        "position": position,
        "key_id": epoch,
        "due": voter.due,
        "expires_on": (now + KEPT).astimezone(UTC).date(),
        "sealed_kind": KIND.seal(vault, paper_id, epoch, kind_of(kind, clean)),
        "sealed": PAGES.seal(vault, paper_id, epoch, Pages(clean.pages)),
    }
    store.add(session, values)


def require_paper(kind: str, clean: CleanPaper) -> None:
    """Refuse a paper without pages, and a kind that is no id of a list.

    Raises:
        BadInput: either of these.
    """
    if not _KIND.fullmatch(kind):
        raise BadInput("is no kind of paper", "kind")
    if not clean.pages:
        raise BadInput("has no page", "paper")


def _draft(session: Session, vault: Vault, token: str, version: int, now: datetime) -> Draft:
    found = drafts.read(session, vault, token, now)
    if found is None or found[1] != version or found[0].receipt is not None:
        raise Stale
    return found[0]
