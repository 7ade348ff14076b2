"""Asking the Municipal ID registry over HTTP: yes, or anything else is not yes.

The registry learns the card number, birth date and address that stand on the card it issued, and not why we ask.
Whatever is not a whole, well-formed answer in time is `unavailable`, which leads to other papers and never to a yes.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import ssl
import threading
import time
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from eligibility.errors import BadInput
from voter_reg.residency.verifier import CardAnswer

_SECONDS = 3.0  # for the whole exchange, however slowly the bytes drip
_LARGEST_ANSWER = 1024  # bytes; a true answer has fewer than 60
_KEYS = {"match", "valid", "address"}
_PLAIN = re.compile(r"[!-~]+")  # neither blanks nor what would have to be encoded


class RegistryClient:
    """One registry. Safe to share between threads: each question has a connection of its own.

    No redirect is followed, nothing is tried twice, and no proxy of the environment is used.

    Raises:
        BadInput: the address of the registry is not one of HTTP or HTTPS.
    """

    def __init__(self, url: str, key: str, seconds: float = _SECONDS) -> None:
        scheme, self._host, self._port, path = _parts(url)
        self._tls = ssl.create_default_context() if scheme == "https" else None
        self._path = f"{path.rstrip('/')}/v1/check"
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self._seconds = seconds

    def check(self, number: str, born: str, address: str) -> CardAnswer:
        """Ask about one card; never raises."""
        question = json.dumps({"card": number, "born": born, "address": address}).encode()
        ends = time.monotonic() + self._seconds
        connection = self._connection()
        try:
            connection.connect()
            left = ends - time.monotonic()
            if left <= 0:
                return "unavailable"
            raw = self._ask(connection, question, left)
            return "unavailable" if time.monotonic() >= ends else _read(raw)
        except (
            HTTPException,
            HTTPError,
            OSError,
            ValueError,
            AttributeError,
        ):  # the last: a TLS socket cut in mid-read
            return "unavailable"
        finally:
            connection.close()

    def _connection(self) -> HTTPConnection:
        if self._tls is None:
            return HTTPConnection(self._host, self._port, timeout=self._seconds)
        return HTTPSConnection(self._host, self._port, timeout=self._seconds, ssl_context=self._tls)

    def _ask(self, connection: HTTPConnection, question: bytes, seconds: float) -> bytes:
        """The body of a 200; the connection is cut when the time is over.

        A socket's own time-out begins again with every byte that drips in, so a second clock watches the whole.
        """
        watch = threading.Timer(seconds, _cut, (connection.sock,))
        watch.daemon = True
        watch.start()
        try:
            connection.request("POST", self._path, question, self._headers, preload_content=False, decode_content=False)
            answer = connection.getresponse()
            if answer.status != 200 or "Content-Encoding" in answer.headers:
                raise ValueError("not a plain answer")
            raw = answer.read(_LARGEST_ANSWER + 1, decode_content=False)
            if len(raw) > _LARGEST_ANSWER:
                raise ValueError("too long")
            return raw
        finally:
            watch.cancel()


def _parts(url: str) -> tuple[str, str, int | None, str]:
    """The scheme, host, port and path of a registry's address, which must be one that can be asked.

    Raises:
        BadInput: it is not.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # half an IPv6 address, or a port that is none
        host, port = "", None
    if not host or not _PLAIN.fullmatch(url) or parts.scheme not in {"http", "https"}:
        raise BadInput("is not an http or https address", "VOTER_REG_REGISTRY_URL")
    return parts.scheme, host, port, parts.path


def _cut(connected: socket.socket | None) -> None:
    if connected is not None:
        with contextlib.suppress(OSError):
            connected.shutdown(socket.SHUT_RDWR)


def _read(raw: bytes) -> CardAnswer:
    try:
        answer: Any = json.loads(raw, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        return "unavailable"
    if not isinstance(answer, dict) or set(answer) != _KEYS or not all(type(v) is bool for v in answer.values()):
        return "unavailable"
    if not answer["match"] and (answer["valid"] or answer["address"]):
        return "unavailable"  # it contradicts itself
    return "confirmed" if all(answer.values()) else "not_confirmed"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a key twice")
    return dict(pairs)
