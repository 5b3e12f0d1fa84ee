"""Validation material: what helps to build chains and tells whether certificates were revoked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pks_kit.pdf.parsing import ParserFailure, guarded

if TYPE_CHECKING:
    from asn1crypto import crl, ocsp, x509


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationMaterial:
    """Material as objects.

    Attributes:
        certificates: Certificates that help to build chains; never anchors.
        ocsps: OCSP answers.
        crls: Revocation lists.
    """

    certificates: tuple[x509.Certificate, ...] = ()
    ocsps: tuple[ocsp.OCSPResponse, ...] = ()
    crls: tuple[crl.CertificateList, ...] = ()

    @property
    def tells_revocation(self) -> bool:
        """Return whether there is any answer about revocation at all."""
        return bool(self.ocsps or self.crls)

    def joined(self, other: ValidationMaterial) -> ValidationMaterial:
        """Return both together, each piece once."""
        return ValidationMaterial(
            certificates=once(self.certificates + other.certificates),
            ocsps=once(self.ocsps + other.ocsps),
            crls=once(self.crls + other.crls),
        )


NOTHING = ValidationMaterial()
"""No material."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedMaterial:
    """Answers about revocation as they were fetched, in DER; believed no more than a file's.

    Attributes:
        ocsps: OCSP answers.
        crls: Revocation lists.
    """

    ocsps: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()

    def parsed(self) -> ValidationMaterial:
        """Return answers and lists as objects; what cannot be read is left out."""
        from asn1crypto import crl, ocsp

        def load(kind: Any, pieces: tuple[bytes, ...]) -> tuple[Any, ...]:
            found = [guarded(lambda der=der: kind.load(der, strict=True)) for der in pieces]  # type: ignore[misc]
            return tuple(one for one in found if not isinstance(one, ParserFailure))

        return ValidationMaterial(
            ocsps=load(ocsp.OCSPResponse, self.ocsps), crls=load(crl.CertificateList, self.crls)
        )


class ReadOnce:
    """Reads structures in DER, each only once: an object remembers what was asked of it."""

    def __init__(self) -> None:
        self._known: dict[tuple[type, bytes], Any] = {}

    def of(self, kind: Any, der: bytes) -> Any:
        """Return a structure.

        Args:
            kind: Its class in asn1crypto.
            der: Its bytes.
        """
        found = self._known.get((kind, der))
        if found is None:
            found = self._known[kind, der] = kind.load(der)
        return found


def once(pieces: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return pieces with their repetitions left out."""
    return tuple({piece.dump(): piece for piece in pieces}.values())
