"""Public keys and blank forms, kept for good by digest, so that a paper can be checked when all else is gone.

They lie in the installation's archive beside the packs and maps of its decisions. Nothing here is about a person, and
no purge touches it.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from voter_reg.documents.blank_form import BlankForm
from voter_reg.documents.city_key import as_pem, fingerprint_of, read_certificate
from voter_reg.documents.typeset import typeset


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A blank form of the archive."""

    version: str
    language: str
    file: Path


class PaperArchive:
    """A directory of certificates and blank forms. Nothing in it ever changes or goes."""

    def __init__(self, folder: Path) -> None:
        self._keys = folder / "paper-keys"
        self._forms = folder / "forms"

    def keep_certificate(self, certificate: bytes) -> Path:
        """Keep a public certificate; one that is kept already stays."""
        return _keep(self._keys / f"{fingerprint_of(certificate)}.pem", as_pem(certificate).encode("ascii"))

    def certificates(self) -> tuple[bytes, ...]:
        """Every certificate that the city ever signed with, in the order of their fingerprints."""
        return tuple(read_certificate(file) for file in sorted(self._keys.glob("*.pem")))

    def keep_form(self, form: BlankForm) -> Path:
        """Keep a blank form as a PDF under its version; one that is kept already stays."""
        target = self._forms / f"{form.version}.{form.paper.language}.pdf"
        return target if target.exists() else _keep(target, typeset(form.paper))

    def forms(self) -> tuple[KeptForm, ...]:
        """Every blank form that was ever made."""
        return tuple(
            KeptForm(version, language, file)
            for file in sorted(self._forms.glob("*.pdf"))
            for version, _, language in [file.stem.partition(".")]
        )


def _keep(target: Path, content: bytes) -> Path:
    """Write whole and rename, so that a file with the name is always the file."""
    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".kept.", dir=target.parent) as beside:
        file = Path(beside) / target.name
        file.write_bytes(content)
        file.replace(target)
    return target
