"""What staff say of a registrant's proof: each step with its reason, sealed in the row of the review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, Literal

from sqlalchemy.orm import Session

from voter_reg.service.envelope import record_envelope
from voter_reg.store import reviews, voters
from voter_reg.store.reviews import ReviewRow
from voter_reg.vault import Vault
from voter_reg.vault.keys import is_hold
from voter_reg.vault.vault import epoch_in

Answer = Literal["approve", "ask", "refuse"]

APPROVE: Final = "approve"
ASK: Final = "ask"
REFUSE: Final = "refuse"


@dataclass(frozen=True)
class Step:
    """One step of a review: what one person said, and why."""

    by: Annotated[str, "Who said so, to answer the registrant's questions."]
    at: Annotated[str, "When."]
    answer: Annotated[str, "Approve, ask for more, or refuse."]
    reason: Annotated[str | None, "Why it was refused, from a fixed list."] = None
    missing: Annotated[tuple[str, ...], "What the registrant was asked for, from a fixed list."] = ()
    checks: Annotated[
        tuple[str, ...], "Which points and which halves of the place's rule were met, never by which papers."
    ] = ()
    rule: Annotated[str | None, "The rule that the papers met, never which papers they were."] = None
    note: Annotated[str | None, "What the reviewer adds in their words."] = None


@dataclass(frozen=True)
class ReviewFile:
    """Everything that was said, the oldest first."""

    steps: Annotated[tuple[Step, ...], "Who said what, and why."] = ()


REVIEW: Final = record_envelope("review", "review.sealed", ReviewFile)


def steps_of(vault: Vault, row: ReviewRow) -> tuple[Step, ...]:
    """What was said so far."""
    return () if row.sealed is None else REVIEW.open(vault, row.id, row.sealed).steps


def add_step(session: Session, vault: Vault, row: ReviewRow, step: Step) -> None:
    """Add a step, sealed under the key that the voter's own record is under."""
    voter = voters.find(session, row.voter_id)
    assert voter is not None, "a review goes with its voter"
    row.key_id, row.due = epoch_in(voter.sealed), voter.due
    row.sealed = REVIEW.seal(vault, row.id, row.key_id, ReviewFile((*steps_of(vault, row), step)))
    session.flush()


def renew_review(session: Session, vault: Vault, voter_id: str, due: str) -> None:
    """Keep what was said as long as the record that it is about; under a hold's key it stays there until then."""
    row = reviews.of_voter(session, voter_id)
    if row is None:
        return
    row.due = due
    if not is_hold(row.key_id):
        row.sealed = None if row.sealed is None else REVIEW.reseal(vault, row.id, due, row.sealed)
        row.key_id = due
    session.flush()
