"""Papers for everyone: the blank form to print, the slip of what to bring, and the keys that check signed papers."""

from __future__ import annotations

from datetime import date

from flask import Response, abort
from flask.typing import ResponseReturnValue

from voter_reg.portal.blueprint import portal
from voter_reg.portal.front import front
from voter_reg.portal.open_draft import NoDraft, peek
from voter_reg.portal.tongue import language
from voter_reg.web.marks import public


@portal.get("/paper-form")
@public
def paper_form() -> Response:
    """The same form to fill in by hand, in the language of the pages."""
    made = front().desk.paper_form(language())
    return _file(made, "application/pdf", f"form-{language()}.pdf") if made else abort(404)


@portal.get("/slip")
@public
def slip() -> ResponseReturnValue:
    """What to bring, for whoever has just registered; it holds the code and no name."""
    opened = peek()
    if opened is None or opened.draft.receipt is None:
        raise NoDraft
    receipt = opened.draft.receipt
    made = front().desk.slip(receipt.code, language(), date.fromisoformat(receipt.by) if receipt.by else None)
    return _file(made, "application/pdf", "what-to-bring.pdf") if made else abort(404)


@portal.get("/paper-keys")
@public
def paper_keys() -> Response:
    """Every certificate that the city ever signed papers with; they are kept for good."""
    found = front().desk.paper_keys()
    return _file(found.encode(), "application/x-pem-file", "paper-keys.pem") if found else abort(404)


def _file(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, mimetype=kind)
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
