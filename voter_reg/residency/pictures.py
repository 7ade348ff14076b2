"""The photo of a card that somebody sends: the text of its QR code, found in memory and in the decoder's process."""

from __future__ import annotations

from typing import Final

from voter_reg.residency.decoding import decode
from voter_reg.residency.refused import PaperRefused
from voter_reg.residency.sniffing import sniff

_LONGEST_TEXT: Final = 4296  # characters of letters and digits; no QR code holds more


def read_card_photo(data: bytes) -> str | None:
    """The text of the one QR code in a photo, as it stands there; None when none is found, or more than one.

    Raises:
        PaperRefused: the file is not taken; its message says what to do.
    """
    kind = sniff(data)
    if kind == "pdf":
        raise PaperRefused("not-a-photo")
    found = decode("code", kind, data)
    if not found:
        return None
    try:
        text = found[0].decode()
    except UnicodeDecodeError:
        return None
    return text if len(found) == 1 and len(text) <= _LONGEST_TEXT else None
