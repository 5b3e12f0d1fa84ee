"""A pyHanko signer over a key that is open already.

pyHanko's own signer keeps the key as bytes, and has the library decode it and check its primes
again for every signature. Here the key is opened and checked once, and only signs afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from pks_kit.signing.keys.prepared_cms import (
    PlainCertificate,
    PreparedAttributes,
    PreparedContainer,
    is_usual,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from asn1crypto.x509 import Certificate as AsnCertificate
    from cryptography.x509 import Certificate

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


_USUAL = "sha256"
_FOR_PADES = {"use_pades": True, "dry_run": False, "content_type": "data", "is_pdf_sig": True}
"""What pyHanko asks for where it signs a PDF for the long term."""


def translated(certificate: Certificate) -> AsnCertificate:
    """Return a certificate as pyHanko wants it."""
    from asn1crypto.x509 import Certificate as AsnCertificate

    return AsnCertificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _plain(settings: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return what decides about the attributes; whom a timestamp comes from does not."""
    return [(name, one) for name, one in settings.items() if name != "timestamper"]


class OpenedKeySigner(Signer):
    """Signs with RSA (PKCS#1 v1.5) or ECDSA.

    Args:
        key: The opened key.
        certificate: Its certificate.
        chain: Certificates above it.

    Attributes:
        plain: The certificate as it is encoded.
        others: Those above it, encoded.
    """

    def __init__(
        self,
        key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
        certificate: Certificate,
        chain: Iterable[Certificate],
    ) -> None:
        self._key = key
        self.plain = PlainCertificate.of(certificate.public_bytes(serialization.Encoding.DER))
        self._attributes: dict[tuple[Any, ...], PreparedAttributes] = {}
        self._containers: dict[tuple[str, str], PreparedContainer] = {}
        brought = tuple(chain)
        self.others = [one.public_bytes(serialization.Encoding.DER) for one in brought]
        self._brought: SimpleCertificateStore | None = None
        super().__init__(signing_cert=translated(certificate))

    @property
    def signing_cert(self) -> AsnCertificate:
        """Return the certificate as it was read: one that was looked into is encoded anew."""
        from asn1crypto.x509 import Certificate as AsnCertificate

        return AsnCertificate.load(self.plain.der)

    @property
    def cert_registry(self) -> SimpleCertificateStore:
        """Return the certificates above it; an authority that only gives the time asks for none."""
        if self._brought is None:
            from asn1crypto.x509 import Certificate as AsnCertificate

            self._brought = SimpleCertificateStore.from_certs(  # type: ignore[no-untyped-call]
                map(AsnCertificate.load, self.others)
            )
        return self._brought

    async def signed_attrs(  # type: ignore[override]  # what is handed on has no types there
        self,
        data_digest: bytes,
        digest_algorithm: str,
        attr_settings: Any = None,
        **others: Any,
    ) -> Any:
        """Return the signed attributes: pyHanko's own, later from their constant parts."""
        known = (digest_algorithm, *sorted((name, str(one)) for name, one in _plain(others)))
        usual = is_usual(attr_settings)
        if usual and digest_algorithm == _USUAL and dict(_plain(others)) == _FOR_PADES:
            self._attributes.setdefault(known, PreparedAttributes.for_pades(self.plain))
        prepared = self._attributes.get(known) if usual else None
        if prepared is not None:
            return prepared.attributes(data_digest, attr_settings.signing_time)
        built: Any = await super().signed_attrs(
            data_digest, digest_algorithm, attr_settings=attr_settings, **others
        )
        made = PreparedAttributes.of(built) if usual else None
        if made is not None:
            self._attributes[known] = made
        return built

    def _package_signature(self, **parts: Any) -> Any:
        """Return the container: pyHanko's own, later from its constant parts."""
        usual = parts["encap_content_info"] in (None, {"content_type": "data"})
        known = (parts["digest_algorithm"], str(parts["cms_version"]))
        if usual and known == (_USUAL, "v1") and known not in self._containers:
            mechanism = self.get_signature_mechanism_for_digest(_USUAL).dump()
            self._containers[known] = PreparedContainer.for_data(self.plain, self.others, mechanism)
        prepared = self._containers.get(known) if usual else None
        if prepared is None:
            built: Any = super()._package_signature(**parts)
            if usual:
                self._containers[known] = PreparedContainer.of(built)
            return built
        return prepared.container(
            parts["signed_attrs"], parts["signature"], parts["unsigned_attrs"]
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
