"""The voter's record: everything personal that is kept of a registrant, in the one envelope of their row."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Annotated

from voter_reg.service.drafts import Signature
from voter_reg.service.envelope import record_envelope


@dataclass(frozen=True)
class Amendment:
    """One change that a registrant signed after the form, kept beside it; the form itself stays byte for byte."""

    at: Annotated[str, "When the change was signed."]
    what: Annotated[str, "Which part of the record it changed."]
    text: Annotated[str, "The change as it was signed, with the typed name."]
    sha256: Annotated[str, "Its digest, so that a later change of it is noticed."]


@dataclass(frozen=True)
class FormerContact:
    """Where news went before the registrant changed it."""

    email: Annotated[str | None, "To tell there that news goes elsewhere now."] = None
    mail_to: Annotated[str | None, "To tell there that letters go elsewhere now."] = None


@dataclass(frozen=True)
class VoterRecord:
    """One registrant as they signed, and as they corrected it since. Dates are ISO text, as precise as stated."""

    name: Annotated[str, "What election judges know the voter by."]
    sort_name: Annotated[str, "Where the voter stands in the poll book."]
    birth: Annotated[str, "Whether the voter is old enough; the year stands on the roster."]
    address: Annotated[str, "Where the voter lives: it gives the precinct and stands on the roster."]
    unit: Annotated[str | None, "The flat, so that neighbours in one building are told apart."]
    resident_since: Annotated[str | None, "Whether the voter has lived here long enough."]
    sworn: Annotated[tuple[str, ...], "Which statements the law asks for were sworn, by their fixed keys."]
    proof: Annotated[str | None, "Whether residency was shown by a Municipal ID or is to be shown by papers."]
    language: Annotated[str, "The language to write to the voter in."]
    notice_version: Annotated[str | None, "Which notice of the risks the voter read."]
    notice_seen_at: Annotated[str | None, "When they read it."]
    code: Annotated[str, "The confirmation code, so that the office can tell the voter again."]
    signed_copy: Annotated[str, "The form as it was signed: proof of what was asked and what was not."]
    signed_copy_sha256: Annotated[str, "Its digest, so that a change is noticed."]
    registered_at: Annotated[str, "When they registered, for deadlines and for how long the record is kept."]
    notice_language: Annotated[str, "The language they read it in."] = "en"
    home: Annotated[str | None, "How the home was told: an address, no fixed one, a facility, a program's address."] = (
        None
    )
    place: Annotated[str | None, "Where someone without a fixed address stays, in their words."] = None
    email: Annotated[str | None, "Where notices go, if they were asked for."] = None
    mail_to: Annotated[str | None, "Where letters go, if they were asked for."] = None
    signature: Annotated[Signature | None, "How the form was signed."] = None
    shown_for: Annotated[str | None, "The election whose contests were shown at signing."] = None
    contests: Annotated[tuple[str, ...], "The contests that were shown, in the words they were shown in."] = ()
    oath: Annotated[tuple[str, ...], "Each line that was sworn, in the words it was sworn in."] = ()
    former: Annotated[FormerContact | None, "Where news went before the last change, until the next one."] = None
    amendments: Annotated[tuple[Amendment, ...], "Changes that were signed since, oldest first."] = ()


RECORD = record_envelope("voter", "voter.sealed", VoterRecord)


def version_of(sealed: bytes) -> str:
    """Names a record as it stands: what a page sends back, so that nothing is decided on what has changed since."""
    return hashlib.sha256(sealed).hexdigest()[:16]
