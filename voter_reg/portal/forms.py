"""The portal's forms, bound only when something was sent: a page that shows a form needs no field objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, SelectMultipleField, StringField

from voter_reg.portal.answers import (
    LONGEST_ADDRESS,
    LONGEST_UNIT,
    Refused,
    read_birth,
    read_line,
    read_name,
    read_since,
)


class PortalForm(Form):  # type: ignore[misc]  # WTForms ships no types
    """A form that keeps one message a field, and everything that was typed.

    CSRF is checked for the whole application before a view runs, so forms do not repeat it.
    """

    def __init__(self, sent: MultiDict[str, str]) -> None:
        super().__init__(sent)
        self.problems: dict[str, str] = {}

    def typed(self) -> dict[str, str]:
        """What was sent, as it was sent."""
        return {name: value for name, value in self.data.items() if isinstance(value, str)}

    def take(self, read: Callable[[], str]) -> str:
        """One answer, or "" after noting what is wrong with it."""
        try:
            return read()
        except Refused as refused:
            self.problems.setdefault(refused.field, refused.message)
            return ""


class AddressForm(PortalForm):
    """An address to look up, or one chosen among candidates."""

    address = StringField()
    unit = StringField()
    choice = StringField()

    def read(self) -> tuple[str, str]:
        """The address to look up and the unit."""
        unit = self.take(lambda: read_line(self.unit.data or "", "unit", LONGEST_UNIT))
        chosen = self.take(lambda: read_line(self.choice.data or "", "choice", LONGEST_ADDRESS))
        address = chosen or self.take(lambda: read_line(self.address.data or "", "address", LONGEST_ADDRESS))
        if not address and not self.problems:
            self.problems["address"] = "Enter your house number and street."
        return address, unit


@dataclass(frozen=True, slots=True)
class NameAnswers:
    """Name and dates as they are kept; dates are ISO text, as precise as known."""

    name: str
    sort_name: str
    birth: str
    resident_since: str


class NameForm(PortalForm):
    """Name, birth date, and since when the person lives here."""

    name = StringField()
    sort_name = StringField()
    birth_month = StringField()
    birth_day = StringField()
    birth_year = StringField()
    birth_partly = StringField()
    since_month = StringField()
    since_day = StringField()
    since_year = StringField()

    def read(self, today: date) -> NameAnswers:
        """The answers; look at `problems` before using them."""
        sent: Mapping[str, str] = {name: value or "" for name, value in self.data.items()}
        if sent["name"].strip():
            name = self.take(lambda: read_name(sent["name"], "name"))
        else:
            name = ""
            self.problems["name"] = "Enter your name as it is on your papers."
        sort_name = self.take(lambda: read_name(sent["sort_name"], "sort_name")) if sent["sort_name"].strip() else ""
        birth = self.take(lambda: read_birth(sent, today))
        since = self.take(lambda: read_since(sent, today, birth or None))
        return NameAnswers(name, sort_name, birth, since)


class CardForm(PortalForm):
    """A Municipal ID number. It goes from here to the check and is never kept."""

    card = StringField()


class ReviewForm(PortalForm):
    """What is sworn, and the signature."""

    sworn = SelectMultipleField(choices=(), validate_choice=False)
    signed = BooleanField()

    def read(self, statements: tuple[str, ...]) -> tuple[str, ...]:
        """The statements sworn, in the pack's order, each of which the pack asks for."""
        sworn = tuple(key for key in statements if key in (self.sworn.data or ()))
        for key in statements:
            if key not in sworn:
                self.problems[f"sworn-{key}"] = (
                    "Tick this line if it is true. If it is not, you cannot vote in this election: do not sign."
                )
        if not self.signed.data:
            self.problems["signed"] = "Tick the last line to sign."
        return sworn
