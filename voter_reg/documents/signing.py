"""The city's signature on a PDF, and the check of one: in memory, offline, with nothing but the file and a certificate.

PAdES baseline B-B, certifying, no changes allowed afterwards. The signature covers all of the file but itself;
`verify` also refuses whatever it does not cover.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Literal

from asn1crypto import keys, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import load_der_x509_certificate
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner, PdfSigningSession
from pyhanko_certvalidator.registry import SimpleCertificateStore

from voter_reg.documents.city_key import CityKey, fingerprint_of
from voter_reg.documents.container import read_container

_FIELD = "CitySignature"
_ROOM = (
    4096  # hexadecimal digits for a container of about 1,100 bytes; told, so that pyHanko need not sign twice to see
)

_DICTIONARY = re.compile(
    rb"\n/ByteRange \[0 (?P<first>\d{1,9}) (?P<second>\d{1,9}) (?P<rest>\d{1,9})\] *\n"
    rb"/Type /Sig\n/Filter /Adobe\.PPKLite\n/SubFilter /ETSI\.CAdES\.detached\n/M \(D\\072(?P<at>\d{14})Z\)"
)
"""What stands behind the signature, as it is written below."""

Outcome = Literal["valid", "changed", "unknown-key"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found. The rest is None where nothing of it can be trusted.

    `fingerprint` is the certificate's that the file was signed with, `signed_at` what the file says of itself.
    """

    outcome: Outcome
    fingerprint: str | None = None
    signed_at: datetime | None = None


class _AddsNothing(IncrementalPdfFileWriter):
    """Writes the signature and no day of change, no program's name: the paper's own data stay as they were set."""

    def _update_meta(self) -> None:
        pass


class _SignerAt(PdfSigner):
    """Signs as of a moment that is handed in."""

    def __init__(self, at: datetime, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._at = at

    def init_signing_session(self, pdf_out: Any, existing_fields_only: bool = False) -> PdfSigningSession:
        """As pyHanko's, with our clock."""
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self._at
        return session


def sign(pdf: bytes, key: CityKey, *, place: str, at: datetime) -> bytes:
    """The same file with the city's signature behind it; `at` is aware."""
    certificate = x509.Certificate.load(key.certificate)
    signer = SimpleSigner(
        signing_cert=certificate,
        signing_key=keys.PrivateKeyInfo.load(key.private),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )
    about = PdfSignatureMetadata(
        field_name=_FIELD,
        location=place,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    # PDF/UA wants a field that shows nothing to be hidden, and to have a name that can be read aloud.
    field = SigFieldSpec(
        _FIELD,
        readable_field_name=place,
        invis_sig_settings=InvisSigSettings(set_hidden_flag=True, box_out_of_bounds=True),
    )
    out = BytesIO()
    signing = _SignerAt(at.astimezone(UTC), about, signer, new_field_spec=field)
    signing.sign_pdf(_AddsNothing(BytesIO(pdf)), output=out, bytes_reserved=_ROOM)
    return out.getvalue()


def verify(pdf: bytes, certificates: Iterable[bytes]) -> Verdict:
    """Whether a file is as one of these certificates' keys signed it, every byte of it.

    Stricter than a reader of PDF files needs to be: it knows one form of signature, the one that `sign` makes, so that
    not even a byte that means nothing can differ.
    """
    try:
        return _verify(pdf, {fingerprint_of(one) for one in certificates})
    except Exception:  # noqa: BLE001 - whatever cannot be read is not what the city signed
        return Verdict("changed")


def _verify(pdf: bytes, known: set[str]) -> Verdict:
    # No reader of PDF files takes part: what is signed is bytes, and a crafted file could keep a reader busy for hours.
    about = _DICTIONARY.search(pdf, pdf.rindex(b"\n/ByteRange ["))
    if about is None:
        return Verdict("changed")
    first, second, rest = (int(number) for number in about.group("first", "second", "rest"))
    content = bytes.fromhex(pdf[first + 1 : second - 1].decode("ascii"))
    whole = second + rest == len(pdf) and second == about.start()
    if not whole or pdf[first:second] != b"<" + content.hex().upper().encode() + b">":
        return Verdict("changed")
    found = read_container(content)
    public = load_der_x509_certificate(found.certificate).public_key()
    if found.digest != hashlib.sha256(pdf[:first] + pdf[second:]).digest():
        return Verdict("changed")
    if not isinstance(public, ec.EllipticCurvePublicKey):
        return Verdict("changed")
    public.verify(found.signature, found.signed, ec.ECDSA(hashes.SHA256()))
    key = fingerprint_of(found.certificate)
    at = datetime.strptime(about["at"].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return Verdict("valid" if key in known else "unknown-key", key, at)
