"""A pack's notice as HTML: the few marks of Markdown that notices use, everything else escaped."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_STRONG = re.compile(r"\*\*(.+?)\*\*")
_EMPHASIS = re.compile(r"\*(.+?)\*")
_LINK = re.compile(r"\[([^\]]+)\]\((https://[^\s)&\"]+)\)")


def render_notice(text: str) -> Markup:
    """Headings (one level down, since the page has its own title), paragraphs, lists, bold, emphasis, https links."""
    blocks: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in block.splitlines()]
        while lines and lines[0].startswith("#"):
            blocks.append(_heading(lines.pop(0)))
        if lines and lines[0].startswith("- "):
            blocks.append(_list(lines))
        elif lines:
            blocks.append(f"<p>{_inline(' '.join(lines))}</p>")
    return Markup("\n".join(blocks))  # noqa: S704  every piece went through escape()


def _heading(line: str) -> str:
    level = min(len(line) - len(line.lstrip("#")) + 1, 4)
    return f"<h{level}>{_inline(line.lstrip('#').strip())}</h{level}>"


def _list(lines: list[str]) -> str:
    """Items begin with a hyphen; a line without one goes on with the item before it."""
    items: list[str] = []
    for line in lines:
        if line.startswith("- "):
            items.append(line[2:])
        else:
            items[-1] += f" {line}"
    return "<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in items) + "</ul>"


def _inline(text: str) -> str:
    html = str(escape(text))
    html = _LINK.sub(r'<a href="\2" rel="noreferrer">\1</a>', html)
    html = _STRONG.sub(r"<strong>\1</strong>", html)
    return _EMPHASIS.sub(r"<em>\1</em>", html)
