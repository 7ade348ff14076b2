"""Setting a paper: PDF/UA-1, in memory from first to last, the same bytes whenever the same is set.

Only the fonts that come with the typesetter are used, so a page is the same on every machine; fonts of the system are
asked for letters that those lack. What is in neither is written in Latin letters, and the paper says so.
"""

from __future__ import annotations

import json
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any, Final

import typst
from anyascii import anyascii

from voter_reg.documents.blocks import Copy, Heading, Paper, Paragraph, Rows, map_texts, plain, template

MARK: Final = "*"
"""Stands behind a text that was written in other letters."""

_SILENT: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Kinds of signs that show nothing of themselves, or turn around what stands beside them."""

_JOINERS: Final = "\u200c\u200d"
"""Persian and the scripts of India need these between letters."""

_PROBE: Final = b'#set document(title: [-])\n#set text(font: "Libertinus Serif")\n#sys.inputs.sign'


def typeset(paper: Paper) -> bytes:
    """The paper as an accessible PDF. Nothing is written to any disk."""
    data = map_texts(paper.as_data(), _one_line)
    if not any(_silent(sign) for text in _texts(data) for sign in text):
        for system in (False, True):
            if (pdf := _set(paper, data, system=system)) is not None:
                return pdf
    return _in_other_letters(paper)


def _one_line(text: str) -> str:
    """Line ends and tabs are spaces: blocks have lines of their own."""
    return " ".join(text.split()) if any(sign in text for sign in "\n\r\t\v\f\x85") else text


def _in_other_letters(paper: Paper) -> bytes:
    """The paper with Latin letters for those that cannot be shown, a table of them, and the exact text attached."""
    changed: dict[str, str] = {}
    for lost in (_unprintable, _beyond_latin):

        def change(text: str, lost: Any = lost) -> str:
            return _latin(text, lost, changed)

        changed.clear()
        data = map_texts(map_texts(paper.as_data(), _one_line), change)
        told = _telling(paper, changed)
        pdf = _set(told, {**told.as_data(), **data, **_appended(told, data)}, system=True)
        if pdf is not None:
            return pdf
    raise AssertionError("Latin letters cannot be set")


def _appended(told: Paper, data: dict[str, Any]) -> dict[str, Any]:
    """The blocks as changed, and behind them those that tell of the change."""
    added = told.as_data()
    return {"blocks": [*data["blocks"], *added["blocks"][len(data["blocks"]) :]], "copy": added["copy"]}


def _telling(paper: Paper, changed: dict[str, str]) -> Paper:
    says = paper.unprinted
    rows = tuple((latin, _numbers(exact)) for exact, latin in changed.items())
    blocks = (Heading(says.heading), Paragraph(plain(says.words)), Rows(says.head, rows))
    exact = "".join(f"{_whole(text)}\n" for text in changed).encode()
    copy = paper.copy or Copy("exact-text.txt", "text/plain", says.copy, exact)
    return replace(paper, blocks=paper.blocks + blocks, copy=copy)


def _numbers(text: str) -> str:
    """The signs that could not be shown, by their Unicode numbers; the others as they are."""
    return " ".join(f"U+{ord(sign):04X}" for sign in text if not sign.isascii() or not sign.isprintable())


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _latin(text: str, lost: Any, changed: dict[str, str]) -> str:
    bad = {sign for sign in text if lost(sign)}
    if not bad:
        return text
    latin = "".join((anyascii(sign) if not _silent(sign) else "") if sign in bad else sign for sign in text)
    written = " ".join((latin.strip() or f"[{_numbers(text)}]").split()) + MARK
    changed[text] = written
    return written


def _silent(sign: str) -> bool:
    return unicodedata.category(sign) in _SILENT and sign not in _JOINERS


def _unprintable(sign: str) -> bool:
    if sign.isascii():
        return not sign.isprintable()
    return _silent(sign) or not _is_covered(sign)


def _beyond_latin(sign: str) -> bool:
    """A last resort, for signs that can each be set and cannot be together."""
    return not (sign.isascii() and sign.isprintable())


def _texts(data: Any) -> Iterator[str]:
    found: list[str] = []

    def keep(text: str) -> str:
        found.append(text)
        return text

    map_texts(data, keep)
    yield from found


class _Press:
    """One typesetter with its fonts, for one thread at a time."""

    def __init__(self, *, system: bool) -> None:
        self._compiler = typst.Compiler(ignore_system_fonts=not system)
        self._turn = threading.Lock()

    def compile(self, source: bytes, inputs: dict[str, str], at: int | None) -> bytes | None:
        """The PDF; None where a sign is in none of the fonts."""
        with self._turn:
            try:
                pdf = self._compiler.compile(
                    source, format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"], timestamp=at
                )
            except typst.TypstError as problem:
                # PDF/UA forbids the empty box of a missing letter, so the typesetter refuses it by itself.
                if "could not be displayed" in str(problem):
                    return None
                raise
        if not isinstance(pdf, bytes):
            raise TypeError("the typesetter gave more than one file")
        return pdf


@cache
def _press(*, system: bool) -> _Press:
    return _Press(system=system)


def _set(paper: Paper, data: dict[str, Any], *, system: bool) -> bytes | None:
    inputs = {"paper": json.dumps(data, ensure_ascii=False)}
    if paper.copy is not None:
        inputs["copy"] = paper.copy.data.decode()
    return _press(system=system).compile(template(), inputs, data["at"])


@cache
def _is_covered(sign: str) -> bool:
    """Whether one of the fonts has this sign."""
    return _press(system=True).compile(_PROBE, {"sign": sign}, 0) is not None
