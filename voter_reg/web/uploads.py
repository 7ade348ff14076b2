"""What people upload, in memory only: Werkzeug would put a file of more than 500 KB on the disk, in clear.

An application takes it up with `app.request_class = InMemoryRequest`. A view that takes files says so and how large:

    @takes_files(most=10 * 1024 * 1024)
    def photo() -> ResponseReturnValue: ...

All others keep the application's own small limit.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import IO, Final, TypeVar

from flask import Request, current_app, request

View = TypeVar("View", bound=Callable[..., object])

READ_THROUGH: Final = 3
"""A body of so many times a file's largest size is read to its end, so that the page keeps what was typed beside it."""

_MOST: Final = "takes_files_of"


def takes_files(*, most: int) -> Callable[[View], View]:
    """Let a view take files of `most` bytes each.

    Of a larger file the view gets `most + 1` bytes, which tells that it is too large; the rest is read and dropped. A
    body that is larger by far is a 413 before anything is read.
    """

    def mark(view: View) -> View:
        setattr(view, _MOST, most)
        return view

    return mark


def uploaded(name: str) -> bytes | None:
    """The file that came in a field, in whole or as far as it may go; None when none was chosen."""
    file = request.files.get(name)
    if file is None:
        return None
    data = file.stream.read()
    return data if data or file.filename else None


class InMemoryRequest(Request):
    """A request whose files never touch the disk, and whose largest size is its view's."""

    @property
    def largest_file(self) -> int | None:
        """Bytes of a file that this request's view takes; None where it takes none."""
        view = current_app.view_functions.get(self.endpoint or "")
        most: int | None = getattr(view, _MOST, None)
        return most

    @property
    def max_content_length(self) -> int | None:
        """Bytes of a body."""
        most = self.largest_file
        if most is None or self._max_content_length is not None:
            return super().max_content_length
        return READ_THROUGH * most + (super().max_content_length or 0)

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        self._max_content_length = value

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002 - Werkzeug's own signature
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        return _Clipped(self.largest_file or 0)


class _Clipped(BytesIO):
    """Keeps one byte more than it should hold and drops what comes after."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._room = most + 1

    def write(self, data: object, /) -> int:
        piece = memoryview(data)[: self._room]  # type: ignore[arg-type]  # as BytesIO takes it
        self._room -= len(piece)
        super().write(piece)
        return len(memoryview(data))  # type: ignore[arg-type]
