"""Paper forms: a clerk types what a resident signed, and hands over or sends the code, which is shown once."""

from __future__ import annotations

import secrets
from typing import Final

from flask import Blueprint
from flask.typing import ResponseReturnValue

from eligibility import BadInput
from eligibility.facts import OATH_OF_AGE
from voter_reg.language import ENGLISH, OWN_NAMES, words
from voter_reg.office.enrol import sentence
from voter_reg.office.front import front, signed_in_visitor
from voter_reg.office.guards import allowed
from voter_reg.office.paper_answers import IN_PERSON, OTHERWISE, Typed, asked_on, proofs_of, read_form
from voter_reg.office.room import Entry, Room
from voter_reg.office.words import moment
from voter_reg.proof_words import needed, where_documents
from voter_reg.roles import Role
from voter_reg.service.live import Suspended
from voter_reg.service.paper import CardNotConfirmed, EnteredBefore, enter_paper
from voter_reg.service.registration import Closed, Incomplete, Receipt
from voter_reg.service.retention import schedule
from voter_reg.service.signed_copy import OF_AGE

paper = Blueprint("paper", __name__)

HOME_WORDS: Final = {
    "address": "A street address",
    "no-fixed": "No fixed address: a place is described",
    "facility": "A shelter or facility",
    "program": "The address of an address protection program",
    "unlisted": "An address that the map does not have yet",
}
CAME_WORDS: Final = {IN_PERSON: "The person brought it", OTHERWISE: "By mail, or someone else brought it"}
PROOF_WORDS: Final = {
    "card": "Municipal ID, by its number",
    "papers-in-person": "Papers, shown at the counter now or later",
    "vouching": "A voter of the same precinct will vouch",
    "facility-staff": "Staff of the facility will confirm it",
    "prior-registration": "An earlier registration in the same precinct",
    "sworn-statement": "A further sworn statement",
}
SIGNED_WORDS: Final = {
    "paper": "By hand",
    "mark": "By a mark",
    "assistant": "By an assistant, for a person who cannot sign",
}
_STEPS: Final = {"address": "address", "name": "name", "card": "proof", "review": "sworn"}


@paper.get("/paper")
@allowed(Role.CLERK)
def page() -> str:
    """An empty form."""
    return _form(Typed({"entry": secrets.token_hex(16)}, ()))


@paper.post("/paper")
@allowed(Role.CLERK)
def enter() -> ResponseReturnValue:
    """Enter it; the answer holds the code, so it is a page of its own and no address."""
    sent, bench = Typed.sent(), front().bench
    form = read_form(sent, bench.city(), front().now())
    if form is None:
        return _form(sent), 422
    by = signed_in_visitor().acting_as(Role.CLERK)
    try:
        receipt = enter_paper(
            front().vault, bench.city(), form, sent.values["entry"], bench.verifier, by=by, now=front().now()
        )
    except Closed as problem:
        closed = moment(problem.deadline, front().zone)
        sent.wrong("received", f"Registration closed on {closed}, before this form came. Tell the person, and keep it.")
    except CardNotConfirmed as problem:
        sent.wrong("card", _card_words(unavailable=problem.unavailable))
    except Incomplete as problem:
        sent.wrong(_STEPS.get(problem.step, "version"), "This answer is missing on the form. Send it back.")
    except EnteredBefore:
        sent.wrong("version", "This form was entered already. Open an empty page for the next one.")
    except Suspended:
        sent.wrong("version", "The election is suspended: nothing is registered. Keep the form until it is resumed.")
    except BadInput as problem:
        if problem.where == "entry":
            sent.wrong("version", "This page cannot be sent. Open an empty one.")
        sent.wrong(problem.where, sentence(problem.what))
    else:
        return _done(receipt)
    return _form(sent), 422


def _form(sent: Typed) -> str:
    pack, today = front().pack, front().now().astimezone(front().zone).date()
    wording = {key: pack.wording(key) for key in asked_on(pack, today)}
    return front().render(
        "paper.html",
        values=sent.values,
        sworn=sent.sworn,
        errors=sent.problems,
        statements=wording | {OATH_OF_AGE: str(OF_AGE)},
        of_age=OATH_OF_AGE,
        languages={code: name for code, name in OWN_NAMES.items() if code in pack.languages},
        homes=HOME_WORDS,
        came=CAME_WORDS,
        proofs={key: PROOF_WORDS[key] for key in proofs_of(pack)},
        signatures=SIGNED_WORDS,
        papers_needed=needed(pack, words(ENGLISH)),
        aged=[(one.title, one.within_days) for one in where_documents(pack) if one.within_days],
    )


def _done(receipt: Receipt) -> str:
    today = front().now().astimezone(front().zone).date()
    kept = next(rule for rule in schedule(front().pack, today) if rule.kind == "record")
    return front().render("paper_done.html", receipt=receipt, kept=kept, waiting=receipt.public_state != "registered")


def _card_words(*, unavailable: bool) -> str:
    if unavailable:
        return "The card registry does not answer. Try again, or let the form wait for papers instead."
    return "The registry did not confirm this card with this birth date and address. Check each of them."


ROOM = Room(paper, (Entry("Paper forms", "paper.page", frozenset({Role.CLERK})),))
