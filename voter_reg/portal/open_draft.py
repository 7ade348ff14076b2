"""The draft a request works on: opened by its cookie, kept in order, saved without overwriting another tab."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from flask import abort, g, redirect, request
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from voter_reg.language import Said
from voter_reg.portal.cookies import Held, idle_limit, is_shared
from voter_reg.portal.front import front
from voter_reg.portal.tongue import switches
from voter_reg.service.drafts import Draft, Stale
from voter_reg.service.registration import next_step

STEPS: Final = ("address", "name", "card", "contact", "review")
"""The steps in the order they are asked; a later one cannot be opened before those before it are answered."""


class NoDraft(Exception):
    """The browser has no draft: never started, finished, left, or expired."""


class Away(Exception):
    """Nobody touched the form for so long that it is not opened again on this device."""


class NewerTab(Exception):
    """Another tab changed the draft after this page was opened."""


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft with the token that opens it and the version it was read at."""

    token: str
    draft: Draft
    version: int

    def page(self, name: str, *, errors: Mapping[str, Said] | None = None, typed: bool = True, **words: Any) -> str:
        """Render a page of the form; `typed` says that something typed on it would be lost by a mere link."""
        return front().render(
            name, errors, draft=self.draft, version=self.version, csrf=generate_csrf(), form=typed, **words
        )

    def again(self, name: str, errors: Mapping[str, Said], **words: Any) -> tuple[str, int]:
        """The page once more, with what was typed: with its mistakes, or only in another language."""
        if switches():
            return self.page(name, **words), 200
        return self.page(name, errors=errors, **words), 422

    def save(self, changed: Draft) -> None:
        """Save what this page changed; nothing is written when nothing did (a second press of the same button).

        Raises:
            NewerTab: the page was opened before another tab saved.
        """
        if changed == self.draft:
            return
        self.require_newest()
        try:
            front().desk.save(self.token, changed, self.version)
        except Stale as stale:
            raise NewerTab from stale

    def require_newest(self) -> None:
        """Refuse a page that was opened before another tab saved.

        Raises:
            NewerTab: it was.
        """
        if request.form.get("version") != str(self.version):
            raise NewerTab


def held() -> Held | None:
    """The token that this browser holds, read once a request.

    Raises:
        Away: it comes long after the last request. On a device of one's own, what is sent from a page of the form that
            is still open is taken all the same, so that nothing that was typed is lost.
    """
    if "held" not in g:
        found = front().cookie.read(request)
        g.away = found is not None and found.idle > idle_limit(request).total_seconds() and not _from_an_open_page()
        g.held = None if g.away else found
    if g.away:
        raise Away
    return cast("Held | None", g.held)


def held_or_none() -> Held | None:
    """The same, for what only starts anew or ends: who is away holds nothing."""
    try:
        return held()
    except Away:
        return None


def _from_an_open_page() -> bool:
    return request.method == "POST" and not is_shared(request) and "version" in request.form


def peek() -> OpenDraft | None:
    """The draft of this browser, finished or not; None when there is none."""
    holds = held()
    found = front().desk.load(holds.token) if holds else None
    return OpenDraft(holds.token, *found) if holds and found else None


def renew(response: Response) -> Response:
    """Note that the form is in use."""
    if g.get("held"):
        front().cookie.renew(request, response, g.held)
    return response


def open_draft(step: str | None = None) -> OpenDraft:
    """The unfinished draft of this browser, at a step that it has reached; elsewhere the browser is sent on.

    Raises:
        NoDraft: there is none.
    """
    opened = peek()
    if opened is None:
        raise NoDraft
    if opened.draft.receipt is not None:
        abort(redirect("/done", 303))
    if step is not None and STEPS.index(step) > STEPS.index(_reached(opened.draft)):
        abort(redirect(onward(opened.draft), 303))
    return opened


def onward(draft: Draft) -> str:
    """The page of the first question that is not answered."""
    if draft.receipt is not None:
        return "/done"
    reached = _reached(draft)
    return "/contact" if reached == "review" and not draft.contact_asked else f"/{reached}"


def leads_to(draft: Draft, page: str | None = None) -> Response:
    """Go to the next page, or to the saved link when that button was pressed."""
    return redirect("/save" if wants_to_save() else page or onward(draft), 303)


def wants_to_save() -> bool:
    """Whether "Save and finish later" was pressed."""
    return request.form.get("then") == "save"


def _reached(draft: Draft) -> str:
    step = next_step(draft)
    return step if step in STEPS else STEPS[-1] if step in ("submit", "done", "sworn") else STEPS[0]
