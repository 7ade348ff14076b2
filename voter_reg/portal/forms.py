"""The portal's forms, bound only when something was sent: a page that shows a form needs no field objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, RadioField, SelectMultipleField, StringField, TextAreaField

from voter_reg.language import Said, said
from voter_reg.portal.drawing import read_strokes
from voter_reg.service.answers import (
    HOMES,
    LONGEST_ADDRESS,
    LONGEST_NAME,
    LONGEST_UNIT,
    Refused,
    read_birth,
    read_line,
    read_name,
    read_since,
)
from voter_reg.service.drafts import Signature

T = TypeVar("T")


class PortalForm(Form):  # type: ignore[misc]  # WTForms ships no types
    """A form that keeps one message a field, and everything that was typed.

    CSRF is checked for the whole application before a view runs, so forms do not repeat it.
    """

    def __init__(self, sent: MultiDict[str, str]) -> None:
        super().__init__(sent)
        self.problems: dict[str, Said] = {}

    def typed(self) -> dict[str, str]:
        """What was sent, as it was sent."""
        return {name: value for name, value in self.data.items() if isinstance(value, str)}

    def take(self, read: Callable[[], str]) -> str:
        """One answer, or "" after noting what is wrong with it."""
        return self.attempt(read, "")

    def attempt(self, read: Callable[[], T], otherwise: T) -> T:
        """One answer, or `otherwise` after noting what is wrong with it."""
        try:
            return read()
        except Refused as refused:
            self.problems.setdefault(refused.field, refused.message)
            return otherwise


_MISSING_PLACE: Final[Mapping[str, Said]] = {
    "no-fixed": said("Tell us where you stay. A street, a corner or the name of a place is enough."),
    "facility": said("Enter the name of the shelter or facility."),
    "program": said("Enter the address that the program gave you."),
    "unlisted": said("Enter your address as it should be."),
}


class AddressForm(PortalForm):
    """An address to look up, or one chosen among candidates; `place` says the rest where it is no plain address."""

    home = StringField()
    address = StringField()
    unit = StringField()
    choice = StringField()
    place = StringField()

    @property
    def way(self) -> str:
        """How the home is told, one of `HOMES`."""
        return self.home.data if self.home.data in HOMES else HOMES[0]

    def read(self) -> tuple[str, str]:
        """The address to look up and the unit."""
        unit = self.take(lambda: read_line(self.unit.data or "", "unit", LONGEST_UNIT))
        chosen = self.take(lambda: read_line(self.choice.data or "", "choice", LONGEST_ADDRESS))
        address = chosen or self.take(lambda: read_line(self.address.data or "", "address", LONGEST_ADDRESS))
        if not address and not self.problems:
            self.problems["address"] = said("Enter your house number and street.")
        return address, unit

    def read_place(self) -> str:
        """The words beside the address; needed for every way but the plain one."""
        place = self.take(lambda: read_line(self.place.data or "", "place", LONGEST_ADDRESS))
        if not place and self.way in _MISSING_PLACE:
            self.problems.setdefault("place", _MISSING_PLACE[self.way])
        return place


@dataclass(frozen=True, slots=True)
class NameAnswers:
    """Name and dates as they are kept; dates are ISO text, as precise as known."""

    name: str
    sort_name: str
    birth: str
    resident_since: str


class NamesForm(PortalForm):
    """A name, and the one to sort by where it differs."""

    name = StringField()
    sort_name = StringField()

    def read_names(self) -> tuple[str, str]:
        """Both; the second is empty where none is typed. Look at `problems` before using them."""
        typed, sort = self.name.data or "", self.sort_name.data or ""
        if typed.strip():
            name = self.take(lambda: read_name(typed, "name"))
        else:
            name = ""
            self.problems["name"] = said("Enter your name as it is on your papers.")
        return name, self.take(lambda: read_name(sort, "sort_name")) if sort.strip() else ""


class DatesForm(PortalForm):
    """Birth date, and since when the person lives here."""

    birth_month = StringField()
    birth_day = StringField()
    birth_year = StringField()
    birth_partly = StringField()
    since_month = StringField()
    since_day = StringField()
    since_year = StringField()

    def read_dates(self, today: date) -> tuple[str, str]:
        """Both as ISO text, as precise as known. Look at `problems` before using them."""
        sent: Mapping[str, str] = {name: value if isinstance(value, str) else "" for name, value in self.data.items()}
        birth = self.take(lambda: read_birth(sent, today))
        return birth, self.take(lambda: read_since(sent, today, birth or None))


class NameForm(NamesForm, DatesForm):
    """Name, birth date, and since when the person lives here."""

    def read(self, today: date) -> NameAnswers:
        """The answers; look at `problems` before using them."""
        return NameAnswers(*self.read_names(), *self.read_dates(today))


class CardForm(PortalForm):
    """A Municipal ID number. It goes from here to the check and is never kept."""

    card = StringField()


class WayForm(PortalForm):
    """Another way to show where one lives."""

    way = RadioField(choices=(), validate_choice=False)


class ContactForm(PortalForm):
    """Whether and where notices go; every field may stay empty."""

    email = StringField()
    mail_to = TextAreaField()
    language = StringField()


class ResumeForm(PortalForm):
    """The code that goes with a link to finish later."""

    code = StringField()


class ReviewForm(PortalForm):
    """What is sworn, and the signature."""

    sworn = SelectMultipleField(choices=(), validate_choice=False)
    assistant = BooleanField()
    signature = StringField()
    strokes = StringField()
    signed = BooleanField()

    def read(self, statements: tuple[str, ...]) -> tuple[str, ...]:
        """The statements sworn, in the order of `statements`, each of which is asked for."""
        sworn = tuple(key for key in statements if key in (self.sworn.data or ()))
        for key in statements:
            if key not in sworn:
                self.problems[f"sworn-{key}"] = said(
                    "Tick this line if it is true. If it is not, you cannot vote in this election: do not sign."
                )
        return sworn

    def read_signature(self) -> Signature | None:
        """The signature: drawn, by an assistant, or typed; None after noting what is missing."""
        made = self._signature()
        if not self.signed.data:
            self.problems["signed"] = said("Tick the last line to sign.")
        return None if self.problems else made

    def _signature(self) -> Signature | None:
        if self.strokes.data:
            return Signature("drawn", strokes=self.attempt(lambda: read_strokes(self.strokes.data), ()))
        if not (self.signature.data or "").strip():
            self.problems["signature"] = said("Type your name to sign.")
            return None
        name = self.take(lambda: read_name((self.signature.data or "")[: LONGEST_NAME + 1], "signature"))
        return Signature("assistant" if self.assistant.data else "typed", text=name)
