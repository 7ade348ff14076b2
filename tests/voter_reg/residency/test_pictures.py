"""The photo of a card: the text of its code, or none, or a refusal."""

from io import BytesIO

import pytest
import segno
from PIL import Image

from tests.voter_reg.residency.made_files import pages, photo, saved
from voter_reg.residency.pictures import read_card_photo
from voter_reg.residency.refused import PaperRefused

TEXT = "eyJhbGciOiJFUzI1NiIsInR5cCI6ImRjK3NkLWp3dCJ9." + "e" * 900


def code(text, scale=4):
    out = BytesIO()
    segno.make(text, micro=False).save(out, kind="png", scale=scale, border=4)
    return Image.open(out).convert("RGB")


def table(*codes, size=(4000, 3000)):
    """A photo of cards on a dark table."""
    picture = Image.new("RGB", size, (60, 45, 30))
    for number, one in enumerate(codes):
        picture.paste(one, (300 + number * 1500, 900))
    return picture


def test_a_long_code_on_a_photo_is_read():
    assert read_card_photo(saved(table(code(TEXT)), "JPEG", quality=80)) == TEXT


@pytest.mark.parametrize("turn", [90, 180, 270, 12])
def test_it_is_read_however_the_card_lies(turn):
    turned = table(code(TEXT)).rotate(turn, expand=True, fillcolor="grey")

    assert read_card_photo(saved(turned, "JPEG", quality=85)) == TEXT


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_a_screenshot_of_it_is_read(form):
    assert read_card_photo(saved(code("1234 5678 9012", 20), form)) == "1234 5678 9012"


def test_no_code_and_two_codes_are_none():
    assert read_card_photo(photo()) is None
    assert read_card_photo(saved(table(code("one", 8), code("two", 8)), "JPEG")) is None


def test_a_code_of_another_kind_is_none():
    out = BytesIO()
    segno.make_micro("1234").save(out, kind="png", scale=40)

    assert read_card_photo(out.getvalue()) is None


@pytest.mark.parametrize(
    ("reason", "data"),
    [
        ("empty", b""),
        ("not-a-photo", pages()),
        ("animated", photo(form="GIF")),
        ("drawing", b"<svg/>"),
        ("broken", photo()[:700]),
        ("too-small", photo((299, 299))),
    ],
)
def test_a_bad_picture_is_refused_as_a_paper_is(reason, data):
    with pytest.raises(PaperRefused) as refused:
        read_card_photo(data)
    assert refused.value.reason == reason


@pytest.mark.parametrize("parts", [(b"\xff\xfe",), (b"a", b"b"), (b"x" * 4297,)])
def test_an_answer_of_the_decoder_that_no_code_could_hold_is_none(monkeypatch, parts):
    monkeypatch.setattr("voter_reg.residency.pictures.decode", lambda *_: parts)

    assert read_card_photo(photo()) is None
