"""The portal's few files, read once and served from memory under an address that changes with their content."""

from __future__ import annotations

import hashlib
from importlib import resources
from typing import Final

from flask import Response

_TYPES: Final = {
    "portal.css": "text/css; charset=utf-8",
    "portal.js": "text/javascript; charset=utf-8",
    "mark.svg": "image/svg+xml",
}


class Assets:
    """Style, script and mark. A browser may keep each for a year, since another content has another address."""

    def __init__(self) -> None:
        folder = resources.files("voter_reg").joinpath("static")
        self._bytes = {name: folder.joinpath(name).read_bytes() for name in _TYPES}
        self._versions = {name: hashlib.sha256(content).hexdigest()[:16] for name, content in self._bytes.items()}

    def url(self, name: str) -> str:
        """The address of the file's present content."""
        return f"/static/{self._versions[name]}/{name}"

    def serve(self, version: str, name: str) -> Response | None:
        """The file, or None when there is no such file in that version."""
        if self._versions.get(name) != version:
            return None
        response = Response(self._bytes[name], content_type=_TYPES[name])
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
