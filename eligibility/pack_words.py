"""A pack's own texts in another language: `words/<language>.toml`, refused unless it says each of them.

A resident who reads a page in Somali should not meet an English oath in it, and a translation of a text that the pack
no longer says would be a translation of something that is not the law. So a file says exactly the pack's texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from eligibility.errors import PackError
from eligibility.pack import ENGLISH, Pack, PackWords
from eligibility.requirement import Attestation
from eligibility.toml_table import Table, nearest, read_toml

_PLACE_FOR = re.compile(r"\{\w*\}")
_SHOWN = 60  # characters of a text in an error


def words_files(folder: Path, languages: tuple[str, ...]) -> Mapping[str, Table]:
    """The words files of a pack by language, read as TOML and no more.

    Raises:
        PackError: a file that is no TOML, or is named after no language of the pack.
    """
    others = [language for language in languages if language != ENGLISH]
    found = {}
    for path in sorted((folder / "words").glob("*.toml")):
        if path.stem not in others:
            hint = nearest(path.stem, others) or f"; the pack's languages: {', '.join(others) or 'none but English'}"
            raise PackError(f"is named after no language of the pack{hint}", str(path))
        found[path.stem] = read_toml(path)
    return MappingProxyType(found)


def read_words(files: Mapping[str, Table], pack: Pack) -> Mapping[str, PackWords]:
    """The words of each language, complete.

    Raises:
        PackError: a text that the pack doesn't have (names the nearest), one that is missing, an empty translation, a
            place for a value that is lost or invented, or a review without its day.
    """
    return MappingProxyType({language: _read(table, pack) for language, table in files.items()})


def texts_to_say(pack: Pack) -> tuple[str, ...]:
    """The pack's own texts that residents see, each once, in the pack's order: what a words file must say."""
    return tuple(dict.fromkeys(text for text in _texts(pack) if text))


def texts_that_may_be_said(pack: Pack) -> tuple[str, ...]:
    """Texts that a words file may leave out: names, which often stay as they are, and what only staff read."""
    names = (pack.name, *(line.name for line in pack.help))
    return tuple(dict.fromkeys((*names, pack.roll_open_to.text, pack.membership_discloses.text)))


def _texts(pack: Pack) -> Iterator[str]:
    for office in pack.offices:
        yield from (office.title, office.district_title)
    yield from (special.title for special in pack.specials)
    yield from (question.title for question in pack.questions)
    for outside in pack.outside:
        yield from (outside.title, outside.why)
    yield from (one.wording for one in pack.requirements if isinstance(one, Attestation))
    yield from (document.title for document in pack.identity_documents)
    yield from (document.title for document in pack.residency_documents)
    if pack.proof.facility_staff is not None:
        yield pack.proof.facility_staff.text
    yield from (line.text for line in pack.oath)


def _read(table: Table, pack: Pack) -> PackWords:
    by, on = table.possibly_blank("reviewed_by"), table.optional_day("reviewed_on")
    if bool(by) != (on is not None):
        raise PackError("reviewed_by and reviewed_on go together: who reviewed it, and on which day", table.where)
    said = table.table("words")
    table.refuse_unknown()
    must = texts_to_say(pack)
    texts = dict(_said(said, (*must, *texts_that_may_be_said(pack))))
    _refuse_missing(said.where, must, texts)
    return PackWords(MappingProxyType(texts), by, on)


def _said(table: Table, known: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for english in table.plain():
        if english not in known:
            raise PackError(f"{_short(english)} is no text of this pack{_nearest(english, known)}", table.where)
        said = table.text(english)
        # However often: "Distrito {district} (Ward {district})" keeps the English number in sight.
        if set(_PLACE_FOR.findall(said)) != set(_PLACE_FOR.findall(english)):
            raise PackError(f"{_short(english)} must keep {_places(english)} and no other", table.where)
        yield english, said


def _refuse_missing(where: str, must: Iterable[str], said: Mapping[str, str]) -> None:
    missing = [text for text in must if text not in said]
    if missing:
        named = ", ".join(_short(text) for text in missing[:3])
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        raise PackError(f"no words for {named}{more}", where)


def _nearest(text: str, known: Iterable[str]) -> str:
    return nearest(text, known) or "; every English text stands there letter for letter"


def _places(english: str) -> str:
    return ", ".join(sorted(set(_PLACE_FOR.findall(english)))) or "no {place}"


def _short(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")
