"""A registrant's own papers: the form as signed, and letters, after the word to show a lawyer first."""

from __future__ import annotations

from typing import Final

from flask import Response, request
from flask.typing import ResponseReturnValue

from voter_reg.language import Said, said
from voter_reg.portal.cookies import is_shared
from voter_reg.portal.record import page, wait_words
from voter_reg.portal.record_desk import mine, own, record, records
from voter_reg.portal.record_forms import LetterForm
from voter_reg.portal.tongue import language, switches
from voter_reg.service.own_limits import Wait
from voter_reg.service.own_papers import Letter, NotShown, Paper

_LETTERS: Final[dict[str, Letter]] = {"rules": "rules", "registration": "registration", "voting": "voting"}

_NOT_SHOWN = said("We could not confirm this. Type your Municipal ID number, or the code that the office gave you.")


@record.get("/papers")
@own
def papers() -> str:
    """What there is to take away."""
    return page("record_papers.html")


@record.post("/papers")
@own
def take_form() -> ResponseReturnValue:
    """The form exactly as signed, with every change that was signed since."""
    if switches():
        return papers()
    return _file(records().form(mine()))


@record.get("/letters")
@own
def letters() -> str:
    """Show your lawyer first: what each letter tells, before any is made."""
    return page("record_letters.html", form=True, values={})


@record.post("/letters")
@own
def take_letter() -> ResponseReturnValue:
    """One letter, on request alone; the one on voting needs more than code and birth date."""
    form = LetterForm(request.form)
    which, values = _LETTERS.get(form.letter.data or ""), {"letter": form.letter.data or ""}
    if switches():
        return page("record_letters.html", form=True, values=values)
    errors: dict[str, Said] = {}
    if which is None:
        errors["letter"] = said("Choose a letter.")
    if not form.lawyer.data:
        errors["lawyer"] = said("Tick this line when you have read it.")
    if which == "voting" and not (form.shown.data or "").strip():
        errors["shown"] = said("For this letter, type your Municipal ID number or the code from the office.")
    if which is None or errors:
        return page("record_letters.html", errors, form=True, values=values), 422
    try:
        return _file(records().letter(mine(), which, form.shown.data or "", language()))
    except NotShown:
        return page("record_letters.html", {"shown": _NOT_SHOWN}, form=True, values=values), 422
    except Wait as wait:
        return page("record_letters.html", {"shown": wait_words(wait)}, form=True, values=values), 429


def _file(paper: Paper) -> Response:
    response = Response(paper.content, mimetype=paper.media_type)
    # On a shared device it opens in the browser, to be printed: a file would stay there.
    way = "inline" if is_shared(request) else "attachment"
    response.headers["Content-Disposition"] = f'{way}; filename="{paper.file_name}"'
    return response
