"""The code on a photographed card: the one that is there, or none."""

import io

import numpy as np
import pytest
import segno
import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from tests.voter_reg.residency.issuing import card
from voter_reg.residency.card_photo import read_code
from voter_reg.residency.credential import LONGEST


def drawn(text, scale=4, mode="L", **options):
    out = io.BytesIO()
    segno.make_qr(text, error="l", **options).save(out, kind="png", scale=scale, border=4)
    return Image.open(io.BytesIO(out.getvalue())).convert(mode)


def beside(*pictures):
    whole = Image.new("L", (sum(one.width for one in pictures), max(one.height for one in pictures)), 255)
    left = 0
    for one in pictures:
        whole.paste(one, (left, 0))
        left += one.width
    return whole


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "LA", "YCbCr"])
def test_a_code_is_read_whatever_the_kind_of_picture(mode):
    assert read_code(drawn("hello", mode=mode)) == "hello"


def test_a_whole_card_is_read_tilted_blurred_small_and_badly_compressed():
    presented = card()
    picture = drawn(presented).rotate(8, expand=True, fillcolor=200)
    picture = picture.resize((picture.width * 3 // 4, picture.height * 3 // 4)).filter(ImageFilter.GaussianBlur(0.6))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=50)

    assert read_code(Image.open(io.BytesIO(out.getvalue()))) == presented


def test_no_code_is_none():
    assert read_code(Image.new("L", (300, 300), 255)) is None
    assert read_code(Image.new("L", (1, 1))) is None
    assert read_code(Image.effect_noise((200, 200), 90)) is None


def test_two_codes_that_differ_are_none_and_twice_the_same_is_one():
    assert read_code(beside(drawn("one"), drawn("two"))) is None
    assert read_code(beside(drawn("one"), drawn("one"))) == "one"


def test_a_code_of_another_kind_is_none():
    aztec = zxingcpp.create_barcode("12345", zxingcpp.BarcodeFormat.Aztec).to_image(scale=5)

    assert read_code(ImageOps.expand(Image.fromarray(np.array(aztec)), 40, 255)) is None


@pytest.mark.parametrize(("length", "is_read"), [(LONGEST, True), (LONGEST + 1, False)])
def test_an_over_long_text_is_none(length, is_read):
    text = "7" * length  # a QR code holds 7,089 digits

    assert read_code(drawn(text)) == (text if is_read else None)
