"""The data inventory: every field that is kept, where and for what, read from the models and envelopes themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from voter_reg.service.audit import SIGNING_KEY
from voter_reg.service.decisions import DECISION
from voter_reg.service.demands import DEMAND
from voter_reg.service.drafts import DRAFT
from voter_reg.service.elsewhere import ELSEWHERE, Place
from voter_reg.service.envelope import Envelope
from voter_reg.service.paper_record import KIND, PAGES
from voter_reg.service.resume import RESUME
from voter_reg.service.review_record import REVIEW
from voter_reg.service.rosters import BLOCK
from voter_reg.service.totp import TOTP_SECRET
from voter_reg.service.voter_record import RECORD
from voter_reg.store.kept import Kept, NotStated, is_sealed
from voter_reg.store.models import MODELS

ENVELOPES: Final[tuple[Envelope[Any], ...]] = (
    DRAFT,
    RESUME,
    RECORD,
    KIND,
    PAGES,
    REVIEW,
    DECISION,
    BLOCK,
    DEMAND,
    SIGNING_KEY,
    TOTP_SECRET,
)
"""All kinds of envelopes: what lies in the sealed columns."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field that is kept. `store` is a table or a place outside the database, `where` says where that is.

    `retention` is how long, or the name of its kind where no schedule was given. `seen_by` names roles, "resident" for
    the person themselves and "service" for the program.
    """

    field: str
    store: str
    where: str
    store_purpose: str
    kind: str
    purpose: str
    classification: str
    sealed: bool
    retention: str
    seen_by: tuple[str, ...]


def inventory(
    retention: Mapping[str, str] | None = None,
    *,
    models: Iterable[Any] = MODELS,
    envelopes: Iterable[Envelope[Any]] = ENVELOPES,
    places: Iterable[Place] = ELSEWHERE,
) -> list[Field]:
    """Every field that is kept: the database's columns, what lies in the sealed ones, and what is kept elsewhere.

    `retention` says in words how long each kind is kept.

    Raises:
        NotStated: a sealed column without an envelope that says what lies in it, or an envelope without its column.
    """
    inside: dict[str, dict[str, str]] = {}
    for envelope in envelopes:
        inside.setdefault(envelope.column, {}).update(envelope.purposes)
    found: list[Field] = []
    for model in models:
        table, store = model.__table__, _Store(model.__tablename__, "database", model.__kept__, retention or {})
        for column in table.columns:
            if not is_sealed(column.name):
                found.append(store.field(column.name, column.doc or "", sealed=False))
                continue
            name = f"{table.name}.{column.name}"
            if name not in inside:
                raise NotStated(f"column {name}: no envelope says what lies in it")
            parts = inside.pop(name).items()
            found += [store.field(f"{column.name}: {part}", said, sealed=True) for part, said in parts]
    if inside:
        raise NotStated(f"envelopes without a sealed column: {', '.join(sorted(inside))}")
    for place in places:
        store = _Store(place.name, place.where, place.kept, retention or {})
        found += [store.field(name, said, sealed=place.sealed) for name, said in place.holds.items()]
    return found


@dataclass(frozen=True, slots=True)
class _Store:
    name: str
    where: str
    kept: Kept
    retention: Mapping[str, str]

    def field(self, name: str, purpose: str, *, sealed: bool) -> Field:
        kept = self.kept
        return Field(
            field=name,
            store=self.name,
            where=self.where,
            store_purpose=kept.purpose,
            kind=kept.kind,
            purpose=purpose,
            classification=kept.classification,
            sealed=sealed,
            retention=self.retention.get(kept.kind, kept.kind),
            seen_by=kept.seen_by,
        )


_INTRODUCTION = """# Data inventory

Every field that this service keeps, written by `voter-reg data-inventory` from the models themselves. *Sealed* means
encrypted, under a key that is kept elsewhere and ends with its month, or to the reader of an export. *Clear* means that
whoever has the database or the file reads it. A keyed hash finds a row by a value and does not show the value; who has
the key as well can try values.
"""


def as_markdown(fields: Iterable[Field]) -> str:
    """The inventory as a document: one section a store, one row a field."""
    return "\n".join(_document(list(fields))) + "\n"


def _document(fields: list[Field]) -> Iterator[str]:
    yield _INTRODUCTION
    yield from _row("store", "kind of data", "classification", "fields", "of these in clear", "kept", "who may see it")
    yield from _rule(7)
    for store, found in _by_store(fields):
        one, clear = found[0], sum(not field.sealed for field in found)
        seen = ", ".join(one.seen_by) or "nobody"
        yield from _row(store, one.kind, one.classification, str(len(found)), str(clear), one.retention, seen)
    for store, found in _by_store(fields):
        one = found[0]
        yield ""
        yield f"## {store}"
        yield f"{one.store_purpose} Where: {one.where}. Who may see it: {', '.join(one.seen_by) or 'nobody'}."
        yield f"Classification: {one.classification}. Kind: {one.kind}. Kept: {one.retention}."
        yield ""
        yield from _row("field", "sealed or clear", "what it is for")
        yield from _rule(3)
        for field in found:
            yield from _row(f"`{field.field}`", "sealed" if field.sealed else "clear", field.purpose)


def _by_store(fields: list[Field]) -> Iterator[tuple[str, list[Field]]]:
    for store, found in groupby(fields, key=lambda field: field.store):
        yield store, list(found)


def _row(*cells: str) -> Iterator[str]:
    yield f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _rule(columns: int) -> Iterator[str]:
    yield "|" + "---|" * columns
