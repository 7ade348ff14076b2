"""The run: visitors come one after another and send what they should not, and everything is looked at."""

from __future__ import annotations

import logging
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from urllib.parse import quote

from eligibility import load_pack
from tests.fuzz import values
from tests.fuzz.answers import right
from tests.fuzz.behind import Cards, Worker
from tests.fuzz.books import Books, in_clear
from tests.fuzz.checks import wrong_with
from tests.fuzz.reached import is_accepted, opens_record
from tests.fuzz.sending import FORM, Answer, Door, Fields, File, Sent, encoded, in_parts
from tests.fuzz.values import MARK
from tests.fuzz.visitor import LEAVING, OWN, VOUCHING, Forms, Visitor, rule_of
from tests.fuzz.visitors import signed_in, visitors
from tests.voter_reg.town import NOW, build_town, install
from voter_reg.apps import create_portal
from voter_reg.back_room import vault_of
from voter_reg.documents.setting_up import new_paper_key
from voter_reg.portal.cookies import DRAFT_COOKIE, KIOSK_COOKIE, LANGUAGE_COOKIE, SESSION_COOKIE
from voter_reg.portal.record_desk import RECORD_COOKIE
from voter_reg.service.city import open_city

POSTS_EACH = 40
"""Posts of one visitor, until the next one comes."""
POSTS_AFTER_LEAVING = 6
"""Posts of one who has left the roll: their code and their session must open nothing any more."""
LOOKED_AT_EVERY = 2_000
"""Posts after which the whole database is looked at."""
_STOPPED = (1_900, 2_000)
"""Of so many posts the last hundred find the election suspended."""
_DIGITS = ("birth_month", "birth_day", "birth_year", "since_month", "since_day", "since_year", "card", "version")


class Wrong(AssertionError):
    """Something is wrong; says what, and which request shows it."""


@dataclass
class Tally:
    """What a run has done. By form: how many posts were sent, taken without a complaint, and accepted, so that it did
    what it is for. `done` is what the log says was done.
    """

    posts: int = 0
    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    rows: dict[str, int] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


class Fuzzer:
    """One run over a portal of its own, in a folder. The same seed sends the same, but for what is drawn anew each
    time by the service itself: tokens, codes and keys.
    """

    def __init__(self, folder: Path, seed: int, *, goes_on: bool = False, posts_each: int = POSTS_EACH) -> None:
        self.goes_on, self.posts_each = goes_on, posts_each
        self.seed, self.chance, self.forms, self.tally = seed, Random(seed), Forms(), Tally()
        self.now, self.lines = NOW, list[str]()
        config = install(folder / "instance", build_town(folder / "town"))
        new_paper_key(config, load_pack(config.pack), NOW)
        cards = Cards()
        app = create_portal(config, clock=lambda: self.now, verifier=cards, cards=cards)
        app.extensions["voter_reg_send"] = lambda *_: None
        worker = Worker(config, lambda: self.now)
        worker.make_a_list()
        self.door, self.books = Door(app, decide=worker.decide), Books(config, vault_of(config), open_city(config).map)
        self.desk = app.extensions["portal"].desk
        self.rules = sorted((rule.rule, rule.methods or set()) for rule in app.url_map.iter_rules())
        self.posted = sorted({rule for rule, methods in self.rules if "POST" in methods})
        self._is_stopped = self.desk.is_stopped

    def run(self, posts: int, tell: Callable[[str], None] = lambda _: None) -> Tally:
        """Send so many posts, and look at each answer; Wrong at the first mistake, unless it goes on."""
        began = time.monotonic()
        with _logged(self.lines):
            for visitor in visitors(self.door, self.forms, self.chance):
                for _ in range(self.posts_each):
                    self._one(visitor)
                    if self.tally.posts % LOOKED_AT_EVERY == 0:
                        self._look()
                        wrong = f"{len(self.tally.problems)} wrong, " if self.tally.problems else ""
                        tell(f"{self.tally.posts} posts, {time.monotonic() - began:.0f} s, {wrong}{self.books.count()}")
                    if self.tally.posts >= posts:
                        self._look()
                        self.tally.rows, self.tally.done = self.books.count(), self.books.done()
                        return self.tally
                    if visitor.posts_after_leaving > POSTS_AFTER_LEAVING:
                        break
                self.desk.is_stopped = self._is_stopped  # the next one comes as far as it means to
        return self.tally

    def _one(self, visitor: Visitor) -> None:
        """One post; now and then a request of another kind before it."""
        stopped = _STOPPED[0] <= self.tally.posts % _STOPPED[1]
        self.desk.is_stopped = (lambda: True) if stopped else self._is_stopped
        self.now += timedelta(milliseconds=300)  # on, so that limits of a while come to an end
        if self.chance.random() < 0.15:
            self._send(visitor, self._other(visitor), stopped)
        rule = rule_of(self._next(visitor))
        if rule in {*OWN, LEAVING} and self.chance.random() < 0.6:
            self._send(visitor, Sent("GET", rule), stopped)
        answer = self._send(visitor, self.post(visitor, rule), stopped)
        if answer.status == 303:
            self._send(visitor, Sent("GET", answer.header("Location")), stopped)
        if rule == "/record/dates" and answer.status == 303:
            self._send(visitor, Sent("GET", rule), stopped)  # which birth date to sign in with from now on
        self._go_on(visitor, rule, answer)

    def _next(self, visitor: Visitor) -> str:
        """The form to send next: the one that the visitor came for, one near it, or any."""
        drawn = self.chance.random()
        if drawn < 0.4:
            return visitor.page
        is_near = drawn < 0.8 and (visitor.page in visitor.near or visitor.near in {OWN, VOUCHING})
        return self.chance.choice(visitor.near if is_near else self.posted)

    def _go_on(self, visitor: Visitor, rule: str, answer: Answer) -> None:
        """Where a visitor comes with an answer."""
        place = rule_of(answer.header("Location")) if answer.status == 303 else ""
        if visitor.near == OWN:
            self._go_on_in_record(visitor, rule, answer)
        elif place in self.posted and place != "/record":
            visitor.page = place
        elif answer.status in {404, 410} and self.chance.random() < 0.5:
            visitor.page = "/notice"

    def _go_on_in_record(self, visitor: Visitor, rule: str, answer: Answer) -> None:
        """Through the forms of one's record; whose session ended mostly signs in again, but who has left cannot."""
        if visitor.posts_after_leaving or (rule == LEAVING and is_accepted(rule, answer)):
            visitor.posts_after_leaving += 1
            visitor.page = "/record"
            return
        if RECORD_COOKIE not in visitor.browser.cookies and self.chance.random() < 0.8:
            signed_in(visitor)
        if visitor.page != LEAVING:
            visitor.page = self.chance.choice(OWN)

    def _send(self, visitor: Visitor, sent: Sent, stopped: bool) -> Answer:
        if self.chance.random() < 0.03:
            sent = replace(sent, cookies=self._forged(visitor.browser.cookies))
        answer, rule = visitor.send(sent), rule_of(sent.place)
        self.tally.requests += 1
        if sent.method == "POST":
            self.tally.posts += 1
            self.tally.sent[rule] += 1
            self.tally.statuses[answer.status] += 1
            self.tally.taken[rule] += answer.status < 400
            self.tally.accepted[rule] += is_accepted(rule, answer)
        found = list(wrong_with(sent, answer, stopped=stopped))
        if visitor.posts_after_leaving and sent.method != "OPTIONS" and opens_record(rule, answer):
            found.append("opens the record of one who has left")
        if found:
            self._wrong(found, visitor, sent)
        return answer

    def _wrong(self, found: list[str], visitor: Visitor, sent: Sent) -> None:
        where = f"seed {self.seed}, post {self.tally.posts}, visitor {visitor.state!r}"
        self._tell(["; ".join(found), *self.lines[-1:]], where, str(sent))

    def _tell(self, found: list[str], *where: str) -> None:
        """Stop at what is wrong, or keep what was not told yet."""
        what = "\n".join(found)
        if not self.goes_on:
            raise Wrong("\n".join([what, *where]))
        if what not in self.tally.problems:
            self.tally.problems[what] = "\n".join(where)
            print(f"WRONG: {what}\n{self.tally.problems[what]}", flush=True)

    def _look(self) -> None:
        found = list(self.books.wrong(self.door))
        logged = "\n".join(self.lines) + self.door.complaints.getvalue()
        if how := in_clear(logged.encode("utf-8", "replace")):
            found.append(f"what was typed stands in the log, {how}")
        if found:
            self._tell(found, f"seed {self.seed}, in the posts up to {self.tally.posts}")

    def post(self, visitor: Visitor, rule: str) -> Sent:
        """A post to a form: most are right but for a field or three, and so come far."""
        fields = self._fields(visitor, rule)
        form = self._encoded(fields)
        headers = (*form.headers, *self._headers(visitor))
        return replace(form, path=self._path(visitor, rule), headers=headers)

    def _fields(self, visitor: Visitor, rule: str) -> Fields:
        chance, known = self.chance, self.forms.fields.get(rule, {})
        names = sorted({"csrf_token", "version", *known})
        fields: Fields = [(name, right(chance, rule, name, visitor, known.get(name, ()))) for name in names]
        others = [at for at, (name, _) in enumerate(fields) if name != "csrf_token"]
        drawn = chance.random()
        if drawn < 0.60:
            for at in chance.sample(others, min(len(others), chance.choice((1, 1, 1, 2, 3)))):
                fields[at] = (fields[at][0], self._hostile(fields[at][0]))
        elif drawn < 0.70:
            fields = [(name, value if name == "csrf_token" else self._hostile(name)) for name, value in fields]
        elif drawn < 0.78:
            del fields[chance.choice(others)]
        elif drawn < 0.82:
            name = fields[chance.choice(others)][0]
            fields += [(name, self._hostile(name)) for _ in range(3)] * 66
        elif drawn < 0.86:
            fields[0] = ("csrf_token", chance.choice(("", "x", MARK, *self._hostile_texts(2))))
        elif drawn < 0.90:
            fields = [
                (name, str(chance.choice((0, 1, 2, 3, 99))) if name == "version" else value) for name, value in fields
            ]
        if chance.random() < 0.05:
            fields.append((MARK + chance.choice(("", "[]", "[0]", ".x", "\x00", "\u202e", '"', "__proto__")), "x"))
        if chance.random() < 0.08:
            fields.append(("then", self._hostile("then")))
        return fields

    def _hostile_texts(self, number: int) -> list[str | bytes]:
        return [values.text(self.chance) for _ in range(number)]

    def _hostile(self, name: str) -> str | bytes | File:
        if name in {"paper", "photo"} or self.chance.random() < 0.02:
            return File(
                values.file(self.chance),
                self.chance.choice(
                    ("a.jpg", "", MARK, "../../x", "\x00.jpg", "a" * 5000, "con", f'"{MARK}', "x.jpg\r\nA: b")
                ),
                self.chance.choice(
                    ("image/jpeg", "text/html", "", "x" * 300, "image/svg+xml", "multipart/mixed; boundary=x")
                ),
            )
        return (values.number if name in _DIGITS else values.text)(self.chance)

    def _encoded(self, fields: Fields) -> Sent:
        drawn, holds_file = self.chance.random(), any(isinstance(value, File) for _, value in fields)
        if drawn < 0.04:
            body, kind = self.chance.choice(_BODIES)
            token = next((value for name, value in fields if name == "csrf_token" and isinstance(value, str)), "")
            mark = token if token.isascii() and token.isprintable() else ""
            return Sent("POST", "", body, (("Content-Type", kind), ("X-CSRFToken", mark)))
        if drawn < 0.10:
            return in_parts(fields, self.chance, broken=True)
        return in_parts(fields, self.chance) if holds_file or drawn < 0.20 else encoded(fields)

    def _headers(self, visitor: Visitor) -> Iterator[tuple[str, str]]:
        if self.chance.random() < 0.1:
            name = self.chance.choice(_HEADERS)
            drawn = self.chance.choice(
                (None, "", "same-origin", "cross-site", "none", "chunked", "-1", "99999999", "0")
            )
            yield name, values.ascii_text(self.chance) if drawn is None else drawn

    def _path(self, visitor: Visitor, rule: str) -> str:
        path = rule
        if "<" in rule:
            link = visitor.known.get("link", "/resume/x")
            hostile = f"{rule.partition('<')[0]}{self._quoted()}"
            path = hostile if self.chance.random() < 0.3 else link
        if self.chance.random() < 0.06:
            path += f"?{self.chance.choice(('lang', 'home', 'then', 'next', MARK))}={self._quoted()}"
        return path

    def _quoted(self) -> str:
        """A text within a path."""
        drawn = values.text(self.chance)
        return quote(drawn if isinstance(drawn, bytes) else drawn.encode("utf-8", "surrogatepass"), safe="/.:@")

    def _other(self, visitor: Visitor) -> Sent:
        """A request that is no post, or a post where nothing takes one."""
        chance = self.chance
        rule, _ = chance.choice(self.rules)
        path = "".join(self._quoted() if part.startswith("<") else part for part in _PARTS.findall(rule))
        drawn = chance.random()
        if drawn < 0.5:
            asked = chance.choice(("es", "xx", "no-fixed", self._quoted()))
            path += f"?{chance.choice(('lang', 'home', 'code', MARK))}={asked}"
        elif drawn < 0.6:
            path = f"/{self._quoted()}"
        elif drawn < 0.65:
            path = "/" + chance.choice(("x", "a/", "%00", "%ff", "../", ";", "//")) * 2000
        elif drawn < 0.7:
            path = chance.choice(("//", "///", "/\\")) + f"{MARK}.example{path}"
        method = chance.choice(
            ("GET",) * 12 + ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "ZQ", "get", "")
        )
        return Sent(method, path, b"", tuple(self._headers(visitor)))

    def _forged(self, mine: dict[str, str]) -> dict[str, str]:
        """A browser's cookies with one forged: another text, another's, cut, turned or put together anew."""
        name = self.chance.choice((DRAFT_COOKIE, SESSION_COOKIE, LANGUAGE_COOKIE, KIOSK_COOKIE, RECORD_COOKIE))
        held = mine.get(name, "") or "x"
        others = sorted(mine.values()) or ["x"]
        forged = self.chance.choice(
            (
                held[: self.chance.randrange(len(held))],
                held[::-1],
                f"{held}.{held}",
                held.swapcase(),
                self.chance.choice(others),
                values.ascii_text(self.chance),
                "".join(["e30", ".", "AAAA", ".", "x" * 27]),
                "a" * 8000,
            )
        )
        return {**mine, name: forged}


_PARTS = re.compile(r"<[^>]+>|[^<]+")

_HEADERS = (
    "Accept-Language", "Accept", "Content-Length", "Content-Encoding", "Cookie", "Expect", "Host", "If-Modified-Since",
    "If-None-Match", "Origin", "Range", "Referer", "Sec-Fetch-Site", "Transfer-Encoding", "User-Agent",
    "X-CSRFToken", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-HTTP-Method-Override",
    "X-Original-URL", "X-Requested-With", "Authorization", "Accept-Charset", "Accept-Encoding",
)  # fmt: skip

_BODIES: tuple[tuple[bytes, str], ...] = (
    (b'{"address": "' + MARK.encode() + b'"}', "application/json"),
    (b"[" * 5000, "application/json"),
    (b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "application/xml"),
    (MARK.encode(), "text/plain"),
    (b"address=" + MARK.encode(), FORM + "; charset=utf-7"),
    (b"address=" + MARK.encode(), FORM + "; charset=utf-16"),
    (b"address=" + MARK.encode(), FORM.upper()),
    (b"a=b", ""),
    (b"a=b", ";;;==;"),
    (b"a=b", "\xff\xfe/\x80"),
    (b"a=b", "text/" + "x" * 5000),
    (b"%", FORM),
    (b"&&&===&;;;%%%zz%u0041", FORM),
    (b"&".join(b"%d=" % n for n in range(3_000)), FORM),
    (b"\x00" * 1000, "application/octet-stream"),
    (b"\x1f\x8b\x08" + b"\x00" * 50, "application/gzip"),
    (b"x" * 300_000, FORM),
    (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x"),
    (b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n" * 150 + b"--x--", "multipart/form-data; boundary=x"),
)


@contextmanager
def _logged(lines: list[str]) -> Iterator[None]:
    """Add every line that is logged while the block runs, as a handler would write it."""
    handler = _Lines(lines)
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)


class _Lines(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self.lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(logging.Formatter("%(levelname)s %(name)s %(message)s").format(record))


def run(posts: int, seed: int, tell: Callable[[str], None] = lambda _: None, *, goes_on: bool = False) -> Tally:
    """One run in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        return Fuzzer(Path(folder), seed, goes_on=goes_on).run(posts, tell)
