"""Envelopes: what may lie in a sealed column, as a type whose every field says what it is kept for.

Whatever is sealed goes through one of these, so that the data inventory is made from what is really written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from types import MappingProxyType
from typing import Annotated, Any, Generic, TypeVar, get_args, get_origin, get_type_hints

from voter_reg.store.kept import NotStated
from voter_reg.vault import Vault

T = TypeVar("T")


class Envelope(Generic[T]):
    """One kind of envelope: what lies in it, and the only way in and out.

    `column` is the sealed column, as "table.column". `holds` is the frozen dataclass whose fields lie inside, each
    annotated with its purpose: `name: Annotated[str, "What it is kept for."]`.
    """

    def __init__(
        self, kind: str, column: str, holds: type[Any], write: Callable[[T], bytes], read: Callable[[bytes], T]
    ) -> None:
        self.kind = kind
        self.column = column
        self.purposes = purposes_of(holds)
        self._write = write
        self._read = read

    def seal(self, vault: Vault, row_id: str, epoch: str, record: T) -> bytes:
        """Seal a record for one row; it ends with the key of its epoch."""
        return vault.seal(self.kind, row_id, epoch, self._write(record))

    def open(self, vault: Vault, row_id: str, sealed: bytes) -> T:
        """Open what `seal` sealed for that row; raises as `Vault.open` does."""
        return self._read(vault.open(self.kind, row_id, sealed))

    def reseal(self, vault: Vault, row_id: str, epoch: str, sealed: bytes) -> bytes:
        """The same under another epoch's key, for a clock or a hold that changed; the old one still opens."""
        return vault.reseal(self.kind, row_id, sealed, epoch)

    def seal_for(self, vault: Vault, token: bytes, row_id: str, epoch: str, record: T) -> bytes:
        """Seal a record under a key that needs the holder's token as well."""
        return vault.seal_for(token, self.kind, row_id, epoch, self._write(record))

    def open_for(self, vault: Vault, token: bytes, row_id: str, sealed: bytes) -> T:
        """Open what `seal_for` sealed for this token; raises as `Vault.open_for` does."""
        return self._read(vault.open_for(token, self.kind, row_id, sealed))


def record_envelope(kind: str, column: str, holds: type[T]) -> Envelope[T]:
    """An envelope with one record in it, written as a JSON object of the record's fields in order.

    A field that may be empty is left out when it is.

    Raises:
        NotStated: a field does not say what it is kept for.
        TypeError: `holds` is not a frozen dataclass without slots, whose `__dict__` is the object.
    """
    if not is_dataclass(holds) or hasattr(holds, "__slots__") or not vars(holds)["__dataclass_params__"].frozen:
        raise TypeError(f"{holds.__name__}: what is sealed is a frozen dataclass without slots")
    make, may_be_empty = _maker(holds), frozenset(f.name for f in fields(holds) if not f.default)

    def write(record: T) -> bytes:
        stated = vars(record)
        if may_be_empty:
            stated = {name: value for name, value in stated.items() if value or name not in may_be_empty}
        return _ENCODE(stated).encode()

    def read(clear: bytes) -> T:
        made: T = make(json.loads(clear))
        return made

    return Envelope(kind, column, holds, write, read)


def purposes_of(holds: type[Any]) -> Mapping[str, str]:
    """What each field of a dataclass is kept for, those of dataclasses within it as "field.field".

    Raises:
        NotStated: a field says nothing; names it.
    """
    found: dict[str, str] = {}
    for name, hint in get_type_hints(holds, include_extras=True).items():
        purpose = next((one for one in get_args(hint)[1:] if isinstance(one, str)), "")
        if get_origin(hint) is not Annotated or not purpose.strip():
            raise NotStated(f'{holds.__name__}.{name}: no Annotated[…, "purpose"] says what it is kept for')
        inner = _record_in(get_args(hint)[0])
        if inner is None:
            found[name] = purpose
        else:
            found.update({f"{name}.{part}": said for part, said in purposes_of(inner).items()})
    return MappingProxyType(found)


_ENCODE = json.JSONEncoder(ensure_ascii=False, default=vars).encode


def _maker(holds: type[Any]) -> Callable[[dict[str, Any]], Any]:
    """What makes a record of a JSON object: lists become tuples, objects the records they are."""
    converts: dict[str, Callable[[Any], Any]] = {}
    for name, hint in get_type_hints(holds).items():
        inner = _record_in(hint)
        if get_origin(hint) is tuple:
            converts[name] = tuple if inner is None else _each(_maker(inner))
        elif inner is not None:
            converts[name] = _maker(inner)
    names = frozenset(field.name for field in fields(holds))

    def make(found: dict[str, Any]) -> Any:
        for name, convert in converts.items():
            if (value := found.get(name)) is not None:
                found[name] = convert(value)
        if found.keys() != names:
            return holds(**found)
        made = object.__new__(holds)  # a frozen class's constructor takes five times as long, a million times over
        made.__dict__.update(found)
        return made

    return make


def _each(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda listed: tuple(map(make, listed))


def _record_in(hint: Any) -> type[Any] | None:
    """The dataclass that a type is, or may be besides None."""
    return next((one for one in (hint, *get_args(hint)) if isinstance(one, type) and is_dataclass(one)), None)
