"""A pyHanko signer over a key that is open already.

pyHanko's own signer keeps the key as bytes, and has the library decode it and check its primes
again for every signature. Here the key is opened and checked once, and only signs afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

if TYPE_CHECKING:
    from collections.abc import Iterable

    from asn1crypto.x509 import Certificate as AsnCertificate
    from cryptography.x509 import Certificate

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


def translated(certificate: Certificate) -> AsnCertificate:
    """Return a certificate as pyHanko wants it."""
    from asn1crypto.x509 import Certificate as AsnCertificate

    return AsnCertificate.load(certificate.public_bytes(serialization.Encoding.DER))


class OpenedKeySigner(Signer):
    """Signs with RSA (PKCS#1 v1.5) or ECDSA.

    Args:
        key: The opened key.
        certificate: Its certificate.
        chain: Certificates above it.
    """

    def __init__(
        self,
        key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
        certificate: Certificate,
        chain: Iterable[Certificate],
    ) -> None:
        self._key = key
        super().__init__(
            signing_cert=translated(certificate),
            cert_registry=SimpleCertificateStore.from_certs(  # type: ignore[no-untyped-call]
                map(translated, chain)
            ),
        )

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        """Sign; a dry run only tells how much room a signature needs."""
        if dry_run:
            return bytes(self._key.key_size // 8 if self._is_rsa else self._key.key_size // 4 + 16)
        return self.sign_raw(data, digest_algorithm)

    def sign_raw(self, data: bytes, digest_algorithm: str) -> bytes:
        """Return the signature over ``data``."""
        algorithm = _HASHES[digest_algorithm]
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), algorithm)
        return self._key.sign(data, ec.ECDSA(algorithm))

    @property
    def _is_rsa(self) -> bool:
        return isinstance(self._key, rsa.RSAPrivateKey)
