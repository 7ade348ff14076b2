"""Match keys: the texts under which two records of one person meet, to be blind-indexed before they are kept.

The strong key is birth date and every token of the name. Weak keys say "perhaps": another spelling, a part of the name
left out, a day and month that changed places, a birth date known less exactly. A weak key is the whole of what a record
states or a part of it, and two parts never meet: Ana García is perhaps Ana García Núñez, but Ana García Núñez is not
perhaps Ana García Ortiz.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from voter_reg.service.name_forms import name_form, sound, without_links
from voter_reg.vault import Vault

MOST_KEYS = 12
"""Weak keys that one record can have: four of the whole name, one run together, and seven parts of it."""

_MOST_PARTS = 7
_KEPT_BYTES = 16


@dataclass(frozen=True, slots=True)
class WeakKey:
    """One weak key's text. `whole` says that it stands for all that the record states."""

    text: str
    whole: bool


def strong_key(name: str, birth: str) -> str:
    """The text of the strong key: birth date (YYYY, YYYY-MM or YYYY-MM-DD), all tokens sorted, then Jr and the like."""
    form = name_form(name)
    return "|".join((birth, " ".join(sorted(form.tokens)), " ".join(form.suffixes)))


def weak_keys(name: str, birth: str) -> tuple[WeakKey, ...]:
    """The weak keys of a record, each once, at most `MOST_KEYS`."""
    form = name_form(name)
    if form.nameless:
        return (WeakKey(f"{birth}|{' '.join(form.tokens)}", whole=True),)
    sounds = tuple(sound(token) for token in without_links(form.tokens))
    whole = " ".join(sorted(sounds))
    keys = {f"{birth}|{whole}": True, f"{birth}|joined {''.join(form.tokens)}": True}
    if (swapped := _either_way(birth)) is not None:
        keys[f"{swapped}|{whole}"] = True
    for less_exact in _less_exact(birth):
        keys[f"{less_exact}|{whole}"] = False
    for part in _parts(sounds):
        keys.setdefault(f"{birth}|{part}", False)
    return tuple(WeakKey(text, is_whole) for text, is_whole in keys.items())


def strong_index(vault: Vault, name: str, birth: str) -> str:
    """The strong key as it is kept."""
    return vault.index("match-strong", strong_key(name, birth))


def weak_indexes(vault: Vault, name: str, birth: str) -> list[tuple[bytes, bool]]:
    """The weak keys as they are kept: half of each blind index, which is plenty, and whether it is a whole one."""
    return [
        (bytes.fromhex(vault.index("match-weak", key.text))[:_KEPT_BYTES], key.whole) for key in weak_keys(name, birth)
    ]


def _either_way(birth: str) -> str | None:
    """A text that a birth date shares with the one whose day and month changed places; None where that is no date."""
    year, *month_and_day = birth.split("-")
    if len(month_and_day) < 2 or month_and_day[0] == month_and_day[1] or max(month_and_day) > "12":
        return None
    return f"{year}-{'/'.join(sorted(month_and_day))}"


def _less_exact(birth: str) -> Iterator[str]:
    """The birth dates as someone would state them who knows only year and month, or only the year."""
    while "-" in birth:
        birth = birth.rpartition("-")[0]
        yield birth


def _parts(sounds: Sequence[str]) -> list[str]:
    """Parts of a name of three tokens or more that papers show in its place: pairs with the first, and all but one."""
    count = len(sounds)
    if count < 3:
        return []
    ends = dict.fromkeys((count - 1, 1, count - 2, 0))
    pairs = [(sounds[0], sounds[other]) for other in ends if other]
    all_but_one = [(*sounds[:out], *sounds[out + 1 :]) for out in ends]
    parts = dict.fromkeys(" ".join(sorted(part)) for part in [*pairs, *all_but_one])
    return list(parts)[:_MOST_PARTS]
