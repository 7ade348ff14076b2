"""One visitor of the portal: a browser, and what its pages have told so far."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from html import unescape

from tests.fuzz.sending import Answer, Browser, Fields, Sent, encoded
from tests.fuzz.values import MARK

NAME = {
    "name": f"Amina {MARK}",
    "birth_month": "1",
    "birth_day": "1",
    "birth_year": "1990",
    "since_month": "5",
    "since_year": "2015",
}
"""What most visitors say of themselves."""
SIGN = {"sworn": "guardian", "signature": f"Amina {MARK}", "signed": "yes"}

LEAVING = "/record/leave"
OWN = ("/record/address", "/record/name", "/record/dates", "/record/contact", "/record/card", "/record/papers",
       "/record/letters")  # fmt: skip
VOUCHING = ("/vouch", "/vouch/oath")


@dataclass
class Forms:
    """What the pages have shown so far: which fields each address takes, with what they held."""

    fields: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(set)))

    def __post_init__(self) -> None:
        self.fields["/ahead"]["address"] = set()  # no form: the script of the page sends it

    def read(self, page: str, here: str) -> None:
        for form in re.split(r"<form\b", page)[1:]:
            inside = form.partition("</form>")[0]
            action = re.search(r'^[^>]*\baction="([^"]*)"', inside)
            place = unescape(action[1]) if action else here
            for tag in re.findall(r"<(?:input|select|textarea|button)\b[^>]*>", inside):
                if name := re.search(r'\bname="([^"]*)"', tag):
                    held = self.fields[rule_of(place)][unescape(name[1])]
                    if (value := re.search(r'\bvalue="([^"]*)"', tag)) and len(held) < 40:
                        held.add(unescape(value[1]))


def rule_of(place: str) -> str:
    """The path of a form without what differs from one visitor to the next."""
    return re.sub(r"^/resume/.+", "/resume/<sealed>", place.partition("?")[0])


@dataclass
class Visitor:
    """One browser with what it knows; `state` says how it began, `near` which forms it mostly sends.

    `mine` are its own answers about itself, as its record has them now.
    """

    state: str
    browser: Browser
    forms: Forms
    number: int
    known: dict[str, str] = field(default_factory=dict)
    mine: dict[str, str] = field(default_factory=lambda: dict(NAME))
    page: str = "/notice"
    near: tuple[str, ...] = ()
    is_registered: bool = False
    posts_after_leaving: int = 0

    def send(self, sent: Sent) -> Answer:
        answer = self.browser.send(sent)
        self._learn(answer, sent)
        return answer

    def get(self, path: str) -> Answer:
        return self.send(Sent("GET", path))

    def post(self, path: str, **values: str) -> Answer:
        """Send right answers as a person would."""
        fields: Fields = [(name, self.known.get(name, "")) for name in ("csrf_token", "version")]
        form = encoded([*fields, *values.items()])
        answer = self.send(Sent("POST", path, form.body, form.headers))
        return self.get(answer.header("Location")) if answer.status == 303 else answer

    def _learn(self, answer: Answer, sent: Sent) -> None:
        if "text/html" not in answer.header("Content-Type"):
            return
        page, place = answer.text, sent.place
        for name in ("csrf_token", "version", "page", "paper"):
            if found := re.search(rf'name="{name}" value="([^"]*)"', page):
                self.known[name] = unescape(found[1])
        if "/resume/" in page and (found := re.search(r"(/resume/[\w.-]+)", page)):
            self.known["link"] = found[1]
        codes = [unescape(code) for code in re.findall(r'<p class="code">([^<]+)', page)]
        if place == "/done" and codes:
            self.is_registered = True
            self.known.update(zip(("code", "vouching_code"), codes, strict=False))
        elif place == "/save" and codes:
            self.known["saved_code"] = codes[0]
        if (sent.method, place, answer.status) == ("GET", "/record/dates", 200):
            self._learn_birth(page)
        self.forms.read(page, place)

    def _learn_birth(self, page: str) -> None:
        """The birth date that the record has now: the one to sign in with."""
        for name in ("birth_month", "birth_day", "birth_year"):
            if tag := re.search(rf'<input[^>]*\bname="{name}"[^>]*>', page):
                value = re.search(r'\bvalue="([^"]*)"', tag[0])
                self.mine[name] = unescape(value[1]) if value else ""
        self.mine["birth_partly"] = "" if self.mine["birth_day"] else "yes"
