"""The forms of a registrant's own record, read by the same rules as the form they registered with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from wtforms import BooleanField, StringField

from voter_reg.language import said
from voter_reg.portal.forms import AddressForm, DatesForm, NamesForm, PortalForm
from voter_reg.service.answers import LONGEST_NAME, read_birth, read_line, read_name

_LONGEST_CODE = 40


class SignInForm(PortalForm):
    """Confirmation code and birth date."""

    code = StringField()
    birth_month = StringField()
    birth_day = StringField()
    birth_year = StringField()
    birth_partly = StringField()

    def read(self, today: date) -> tuple[str, str]:
        """The code as typed and the birth date as ISO text; look at `problems` before using them."""
        code = self.take(lambda: read_line(self.code.data or "", "code", _LONGEST_CODE))
        if not code and not self.problems:
            self.problems["code"] = said("Enter your confirmation code. It is on the page you got when you registered.")
        return code, self.take(lambda: read_birth(_sent(self), today))


class SignedForm(PortalForm):
    """A change that is signed by a typed name."""

    signed = StringField()

    def read_signed(self) -> str:
        """The name under the change."""
        if not (self.signed.data or "").strip():
            self.problems["signed"] = said("Type your name to sign this change.")
            return ""
        return self.take(lambda: read_name((self.signed.data or "")[: LONGEST_NAME + 1], "signed"))


class OwnAddressForm(AddressForm, SignedForm):
    """A new address."""


class OwnNameForm(NamesForm, SignedForm):
    """A new name."""

    def read(self) -> tuple[str, str]:
        """The name and the name to sort by, which is the name itself where none is typed."""
        name, sort = self.read_names()
        return name, sort or name


class OwnDatesForm(DatesForm, SignedForm):
    """A corrected birth date, and since when the person lives here."""


class LetterForm(PortalForm):
    """Which letter, that a lawyer comes first, and for one of them a stronger check."""

    letter = StringField()
    lawyer = BooleanField()
    shown = StringField()


def _sent(form: PortalForm) -> Mapping[str, str]:
    return {name: value if isinstance(value, str) else "" for name, value in form.data.items()}
