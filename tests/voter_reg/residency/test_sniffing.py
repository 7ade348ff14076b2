"""What is taken and what is refused, by bytes alone, before anything is decoded."""

import zipfile
from io import BytesIO
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.voter_reg.residency.made_files import chunk, jpeg_of, pages, photo, png_of, webp_of, with_segment
from voter_reg.language import Said
from voter_reg.residency.refused import PaperRefused, Reason
from voter_reg.residency.sentences import SENTENCES
from voter_reg.residency.sniffing import LARGEST, sniff


def why(data):
    with pytest.raises(PaperRefused) as refused:
        sniff(data)
    return refused.value.reason


def zipped(**files):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in files.items():
            packed.writestr(name, body)
    return out.getvalue()


def moving(form):
    return photo(form=form, save_all=True, append_images=[Image.new("RGB", (400, 300), "white")])


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("jpeg", photo()),
        ("jpeg", photo(progressive=True)),
        ("png", photo(form="PNG")),
        ("webp", photo(form="WEBP")),
        ("webp", photo(form="WEBP", lossless=True)),
        ("webp", photo(form="WEBP", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0")),
        ("pdf", pages()),
        ("pdf", b"\xef\xbb\xbf\r\n" + pages()),
    ],
)
def test_four_kinds_are_taken(kind, data):
    assert sniff(data) == kind


@pytest.mark.parametrize(
    ("reason", "data"),
    [
        ("empty", b""),
        ("animated", photo(form="GIF")),
        ("animated", moving("GIF")),
        ("animated", moving("PNG")),
        ("animated", moving("WEBP")),
        ("scan-format", photo(form="TIFF")),
        ("scan-format", b"MM\x00*\x00\x00\x00\x08" + bytes(100)),
        ("phone-format", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)),
        ("phone-format", b"\0\0\0\x1cftypmif1\0\0\0\0mif1heic" + bytes(100)),
        ("phone-format", b"\0\0\0\x1cftypXYZ!\0\0\0\0abcdheix" + bytes(100)),
        ("phone-format", photo(form="AVIF")),
        ("video", b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + bytes(100)),
        ("video", b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + bytes(100)),
        ("drawing", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("drawing", b'\xef\xbb\xbf <?xml version="1.0"?><svg onload="alert(1)"/>'),
        ("drawing", "<svg/>".encode("utf-16")),
        ("drawing", b"\n<!doctype html><title>A bill</title>"),
        ("office", zipped(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})),
        ("office", zipped(**{"mimetype": "", "xl/workbook.xml": "<x/>"})),
        ("office", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("office", rb"{\rtf1\ansi A lease}"),
        ("archive", zipped(bomb=bytes(20_000_000))),
        ("archive", zipped()),
        ("archive", b"Rar!\x1a\x07\x01\x00"),
        ("archive", b"\x1f\x8b\x08" + bytes(20)),
        ("other", photo(form="BMP")),
        ("other", b"MZ" + bytes(200)),
        ("other", b"A letter, in plain text."),
        ("other", b"\0" * 2000),
        ("other", b"\xff"),
        ("broken", photo()[:4]),
        ("broken", photo(form="PNG")[:12]),
        ("broken", photo(form="WEBP")[:20]),
        ("broken", b"\xff\xd8\xff" + b"\xff" * 5000),
        ("broken", b"\xff\xd8\xff\xd9"),
    ],
)
def test_everything_else_is_refused_with_its_own_reason(reason, data):
    assert why(data) == reason


@pytest.mark.parametrize(
    "mark", [b"%PDF-1.7", b"PK\x03\x04", b"<SCRIPT>", b"<svg ", b"<html>", b"<!DOCTYPE html>", b"<?php"]
)
def test_what_begins_as_two_kinds_is_refused(mark):
    assert why(with_segment(photo(), 0xFE, b"a comment " + mark)) == "two-kinds"
    assert why(png_of(400, 300, chunk(b"tEXt", b"Title\0" + mark))) == "two-kinds"


def test_a_pdf_that_begins_as_a_page_or_an_archive_is_refused():
    raw = pages()

    assert why(raw[:9] + b"%<html><script>alert(1)</script>\n" + raw[9:]) == "two-kinds"
    assert why(raw[:9] + b"%PK\x03\x04\n" + raw[9:]) == "two-kinds"
    assert why(b"PK\x03\x04" + raw) == "archive"
    assert why(b"<html>" + raw) == "drawing"


@pytest.mark.parametrize("header", [png_of, jpeg_of, webp_of])
def test_a_picture_has_at_most_forty_megapixels_and_no_side_over_20_000(header):
    kind = sniff(header(8000, 5000))

    assert kind in ("png", "jpeg", "webp")
    assert why(header(8000, 5001)) == "too-many-pixels"


@pytest.mark.parametrize("header", [png_of, jpeg_of])
def test_a_side_has_at_most_20_000_pixels(header):
    assert sniff(header(20_000, 2_000)) in ("png", "jpeg")
    assert why(header(20_001, 300)) == "too-many-pixels"
    assert why(header(300, 40_000)) == "too-many-pixels"


@pytest.mark.parametrize("header", [png_of, jpeg_of, webp_of])
def test_a_side_has_at_least_300_pixels(header):
    assert sniff(header(300, 300)) in ("png", "jpeg", "webp")
    assert why(header(299, 4_000)) == "too-small"
    assert why(header(4_000, 299)) == "too-small"


@pytest.mark.parametrize("header", [png_of, jpeg_of])
def test_a_side_of_nothing_is_broken(header):
    assert why(header(0, 400)) == "broken"
    assert why(header(400, 0)) == "broken"


def test_ten_megabytes_are_taken_and_a_byte_more_is_not():
    whole = photo() + bytes(LARGEST - len(photo()))

    assert sniff(whole) == "jpeg"
    assert why(whole + b"\0") == "too-large"


def test_a_picture_with_endless_chunks_is_broken_soon():
    assert why(png_of(400, 300, *[chunk(b"tEXt", b"")] * 1001)) == "broken"


def test_each_reason_has_one_short_message_that_says_what_to_do():
    said = list(SENTENCES.values())

    assert set(SENTENCES) == set(get_args(Reason))
    assert len({message.text for message in said}) == len(said)
    assert all(isinstance(message, Said) and not message.values for message in said)
    assert all(
        any(word in message.text for word in ("Send", "send", "Take", "take", "Choose", "Save")) for message in said
    )
    assert PaperRefused("locked").message is SENTENCES["locked"]


STARTS = [
    b"",
    photo()[:40],
    photo(form="PNG")[:60],
    photo(form="WEBP")[:40],
    b"%PDF-",
    b"RIFF",
    b"\0\0\0\x18ftyp",
    b"PK\x03\x04",
]


@given(st.sampled_from(STARTS), st.binary(max_size=200))
def test_no_bytes_raise_anything_but_a_refusal(start, rest):
    try:
        assert sniff(start + rest) in ("jpeg", "png", "webp", "pdf")
    except PaperRefused as refused:
        assert refused.reason in SENTENCES
