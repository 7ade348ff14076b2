"""The link to finish later: a secret of its own, signed and dated. It opens nothing without the code beside it."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeTimedSerializer

from voter_reg.service.resume import LINK_LIFETIME


class ResumeLinks:
    """Makes and opens the signed part of a link."""

    def __init__(self, secret: str) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt="resume-link")

    def seal(self, link: str) -> str:
        """Sign a link's secret."""
        return self._signer.dumps(link)

    def open(self, sealed: str) -> str | None:
        """The secret of a link, or None when it was not made here, was changed, or is older than a day."""
        try:
            link = self._signer.loads(sealed, max_age=int(LINK_LIFETIME.total_seconds()))
        except BadSignature:  # expired links raise a kind of it
            return None
        return link if isinstance(link, str) else None
