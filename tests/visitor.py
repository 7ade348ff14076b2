"""A visitor over plain HTTP on loopback: follows forms as a browser without JavaScript would, and keeps cookies.

The standard library's cookie jar does not send Secure cookies to http://127.0.0.1, as browsers and curl do.
"""

import http.client
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit


@dataclass
class Form:
    """A form of a page: where it goes and what it would send if nothing were changed."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    submits: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Page:
    """An answer: its status, address, text, and forms."""

    status: int
    url: str
    headers: http.client.HTTPMessage
    body: bytes
    forms: list[Form]

    @property
    def text(self) -> str:
        return self.body.decode()


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._inside = False

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self._inside = True
            self.forms.append(Form(given.get("action") or ""))
        elif self._inside and tag in {"input", "button"} and given.get("name"):
            self._take(tag, given)

    def _take(self, tag, given):
        form, kind = self.forms[-1], given.get("type", "submit" if tag == "button" else "text")
        if kind == "submit":
            form.submits.append((given["name"], given.get("value") or ""))
        elif kind not in {"checkbox", "radio"} or "checked" in given:
            form.fields[given["name"]] = given.get("value") or ""

    def handle_endtag(self, tag):
        if tag == "form":
            self._inside = False


class Visitor:
    """One person with one browser."""

    def __init__(self, base: str) -> None:
        # One connection kept alive, as a browser keeps it.
        self._connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=30)
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Page:
        return self._follow("GET", path, None)

    def submit(self, page: Page, *, action: str | None = None, **values: str) -> Page:
        """Send the page's form (the one whose action ends so, or the first) with these values changed."""
        form = next(f for f in page.forms if action is None or f.action.split("?")[0].endswith(action))
        sent = {**form.fields, **values}
        return self._follow("POST", urljoin(page.url, form.action or page.url), urlencode(sent))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def __del__(self) -> None:
        self.close()

    def cookie_header(self) -> str:
        """What this browser would send, for a client that asks one page many times."""
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    def _follow(self, method: str, path: str, body: str | None) -> Page:
        for _ in range(5):
            status, headers, raw = self._once(method, path, body)
            if status not in {301, 302, 303}:
                forms = _Forms()
                if "html" in headers.get("Content-Type", ""):
                    forms.feed(raw.decode())
                return Page(status, path, headers, raw, forms.forms)
            method, path, body = "GET", urljoin(path, headers["Location"]), None
        raise AssertionError(f"redirects without end at {path}")

    def _once(self, method: str, path: str, body: str | None) -> tuple[int, http.client.HTTPMessage, bytes]:
        headers = {"Cookie": self.cookie_header()}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        parts = urlsplit(path)
        self._connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, headers)
        answer = self._connection.getresponse()
        raw = answer.read()
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self._cookies[name] = morsel.value
                if morsel["max-age"] == "0":
                    del self._cookies[name]
        return answer.status, answer.headers, raw
