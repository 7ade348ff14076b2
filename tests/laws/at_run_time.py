"""What the running service says: tables, forms, commands, exports and the inventory, as they are built."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import click
from sqlalchemy import Enum
from wtforms import Form
from wtforms.form import BaseForm

import voter_reg
from ballots.decision_document import Evidence, decision_document
from ballots.formats.manifest import describe, write_manifest
from ballots.formats.pollbook_csv import write_poll_book
from eligibility import BirthDate, Facts, decide, load_pack
from tests.ballots.cities import HEAD
from tests.laws.in_files import keys_and_values
from tests.laws.words import Said
from voter_reg.cli import COMMANDS, root
from voter_reg.service.inventory import Field


def in_models(models: Iterable[Any]) -> Iterator[Said]:
    """Names, purposes and possible values of tables, columns, constraints and indexes."""
    for model in models:
        table = model.__table__
        said = [table.name, table.comment, model.__kept__.purpose, model.__kept__.kind]
        said += [part.name for part in (*table.constraints, *table.indexes)]
        for column in table.columns:
            said += [column.name, column.key, column.doc, column.comment]
            said += [str(one.arg) for one in (column.default, column.server_default) if one is not None]
            said += column.type.enums if isinstance(column.type, Enum) else []
        yield from (Said("models", table.name, str(one)) for one in said if one)


def all_forms() -> list[type[Form]]:
    """Every form of the product, wherever it is defined."""
    for module in pkgutil.walk_packages(voter_reg.__path__, "voter_reg."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found, waiting = [], [Form]
    while waiting:
        for form in waiting.pop().__subclasses__():
            waiting.append(form)
            if form.__module__.startswith("voter_reg."):
                found.append(form)
    return found


def in_forms(forms: Iterable[type[Form]]) -> Iterator[Said]:
    """Names, labels, descriptions, choices and messages of the fields of forms."""
    for form in forms:
        unbound = {name: one for name in dir(form) if hasattr(one := getattr(form, name), "_formfield")}
        for field in BaseForm(unbound):
            said = [field.name, field.label.text, field.description, field.default, field.render_kw]
            said += [getattr(one, "message", None) for one in field.validators]
            said += [getattr(one, "label", one) for one in getattr(field, "choices", None) or ()]
            yield from (Said("forms", form.__name__, one) for one in keys_and_values(said))


def all_commands() -> dict[str, click.Command]:
    """Every command of the command line, by its name."""
    context = click.Context(root)
    return {name: found for name in COMMANDS if (found := root.get_command(context, name)) is not None}


def in_commands(commands: Mapping[str, click.Command]) -> Iterator[Said]:
    """Names, options, choices and help of the command line."""
    for name, called in commands.items():
        yield from _in_command(called, f"voter-reg {name}")
        if name in COMMANDS:
            yield Said("commands", f"voter-reg {name}", COMMANDS[name][2])


def _in_command(called: click.Command, where: str) -> Iterator[Said]:
    said = [called.name, called.help, called.short_help, called.epilog]
    for parameter in called.params:
        said += [parameter.name, *parameter.opts, *parameter.secondary_opts, getattr(parameter, "help", None)]
        said += [parameter.metavar, *map(str, getattr(parameter.type, "choices", ()))]
    yield from (Said("commands", where, one) for one in said if one)
    if isinstance(called, click.Group):
        for name, inner in called.commands.items():
            yield from _in_command(inner, f"{where} {name}")


def exports() -> dict[str, Any]:
    """One of each document that leaves the house: poll book, manifest, decision."""
    facts = Facts(BirthDate.parse("1990-01-01"), date(2015, 1, 1), frozenset())
    decision = decide(facts, load_pack("minneapolis"), date(2025, 11, 4), None)
    file = describe("book.csv", b"", 0, contest=None, precinct=None)
    return {
        "poll book": write_poll_book([]).decode().split(","),
        "manifest": json.loads(write_manifest(HEAD, "d" * 64, 0, [file])),
        "decision": decision_document(decision, None, Evidence(facts, bytes(16), "minneapolis", None)),
    }


def in_exports(documents: dict[str, Any]) -> Iterator[Said]:
    """The columns and keys of what leaves the house."""
    for name, document in documents.items():
        columns = document if isinstance(document, list) else _keys(document)
        yield from (Said("exports", name, one) for one in columns)


def _keys(document: Any) -> Iterator[str]:
    if isinstance(document, dict):
        for key, inner in document.items():
            yield key
            yield from _keys(inner)
    elif isinstance(document, list):
        for inner in document:
            yield from _keys(inner)


def in_inventory(fields: Iterable[Field]) -> Iterator[Said]:
    """The names and purposes of everything that is kept."""
    for field in fields:
        said = (field.field, field.purpose, field.store, field.store_purpose, field.kind, field.retention)
        yield from (Said("inventory", f"{field.store}.{field.field}", one) for one in said)
