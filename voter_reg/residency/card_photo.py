"""The code on a photographed card."""

from __future__ import annotations

import zxingcpp
from PIL import Image

from voter_reg.residency.verifier import LONGEST

# `QRCode` alone would stand for the whole family, micro and rectangular codes as well.
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCodeModel2])


def read_code(picture: Image.Image) -> str | None:
    """The text of the one QR code in a picture; None when there is none, an over-long one, or several that differ.

    The picture must be open already, and of a size that the caller has capped.
    """
    found = zxingcpp.read_barcodes(picture.convert("L"), formats=_QR)
    texts = {one.text for one in found}
    text = texts.pop() if len(texts) == 1 else ""
    return text if 0 < len(text) <= LONGEST else None
