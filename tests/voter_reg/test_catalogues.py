"""The catalogues: nothing missing, nothing unused, and every message keeps its values and its marks."""

import re
import subprocess
import sys
from datetime import date

import pytest

from tests.repository import ROOT
from voter_reg.language import OWN_NAMES, catalogue, words

OTHERS = [code for code in OWN_NAMES if code != "en"]


def test_every_language_has_every_message_and_no_other():
    checked = subprocess.run(
        [sys.executable, "scripts/messages.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


@pytest.mark.parametrize("code", OTHERS)
def test_every_message_keeps_its_values_and_its_marks(code):
    for english, said in catalogue(code).items():
        for shape in (r"%\(\w+\)s", r"</?\w+[^>]*>"):
            assert sorted(re.findall(shape, said)) == sorted(re.findall(shape, english)), (english, said)
        assert not re.search(r"%(?!\(\w+\)s|%)", said), said
        assert said == said.strip(), said


@pytest.mark.parametrize("code", OTHERS)
def test_every_catalogue_says_that_it_waits_for_a_certified_translator(code):
    assert not words(code).reviewed
    head = (ROOT / "voter_reg" / "translations" / f"{code}.po").read_text("utf-8").split("msgid", 1)[0]

    assert "AWAITING A CERTIFIED TRANSLATOR" in head
    assert (
        words(code).text(
            "This translation waits for a certified translator. If it differs from the English, the English counts."
        )
        != ""
    )


@pytest.mark.parametrize(
    ("code", "day", "partly"),
    [("en", "Tuesday, November 6, 2029", "May 2019"), ("es", "martes, 6 de noviembre de 2029", "mayo de 2019")],
)
def test_dates_are_as_the_language_writes_them(code, day, partly):
    assert words(code).long_date(date(2029, 11, 6)) == day
    assert words(code).partly_known("2019-05") == partly


@pytest.mark.parametrize("code", OTHERS)
def test_no_language_promises_or_names_people_by_their_papers(code):
    never = {
        "es": r"extranjer|inmigrante|indocumentad|anónim|\bsegur[oa]\b",
        "so": r"ajnabi|muhaajir|soo[- ]?galooti|qarsoodi",
        "hmn": r"neeg txawv teb chaws|tuaj txawv tebchaws",
    }[code]
    # The question whether an address is a secret one is no promise.
    reviewed = ("We do not ask about citizenship or immigration status.", "Is your address secret?")
    for english, said in catalogue(code).items():
        if not english.startswith(reviewed):
            assert not re.search(never, said, re.IGNORECASE), (english, said)
