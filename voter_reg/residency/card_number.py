"""Municipal ID numbers: ten random digits and two that check them (ISO 7064, MOD 97-10).

Numbers are not in sequence, so one card tells nothing of another; any single wrong digit and any two swapped are found
before anyone is asked.
"""

from __future__ import annotations

import re
import unicodedata
from random import Random

_LENGTH = 12
_SEPARATORS = re.compile(r"[\s.\-–—]+")


def normalise(text: str) -> str:
    """A number as typed in its one spelling: its digits, whatever script and spacing they were typed in."""
    folded = unicodedata.normalize("NFKC", text)
    digits = "".join(str(unicodedata.decimal(c)) if unicodedata.decimal(c, -1) >= 0 else c for c in folded)
    return _SEPARATORS.sub("", digits)


def is_well_formed(number: str) -> bool:
    """Whether a normalised number has twelve digits of which the last two are right."""
    return len(number) == _LENGTH and number.isascii() and number.isdecimal() and int(number) % 97 == 1


def new_number(chance: Random) -> str:
    """A new number; `chance` is a system generator for real cards and a seeded one for invented ones."""
    body = f"{chance.randrange(10**10):010d}"
    return f"{body}{98 - int(body + '00') % 97:02d}"


def spaced(number: str) -> str:
    """The number as a card shows it: ``1234 5678 9012``."""
    return " ".join(number[at : at + 4] for at in range(0, _LENGTH, 4))
