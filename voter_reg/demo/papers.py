"""Papers of the demonstration: invented bills, drawn here, so that the reviewers' queue has something to look at."""

from __future__ import annotations

import io
from datetime import date
from typing import Final

from anyascii import anyascii
from PIL import Image, ImageDraw, ImageFont

from voter_reg.demo.residents import Resident
from voter_reg.residency.papers import CleanPaper

KIND: Final = "utility-bill"
"""Which paper of the pack's list they are."""

_SIZE: Final = (850, 1100)
_INK: Final = (30, 34, 40)
_SOFT: Final = (120, 126, 134)


def bill(resident: Resident, day: date) -> CleanPaper:
    """An electricity bill of a day for an invented resident, in two pages; names as such a company prints them."""
    sent = f"{day:%B} {day.day}, {day.year}"
    first = (
        ("Northgate Light and Power", 40, _INK),
        ("INVENTED, for a demonstration", 20, _SOFT),
        ("", 20, _INK),
        (anyascii(resident.name), 26, _INK),
        (resident.home.address, 26, _INK),
        ("", 20, _INK),
        (f"Statement of {sent}", 26, _INK),
        ("Service at the address above", 22, _INK),
        ("Electricity, 214 kWh          $31.40", 22, _INK),
        ("Basic charge                   $9.00", 22, _INK),
        ("Please pay                    $40.40", 26, _INK),
    )
    second = (("How to read your bill", 32, _INK), ("Page 2 of 2", 20, _SOFT), (f"Sent on {sent}", 22, _INK))
    return CleanPaper((_page(first), _page(second)))


def _page(lines: tuple[tuple[str, int, tuple[int, int, int]], ...]) -> bytes:
    page = Image.new("RGB", _SIZE, "white")
    draw, top = ImageDraw.Draw(page), 80
    for words, height, colour in lines:
        draw.text((80, top), words, colour, ImageFont.load_default(height))
        top += height + 22
    written = io.BytesIO()
    page.save(written, "JPEG", quality=80)
    return written.getvalue()
