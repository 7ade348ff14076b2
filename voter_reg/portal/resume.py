"""The link to finish later: the draft's token, signed and dated, and no personal data."""

from __future__ import annotations

from datetime import timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer


class ResumeLinks:
    """Makes and opens resume links. `lifetime` is how long a draft is kept."""

    def __init__(self, secret: str, lifetime: timedelta) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt="resume-link")
        self._seconds = int(lifetime.total_seconds())

    def seal(self, token: str) -> str:
        """Sign a draft's token for a link."""
        return self._signer.dumps(token)

    def open(self, sealed: str) -> str | None:
        """The token of a link, or None when it was not made here, was changed, or is too old."""
        try:
            token = self._signer.loads(sealed, max_age=self._seconds)
        except BadSignature:  # expired links raise a kind of it
            return None
        return token if isinstance(token, str) else None
