"""A test authority that several processes share: each makes keys for the people it meets.

A sandbox throws the keys of its authorities away. A rehearsal of a whole night cannot: nobody knows
beforehand who signs, and every worker must make keys below the same root. So what is handed to the
workers holds the key of the issuing authority; it lives in memory and dies with the run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from pks_kit.signing.keys.files import LocalKey
from pks_kit.signing.sandbox import certificates


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedKey:
    """A key and its certificate as bytes, so that another process can have them.

    Attributes:
        key: Private key, PKCS#8 DER.
        certificate: Certificate, DER.
    """

    key: bytes = field(repr=False)
    certificate: bytes = field(repr=False)

    @staticmethod
    def of(issued: certificates.Issued) -> CarriedKey:
        """Return a key as bytes."""
        return CarriedKey(
            key=issued.key.private_bytes(
                serialization.Encoding.DER,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
            certificate=issued.certificate.public_bytes(serialization.Encoding.DER),
        )

    def issued(self) -> certificates.Issued:
        """Return the key again."""
        key = serialization.load_der_private_key(self.key, password=None)
        if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise TypeError(type(key).__name__)
        return certificates.Issued(
            key=key, certificate=x509.load_der_x509_certificate(self.certificate)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedAuthority:
    """Everything that a rehearsal signs, stamps and timestamps with.

    Attributes:
        root: Root certificate, DER.
        issuing: The authority that makes keys for people.
        tsa: The timestamp authority.
        meterai: The key that makes specimen stamps.
    """

    root: bytes
    issuing: CarriedKey
    tsa: CarriedKey
    meterai: CarriedKey

    @property
    def root_pem(self) -> bytes:
        """Return the root certificate as PEM, which is all that a verifier needs."""
        root = x509.load_der_x509_certificate(self.root)
        return root.public_bytes(serialization.Encoding.PEM)


def carried_authority(now: datetime) -> CarriedAuthority:
    """Make a new test authority.

    Args:
        now: Time of its birth; certificates begin one day earlier.
    """
    root = certificates.make_root(now)
    issuing = certificates.make_issuing(root, now)
    return CarriedAuthority(
        root=CarriedKey.of(root).certificate,
        issuing=CarriedKey.of(issuing),
        tsa=CarriedKey.of(certificates.make_tsa(issuing, now)),
        meterai=CarriedKey.of(certificates.make_meterai_signer(issuing, now)),
    )


class RehearsalKeys:
    """The keys of a rehearsal in one process.

    Args:
        carried: The authority.
    """

    def __init__(self, carried: CarriedAuthority) -> None:
        self._issuing = carried.issuing.issued()
        self._chain = (
            self._issuing.certificate,
            x509.load_der_x509_certificate(carried.root),
        )
        self.tsa = self._local(carried.tsa.issued())
        self.meterai = self._local(carried.meterai.issued())

    def signers(self, people: Mapping[str, str], now: datetime) -> dict[str, LocalKey]:
        """Return a new P-256 key for each of some people.

        Args:
            people: Name of the person per code.
            now: Time; the certificates begin one day earlier.
        """
        return {
            code: self._local(certificates.make_signer(self._issuing, person, now, curve=True))
            for code, person in people.items()
        }

    def _local(self, issued: certificates.Issued) -> LocalKey:
        return LocalKey(certificate=issued.certificate, chain=self._chain, _key=issued.key)
