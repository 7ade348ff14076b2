"""Cleaning what people send, a photo of 12 megapixels and a scan of two pages, against the same libraries in process.

The floors decode, make it 2,200 pixels long and encode, as a program would that trusts its input: no look at the bytes
first, no process of its own, no look at the answer. What stands between is mostly that process's start, so it has a
row of its own. Processor time of both processes, since waiting for a busy machine says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

import pypdfium2
from PIL import Image, ImageDraw

from benchmarks.row import Row, at_most, milliseconds
from benchmarks.turns import take_turns
from voter_reg.residency.papers import clean

ROUNDS, MOST_TO_START = 9, 0.5
LONG_SIDE = 2200


def rows() -> Iterator[Row]:
    photo, scan, small = _photo(), _scan(), _jpeg(Image.new("L", (300, 300), "white"))
    for words, raw, floor, most in (
        ("clean a photo of 12 megapixels", photo, _bare_photo, 2),
        ("clean a PDF of two pages", scan, _bare_pdf, 6),
    ):
        turns = take_turns(_cpu(_cleaning(raw)), _cpu(_with(floor, raw)), ROUNDS)
        bare = f"{milliseconds(turns.floor)} CPU, in process"
        yield at_most(words, f"{milliseconds(turns.ours)} CPU", bare, turns.ratio, most)
    turns = take_turns(_cpu(_cleaning(small)), _cpu(_with(_bare_photo, small)), ROUNDS)
    yield Row(
        "… of that the decoder's process, start to end",
        f"{milliseconds(turns.ours - turns.floor)} CPU",
        budget=f"≤ {milliseconds(MOST_TO_START)}",
        met=turns.ours - turns.floor <= MOST_TO_START,
    )


def _cpu(work: Callable[[], object]) -> Callable[[], float]:
    """The work as something that returns the processor time that it took, in this process and in its children."""

    def measure() -> float:
        began = _spent()
        work()
        return _spent() - began

    return measure


def _spent() -> float:
    both = (getrusage(RUSAGE_SELF), getrusage(RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def _cleaning(raw: bytes) -> Callable[[], object]:
    return lambda: clean(raw)


def _with(floor: Callable[[bytes], object], raw: bytes) -> Callable[[], object]:
    return lambda: floor(raw)


def _bare_photo(raw: bytes) -> bytes:
    with Image.open(BytesIO(raw)) as picture:
        picture.thumbnail((LONG_SIDE, LONG_SIDE))
        return _jpeg(picture)


def _bare_pdf(raw: bytes) -> list[bytes]:
    document = pypdfium2.PdfDocument(raw)
    return [_jpeg(page.render(scale=200 / 72).to_pil()) for page in document]


def _jpeg(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def _photo() -> bytes:
    """A paper on a table, with the noise of a small camera."""
    page = _page((3000, 4000)).convert("RGB")
    noise = Image.effect_noise(page.size, 25).convert("RGB")
    return _jpeg(Image.blend(page, noise, 0.2))


def _scan() -> bytes:
    pages, out = [_page((1700, 2200)) for _ in range(2)], BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=200)
    return out.getvalue()


def _page(size: tuple[int, int]) -> Image.Image:
    page = Image.new("L", size, 250)
    draw = ImageDraw.Draw(page)
    for line in range(100, size[1] - 100, 40):
        draw.text((100, line), "Electric bill for 33 Oakland Ave N, apartment 4, from October " * 3, fill=20)
    return page
