"""Papers: set in memory as accessible PDFs, signed by the city, to be checked by anyone without the city's data."""

from datetime import datetime

from voter_reg.documents.blank_form import BlankForm, blank_form
from voter_reg.documents.blocks import Paper
from voter_reg.documents.city_key import CityKey, KeyProblem, make_city_key, read_city_key
from voter_reg.documents.letters import (
    RegistrationFacts,
    VotedIn,
    VotingFacts,
    letter_on_registration,
    letter_on_the_rules,
    letter_on_voting,
)
from voter_reg.documents.notice_letter import Letter, notice_letter
from voter_reg.documents.paper_archive import PaperArchive
from voter_reg.documents.signed_form import (
    Answer,
    AssistantSignature,
    DrawnSignature,
    PaperSignature,
    ReadNotice,
    SignedForm,
    TypedSignature,
    signed_form,
)
from voter_reg.documents.signing import Verdict, sign, verify
from voter_reg.documents.slip import slip
from voter_reg.documents.typeset import typeset

__all__ = [
    "Answer",
    "AssistantSignature",
    "BlankForm",
    "CityKey",
    "DrawnSignature",
    "KeyProblem",
    "Letter",
    "Paper",
    "PaperArchive",
    "PaperSignature",
    "ReadNotice",
    "RegistrationFacts",
    "SignedForm",
    "TypedSignature",
    "Verdict",
    "VotedIn",
    "VotingFacts",
    "blank_form",
    "issue",
    "letter_on_registration",
    "letter_on_the_rules",
    "letter_on_voting",
    "make_city_key",
    "notice_letter",
    "read_city_key",
    "sign",
    "signed_form",
    "slip",
    "typeset",
    "verify",
]


def issue(paper: Paper, key: CityKey, at: datetime) -> bytes:
    """A paper as the city gives it out: set, and signed at an aware instant. In memory from first to last."""
    return sign(typeset(paper), key, place=paper.place, at=at)
