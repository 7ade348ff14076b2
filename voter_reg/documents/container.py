"""The container of a signature (CMS SignedData, RFC 5652), in the one form that this service writes.

It is taken apart and put together again from what the signature protects; whatever comes out otherwise was not ours. A
general reader of ASN.1 would take many forms for the same, and some bytes keep one busy without end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cryptography.x509 import load_der_x509_certificate

_SIGNED_DATA: Final = bytes.fromhex("06092A864886F70D010702")
_DATA: Final = bytes.fromhex("06092A864886F70D010701")
_MESSAGE_DIGEST: Final = bytes.fromhex("06092A864886F70D010904")
_SHA256: Final = bytes.fromhex("300D06096086480165030402010500")
_ECDSA_WITH_SHA256: Final = bytes.fromhex("300A06082A8648CE3D040302")
_VERSION_1: Final = bytes.fromhex("020101")

_SEQUENCE, _SET, _CONTEXT_0, _OCTETS, _INTEGER = 0x30, 0x31, 0xA0, 0x04, 0x02


class NotOurs(ValueError):
    """The container has another form than the one written here."""


@dataclass(frozen=True, slots=True)
class Container:
    """What is in a container: the certificate, the attributes that are signed, and the signature over them."""

    certificate: bytes
    attributes: bytes
    signature: bytes

    @property
    def signed(self) -> bytes:
        """The bytes that the signature is over (RFC 5652, section 5.4)."""
        return _element(_SET, self.attributes)

    @property
    def digest(self) -> bytes:
        """The digest of the file that the attributes name."""
        for attribute in _elements(self.attributes):
            kind, values = _elements(_inside(_SEQUENCE, attribute))
            if kind == _MESSAGE_DIGEST:
                return _inside(_OCTETS, _inside(_SET, values))
        raise NotOurs("no digest of the file")

    def written(self) -> bytes:
        """The container anew."""
        certificate = load_der_x509_certificate(self.certificate)
        number = certificate.serial_number
        serial = _element(_INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))
        signer = _element(
            _SEQUENCE,
            _VERSION_1,
            _element(_SEQUENCE, certificate.issuer.public_bytes(), serial),
            _SHA256,
            _element(_CONTEXT_0, self.attributes),
            _ECDSA_WITH_SHA256,
            _element(_OCTETS, self.signature),
        )
        whole = _element(
            _SEQUENCE,
            _VERSION_1,
            _element(_SET, _SHA256),
            _element(_SEQUENCE, _DATA),
            _element(_CONTEXT_0, self.certificate),
            _element(_SET, signer),
        )
        return _element(_SEQUENCE, _SIGNED_DATA, _element(_CONTEXT_0, whole))


def read_container(content: bytes) -> Container:
    """A container, and zeros behind it where room was left.

    Raises:
        NotOurs: it is not byte for byte as this service writes it.
        ValueError: the certificate in it cannot be read.
    """
    length = _length_of(content)
    _, whole = _elements(_inside(_SEQUENCE, content[:length]))
    _, _, _, certificates, signers = _elements(_inside(_SEQUENCE, _inside(_CONTEXT_0, whole)))
    _, _, _, attributes, _, signature = _elements(_inside(_SEQUENCE, _inside(_SET, signers)))
    found = Container(_inside(_CONTEXT_0, certificates), _inside(_CONTEXT_0, attributes), _inside(_OCTETS, signature))
    if content != found.written() + bytes(len(content) - length):
        raise NotOurs("not as it is written here")
    return found


def _element(tag: int, *parts: bytes) -> bytes:
    inside = b"".join(parts)
    size = len(inside)
    if size < 0x80:
        return bytes([tag, size]) + inside
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + inside


def _head(data: bytes) -> tuple[int, int]:
    """The lengths of an element's head and of what is inside it."""
    if len(data) < 2:
        raise NotOurs("cut short")
    first = data[1]
    if first < 0x80:
        return 2, first
    count = first & 0x7F
    if not 1 <= count <= 3:
        raise NotOurs("a length that is never written here")
    return 2 + count, int.from_bytes(data[2 : 2 + count], "big")


def _length_of(data: bytes) -> int:
    head, inside = _head(data)
    if head + inside > len(data):
        raise NotOurs("cut short")
    return head + inside


def _inside(tag: int, element: bytes) -> bytes:
    head, inside = _head(element)
    if element[0] != tag or head + inside != len(element):
        raise NotOurs("another element")
    return element[head:]


def _elements(data: bytes) -> list[bytes]:
    found = []
    while data:
        length = _length_of(data)
        found.append(data[:length])
        data = data[length:]
    return found
