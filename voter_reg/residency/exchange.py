"""One question to another service over HTTP: a whole, plain answer of 200 in time, or none.

No redirect is followed, nothing is tried twice, and no proxy of the environment is used.
"""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from http.client import HTTPException
from urllib.parse import urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from eligibility.errors import BadInput

_PLAIN = re.compile(r"[!-~]+")  # neither blanks nor what would have to be encoded


class Unanswered(Exception):
    """There was no whole and plain answer in time."""


class Exchange:
    """Where to ask. Safe to share between threads: each question has a connection of its own.

    Args:
        url: the service's address, with the path that every question goes under.
        variable: the setting that named it, for the error.
        seconds: for the whole exchange, however slowly the bytes drip.
        largest: bytes of an answer.

    Raises:
        BadInput: the address is not one of HTTP or HTTPS.
    """

    def __init__(self, url: str, *, variable: str, seconds: float, largest: int) -> None:
        scheme, self._host, self._port, self._path = _parts(url, variable)
        self._tls = ssl.create_default_context() if scheme == "https" else None
        self._seconds = seconds
        self._largest = largest

    def ask(self, method: str, headers: Mapping[str, str], body: bytes | None = None, path: str = "") -> bytes:
        """The body of the answer.

        Raises:
            Unanswered: there was none in time, it was not a plain 200, or it was too long.
        """
        ends = time.monotonic() + self._seconds
        connection = self._connection()
        try:
            connection.connect()
            left = ends - time.monotonic()
            raw = self._read(connection, method, f"{self._path}{path}" or "/", body, dict(headers), left)
        except (
            HTTPException,
            HTTPError,
            OSError,
            ValueError,
            AttributeError,
        ) as problem:  # the last: a TLS socket cut in mid-read
            raise Unanswered from problem
        finally:
            connection.close()
        if time.monotonic() >= ends:
            raise Unanswered
        return raw

    def _connection(self) -> HTTPConnection:
        if self._tls is None:
            return HTTPConnection(self._host, self._port, timeout=self._seconds)
        return HTTPSConnection(self._host, self._port, timeout=self._seconds, ssl_context=self._tls)

    def _read(  # noqa: PLR0917
        self,
        connection: HTTPConnection,
        method: str,
        path: str,
        body: bytes | None,
        headers: dict[str, str],
        seconds: float,
    ) -> bytes:
        """The body of a 200; the connection is cut when the time is over.

        A socket's own time-out begins again with every byte that drips in, so a second clock watches the whole.
        """
        if seconds <= 0:
            raise Unanswered
        watch = threading.Timer(seconds, _cut, (connection.sock,))
        watch.daemon = True
        watch.start()
        try:
            connection.request(method, path, body, headers, preload_content=False, decode_content=False)
            answer = connection.getresponse()
            if answer.status != 200 or "Content-Encoding" in answer.headers:
                raise Unanswered
            raw = answer.read(self._largest + 1, decode_content=False)
            if len(raw) > self._largest:
                raise Unanswered
            return raw
        finally:
            watch.cancel()


def _parts(url: str, variable: str) -> tuple[str, str, int | None, str]:
    """The scheme, host, port and path of a service's address, which must be one that can be asked.

    Raises:
        BadInput: it is not.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # half an IPv6 address, or a port that is none
        host, port = "", None
    if not host or not _PLAIN.fullmatch(url) or parts.scheme not in {"http", "https"}:
        raise BadInput("is not an http or https address", variable)
    return parts.scheme, host, port, parts.path.rstrip("/")


def _cut(connected: socket.socket | None) -> None:
    if connected is not None:
        with contextlib.suppress(OSError):
            connected.shutdown(socket.SHUT_RDWR)
