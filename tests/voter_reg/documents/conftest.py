"""A place, a moment, a key, and a form that someone signed."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from eligibility import load_pack
from voter_reg.documents import Answer, DrawnSignature, ReadNotice, SignedForm
from voter_reg.documents.city_key import new_city_key
from voter_reg.language import said, words

AT = datetime(2026, 11, 28, 12, 30, tzinfo=ZoneInfo("America/Chicago"))
COPY = "<!doctype html>\n<p>Cristóbal Ñúñez · 漢字</p>\n"


@pytest.fixture(scope="session")
def pack():
    return load_pack("minneapolis")


@pytest.fixture(scope="session")
def key():
    return new_city_key(place="Minneapolis", demonstration=True, now=AT)


@pytest.fixture(scope="session")
def other_key():
    return new_city_key(place="Minneapolis", demonstration=True, now=AT)


@pytest.fixture
def english():
    return words("en")


@pytest.fixture(scope="session")
def signed(pack):
    """A form, with changes if any are named."""

    def form(name="Ayaan Xaashi", **changes):
        whole = SignedForm(
            code="K7QM-2RWX",
            signed_at=AT,
            language="en",
            answers=(
                Answer(said("Full name"), name),
                Answer(said("Living in %(place)s since", place="Minneapolis"), "June 2019"),
                Answer(said("Proof"), said("Municipal ID, confirmed")),
            ),
            oath=tuple(line.text for line in pack.oath),
            election=date(2029, 11, 6),
            contests=("Mayor", "City Council Member, Ward 3"),
            notice=ReadNotice(pack.notices["en"], "notice-7", "en", AT),
            signature=DrawnSignature(("10,500 100,200 999,999", "5,5")),
            pack_digest=pack.digest,
            form_version="f00dcafe" * 8,
            copy=COPY.encode(),
        )
        return replace(whole, **changes)

    return form
