"""What a paper is made of: a title, and blocks of text in reading order. How they look is `paper.typ`'s alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from importlib import resources
from typing import Any, ClassVar, Literal

Tone = Literal["plain", "lead", "soft", "note", "warn"]


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a line. Its text is text: no sign in it means anything."""

    text: str
    strong: bool = False
    emphasis: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a list; `lang` where it is in another language than the paper."""

    parts: tuple[Run, ...]
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, level 2 to 4; the title is the one of level 1."""

    kind: ClassVar = "heading"
    text: str
    level: int = 2
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    kind: ClassVar = "paragraph"
    parts: tuple[Run, ...]
    tone: Tone = "plain"
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Callout:
    """A paragraph that stands out: to be known ("note") or to be heeded ("warn")."""

    kind: ClassVar = "callout"
    parts: tuple[Run, ...]
    tone: Tone = "note"
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    kind: ClassVar = "bullets"
    items: tuple[Line, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """A table of two columns under their heads: what was asked, and the answer."""

    kind: ClassVar = "rows"
    head: tuple[str, str]
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A code to be read out or typed, large, in letters that cannot be taken for one another."""

    kind: ClassVar = "code"
    label: str
    code: str
    size: float = 22


@dataclass(frozen=True, slots=True)
class Part:
    """One of several boxes beside one another, `width` parts wide."""

    label: str
    width: float = 1


@dataclass(frozen=True, slots=True)
class Box:
    """A question of a paper form with room to write in, `height` points high."""

    kind: ClassVar = "box"
    label: str
    hint: str = ""
    parts: tuple[Part, ...] = (Part(""),)
    height: float = 34


@dataclass(frozen=True, slots=True)
class Ticks:
    """Lines with a square to tick before each, beneath one another or `across` the page."""

    kind: ClassVar = "ticks"
    items: tuple[Line, ...]
    label: str = ""
    across: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """A signature drawn by hand: strokes, each of points within 0 to 999 both ways."""

    kind: ClassVar = "drawing"
    label: str
    alt: str
    strokes: tuple[tuple[tuple[int, int], ...], ...]


@dataclass(frozen=True, slots=True)
class Address:
    """A letter's sender, and the address that shows in the envelope's window."""

    kind: ClassVar = "address"
    sender: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Break:
    """What follows begins on a new page."""

    kind: ClassVar = "break"


Block = Heading | Paragraph | Callout | Bullets | Rows | Code | Box | Ticks | Drawing | Address | Break


@dataclass(frozen=True, slots=True)
class Copy:
    """A file that a paper carries with it, byte for byte."""

    name: str
    type: str
    says: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Unprinted:
    """What a paper says, in its language, when letters of it are in no font here."""

    heading: str
    words: str
    head: tuple[str, str]
    copy: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper, ready to be set.

    `band` stands on every page of a demonstration, and is empty otherwise. `page` is the words of the page number, with
    `{n}` and `{all}` in it. `form` is "letter" where the page begins with an address. `at` is the moment that it gives
    as its own, or None for a paper of no day, such as a blank form.
    """

    title: str
    language: str
    place: str
    foot: str
    page: str
    blocks: tuple[Block, ...]
    unprinted: Unprinted
    band: str = ""
    rtl: bool = False
    form: Literal["plain", "letter"] = "plain"
    at: datetime | None = None
    copy: Copy | None = None

    def as_data(self) -> dict[str, Any]:
        """What `paper.typ` reads, the attached bytes left out."""
        copy = self.copy and {"name": self.copy.name, "type": self.copy.type, "says": self.copy.says}
        fields = {name: getattr(self, name) for name in ("title", "language", "place", "foot", "page", "band", "rtl")}
        at = None if self.at is None else int(self.at.timestamp())
        blocks = [{"kind": block.kind, **asdict(block)} for block in self.blocks]
        return {**fields, "form": self.form, "at": at, "copy": copy, "blocks": blocks}

    def digest(self) -> str:
        """SHA-256 over everything that it says and how it is set: the version of a blank form."""
        said = json.dumps(self.as_data(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        whole = hashlib.sha256(template())
        whole.update(said.encode("utf-8", "surrogatepass"))
        return whole.hexdigest()

    def with_foot(self, foot: str) -> Paper:
        """The same paper with other words at the foot of each page."""
        return replace(self, foot=foot)


def template() -> bytes:
    """The source that sets every paper."""
    return resources.files("voter_reg.documents").joinpath("paper.typ").read_bytes()


def plain(text: str) -> tuple[Run, ...]:
    """A line without emphasis."""
    return (Run(text),)


def map_texts(value: Any, change: Callable[[str], str]) -> Any:
    """The same data with every text of it changed; the names of fields stay."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: part if name in _MARKS else map_texts(part, change) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [map_texts(part, change) for part in value]
    return value


_MARKS = frozenset({"kind", "tone", "form", "lang", "language", "type"})
"""Fields of the data that hold no text to be read."""
