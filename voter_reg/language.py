"""Languages: what each message is in them, and how they write a date. Pages, papers and e-mails all speak through here.

English stands in the code and is the key of a message; `translations/<language>.po` holds the others. A message that is
made where nobody knows the reader's language yet is a `Said`: the English text and its values, put into words later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources
from io import BytesIO
from types import MappingProxyType
from typing import Any, Final, Literal

from babel.messages.pofile import read_po

ENGLISH: Final = "en"

OWN_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {"en": "English", "es": "Español", "so": "Soomaali", "hmn": "Hmoob"}
)
"""The languages of the service, by the name that their readers call them."""

_DAY_FIRST: Final = frozenset({"es", "so"})

AWAITING: Final = "AWAITING A CERTIFIED TRANSLATOR"
"""Stands in a catalogue's first lines until one has read it."""

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True)
class Said:
    """A message in English with its values, to be put into a reader's language."""

    text: str
    values: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        return self.text % dict(self.values) if self.values else self.text


def said(text: str, /, **values: object) -> Said:
    """A message to be put into words later. `text` is the catalogue's key; `%(name)s` stands for a value."""
    return Said(text, tuple(values.items()))


class Words:
    """One language. `find` gives the translation of an English text, or the text itself.

    `reviewed` says whether a certified translator has read its catalogue.
    """

    def __init__(
        self, language: str, find: Callable[[str], str], direction: Direction = "ltr", *, reviewed: bool = False
    ) -> None:
        self.language = language
        self.reviewed = reviewed
        self.direction = direction
        self.day_first = language in _DAY_FIRST
        self._find = find

    def text(self, text: str, /, **values: object) -> str:
        """A message with its values."""
        found = self._find(text)
        return found % {name: self._value(value) for name, value in values.items()} if values else found

    def say(self, message: Said | str) -> str:
        """A message that was made elsewhere; a plain text is in nobody's language, such as an address, and stays."""
        return message if isinstance(message, str) else self.text(message.text, **dict(message.values))

    def number_of(self, one: str, many: str, number: int, **values: object) -> str:
        """A message about so many; `%(n)s` stands for the number. Each of these languages has these two forms."""
        return self.text(one if number == 1 else many, n=number, **values)

    def month(self, number: int) -> str:
        """The name of a month, 1 to 12."""
        return self.say(_MONTHS[number - 1])

    def long_date(self, day: date) -> str:
        """A day with its weekday: "Tuesday, November 3, 2026"."""
        weekday = self.say(_WEEKDAYS[day.weekday()])
        return self.text("%(weekday)s, %(date)s", weekday=weekday, date=self.date(day))

    def date(self, day: date) -> str:
        """A day: "November 3, 2026"."""
        return self.text(
            "%(month)s %(day)s, %(year)s", month=self.month(day.month), day=str(day.day), year=str(day.year)
        )

    def month_of(self, year: int, month: int) -> str:
        """A month of a year: "November 2026"."""
        return self.text("%(month)s %(year)s", month=self.month(month), year=str(year))

    def partly_known(self, iso: str) -> str:
        """A date kept as ISO text, as precise as it is: "March 3, 1990", "March 1990" or "1990"."""
        year, month, day = (*map(int, iso.split("-")), 0, 0)[:3]
        if not month:
            return str(year)
        return self.date(date(year, month, day)) if day else self.month_of(year, month)

    def moment(self, at: datetime) -> str:
        """An instant in the zone that it comes in: "November 3, 2026, 5:00 PM"."""
        hour = self._hour(at)
        return self.text("%(date)s, %(hour)s", date=self.date(at.date()), hour=hour)

    def _hour(self, at: datetime) -> str:
        clock = f"{at.hour % 12 or 12}:{at.minute:02}"
        return self.text("%(hour)s AM", hour=clock) if at.hour < 12 else self.text("%(hour)s PM", hour=clock)

    def _value(self, value: object) -> object:
        if isinstance(value, Said):
            return self.say(value)
        if isinstance(value, datetime):
            return self.moment(value)
        return self.long_date(value) if isinstance(value, date) else value


_MONTHS: Final = (
    said("January"),
    said("February"),
    said("March"),
    said("April"),
    said("May"),
    said("June"),
    said("July"),
    said("August"),
    said("September"),
    said("October"),
    said("November"),
    said("December"),
)
_WEEKDAYS: Final = (
    said("Monday"),
    said("Tuesday"),
    said("Wednesday"),
    said("Thursday"),
    said("Friday"),
    said("Saturday"),
    said("Sunday"),
)


@cache
def words(language: str) -> Words:
    """One of the service's languages; its catalogue is read once.

    Raises:
        KeyError: the service does not speak it.
    """
    if language == ENGLISH:
        return Words(ENGLISH, lambda text: text, reviewed=True)
    if language not in OWN_NAMES:
        raise KeyError(language)
    return Words(
        language, _finder(catalogue(language)), reviewed=AWAITING not in _file_of(language).split("msgid", 1)[0]
    )


def catalogue(language: str) -> Mapping[str, str]:
    """The messages of a language by their English text; a fuzzy or an empty one is none."""
    listed: Iterable[Any] = read_po(BytesIO(_file_of(language).encode()))
    return {entry.id: entry.string for entry in listed if entry.id and entry.string and not entry.fuzzy}


def _file_of(language: str) -> str:
    return resources.files("voter_reg").joinpath("translations", f"{language}.po").read_text(encoding="utf-8")


def _finder(messages: Mapping[str, str]) -> Callable[[str], str]:
    return lambda text: messages.get(text, text)
