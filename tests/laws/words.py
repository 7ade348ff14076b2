"""The words that no file may say, in four languages, and the phrases that a person reviewed and allowed."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from tests.repository import ROOT

_ENGLISH = (
    r"citizen|immigra|nationalit|naturali[sz]|undocumented|(?<![a-z])aliens?(?![a-z])|(?<![a-z])ssn(?![a-z])"
    r"|social.?security|(?<![a-z])a[_-]?numbers?(?![a-z])|countr(?:y|ies).?of.?(?:birth|origin)|birth.?(?:country|place)"
    r"|place.?of.?birth|foreign.?born|green.?cards?"
)
_SPANISH = (
    r"ciudadan[oai]|inmigra|migratori[oa]|nacionalidad|indocumentad|extranjer|seguro social"
    r"|(?:pais|lugar).{0,6} de (?:nacimiento|origen)|tarjeta verde|(?<![a-z])sin papeles|residen(?:te|cia)s? permanente"
    r"|(?<![a-z])[sm]u (?:estatus|estado|situacion) legal|donde nacio(?!\w)"
)
# Somali's "taariikhda dhalashada" is the birth date, which is asked; the same word with a land is citizenship.
_SOMALI = (
    r"muwaadin|jinsiyad|socdaal|qaxooti|sooshal|(?:dal|wad+an|goob|meel|mees)\w*\s(?:\w+\s){0,3}dhala"
    r"|dhalasho(?:oyin)?(?!\w)|dhalashad(?:a|iisa|eeda)\s(?:mar|dal)|kaar\w*\scagaar|ajnabi|sharci\w*\s(?:jooga?|deg+an)"
)
# "Pej xeem" means citizen and public as well as resident: whichever was meant, somebody reads the other.
_HMONG = (
    r"pej\s*xeem|xam\s*xaj|txawv\s*teb\s*chaws|nkag\s*teb\s*chaws|tsiv\s*teb|haiv\s*neeg"
    r"|npav\s*ntsuab|tsis\s*muaj\s*ntaub\s*ntawv\s*raws\s*cai|nyob\s*raws\s*cai|teb\s*chaws\s*twg"
    r"|teb\s*chaws\s(?:\w+\s){0,3}yug|yug\s(?:\w+\s){0,3}teb\s*chaws"
)
STATUS: Final = re.compile(f"{_ENGLISH}|{_SPANISH}|{_SOMALI}|{_HMONG}", re.IGNORECASE)
"""Citizenship, immigration status, nationality, country of birth, and the numbers that stand for them."""

PROMISES: Final = re.compile(
    r"\b(?:safe|safely|anonymous|anonymously|erased?|erases|guarantee[ds]?|untraceable|anonim[oa]s?|garantiza\w*)\b",
    re.IGNORECASE,
)
"""What nobody can keep."""


@dataclass(frozen=True)
class Said:
    """One line that somebody may read: in which kind of source, where in it, and what it says."""

    kind: str
    where: str
    text: str


@dataclass(frozen=True)
class Allowed:
    """One reviewed exception: at this place (a `*` is any), in a line that holds this text, for this reason."""

    file: str
    text: str
    reason: str


def allowed(kind: str) -> list[Allowed]:
    """The reviewed exceptions of a kind, "status" or "promise"."""
    listed = tomllib.loads((ROOT / "tests" / "reviewed_words.toml").read_text("utf-8"))
    return [Allowed(**entry) for entry in listed.get(kind, [])]


def says(pattern: re.Pattern[str], text: str) -> str | None:
    """The words with which a text says it, whatever its accents, its spaces and the invisible signs between letters."""
    folded = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in folded if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    found = pattern.search(plain)
    return None if found is None else plain[max(0, found.start() - 60) : found.end() + 60].strip()


def findings(
    pattern: re.Pattern[str], exceptions: Iterable[Allowed], said: Iterable[Said]
) -> tuple[list[str], set[Allowed]]:
    """What was said and nobody allowed; and the exceptions that something needed."""
    found, used = [], set()
    listed = list(exceptions)
    for one in said:
        if not says(pattern, one.text):
            continue
        # A phrase that was reviewed is taken out; whatever else is said beside it still counts.
        rest = one.text
        for exception in listed:
            if fnmatchcase(one.where, exception.file) and exception.text in rest:
                used.add(exception)
                rest = rest.replace(exception.text, " ")
        if (words := says(pattern, rest)) is not None:
            found.append(f"{one.kind}: {one.where}: {words}")
    return found, used
