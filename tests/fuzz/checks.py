"""What every answer must be, whatever was asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from tests.fuzz.sending import Answer, Sent
from tests.fuzz.values import APOSTROPHED, MARK, PRODUCT, QUOTED, TAG
from voter_reg.web.headers import HEADERS

_FINE = frozenset((200, 204, 301, 302, 303, 308, 400, 403, 404, 405, 409, 410, 411, 413, 414, 415, 422, 429))
_LEAKS = re.compile(r"traceback \(most recent|\.py\"?, line|sqlalchemy|werkzeug|jinja2|psycopg|<class '|object at 0x")
_COOKIES = frozenset(("__Host-draft", "__Host-portal", "__Host-language", "__Host-shared", "__Host-record"))
_PAPERS = {
    **dict.fromkeys(("/record/papers", "/record/letters", "/paper-form", "/slip"), ("application/pdf", b"%PDF-")),
    "/paper-keys": ("application/x-pem-file", b"-----BEGIN"),
}
_UNAVAILABLE = re.compile(r"^/(?:card(?:/photo)?|record/card)$")


def wrong_with(sent: Sent, answer: Answer, *, stopped: bool) -> Iterator[str]:
    """What is wrong with an answer, in words; nothing when it is as it must be."""
    if answer.status not in _FINE and not (answer.status == 503 and (stopped or _UNAVAILABLE.match(sent.place))):
        yield f"status {answer.status}"
    yield from _of_headers(answer)
    yield from _of_kind(sent, answer)
    body = answer.text.lower()
    for raw in (TAG, QUOTED, APOSTROPHED, PRODUCT[1]):
        if raw in body:
            yield f"shows {raw} as it was sent"
    if leak := _LEAKS.search(body):
        yield f"tells of its inside: {leak[0]}"


def _of_headers(answer: Answer) -> Iterator[str]:
    names = [name.lower() for name, _ in answer.headers]
    for name, value in HEADERS:
        if names.count(name.lower()) != 1 or answer.header(name) != value:
            yield f"header {name} is {answer.header(name)!r}"
    if not answer.header("Cache-Control"):
        yield "says nothing of storing"
    for name, value in answer.headers:
        if re.search(r"[\r\n\0]", name + value):
            yield f"header {name} goes on over its line"
        if name.lower() == "set-cookie" and not _is_ours(value):
            yield f"sets another cookie: {value[:80]}"
        if MARK in (name + value).lower():
            yield f"header {name} gives back what was sent"


def _is_ours(cookie: str) -> bool:
    parts = {part.strip() for part in cookie.split(";")}
    kept_here = parts & {"SameSite=Lax", "SameSite=Strict"}
    return cookie.partition("=")[0] in _COOKIES and bool(kept_here) and {"Secure", "HttpOnly", "Path=/"} <= parts


def _of_kind(sent: Sent, answer: Answer) -> Iterator[str]:
    if 300 <= answer.status < 400:
        if not re.match(r"(?:http://localhost)?/(?![/\\])", answer.header("Location")):
            yield f"leads elsewhere: {answer.header('Location')[:80]!r}"
    elif answer.status == 204 or (sent.method, answer.status) == ("OPTIONS", 200):
        if answer.body:
            yield "has a body"
    elif sent.method != "HEAD":
        yield from _of_page(sent, answer)


def _of_page(sent: Sent, answer: Answer) -> Iterator[str]:
    kind = answer.header("Content-Type").partition(";")[0]
    if kind == "application/json":
        if sent.place != "/ahead" or not isinstance(json.loads(answer.body), list):
            yield "JSON where there should be a page"
    elif kind == "text/html":
        if not re.search(r"<title>[^<]*\w[^<]*</title>", answer.text):
            yield "a page without a title"
    elif sent.place in _PAPERS and kind == _PAPERS[sent.place][0]:
        if not answer.body.startswith(_PAPERS[sent.place][1]):
            yield f"says it is {kind} and is not"
    elif not sent.place.startswith("/static/") or answer.status != 200:
        yield f"is {kind or 'of no kind'}"
