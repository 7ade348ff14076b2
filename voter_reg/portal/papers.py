"""Sending what a phone can take a picture of: residency papers, and the code of a Municipal ID.

A file stays in memory; what is kept of a paper are clean pictures of its pages, and of a card's photo nothing.
"""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, request
from flask.typing import ResponseReturnValue

from eligibility.errors import BadInput
from voter_reg.language import Said, said
from voter_reg.portal.blueprint import portal
from voter_reg.portal.front import front
from voter_reg.portal.open_draft import NewerTab, OpenDraft, leads_to, open_draft
from voter_reg.portal.proof import NOT_CONFIRMED
from voter_reg.residency.papers import LARGEST, clean
from voter_reg.residency.pictures import read_card_photo
from voter_reg.residency.refused import PaperRefused
from voter_reg.service.drafts import Stale
from voter_reg.service.papers import MOST_PAPERS, TooManyPapers
from voter_reg.web.marks import public
from voter_reg.web.uploads import takes_files, uploaded


@portal.get("/papers")
@public
def papers() -> ResponseReturnValue:
    """The place's residency papers, what was sent of them, and a way to send one more."""
    opened = open_draft("card")
    return _page(opened, {}) if "uploaded" in front().ways else redirect("/card", 303)


@portal.post("/papers")
@takes_files(most=LARGEST)
@public
def send_paper() -> ResponseReturnValue:
    """Take one paper in."""
    opened = open_draft("card")
    kind, file = request.form.get("kind", ""), uploaded("paper")
    problems: dict[str, Said] = {}
    if kind not in {paper for paper, _, _ in front().site().residency_documents}:
        problems["kind"] = said("Choose which paper it is.")
    if file is None:
        problems["paper"] = said("Choose a photo or a PDF of the paper.")
    if "uploaded" not in front().ways or problems or file is None:
        return _page(opened, problems, kind=kind), 422
    opened.require_newest()
    try:
        front().desk.send_paper(opened.token, opened.version, kind, clean(file))
    except PaperRefused as refused:
        return _page(opened, {"paper": refused.message}, kind=kind), 422
    except TooManyPapers:
        most = said("You have sent %(most)s papers, which is the most. Remove one to send another.", most=MOST_PAPERS)
        return _page(opened, {"paper": most}, kind=kind), 422
    except Stale as stale:
        raise NewerTab from stale
    return redirect("/papers", 303)


@portal.post("/papers/remove")
@public
def remove_paper() -> ResponseReturnValue:
    """Take one back; who presses twice takes it back once."""
    opened = open_draft("card")
    try:
        front().desk.take_back_paper(opened.token, opened.version, request.form.get("paper", ""))
    except BadInput:
        return redirect("/papers", 303)
    except Stale as stale:
        raise NewerTab from stale
    return redirect("/papers", 303)


@portal.post("/papers/done")
@public
def papers_done() -> ResponseReturnValue:
    """All are sent that shall be."""
    opened = open_draft("card")
    if not front().desk.sent_papers(opened.token):
        return _page(opened, {"paper": said("Send at least one paper, or go back and choose another way.")}), 422
    changed = replace(opened.draft, proof="uploaded", card_mark=None)
    opened.save(changed)
    return leads_to(changed)


@portal.post("/card/photo")
@takes_files(most=LARGEST)
@public
def card_photo() -> ResponseReturnValue:
    """Read the code of a card from a photo; neither the photo nor the number is kept."""
    opened, file = open_draft("card"), uploaded("photo")
    try:
        presented = read_card_photo(file) if file is not None and front().site().offers.scan else None
    except PaperRefused as refused:
        return opened.page("card.html", errors={"photo": refused.message}, values={}), 422
    if presented is None:
        problem = (
            said("Choose a photo of the code.")
            if file is None
            else said(
                "We could not find one code in this photo. Hold the phone straight above it, with good light, and try "
                "again."
            )
        )
        return opened.page("card.html", errors={"photo": problem}, values={}), 422
    try:
        answer = front().desk.check_presented(opened.token, opened.draft, opened.version, presented)
    except Stale as stale:
        raise NewerTab from stale
    opened = open_draft("card")
    if answer == "confirmed":
        return leads_to(opened.draft)
    if answer == "unavailable":
        return opened.page("card.html", values={}, unavailable=True), 503
    return opened.page("card.html", errors={"photo": NOT_CONFIRMED}, values={}), 422


def _page(opened: OpenDraft, problems: dict[str, Said], kind: str = "") -> str:
    sent = front().desk.sent_papers(opened.token)
    titles = {paper: title for paper, title, _ in front().site().residency_documents}
    return opened.page(
        "papers.html", errors=problems, typed=False, sent=sent, titles=titles, kind=kind, most=MOST_PAPERS
    )
