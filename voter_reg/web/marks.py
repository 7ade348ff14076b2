"""The mark of a view that is open to everyone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import abort, current_app, request

View = TypeVar("View", bound=Callable[..., Any])


def public(view: View) -> View:
    """Mark a view as open to everyone."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def is_public(view: Callable[..., Any]) -> bool:
    """Whether a view is marked as open to everyone."""
    return getattr(view, "is_public", False) is True


def refuse_unmarked() -> None:
    """For an application whose every page is public: a route without the mark answers 404 and fails a test."""
    if request.endpoint is not None and not is_public(current_app.view_functions[request.endpoint]):
        abort(404)
