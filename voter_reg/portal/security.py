"""What every answer of the portal carries, and who may be asked: headers, the public marker, refusal of other sites."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final, TypeVar

from flask import abort, current_app, request
from flask_wtf.csrf import CSRFError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

View = TypeVar("View", bound=Callable[..., Any])

LARGEST_REQUEST: Final = 256 * 1024
"""Bytes of a request body. A field of 10,000 characters still fits, percent-encoded, and gets a message of its own."""

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

HEADERS: Final = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("Strict-Transport-Security", "max-age=63072000; includeSubDomains"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"),
    ("X-Robots-Tag", "noarchive"),
)
"""The same for every answer, so they are written once."""

_FILE: Final = list(HEADERS)
_PAGE: Final = [*HEADERS, ("Cache-Control", "no-store")]


def public(view: View) -> View:
    """Mark a view as open to everyone. A route without this mark answers 404 and fails a test."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def refuse_unmarked() -> None:
    """Deny by default: only what is marked public is ever run."""
    if request.endpoint is not None and not getattr(current_app.view_functions[request.endpoint], "is_public", False):
        abort(404)


def refuse_other_sites() -> None:
    """A second lock beside the CSRF token: browsers say themselves when a form was sent from another site.

    `Origin` cannot serve here: under our own `no-referrer` policy browsers send it as "null".
    """
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise CSRFError("sent from another site")


class Headers:
    """Adds the headers to every answer, whatever made it; pages are never stored, neither by a browser nor on the way.

    At the WSGI layer, where a list is added to a list: Flask's own header object would check each of them anew.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], object]:
            kept = any(name == "Cache-Control" for name, _ in headers)
            return start_response(status, headers + (_FILE if kept else _PAGE), exc_info)

        return self._application(environ, start)
