"""Templates in one language: a message without a value is put into words when the template is compiled.

`_("…")` is plain text and is escaped where it stands; `{% trans %}…{% endtrans %}` may hold markup, whose values are
escaped. Both take the English text as their key.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from jinja2 import BaseLoader, DictLoader, Environment, PackageLoader, nodes, select_autoescape
from jinja2.visitor import NodeTransformer

from voter_reg.language import Words

_TEXT: Final = "_"
_MARKUP: Final = "gettext"


class TranslatedEnvironment(Environment):
    """Templates whose messages are in the language of `words`."""

    def __init__(self, loader: BaseLoader, words: Words) -> None:
        super().__init__(
            loader=loader, autoescape=select_autoescape(), extensions=["jinja2.ext.i18n"], auto_reload=False
        )
        self.words = words
        self.policies["ext.i18n.trimmed"] = True
        install: Any = self
        install.install_gettext_callables(_with_percent(words), _many(words), newstyle=True)
        self.globals.update({_TEXT: words.text, "words": words, "number_of": words.number_of})
        self.filters["say"] = words.say
        self.filters["date"] = words.long_date
        self.filters["partly"] = words.partly_known

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """The template's tree, with each message that has no value already in the language."""
        parsed: nodes.Template = _Fold(self.words, self).visit(super()._parse(source, name, filename))
        return parsed


@cache
def pages() -> BaseLoader:
    """The templates of the service, read once a process: one that runs never mixes them with those of an upgrade.

    Each is compiled when it is first asked for, which takes its reader a hundredth of a second; all of them at the
    start, in every language, would take two.
    """
    package, environment = PackageLoader("voter_reg"), Environment(autoescape=True)
    return DictLoader({name: package.get_source(environment, name)[0] for name in package.list_templates()})


class _Fold(NodeTransformer):
    def __init__(self, words: Words, environment: Environment) -> None:
        self._words = words
        self._environment = environment

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - the visitor's naming
        self.generic_visit(node)
        if (
            not isinstance(node.node, nodes.Name)
            or len(node.args) != 1
            or node.kwargs
            or node.dyn_args
            or node.dyn_kwargs
        ):
            return node
        text = node.args[0]
        if not isinstance(text, nodes.Const) or not isinstance(text.value, str):
            return node
        if node.node.name == _TEXT:
            folded: nodes.Expr = nodes.Const(self._words.text(text.value), lineno=node.lineno)
        elif node.node.name == _MARKUP:
            # The extension has doubled each "%" for its own formatting, which does not happen here.
            folded = nodes.MarkSafe(nodes.Const(self._words.text(text.value.replace("%%", "%"))), lineno=node.lineno)
        else:
            return node
        folded.set_environment(self._environment)
        return folded


def _with_percent(words: Words) -> Any:
    return lambda text: words.text(text.replace("%%", "%")) if "%(" not in text else words.text(text)


def _many(words: Words) -> Any:
    return lambda one, many, number: words.text(one if number == 1 else many)
