"""A CMS object from parts that are encoded once for each key, in the shape that pyHanko builds.

Of a signature container only the digest, the signing time, the signature and its timestamp differ
from one file to the next, and from one key to the next the certificates. pyHanko builds and encodes
all of it each time. What every agreement needs (PAdES, SHA-256) is put together from the bytes of
the certificates; ``tests/unit/signing/keys/test_prepared_cms.py`` compares it with pyHanko's own,
byte by byte. Of everything else pyHanko's own first container for a key gives the constant parts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

SEQUENCE, SET, OCTETS = 0x30, 0x31, 0x04
_EXPLICIT, _UNSIGNED = 0xA0, 0xA1
NAMED = 0xA4
_LONG = 0x80

VERSION_1 = bytes.fromhex("020101")
SHA256 = bytes.fromhex("300d06096086480165030402010500")
DATA = bytes.fromhex("06092a864886f70d010701")
SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
CONTENT_TYPE = bytes.fromhex("06092a864886f70d010903")
MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
SIGNING_TIME = bytes.fromhex("06092a864886f70d010905")
_CERTIFICATE_V2 = bytes.fromhex("060b2a864886f70d010910022f")
_DIFFERING = frozenset({"message_digest", "signing_time"})


@dataclass(frozen=True, slots=True)
class PlainCertificate:
    """A certificate as it is encoded.

    Attributes:
        der: All of it.
        issuer: Name of its issuer.
        serial: Its serial number.
    """

    der: bytes
    issuer: bytes
    serial: bytes

    @classmethod
    def of(cls, certificate: bytes) -> PlainCertificate:
        """Return a certificate (DER) with what names it."""
        from asn1crypto.x509 import Certificate

        told: Any = Certificate.load(certificate)["tbs_certificate"]
        return cls(certificate, told["issuer"].dump(), told["serial_number"].dump())

    @property
    def issuer_and_serial(self) -> bytes:
        """Return how a container says who signed."""
        return der(SEQUENCE, [self.issuer, self.serial])

    def named_by(self, fingerprint: bytes) -> bytes:
        """Return the value of an attribute that says which certificate signed (RFC 5035).

        Args:
            fingerprint: Digest of the certificate, by the algorithm that the attribute implies.
        """
        named = der(SEQUENCE, [der(SEQUENCE, [der(NAMED, [self.issuer])]), self.serial])
        signed_by = der(SEQUENCE, [der(OCTETS, [fingerprint]), named])
        return der(SEQUENCE, [der(SEQUENCE, [signed_by])])


@dataclass(frozen=True, slots=True)
class PreparedAttributes:
    """The signed attributes of a key that are the same for every file, encoded.

    Attributes:
        constant: Each of them.
        has_time: Whether the time of signing is one of the others.
    """

    constant: tuple[bytes, ...]
    has_time: bool

    @classmethod
    def for_pades(cls, certificate: PlainCertificate) -> PreparedAttributes:
        """Return those of PAdES with SHA-256: content type, and which certificate signed."""
        told = certificate.named_by(hashlib.sha256(certificate.der).digest())
        return cls((attribute(CONTENT_TYPE, DATA), attribute(_CERTIFICATE_V2, told)), False)

    @classmethod
    def of(cls, built: Any) -> PreparedAttributes | None:
        """Return the constant ones of attributes that pyHanko built; None when any is unknown."""
        kinds = [one["type"].native for one in built]
        if kinds.count("message_digest") != 1 or len(set(kinds)) != len(kinds):
            return None
        constant = (one for one in built if one["type"].native not in _DIFFERING)
        return cls(tuple(one.dump() for one in constant), "signing_time" in kinds)

    def attributes(self, digest: bytes, time: datetime | None) -> Any:
        """Return the attributes for a digest and a time.

        Args:
            digest: Digest of what is signed.
            time: Time of signing; ignored when these attributes hold none.
        """
        from asn1crypto import cms

        differing = [attribute(MESSAGE_DIGEST, der(OCTETS, [digest]))]
        if self.has_time and time is not None:
            told = cms.Time({"utc_time": time}).dump()
            differing.append(attribute(SIGNING_TIME, told))
        parts = sorted((*self.constant, *differing))
        return cms.CMSAttributes.load(der(SET, parts))


@dataclass(frozen=True, slots=True)
class PreparedContainer:
    """What of a container is the same for every file, encoded.

    Attributes:
        head: Version, digest algorithms, content, certificates.
        signer: Version, who signed, digest algorithm.
        mechanism: Algorithm of the signature.
    """

    head: bytes
    signer: bytes
    mechanism: bytes

    @classmethod
    def for_data(
        cls, certificate: PlainCertificate, others: Iterable[bytes], mechanism: bytes
    ) -> PreparedContainer:
        """Return those of a container that holds no content, with SHA-256.

        Args:
            certificate: Of the key.
            others: Further certificates.
            mechanism: Algorithm of the signature.
        """
        brought = sorted({certificate.der, *others})
        return cls(
            head=VERSION_1 + der(SET, [SHA256]) + der(SEQUENCE, [DATA]) + der(_EXPLICIT, brought),
            signer=VERSION_1 + certificate.issuer_and_serial + SHA256,
            mechanism=mechanism,
        )

    @classmethod
    def of(cls, built: Any) -> PreparedContainer:
        """Return the constant parts of a container that pyHanko built."""
        data = built["content"]
        (signer,) = data["signer_infos"]
        head = ("version", "digest_algorithms", "encap_content_info", "certificates")
        first = ("version", "sid", "digest_algorithm")
        return cls(
            head=b"".join(data[name].dump() for name in head),
            signer=b"".join(signer[name].dump() for name in first),
            mechanism=signer["signature_algorithm"].dump(),
        )

    def container(self, signed: Any, signature: bytes, unsigned: Any) -> Any:
        """Return the container of a signature.

        Args:
            signed: The signed attributes.
            signature: The signature over them.
            unsigned: The unsigned attributes; None for none.
        """
        from asn1crypto import cms

        parts = [
            self.signer,
            der(_EXPLICIT, [signed.contents]),
            self.mechanism,
            der(OCTETS, [signature]),
        ]
        if unsigned is not None:
            parts.append(der(_UNSIGNED, [unsigned.contents]))
        signers = der(SET, [der(SEQUENCE, parts)])
        data = der(_EXPLICIT, [der(SEQUENCE, [self.head, signers])])
        return cms.ContentInfo.load(der(SEQUENCE, [SIGNED_DATA, data]))


def attribute(kind: bytes, value: bytes) -> bytes:
    """Return an attribute of one value.

    Args:
        kind: Its name, encoded.
        value: Its value, encoded.
    """
    return der(SEQUENCE, [kind, der(SET, [value])])


def der(tag: int, parts: Iterable[bytes]) -> bytes:
    """Return a value with its tag and length."""
    content = b"".join(parts)
    size = len(content)
    if size < _LONG:
        return bytes((tag, size)) + content
    digits = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, _LONG | len(digits))) + digits + content


def is_usual(settings: Any) -> bool:
    """Return whether signed attributes hold a time and nothing else that a caller chose."""
    from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

    if settings is None:
        return False
    told: Mapping[str, Any] = vars(settings)
    usual = vars(PdfCMSSignedAttributes(signing_time=told.get("signing_time")))
    return bool(told == usual)
