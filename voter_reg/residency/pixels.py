"""Pixels of a photo, and pixels as a JPEG in which nothing else is. Runs in the decoder's own process only."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from io import BytesIO
from types import MappingProxyType
from typing import Final

from PIL import Image, TiffImagePlugin
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from voter_reg.residency.refused import PaperRefused
from voter_reg.residency.sniffing import MOST_PIXELS, Kind, check_size

LONG_SIDE: Final = 2200
"""Pixels of a page's long side: 200 to the inch of a letter, at which a line of 6 point is read."""

_CODE_SIDE: Final = 4096  # a code may be a small part of a photo
_QUALITY: Final = 80
_COLOURLESS: Final = 6  # of 255: a paper's scan strays so far from grey by rounding alone
_ORIENTATION: Final = 0x0112
_TURNS: Final[Mapping[int, Image.Transpose]] = MappingProxyType(
    {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
)
_FILES: Final[Mapping[str, type[ImageFile]]] = MappingProxyType(
    # A phone's JPEG with further pictures behind the first is read as a JPEG: the others are left out.
    {"jpeg": JpegImageFile, "png": PngImageFile, "webp": WebPImageFile}
)

# Pillow would import these when it reads EXIF or writes, and by then nothing can be imported any more.
_LATE: Final = (TiffImagePlugin,)
Image.preinit()
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


def upright(data: bytes, kind: Kind, long_side: int = LONG_SIDE) -> Image.Image:
    """A photo as RGB or grey, turned as its camera was held, at most `long_side` pixels long.

    Colour profiles are not applied: reading them is risk without use for a paper.

    Raises:
        PaperRefused: it moves, or is larger than its header said.
    """
    with _FILES[kind](BytesIO(data)) as file:
        check_size(*file.size)
        if getattr(file, "n_frames", 1) > 1:
            raise PaperRefused("animated")
        turn = _turn_of(file)
        size = _fitting(file.size, long_side)
        file.draft(None, size)
        picture = _plain(file, size)
    return picture.transpose(turn) if turn is not None else picture


def for_codes(data: bytes, kind: Kind) -> Image.Image:
    """A photo in grey, upright, and large enough for a small code."""
    return upright(data, kind, _CODE_SIDE).convert("L")


def encoded(picture: Image.Image) -> bytes:
    """Pixels, RGB or grey, as a JPEG with nothing else in it; in grey where there is no colour."""
    drawn = picture.convert("L") if picture.mode != "L" and _is_colourless(picture) else picture
    drawn.info = {}  # Pillow would carry a comment over
    out = BytesIO()
    drawn.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _turn_of(file: ImageFile) -> Image.Transpose | None:
    # Cameras and editors write EXIF that no reader understands; the picture is good all the same.
    with contextlib.suppress(Exception):
        return _TURNS.get(file.getexif().get(_ORIENTATION, 1))
    return None


def _fitting(size: tuple[int, int], long_side: int) -> tuple[int, int]:
    scale = min(1.0, long_side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _plain(file: ImageFile, size: tuple[int, int]) -> Image.Image:
    """The pixels in RGB or grey, on white where they are transparent; made small before anything else is done."""
    small = _eight_bits(file).resize(size, Image.Resampling.HAMMING)
    if small.mode == "RGBA":
        paper = Image.new("RGBA", small.size, "white")
        return Image.alpha_composite(paper, small).convert("RGB")
    return small if small.mode in ("L", "RGB") else small.convert("RGB")


def _eight_bits(file: ImageFile) -> Image.Image:
    if file.mode.startswith("I"):  # 16 bits of grey
        return file.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if file.mode in ("LA", "PA") or "transparency" in file.info:
        return file.convert("RGBA")
    if file.mode in ("1", "P"):
        return file.convert("RGB" if file.mode == "P" else "L")
    return file


def _is_colourless(picture: Image.Image) -> bool:
    # Every ninth pixel tells: what is coloured and missed, such as a hair line, is drawn in grey and not lost.
    sample = picture.resize((picture.width // 3, picture.height // 3), Image.Resampling.NEAREST)
    _, blue, red = sample.convert("YCbCr").split()
    low, high = zip(*(band.getextrema() for band in (blue, red)), strict=True)
    return bool(min(low) >= 128 - _COLOURLESS and max(high) <= 128 + _COLOURLESS)
