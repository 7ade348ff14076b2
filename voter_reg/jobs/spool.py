"""The embedded queue: kombu's filesystem transport, listening in short turns.

Celery looks whether it shall stop only between two turns of two seconds each, and takes one more before it does; with
turns of a fifth of a second a worker ends at once.
"""

from __future__ import annotations

from typing import Any

from kombu.transport import filesystem

_TURN_SECONDS = 0.2


class Transport(filesystem.Transport):  # type: ignore[misc]  # kombu ships no types
    """The filesystem transport with shorter turns."""

    def drain_events(self, connection: Any, timeout: float | None = None) -> None:
        """Deliver one message; raises `socket.timeout` when none came within a turn."""
        super().drain_events(connection, timeout=_TURN_SECONDS if timeout is None else min(timeout, _TURN_SECONDS))
