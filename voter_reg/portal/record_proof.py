"""What a registrant does about their own proof after signing: send a paper, or ask for a second look at a refusal."""

from __future__ import annotations

from contextlib import suppress

from flask import redirect, request
from flask.typing import ResponseReturnValue

from eligibility.errors import BadInput
from voter_reg.language import Said, said
from voter_reg.portal.front import front
from voter_reg.portal.record import page, wants_papers
from voter_reg.portal.record_desk import mine, own, record, records
from voter_reg.portal.tongue import switches
from voter_reg.residency.papers import LARGEST, clean
from voter_reg.residency.refused import PaperRefused
from voter_reg.web.uploads import takes_files, uploaded

_NOT_TAKEN = said("We cannot take this paper now. You may have sent the most that we take, or need no paper any more.")


@record.get("/proof")
@own
def proof() -> ResponseReturnValue:
    """Send a paper that shows where you live, where one is still to be seen."""
    return _page({}) if wants_papers(records().look(mine(), "look-to-prove")) else redirect("/record", 303)


@record.post("/proof")
@takes_files(most=LARGEST)
@own
def send_paper() -> ResponseReturnValue:
    """Take one paper in; it goes to the office at once."""
    kind = request.form.get("kind", "")
    if switches():
        return _page({}, kind)
    if not wants_papers(records().look(mine(), "look-to-prove")):
        return redirect("/record", 303)
    problems: dict[str, Said] = {}
    file = uploaded("paper")
    if kind not in {paper for paper, _, _ in front().site().residency_documents}:
        problems["kind"] = said("Choose which paper it is.")
    if file is None:
        problems["paper"] = said("Choose a photo or a PDF of the paper.")
    if problems or file is None:
        return _page(problems, kind), 422
    try:
        records().send_paper(mine(), kind, clean(file))
    except PaperRefused as refused:
        return _page({"paper": refused.message}, kind), 422
    except BadInput:
        return _page({"paper": _NOT_TAKEN}, kind), 422
    return redirect("/record", 303)


@record.post("/appeal")
@own
def appeal() -> ResponseReturnValue:
    """A second look by people who have not decided; the record then says by when. Pressed twice, it is asked once."""
    # Where it was asked already, or its last day has passed, the record says so.
    with suppress(BadInput):
        records().appeal(mine())
    return redirect("/record", 303)


def _page(errors: dict[str, Said], kind: str = "") -> str:
    return page("record_proof.html", errors, form=True, kind=kind)
