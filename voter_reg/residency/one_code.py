"""The one QR code of a picture, as text."""

from __future__ import annotations

import zxingcpp
from PIL import Image


def read_code(picture: Image.Image) -> str | None:
    """The text of the QR code in a picture; None when there is none, or more than one."""
    found = zxingcpp.read_barcodes(
        picture, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCodeModel2), text_mode=zxingcpp.TextMode.Plain
    )
    return found[0].text if len(found) == 1 else None
