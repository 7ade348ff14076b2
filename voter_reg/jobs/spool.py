"""The embedded queue: kombu's filesystem transport, listening in short turns, with messages that appear whole.

Celery looks whether it shall stop only between two turns of two seconds each, and takes one more before it does; with
turns of a fifth of a second a worker ends at once.

Kombu writes a message under the very name that readers look for, and its readers take no lock: a reader quick enough
takes an empty file for a message, and the job waits for the sweep. Here a message gets that name when it is whole.
"""

from __future__ import annotations

import time
import uuid
from pathlib import Path
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps

_TURN_SECONDS = 0.2


class Channel(filesystem.Channel):
    """Kombu's channel, whose messages appear whole or not at all."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]  # noqa: ARG002 - as kombu
        """Put a message onto a queue; raises `OSError` when it cannot be written."""
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}"
        folder = Path(self.data_folder_out)
        whole, part = folder / f"{name}.{queue}.msg", folder / f"{name}.part"
        try:
            part.write_text(dumps(payload), encoding="utf-8")  # type: ignore[no-untyped-call]
            part.replace(whole)
        finally:
            part.unlink(missing_ok=True)


class Transport(filesystem.Transport):
    """The filesystem transport with shorter turns and whole messages."""

    Channel = Channel

    def drain_events(self, connection: Any, timeout: Any = None) -> Any:  # type: ignore[override]  # kombu has two
        """Deliver one message; raises `socket.timeout` when none came within a turn."""
        turn = min(timeout or _TURN_SECONDS, _TURN_SECONDS)
        return super().drain_events(connection, timeout=turn)  # type: ignore[no-untyped-call]
