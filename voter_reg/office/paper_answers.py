"""Reading what a clerk typed from a paper form, by the portal's readers; each problem stands at its field."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from flask import request

from eligibility import next_election
from eligibility.facts import OATH_OF_AGE
from eligibility.pack import Pack
from eligibility.registration import window
from voter_reg.language import OWN_NAMES
from voter_reg.office import typed
from voter_reg.service.answers import (
    HOMES,
    LONGEST_ADDRESS,
    LONGEST_UNIT,
    Refused,
    read_birth,
    read_line,
    read_name,
    read_since,
    tidy,
)
from voter_reg.service.city import City
from voter_reg.service.contact import read_email, read_mail_to
from voter_reg.service.drafts import Draft, Signature
from voter_reg.service.paper import SIGNED_BY, PaperForm

T = TypeVar("T")

FIELDS: Final = (
    "entry", "version", "form_language", "received", "received_time", "came", "home", "address", "unit", "place",
    "precinct", "name", "sort_name", "birth_month", "birth_day", "birth_year", "birth_partly", "since_month",
    "since_day", "since_year", "proof", "card", "seen_papers", "email", "mail_to", "write_in", "signed",
)  # fmt: skip
"""Every field of the page but what was sworn, which may be several."""

PROOFS: Final = {
    "card": "municipal-id",
    "papers-in-person": "identity-and-residency-documents",
    "vouching": "vouching",
    "facility-staff": "facility-staff",
    "prior-registration": "prior-registration",
    "sworn-statement": "sworn-statement",
}
"""Each way that a form may name, as a record calls it, and as a pack does."""
IN_PERSON, OTHERWISE = "in-person", "otherwise"

_LONGEST: Final = 10_000  # a longer answer is no slip: it ends the request
_VERSION = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)", re.ASCII)


@dataclass
class Typed:
    """What was typed, and what is wrong with it by field."""

    values: dict[str, str]
    sworn: tuple[str, ...]
    problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def sent(cls) -> Typed:
        """What this request sent."""
        return cls({name: typed.field(name, _LONGEST) for name in FIELDS}, tuple(request.form.getlist("sworn"))[:20])

    def take(self, read: Callable[[], T], otherwise: T) -> T:
        """One answer, or `otherwise` after noting what is wrong with it."""
        try:
            return read()
        except Refused as refused:
            self.wrong(refused.field, str(refused.message))
            return otherwise

    def wrong(self, name: str, message: str) -> None:
        """Note what is wrong with a field; the first thing noted stays."""
        self.problems.setdefault(name, message)

    def choice(self, name: str, among: tuple[str, ...], message: str) -> str:
        """One of several."""
        if self.values[name] not in among:
            self.wrong(name, message)
        return self.values[name]


def proofs_of(pack: Pack) -> tuple[str, ...]:
    """The ways to show residency that a form of this place may name."""
    return tuple(proof for proof, way in PROOFS.items() if way in pack.proof.ways)


def asked_on(pack: Pack, day: date) -> tuple[str, ...]:
    """The statements that the law asks for at the election that comes on or after a day."""
    election = next_election(pack, date.fromordinal(day.toordinal() - 1))
    return () if election is None else pack.statements_on(election)


def read_form(sent: Typed, city: City, now: datetime) -> PaperForm | None:
    """The form, or None with what is wrong noted in `sent.problems`."""
    values, today = sent.values, city.today(now)
    version = tidy(values["version"])
    if not _VERSION.fullmatch(version):
        sent.wrong("version", "Enter the version as it is printed at the foot of the form.")
    spoken = tuple(code for code in OWN_NAMES if code in city.pack.languages)
    form_language = sent.choice("form_language", spoken, "Choose the language of the form.")
    received_at = _read_received(sent, city.pack, city.zone, now)
    came = sent.choice("came", (IN_PERSON, OTHERWISE), "Choose how the form came.")
    home = _read_home(sent, city)
    name, sort_name, birth, since = _read_person(sent, today)
    asked = asked_on(city.pack, (received_at or now).astimezone(city.zone).date())
    asked += (OATH_OF_AGE,) if birth and len(birth) < len("YYYY-MM-DD") else ()
    for key in asked:
        if key not in sent.sworn:
            sent.wrong(f"sworn-{key}", "The form cannot be entered without this statement. Send it back to the person.")
    proof, shown = _read_proof(sent, city.pack, came)
    email = sent.take(lambda: read_email(values["email"], "email"), None)
    mail_to = sent.take(lambda: read_mail_to(values["mail_to"], "mail_to"), None)
    write_in = values["write_in"] if values["write_in"] in spoken else form_language
    signed = sent.choice("signed", SIGNED_BY, "Choose how it is signed. A form that is not signed goes back.")
    if sent.problems or received_at is None or home is None:
        return None
    draft = Draft(
        language=write_in,
        notice_language=form_language,
        notice_version=version,
        home=home.way,
        address=home.address,
        place=home.place,
        unit=home.unit,
        split=home.split,
        name=name,
        sort_name=sort_name or None,
        birth=birth,
        resident_since=since,
        sworn=tuple(key for key in asked if key in sent.sworn),
        proof=proof,
        email=email,
        mail_to=mail_to,
        contact_asked=True,
        signature=Signature(signed),
    )
    return PaperForm(draft, received_at, came == IN_PERSON, shown, values["card"] if proof == "card" else None)


@dataclass(frozen=True, slots=True)
class Home:
    """Where someone lives, as it is kept."""

    way: str
    split: str
    address: str
    place: str | None
    unit: str | None


def _read_home(sent: Typed, city: City) -> Home | None:
    """Only a plain address and a facility's are kept as the map knows them.

    What else is typed to find the precinct is used for that and let go: for a program's address it is where someone
    really lives.
    """
    values = sent.values
    way = sent.choice("home", HOMES, "Choose how the form tells the home.")
    unit = sent.take(lambda: read_line(values["unit"], "unit", LONGEST_UNIT), "")
    place = sent.take(lambda: read_line(values["place"], "place", LONGEST_ADDRESS), "")
    if way != "address" and not place:
        sent.wrong("place", "Enter the place as the form describes it.")
    listed = way in ("address", "facility")
    found = _find(sent, city, needed=listed)
    if found is None:
        return None
    split, address = found
    return Home(way, split, address if listed else place, place if way == "facility" else None, unit or None)


def _find(sent: Typed, city: City, *, needed: bool) -> tuple[str, str] | None:
    """The precinct split, by an address or, where the home is no plain one, by the precinct's own id."""
    precinct = sent.take(lambda: read_line(sent.values["precinct"], "precinct", LONGEST_UNIT), "")
    if precinct and not needed:
        if precinct not in city.map.splits:
            sent.wrong("precinct", "There is no such precinct on the map.")
            return None
        return precinct, ""
    address = sent.take(lambda: read_line(sent.values["address"], "address", LONGEST_ADDRESS), "")
    if not address:
        sent.wrong(
            "address", "Enter the house number and street." if needed else "Enter an address near it, or the precinct."
        )
        return None
    answer = city.map.lookup(address)
    if answer.status == "found" and answer.split is not None and answer.address is not None:
        return answer.split, answer.address
    likely = "; ".join(dict.fromkeys(one.address for one in answer.candidates[:8]))
    words = {
        "ambiguous": f"More than one address matches. Type one of these: {likely}.",
        "near_boundary": "This address is close to a line between two precincts. Look at the map with a colleague.",
        "outside": "By the map, this address is outside the city.",
    }
    unknown = f"The map does not have this address. Did the person mean one of these: {likely}?" if likely else (
        "The map does not have this address. Check it, or enter it as one that the map does not have yet."
    )  # fmt: skip
    sent.wrong("address", words.get(answer.status, unknown))
    return None


def _read_person(sent: Typed, today: date) -> tuple[str, str, str, str]:
    values = sent.values
    name = sent.take(lambda: read_name(values["name"], "name"), "")
    sort_name = sent.take(lambda: read_name(values["sort_name"], "sort_name"), "") if values["sort_name"] else ""
    birth = sent.take(lambda: read_birth(values, today), "")
    since = sent.take(lambda: read_since(values, today, birth or None), "")
    return name, sort_name, birth, since


def _read_proof(sent: Typed, pack: Pack, came: str) -> tuple[str, bool]:
    """The way, and whether papers that meet the place's rule were seen: only with the person there."""
    proof = sent.choice("proof", proofs_of(pack), "Choose how residency is shown.")
    seen = bool(sent.values["seen_papers"])
    if proof != "papers-in-person":
        if seen:
            sent.wrong("seen", "Tick this only for papers shown at the counter.")
        return proof, False
    if seen and came != IN_PERSON:
        sent.wrong("seen", "Papers are shown by the person themselves. Choose that the person brought the form.")
    return proof, seen


def _read_received(sent: Typed, pack: Pack, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When the form came. The time of day is needed only on a day on which registration closed."""
    day = typed.day(sent.values["received"])
    clock = _TIME.fullmatch(sent.values["received_time"])
    if day is None:
        sent.wrong("received", "Enter the day it came, such as 2026-11-24.")
        return None
    if sent.values["received_time"] and clock is None:
        sent.wrong("received_time", "Enter the time it came, such as 16:30.")
        return None
    if clock is None and day in _closing_days(pack, day):
        sent.wrong("received_time", "Registration closed on this day. Enter the time it came, such as 16:30.")
        return None
    local_now = now.astimezone(zone)
    at = datetime.combine(day, time(int(clock[1]), int(clock[2])) if clock else time(12), zone)
    if clock is None and day == local_now.date():
        at = local_now
    if at > local_now:
        sent.wrong("received", "This is still to come. Check the day and the time.")
        return None
    if (local_now.date() - day).days > 365:
        sent.wrong("received", "This is more than a year ago. Check the year.")
        return None
    return at


def _closing_days(pack: Pack, day: date) -> set[date]:
    election = next_election(pack, date.fromordinal(day.toordinal() - 1))
    found = None if election is None else window(pack, election)
    ends = () if found is None else (found.closes, found.closes_in_person)
    return {end.date() for end in ends if end is not None}
