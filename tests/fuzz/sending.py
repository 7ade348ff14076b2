"""One request and its answer, handed to the application as a server would, so that nothing on the way mends it."""

from __future__ import annotations

import http.client
import io
import re
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from random import Random
from urllib.parse import quote_plus, unquote_to_bytes

from flask import Flask

from voter_reg.portal.cookies import DRAFT_COOKIE
from voter_reg.portal.record_desk import RECORD_COOKIE

FORM = "application/x-www-form-urlencoded"
Value = str | bytes
Fields = list[tuple[str, "Value | File"]]


@dataclass(frozen=True)
class File:
    """A file in a form."""

    data: bytes
    name: str = "photo.jpg"
    kind: str = "image/jpeg"


@dataclass(frozen=True)
class Sent:
    """A request. `path` is as it stands on the wire, its question with it."""

    method: str
    path: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    cookies: dict[str, str] | None = None
    """Instead of the browser's own, which then stay as they are."""

    @property
    def place(self) -> str:
        """The path without its question."""
        return self.path.partition("?")[0]

    def __str__(self) -> str:
        head = [f"{self.method} {_short(self.path)}", *(f"{name}: {_short(value)}" for name, value in self.headers)]
        return "\n".join([*head, "", _short(self.body.decode("latin-1"), 1500)])


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        """A header's value; empty without one."""
        return next((value for one, value in self.headers if one.lower() == name.lower()), "")

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


@dataclass
class Door:
    """An application with what it gave out and wrote: the tokens of all drafts and of all sessions of own records, and
    its server's error stream. `decide` does what a worker does for whoever registered last.
    """

    app: Flask
    tokens: set[str] = field(default_factory=set)
    sessions: set[str] = field(default_factory=set)
    complaints: io.StringIO = field(default_factory=io.StringIO)
    decide: Callable[[], None] = lambda: None


@dataclass
class Browser:
    """Keeps cookies, and sends what it is told to send."""

    door: Door
    cookies: dict[str, str] = field(default_factory=dict)

    def send(self, sent: Sent) -> Answer:
        """Hand a request to the application, and keep the cookies of its answer."""
        environ = self._environ(sent)
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], _: object = None) -> Callable[[bytes], object]:
            started.append((status, headers))
            return lambda _: None

        given: Iterable[bytes] = self.door.app(environ, start)
        body = b"".join(given)
        if close := getattr(given, "close", None):
            close()
        status, headers = started[-1]
        self._keep(headers, forged=sent.cookies is not None)
        return Answer(int(status.split()[0]), headers, body)

    def _environ(self, sent: Sent) -> dict[str, object]:
        place, _, question = sent.path.partition("?")
        cookies = self.cookies if sent.cookies is None else sent.cookies
        environ: dict[str, object] = {
            "REQUEST_METHOD": sent.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(place).decode("latin-1"),
            "QUERY_STRING": question,
            "RAW_URI": sent.path,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "CONTENT_LENGTH": str(len(sent.body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(sent.body),
            "wsgi.errors": self.door.complaints,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in sent.headers:
            key = name.upper().replace("-", "_")
            environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
        return environ

    def _keep(self, headers: list[tuple[str, str]], *, forged: bool) -> None:
        for line in (value for name, value in headers if name.lower() == "set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                if name == DRAFT_COOKIE and morsel.value:
                    self.door.tokens.add(token_in(morsel.value))
                if name == RECORD_COOKIE and morsel.value:
                    self.door.sessions.add(morsel.value)
                if forged:
                    continue
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value


def token_in(cookie: str) -> str:
    """A draft's token as its cookie holds it, before the time and the signature."""
    return cookie.rsplit(".", 2)[0]


def encoded(fields: Fields) -> Sent:
    """A form as browsers send it; the file of a field is its name alone."""
    pairs = ((name, value.name if isinstance(value, File) else value) for name, value in fields)
    body = "&".join(f"{quote_plus(_raw(name))}={quote_plus(_raw(value))}" for name, value in pairs)
    return Sent("POST", "", body.encode(), (("Content-Type", FORM),))


def in_parts(fields: Fields, chance: Random, *, broken: bool = False) -> Sent:
    """A form in parts, as browsers send one with files; `broken` breaks it in some way."""
    boundary = "----zq7MA4YWxkTrZu0gW"
    pieces = [b"--" + boundary.encode() + b"\r\n" + _part(name, value) + b"\r\n" for name, value in fields]
    body = b"".join(pieces) + b"--" + boundary.encode() + b"--\r\n"
    kind = f"multipart/form-data; boundary={boundary}"
    if broken:
        body, kind = chance.choice(_BREAKS)(body, kind, chance)
    return Sent("POST", "", body, (("Content-Type", kind),))


_Break = Callable[[bytes, str, Random], tuple[bytes, str]]

_BREAKS: tuple[_Break, ...] = (
    lambda body, kind, chance: (body[: chance.randrange(len(body))], kind),
    lambda body, kind, chance: (body[chance.randrange(len(body)) :], kind),
    lambda body, _, __: (body, "multipart/form-data"),
    lambda body, _, __: (body, "multipart/form-data; boundary="),
    lambda body, _, __: (body, 'multipart/form-data; boundary="' + "b" * 300 + '"'),
    lambda body, _, __: (body, "multipart/form-data; boundary=\xff\xfe"),
    lambda body, _, __: (body, "multipart/mixed; boundary=----zq7MA4YWxkTrZu0gW"),
    lambda body, kind, __: (body.replace(b"\r\n", b"\n"), kind),
    lambda body, kind, __: (body.replace(b"Content-Disposition: form-data", b"Content-Disposition: attachment"), kind),
    lambda body, kind, __: (body.replace(b"; name=", b"; nome="), kind),
    lambda body, kind, __: (body.replace(b'name="', b"name*=\"utf-9''%ff%fe"), kind),
    lambda body, kind, __: (body.replace(b'"\r\n\r\n', b'"\r\nContent-Type: text/plain; charset=utf-7\r\n\r\n'), kind),
    lambda body, kind, __: (body.replace(b'"\r\n\r\n', b'"\r\nContent-Type: text/plain; charset=hex\r\n\r\n'), kind),
    lambda body, kind, __: (body.replace(b'"\r\n\r\n', b'"\r\n' + b"X: " + b"y" * 20_000 + b"\r\n\r\n"), kind),
    lambda body, kind, __: (body.replace(b'"\r\n\r\n', b'"\r\nno header at all\r\n\r\n'), kind),
    lambda body, kind, __: (body.replace(b'"\r\n\r\n', b'"\r\nContent-Length: 99999\r\n\r\n'), kind),
    lambda body, kind, __: (body.split(b"\r\n", 1)[0] + b"\r\n" + body * 40, kind),
    lambda body, kind, __: (body + body, kind),
    lambda body, kind, chance: (_flipped(body, chance), kind),
)


def _flipped(body: bytes, chance: Random) -> bytes:
    changed = bytearray(body)
    for _ in range(chance.randrange(1, 12)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _part(name: str, value: Value | File) -> bytes:
    head = f'Content-Disposition: form-data; name="{_quoted(name)}"'
    if isinstance(value, File):
        head += f'; filename="{_quoted(value.name)}"\r\nContent-Type: {value.kind}'
        return _raw(head) + b"\r\n\r\n" + value.data
    return _raw(head) + b"\r\n\r\n" + _raw(value)


def _quoted(text: str) -> str:
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _raw(value: Value) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")


def _short(text: str, most: int = 300) -> str:
    shown = re.sub(r"(.{1,40}?)\1{5,}", lambda run: f"{run[1]}…×{len(run[0]) // len(run[1])}", text, flags=re.DOTALL)
    return repr(shown[:most])[1:-1] + ("…" if len(shown) > most else "")


@dataclass
class OverHttp(Browser):
    """A browser that sends over HTTP to a portal as it is served; `port` is where on this machine."""

    port: int = 0

    def send(self, sent: Sent) -> Answer:
        """Send a request on a connection of its own, and keep the cookies of its answer."""
        cookies = self.cookies if sent.cookies is None else sent.cookies
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with closing(connection):
            connection.putrequest(sent.method, sent.path, skip_host=True, skip_accept_encoding=True)
            for name, value in (("Host", "localhost"), ("Content-Length", str(len(sent.body))), *sent.headers):
                connection.putheader(name, value.encode("latin-1"))
            connection.putheader("Cookie", "; ".join(f"{name}={value}" for name, value in cookies.items()))
            connection.endheaders(sent.body)
            answer = connection.getresponse()
            found = Answer(answer.status, answer.getheaders(), answer.read())
        self._keep(found.headers, forged=sent.cookies is not None)
        return found
