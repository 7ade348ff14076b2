"""The key with which the city signs papers, and its certificate, which anyone may have and which never goes away."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from eligibility.errors import BadInput

YEARS = 50
"""How long a certificate says that it is valid: papers are checked many years later, when nobody could renew it."""

_NAME_LIMIT = 64  # X.520's bound on a common name


class KeyProblem(BadInput):
    """A key or certificate file that is missing, readable by others, or something else; the line names it."""


@dataclass(frozen=True, slots=True)
class CityKey:
    """A private key and its certificate, both as PEM's DER content."""

    private: bytes = field(repr=False)
    certificate: bytes

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate: what is printed on papers and published."""
        return fingerprint_of(self.certificate)


def fingerprint_of(certificate: bytes) -> str:
    """SHA-256 of a certificate's DER bytes, in hexadecimal."""
    return hashlib.sha256(certificate).hexdigest()


def make_city_key(key_file: Path, certificate_file: Path, *, place: str, demonstration: bool, now: datetime) -> CityKey:
    """Make a key and its self-signed certificate, and write both. What is there is never overwritten.

    Raises:
        KeyProblem: one of the files exists already.
    """
    for file in (key_file, certificate_file):
        if file.exists():
            raise KeyProblem("exists already; a new key is made with `voter-reg paper new-key`", str(file))
    return _write(new_city_key(place=place, demonstration=demonstration, now=now), key_file, certificate_file)


def replace_city_key(
    key_file: Path, certificate_file: Path, *, place: str, demonstration: bool, now: datetime
) -> CityKey:
    """Put a new key in the place of the old one. The old certificate must lie in the archive before."""
    return _write(new_city_key(place=place, demonstration=demonstration, now=now), key_file, certificate_file)


def new_city_key(*, place: str, demonstration: bool, now: datetime) -> CityKey:
    """A key on the curve P-256 with a self-signed certificate that names the place, written nowhere."""
    private = ec.generate_private_key(ec.SECP256R1())
    who = f"{'DEMONSTRATION ' if demonstration else ''}{place}: papers of city elections"[:_NAME_LIMIT]
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, place[:_NAME_LIMIT]),
            x509.NameAttribute(NameOID.COMMON_NAME, who),
        ]
    )
    start = now.astimezone(UTC).replace(microsecond=0)
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start - timedelta(days=1))  # a reader's clock may be behind
        .not_valid_after(start + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .sign(private, hashes.SHA256())
    )
    return CityKey(
        private.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
        certificate.public_bytes(serialization.Encoding.DER),
    )


def read_city_key(key_file: Path, certificate_file: Path) -> CityKey:
    """The city's key and certificate.

    Raises:
        KeyProblem: missing, readable by others, not a key, or the two do not belong together.
    """
    pem = _read(key_file)
    if stat.S_IMODE(key_file.stat().st_mode) & 0o077:
        raise KeyProblem("may be read by others; make it 0600", str(key_file))
    try:
        private = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError):
        raise KeyProblem("is not a private key", str(key_file)) from None
    certificate = read_certificate(certificate_file)
    if private.public_key() != x509.load_der_x509_certificate(certificate).public_key():
        raise KeyProblem("is not the certificate of the private key", str(certificate_file))
    return CityKey(
        private.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
        certificate,
    )


def read_certificate(file: Path) -> bytes:
    """The DER bytes of a certificate in PEM.

    Raises:
        KeyProblem: missing, or no certificate.
    """
    try:
        return x509.load_pem_x509_certificate(_read(file)).public_bytes(serialization.Encoding.DER)
    except ValueError:
        raise KeyProblem("is not a certificate", str(file)) from None


def read_certificates(file: Path) -> tuple[bytes, ...]:
    """The DER bytes of every certificate in a file of PEM, as the portal hands them out in one.

    Raises:
        KeyProblem: missing, or something in it is no certificate.
    """
    try:
        found = x509.load_pem_x509_certificates(_read(file))
    except ValueError:
        raise KeyProblem("is not a certificate", str(file)) from None
    return tuple(one.public_bytes(serialization.Encoding.DER) for one in found)


def as_pem(certificate: bytes) -> str:
    """A certificate as text."""
    return x509.load_der_x509_certificate(certificate).public_bytes(serialization.Encoding.PEM).decode("ascii")


@dataclass(frozen=True, slots=True)
class Issued:
    """What a certificate says of itself."""

    name: str
    fingerprint: str
    since: datetime


def described(certificate: bytes) -> Issued:
    """A certificate in words."""
    read = x509.load_der_x509_certificate(certificate)
    names: Iterable[Any] = read.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return Issued(" ".join(str(name.value) for name in names), fingerprint_of(certificate), read.not_valid_before_utc)


def _write(key: CityKey, key_file: Path, certificate_file: Path) -> CityKey:
    private = serialization.load_der_private_key(key.private, password=None)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    # Both lie there whole before either is renamed, so that a crash leaves a pair but for an instant.
    beside = [_beside(key_file, pem, 0o600), _beside(certificate_file, as_pem(key.certificate).encode(), 0o644)]
    for file, target in zip(beside, (key_file, certificate_file), strict=True):
        file.replace(target)
    return key


def _beside(file: Path, content: bytes, mode: int) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = file.with_name(f"{file.name}.new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    return beside


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as problem:
        raise KeyProblem(f"cannot be read: {problem.strerror}", str(file)) from problem
