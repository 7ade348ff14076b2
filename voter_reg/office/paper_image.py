"""A page of a residency paper as a reviewer sees it: who looks and when stand in the picture itself, in memory alone.

Whoever photographs the screen photographs their own name with it.
"""

from __future__ import annotations

import io
from typing import Final

from flask import Response
from PIL import Image, ImageDraw, ImageFont

_QUALITY: Final = 82
_TURNED: Final = 24  # degrees; text that runs across the lines of a paper is hard to cut out
_INK, _LIGHT = (120, 0, 0, 84), (255, 255, 255, 84)


def marked(page: bytes, words: str) -> bytes:
    """A JPEG page with some words all over it, burnt in, as a JPEG without anything else in it."""
    with Image.open(io.BytesIO(page), formats=("JPEG",)) as opened:
        shown = opened.convert("RGBA")
    written = io.BytesIO()
    Image.alpha_composite(shown, _layer(shown.size, words)).convert("RGB").save(written, "JPEG", quality=_QUALITY)
    return written.getvalue()


def as_answer(picture: bytes) -> Response:
    """The picture as an answer, shown in the page and never offered as a file; like every page it is not stored."""
    answer = Response(picture, mimetype="image/jpeg")
    answer.headers["Content-Disposition"] = "inline"
    return answer


def _layer(size: tuple[int, int], words: str) -> Image.Image:
    """A clear sheet of a page's size with the words in turned rows, however large or small the page is."""
    height = max(12, min(size) // 22)
    font = ImageFont.load_default(height)
    one = _words(words, font, height)
    sheet = Image.new("RGBA", size)
    step = (one.width + height * 2, max(one.height // 2, height * 4))
    for row, top in enumerate(range(-one.height // 2, size[1], step[1])):
        for left in range(-(row % 2) * step[0] // 2, size[0], step[0]):
            sheet.alpha_composite(*_cut(one, left, top))
    return sheet


def _cut(one: Image.Image, left: int, top: int) -> tuple[Image.Image, tuple[int, int]]:
    """What of a stamp lies on the sheet: its place there must not be negative."""
    return one.crop((max(0, -left), max(0, -top), one.width, one.height)), (max(0, left), max(0, top))


def _words(words: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont, height: int) -> Image.Image:
    """The words once, turned; dark with a light edge, so that they show on any paper."""
    width = int(font.getbbox(words)[2]) + height
    flat = Image.new("RGBA", (width, height * 2))
    edge = max(1, height // 14)
    ImageDraw.Draw(flat).text((height // 2, height // 4), words, _INK, font, stroke_width=edge, stroke_fill=_LIGHT)
    return flat.rotate(_TURNED, expand=True, resample=Image.Resampling.BICUBIC)
