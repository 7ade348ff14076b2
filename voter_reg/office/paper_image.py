"""A page of a residency paper as a reviewer sees it: who looks and when stand in the picture itself, in memory alone.

Whoever photographs the screen photographs their own name with it.
"""

from __future__ import annotations

import io
import math
from typing import Final

from flask import Response
from PIL import Image, ImageDraw, ImageFont

_QUALITY: Final = 82
_TURNED: Final = 24  # degrees; text that runs across the lines of a paper is hard to cut out
_INK: Final = (140, 0, 0)
_STRENGTH: Final = 78  # of 255: the paper is read through it, and it is not overlooked


def marked(page: bytes, words: str) -> bytes:
    """A JPEG page with some words all over it, burnt in, as a JPEG without anything else in it."""
    with Image.open(io.BytesIO(page), formats=("JPEG",)) as opened:
        shown = opened.convert("RGB")
    shown.info.clear()  # else a comment of the file would be written again
    height = max(20, min(shown.size) // 30)
    edge = max(1, height // 24)
    # A light edge first, then the ink: so they show on any paper.
    for colour, stroke in (("white", edge), (_INK, 0)):
        shown.paste(colour, mask=_mask(shown.size, words, height, stroke))
    written = io.BytesIO()
    shown.save(written, "JPEG", quality=_QUALITY)
    return written.getvalue()


def as_answer(picture: bytes) -> Response:
    """The picture as an answer, shown in the page and never offered as a file; like every page it is not stored."""
    answer = Response(picture, mimetype="image/jpeg")
    answer.headers["Content-Disposition"] = "inline"
    return answer


def _mask(size: tuple[int, int], words: str, height: int, stroke: int) -> Image.Image:
    """Where ink goes and how strongly: the words in rows over a sheet that is turned and cut to a page's size."""
    # At half the size, since turning is what takes long; nobody reads a watermark by its edges.
    half, side = (size[0] // 2 + 1, size[1] // 2 + 1), int(math.hypot(*size)) // 2 + height
    sheet, line = Image.new("L", (side, side)), _line(words, height // 2, stroke, side)
    for row, top in enumerate(range(0, side, height * 3)):
        sheet.paste(line, (-(row % 3) * height * 3, top))
    turned = sheet.rotate(_TURNED, resample=Image.Resampling.BILINEAR)
    left, upper = (side - half[0]) // 2, (side - half[1]) // 2
    return turned.crop((left, upper, left + half[0], upper + half[1])).resize(size)


def _line(words: str, height: int, stroke: int, side: int) -> Image.Image:
    """The words again and again in one row that is longer than a sheet by what rows are shifted."""
    font = ImageFont.load_default(height)
    one = Image.new("L", (int(font.getlength(words)) + height * 2, height * 2))
    ImageDraw.Draw(one).text((stroke, stroke), words, _STRENGTH, font, stroke_width=stroke, stroke_fill=_STRENGTH)
    row = Image.new("L", (side + height * 12, height * 2))
    for left in range(0, row.width, one.width):
        row.paste(one, (left, 0))
    return row
