"""The picture of an authenticator's key, drawn here: no other site ever sees the key."""

from __future__ import annotations

import io

import segno
from flask import Response


def qr_svg(text: str) -> bytes:
    """A QR code as an SVG file without any style of its own, dark on white in every theme."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        drawn,
        kind="svg",
        scale=4,
        border=4,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        omitsize=True,
    )
    return drawn.getvalue()


def picture(text: str) -> Response:
    """The picture as an answer; like every page it is never stored."""
    return Response(qr_svg(text), mimetype="image/svg+xml")
