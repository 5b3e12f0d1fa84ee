"""A CMS object from parts that are encoded once for each key, in the shape that pyHanko builds.

Of a signature container only the digest, the signing time, the signature and its timestamp differ
from one file to the next. pyHanko builds and encodes all of it each time. Here its own first
container for a key gives the constant parts; later ones are put together from their bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

_SEQUENCE, _SET, _OCTETS = 0x30, 0x31, 0x04
_EXPLICIT, _UNSIGNED = 0xA0, 0xA1
_LONG = 0x80
_DIFFERING = frozenset({"message_digest", "signing_time"})


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
        from pyhanko.sign import general

        attribute: Any = general.simple_cms_attribute
        differing = [attribute("message_digest", digest)]
        if self.has_time and time is not None:
            differing.append(attribute("signing_time", cms.Time({"utc_time": time})))
        parts = sorted((*self.constant, *(one.dump() for one in differing)))
        return cms.CMSAttributes.load(der(_SET, parts))


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
            der(_OCTETS, [signature]),
        ]
        if unsigned is not None:
            parts.append(der(_UNSIGNED, [unsigned.contents]))
        signers = der(_SET, [der(_SEQUENCE, parts)])
        data = der(_EXPLICIT, [der(_SEQUENCE, [self.head, signers])])
        kind = cms.ContentType("signed_data").dump()
        return cms.ContentInfo.load(der(_SEQUENCE, [kind, data]))


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
