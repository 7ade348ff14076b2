"""A signed card as something to print or to photograph: its number, birth date, address, and a QR code of the whole.

Cards made here are for demonstrations and say so in the largest letters; a city prints its own.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from html import escape
from typing import Final

import segno
from PIL import Image, ImageDraw, ImageFont

from voter_reg.registry.cards import Card

KINDS: Final = (".svg", ".png")
"""How a card can be drawn."""

WIDTH, HEIGHT = 150, 96  # millimetres
CODE_SIDE: Final = 80  # millimetres: three quarters of a millimetre a module, for any phone
_QUIET: Final = 4  # modules of white around a code (ISO/IEC 18004)
_CODE_LEFT, _CODE_TOP, _TEXT_LEFT, _ROOM = 66, 8, 6, 58  # millimetres
_PIXELS: Final = 10  # a millimetre, 254 dots an inch


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of text: how far down it stands and how high it is (millimetres), and what it says."""

    down: float
    size: float
    text: str


def draw(card: Card, number: str, credential: str, kind: str) -> bytes:
    """The file of a card, of one of `KINDS`; `number` as people read it."""
    return as_svg(card, number, credential).encode() if kind == ".svg" else as_png(card, number, credential)


def code_of(credential: str) -> segno.QRCode:
    """The QR code of a signed card: as few modules as the text allows, corrected at the lowest level."""
    return segno.make_qr(credential, error="l", boost_error=True)


def as_svg(card: Card, number: str, credential: str) -> str:
    """The card as an SVG of 150 by 96 mm; `number` as people read it."""
    code = code_of(credential)
    side = code.symbol_size(border=_QUIET)[0]
    bars = "".join(
        f"M{x + _QUIET} {y + _QUIET}h1v1h-1z"
        for y, row in enumerate(code.matrix)
        for x, is_dark in enumerate(row)
        if is_dark
    )
    lines = "".join(
        f'<text x="{_TEXT_LEFT}" y="{line.down + line.size}" font-size="{line.size}"'
        f"{_fitted(line)}>{escape(line.text)}</text>"
        for line in _lines(card, number)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}mm" height="{HEIGHT}mm" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'role="img" aria-label="Municipal ID, a demonstration">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff" stroke="#000" stroke-width=".4"/>'
        f'<g font-family="sans-serif" fill="#000">{lines}</g>'
        f'<svg x="{_CODE_LEFT}" y="{_CODE_TOP}" width="{CODE_SIDE}" height="{CODE_SIDE}" viewBox="0 0 {side} {side}" '
        f'shape-rendering="crispEdges"><path d="{bars}"/></svg></svg>\n'
    )


def as_png(card: Card, number: str, credential: str) -> bytes:
    """The card as a picture, as a phone would take it if it held still."""
    picture = Image.new("L", (WIDTH * _PIXELS, HEIGHT * _PIXELS), 255)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, picture.width - 1, picture.height - 1), outline=0, width=4)
    for line in _lines(card, number):
        font = ImageFont.load_default(line.size * _PIXELS)
        wide = font.getlength(line.text)
        if wide > _ROOM * _PIXELS:
            font = ImageFont.load_default(line.size * _PIXELS * _ROOM * _PIXELS / wide)
        pen.text((_TEXT_LEFT * _PIXELS, line.down * _PIXELS), line.text, font=font, fill=0)
    drawn = io.BytesIO()
    code_of(credential).save(drawn, kind="png", scale=8, border=_QUIET)
    with Image.open(drawn) as opened:
        side = CODE_SIDE * _PIXELS
        picture.paste(opened.convert("L").resize((side, side)), (_CODE_LEFT * _PIXELS, _CODE_TOP * _PIXELS))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _lines(card: Card, number: str) -> tuple[_Line, ...]:
    return (
        _Line(8, 8, "DEMONSTRATION"),
        _Line(20, 4.5, "Municipal ID, invented"),
        _Line(34, 6, number),
        _Line(46, 3, "Birth date"),
        _Line(50, 5, card.born),
        _Line(60, 3, "Address"),
        _Line(64, 5, card.address),
        _Line(74, 3, "Valid until"),
        _Line(78, 5, card.valid_until.isoformat()),
    )


def _fitted(line: _Line) -> str:
    """A line that would run into the code is drawn narrower."""
    wide = len(line.text) * line.size * 0.7  # wider than any common letter's average
    return f' textLength="{_ROOM}" lengthAdjust="spacingAndGlyphs"' if wide > _ROOM else ""
