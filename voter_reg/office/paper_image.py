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
    height = max(10, min(shown.size) // 30)
    edge = max(1, height // 12)
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
    side = int(math.hypot(*size)) + height
    sheet, font = Image.new("L", (side, side)), ImageFont.load_default(height)
    draw = ImageDraw.Draw(sheet)
    line = f"{words}    " * (side // max(1, int(font.getlength(words))) + 2)
    for row, top in enumerate(range(0, side, height * 6)):
        draw.text((-(row % 3) * height * 5, top), line, _STRENGTH, font, stroke_width=stroke, stroke_fill=_STRENGTH)
    turned = sheet.rotate(_TURNED, resample=Image.Resampling.BILINEAR)
    left, upper = (side - size[0]) // 2, (side - size[1]) // 2
    return turned.crop((left, upper, left + size[0], upper + size[1]))
