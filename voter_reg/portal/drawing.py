"""A drawn signature: lines of whole points and nothing else, so that nothing but a drawing can be in it."""

from __future__ import annotations

import re
from typing import Final

from voter_reg.language import said
from voter_reg.portal.answers import Refused

LONGEST: Final = 20_000
"""Characters of all lines together: a signature of ten seconds at 60 points a second has fewer than 5,000."""

_FEWEST_POINTS: Final = 8
_STROKE: Final = re.compile(r"\d{1,3},\d{1,3}(?: \d{1,3},\d{1,3})*", re.ASCII)


def read_strokes(text: str) -> tuple[str, ...]:
    """The lines of a drawing sent as ``12,30 14,33;80,10 81,12``: points within 0 to 999, lines split by semicolons.

    Raises:
        Refused: there is no drawing, it is a mere dot, or it is no drawing.
    """
    strokes = tuple(stroke for stroke in text.split(";") if stroke)
    if sum(stroke.count(",") for stroke in strokes) < _FEWEST_POINTS:
        raise Refused("strokes", said("Draw your signature in the box, or type your name instead."))
    if len(text) > LONGEST or not all(_STROKE.fullmatch(stroke) for stroke in strokes):
        raise Refused("strokes", said("We could not read the drawing. Clear it and draw again, or type your name."))
    return strokes
