"""A place's own texts on paper: its notice with the few marks of Markdown it uses, and its lines in a language."""

from __future__ import annotations

import re
from typing import Any

from eligibility import Pack
from eligibility.requirement import Attestation
from voter_reg.documents.blocks import Block, Bullets, Heading, Line, Paragraph, Run, plain

_MARKED = re.compile(r"\*\*(?P<strong>.+?)\*\*|\*(?P<emphasis>.+?)\*|\[(?P<link>[^\]]+)\]\((?P<to>https://[^\s)]+)\)")


def of_pack(pack: Pack, text: str, language: str) -> Line:
    """A text of the pack in a language where the pack has it, else as it stands, marked as English."""
    say: Any = getattr(pack, "say", None)
    told = text if say is None else str(say(text, language))
    return Line(plain(told), None if language == "en" or told != text else "en")


def told(pack: Pack, text: str, language: str) -> str:
    """The words of `of_pack` alone."""
    return of_pack(pack, text, language).parts[0].text


def notice_of(pack: Pack, language: str) -> tuple[str, str]:
    """The notice of the risks, and the language it is in: the reader's own, or English."""
    return (pack.notices[language], language) if language in pack.notices else (pack.notices["en"], "en")


def statements_of(pack: Pack) -> tuple[str, ...]:
    """What this place has people swear besides its oath, in the pack's order, as its newest rules ask for it."""
    asked = (
        requirement.wording
        for requirement in pack.requirements
        if isinstance(requirement, Attestation) and requirement.required.latest.value
    )
    return tuple(dict.fromkeys(asked))


def swears_residence(pack: Pack) -> bool:
    """Whether the place's law has people swear to lawful residence, so that nobody says that it was never a subject."""
    return any(
        isinstance(requirement, Attestation) and requirement.statement.startswith("lawful-residence")
        for requirement in pack.requirements
    )


def law_blocks(text: str, *, level: int, lang: str | None = None) -> tuple[Block, ...]:
    """A notice as blocks: headings (the first mark is at `level`), paragraphs, lists, bold, emphasis, links in full."""
    blocks: list[Block] = []
    for part in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in part.splitlines()]
        while lines and lines[0].startswith("#"):
            line = lines.pop(0)
            deeper = len(line) - len(line.lstrip("#")) - 1
            blocks.append(Heading(_unmarked(line.lstrip("#").strip()), min(level + deeper, 4), lang))
        if lines and lines[0].startswith("- "):
            blocks.append(Bullets(tuple(Line(_runs(item), lang) for item in _items(lines))))
        elif lines:
            blocks.append(Paragraph(_runs(" ".join(lines)), lang=lang))
    return tuple(blocks)


def _items(lines: list[str]) -> list[str]:
    """Items begin with a hyphen; a line without one goes on with the item before it."""
    items: list[str] = []
    for line in lines:
        if line.startswith("- "):
            items.append(line[2:])
        else:
            items[-1] += f" {line}"
    return items


def _unmarked(line: str) -> str:
    return "".join(run.text for run in _runs(line))


def _runs(line: str) -> tuple[Run, ...]:
    runs: list[Run] = []
    end = 0
    for found in _MARKED.finditer(line):
        if found.start() > end:
            runs.append(Run(line[end : found.start()]))
        runs.append(_run(found))
        end = found.end()
    if end < len(line):
        runs.append(Run(line[end:]))
    return tuple(runs)


def _run(found: re.Match[str]) -> Run:
    if found["link"]:
        # On paper nobody can follow a link, so its address stands beside it.
        return Run(found["link"] if found["link"] == found["to"] else f"{found['link']} ({found['to']})")
    return Run(found["strong"] or found["emphasis"], strong=bool(found["strong"]), emphasis=bool(found["emphasis"]))
