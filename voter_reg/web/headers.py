"""The headers of every answer, written once: the policy that browsers enforce for us, and no storing of pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

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
"""The same for every answer."""

_FILE: Final = list(HEADERS)
_PAGE: Final = [*HEADERS, ("Cache-Control", "no-store")]


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
