"""The messages of the pages, papers and e-mails, and whether each language has them all.

`make messages` writes what the code says now into every `voter_reg/translations/*.po`: new messages stand there empty,
those that nobody says any more are gone. `--check` writes nothing, names what is missing or unused, and exits 1.
A message is a literal text in `said("…")`, `words.text("…")` or `words.number_of("…", "…")` of Python, and in `_("…")`,
`number_of("…", "…")` or `{% trans %}` of a template.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

PRODUCT = Path("voter_reg")
TRANSLATIONS = PRODUCT / "translations"
_SPEAKERS = {"words", "w", "self", "language"}
_HEADER = """\
# The portal's messages in this language.
# AWAITING A CERTIFIED TRANSLATOR: nobody certified has read these yet; every page says so.
"""


def extracted() -> dict[str, set[str]]:
    """Every message with the files that say it."""
    found: dict[str, set[str]] = {}
    for path in sorted(PRODUCT.rglob("*")):
        if "office" in path.parts:
            continue  # the office is in English
        said = _in_python(path) if path.suffix == ".py" else _in_template(path) if path.suffix == ".html" else ()
        for message in said:
            found.setdefault(message, set()).add(str(path))
    return found


def _in_python(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            literal = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            yield from literal[: _takes(node.func)]


def _takes(called: ast.expr) -> int:
    """How many of a call's texts are messages."""
    if isinstance(called, ast.Name):
        return 1 if called.id == "said" else 0
    if not isinstance(called, ast.Attribute):
        return 0
    of = called.value
    speaks = _name(of) in _SPEAKERS
    if isinstance(of, ast.Call):  # front().words().text("…")
        speaks = _name(of.func) == "words"
    return {"text": 1, "number_of": 2}.get(called.attr, 0) if speaks else 0


def _name(of: ast.expr) -> str:
    return of.id if isinstance(of, ast.Name) else of.attr if isinstance(of, ast.Attribute) else ""


def _in_template(path: Path) -> Iterator[str]:
    templates = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    templates.policies["ext.i18n.trimmed"] = True
    parsed = templates.parse(path.read_text(encoding="utf-8"))
    for _, _, messages in extract_from_ast(parsed, ("gettext", "ngettext", "_", "number_of")):
        yield from (one for one in (messages if isinstance(messages, tuple) else (messages,)) if one)


def main() -> int:
    """Write the catalogues, or check them."""
    messages, problems = extracted(), 0
    for file in sorted(TRANSLATIONS.glob("*.po")):
        old = read_po(BytesIO(file.read_bytes()), locale=None)
        has = {entry.id: entry.string for entry in old if entry.id}
        if "--check" in sys.argv:
            missing = sorted(set(messages) - {text for text, said in has.items() if said})
            unused = sorted(set(has) - set(messages))
            problems += len(missing) + len(unused)
            for word, listed in (("missing", missing), ("unused", unused)):
                sys.stdout.writelines(f"{file}: {word}: {text}\n" for text in listed)
        else:
            file.write_bytes(_written(file.stem, messages, has))
    return 1 if problems else 0


def _written(language: str, messages: dict[str, set[str]], has: dict[str, str]) -> bytes:
    made = Catalog(header_comment=_HEADER.rstrip("\n"), fuzzy=False)
    for text in sorted(messages):
        made.add(text, has.get(text, ""), locations=[(path, 1) for path in sorted(messages[text])])
    body = BytesIO()
    write_po(body, made, width=120, include_lineno=False, omit_header=True)
    head = f'{_HEADER}msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    return head.encode() + body.getvalue()


if __name__ == "__main__":
    sys.exit(main())
