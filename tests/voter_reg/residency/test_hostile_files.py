"""Bytes of anyone: never anything but a clean paper or a refusal, and never a file or a process left behind."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.voter_reg.residency.made_files import locked, pages, photo
from voter_reg.residency.papers import clean
from voter_reg.residency.pictures import read_card_photo
from voter_reg.residency.plain_jpeg import is_plain
from voter_reg.residency.refused import PaperRefused
from voter_reg.residency.sentences import SENTENCES

GOOD = [
    photo(),
    photo(progressive=True, comment=b"here"),
    photo(form="PNG"),
    photo(form="WEBP"),
    photo(form="WEBP", lossless=True),
    pages(),
    pages(3),
    locked(pages()),
]

pytestmark = pytest.mark.slow


@st.composite
def spoiled(draw):
    """A good file with some bytes changed, a piece taken out, put in twice, or cut off."""
    raw = bytearray(draw(st.sampled_from(GOOD)))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(raw) - 1))
        piece = draw(
            st.one_of(st.binary(min_size=1, max_size=4), st.sampled_from([b"\xff" * 4, bytes(4), b"\x7f\xff"]))
        )
        match draw(st.sampled_from(["change", "take out", "twice", "cut"])):
            case "change":
                raw[at : at + len(piece)] = piece
            case "take out":
                del raw[at : at + draw(st.integers(1, 64))]
            case "twice":
                raw[at:at] = raw[at : at + draw(st.integers(1, 64))]
            case _:
                del raw[max(at, 16) :]
        if not raw:
            break
    return bytes(raw)


def children():
    return {pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()}


@pytest.fixture(scope="module")
def empty_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("temp")
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    yield folder
    tempfile.tempdir = before


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(raw=st.one_of(spoiled(), spoiled(), spoiled(), st.binary(max_size=4000)))
def test_a_spoiled_file_is_cleaned_or_refused(empty_folder, raw):
    before = children()

    for work in (clean, read_card_photo):
        try:
            made = work(raw)
        except PaperRefused as refused:
            assert refused.message is SENTENCES[refused.reason]
            assert refused.reason not in ("busy", "too-slow")
        else:
            assert made is None or isinstance(made, str) or all(map(is_plain, made.pages))

    assert children() <= before
    assert list(empty_folder.iterdir()) == []
