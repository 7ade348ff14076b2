"""The pages of a PDF as pixels, and nothing else of it. Runs in the decoder's own process only.

Scripts, actions, attachments and forms are not carried over since only pixels are; the library is built without a
script engine. What a person filled into a form's fields is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pypdfium2
from PIL import Image

from voter_reg.residency.pixels import LONG_SIDE
from voter_reg.residency.refused import PaperRefused
from voter_reg.residency.sniffing import SHORTEST_SIDE

MOST_PAGES: Final = 10
_PER_INCH: Final = 200
_LONGEST_PAGE: Final = 14_400  # points: 200 inches, the most that the format allows
_NEEDS_PASSWORD: Final = pypdfium2.raw.FPDF_ERR_PASSWORD


def pages_of_pdf(data: bytes) -> Iterator[Image.Image]:
    """Each page, at 200 pixels to the inch, or less where it would be longer than other pages may be.

    Raises:
        PaperRefused: it needs a password, has too many pages, or a page of a size that is none.
        pypdfium2.PdfiumError: it is broken.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise PaperRefused("locked" if error.err_code == _NEEDS_PASSWORD else "broken") from None
    document.init_forms()
    count = len(document)
    if count < 1:
        raise PaperRefused("broken")
    if count > MOST_PAGES:
        raise PaperRefused("too-many-pages")
    for number in range(count):
        yield _drawn(document[number])


def _drawn(page: pypdfium2.PdfPage) -> Image.Image:
    size = page.get_size()
    if max(size) > _LONGEST_PAGE:
        raise PaperRefused("page-too-large")
    # Half a pixel less, since the library rounds up.
    scale = min(_PER_INCH / 72, (LONG_SIDE - 0.5) / max(*size, 1.0))
    if min(size) * scale < SHORTEST_SIDE:
        raise PaperRefused("too-small")
    drawn: Image.Image = page.render(scale=scale, rev_byteorder=True).to_pil()
    return drawn if drawn.mode == "RGB" else drawn.convert("RGB")
