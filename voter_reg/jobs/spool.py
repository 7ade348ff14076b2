"""The embedded queue: kombu's filesystem transport, listening in short turns.

Celery looks whether it shall stop only between two turns of two seconds each, and takes one more before it does; with
turns of a fifth of a second a worker ends at once.
"""

from __future__ import annotations

from typing import Any

from kombu.transport import filesystem

_TURN_SECONDS = 0.2


class Transport(filesystem.Transport):
    """The filesystem transport with shorter turns."""

    def drain_events(self, connection: Any, timeout: Any = None) -> Any:  # type: ignore[override]  # kombu has two
        """Deliver one message; raises `socket.timeout` when none came within a turn."""
        turn = min(timeout or _TURN_SECONDS, _TURN_SECONDS)
        return super().drain_events(connection, timeout=turn)  # type: ignore[no-untyped-call]
