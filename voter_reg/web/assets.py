"""An application's few files, read once and served from memory under an address that changes with their content."""

from __future__ import annotations

import hashlib
from importlib import resources
from pathlib import PurePosixPath
from typing import Final

from flask import Response

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


class Assets:
    """Style, script and mark. A browser may keep each for a year, since another content has another address.

    A stylesheet is served with the tokens that all of them share before it.
    """

    def __init__(self, *names: str) -> None:
        self._bytes = {name: read_file(name) for name in names}
        self._versions = {name: hashlib.sha256(content).hexdigest()[:16] for name, content in self._bytes.items()}

    def url(self, name: str) -> str:
        """The address of the file's present content."""
        return f"/static/{self._versions[name]}/{name}"

    def serve(self, version: str, name: str) -> Response | None:
        """The file, or None when there is no such file in that version."""
        if self._versions.get(name) != version:
            return None
        response = Response(self._bytes[name], content_type=_TYPES[PurePosixPath(name).suffix])
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def read_file(name: str) -> bytes:
    """What is served under a name."""
    folder = resources.files("voter_reg").joinpath("static")
    content = folder.joinpath(name).read_bytes()
    return folder.joinpath("tokens.css").read_bytes() + content if name.endswith(".css") else content
