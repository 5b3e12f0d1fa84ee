"""Signing keys of the user: PKCS#12 files and PEM pairs, opened and checked before the act.

The passphrase comes as bytes from the caller and is kept only while the key is opened. It never
stands in an error: failures of the cryptographic library are not chained to ours.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12
from cryptography.x509 import Certificate, load_der_x509_certificate, load_pem_x509_certificates

from pks_kit.errors import SigningError
from pks_kit.messages import lookup
from pks_kit.pki.certificates import check_may_sign
from pks_kit.pki.file_kinds import told_of_file
from pks_kit.signing.ports import SigningIdentity

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

    from pks_kit.signing.keys.opened import OpenedKeySigner

_LEAST_RSA_BITS = 2048
_CURVES = ("secp256r1", "secp384r1", "secp521r1")


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalKey:
    """A key in memory with its certificate; a ``SignerSource``.

    Attributes:
        certificate: Certificate of the key.
        chain: Certificates above it, in any order, without need for the root.
    """

    certificate: Certificate
    chain: tuple[Certificate, ...]
    _key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = field(repr=False)
    _signer: list[OpenedKeySigner] = field(
        default_factory=list, init=False, repr=False, compare=False
    )
    _identity: list[SigningIdentity] = field(
        default_factory=list, init=False, repr=False, compare=False
    )

    async def identity(self, now: datetime) -> SigningIdentity:
        """Return the signer after checking the certificate; see ``SignerSource``."""
        check_may_sign(self.certificate, now)
        if not self._identity:
            self._identity.append(SigningIdentity.of(self.signer(), self.certificate))
        return self._identity[0]

    def signer(self) -> OpenedKeySigner:
        """Return a pyHanko signer without looking at dates and purposes of the certificate.

        It is made once per key: translating the certificates costs more than a signature.
        """
        if not self._signer:
            from pks_kit.signing.keys.opened import OpenedKeySigner

            self._signer.append(OpenedKeySigner(self._key, self.certificate, self.chain))
        return self._signer[0]

    def to_pkcs12(self, name: str, encryption: serialization.KeySerializationEncryption) -> bytes:
        """Return key, certificate and chain as a PKCS#12 file."""
        return pkcs12.serialize_key_and_certificates(
            name.encode(),
            self._key,
            self.certificate,
            list(self.chain),
            encryption,
        )


def load_pkcs12(content: bytes, passphrase: bytes, source: str) -> LocalKey:
    """Open a PKCS#12 file.

    Args:
        content: Bytes of the file.
        passphrase: Its passphrase; empty for none.
        source: Name for messages.

    Raises:
        SigningError: ``key.unreadable`` when it is no PKCS#12 file, with what it is instead;
            ``key.locked`` or ``key.locked_no_passphrase`` when the passphrase does not open it,
            ``key.incomplete`` without key or certificate,
            ``key.unsuitable`` or ``key.mismatch``.
    """
    if not _is_pkcs12(content):
        raise _unreadable(content, source, "key.wanted.pkcs12")
    try:
        key, certificate, chain = _open_pkcs12(content, passphrase)
    except UnsupportedAlgorithm:
        raise _unsuitable(source) from None
    except (ValueError, TypeError):
        raise SigningError(_locked(passphrase), file=source) from None
    if key is None or certificate is None:
        lacking = lookup(f"key.lacking.{'key' if key is None else 'certificate'}")
        raise SigningError("key.incomplete", file=source, lacking=lacking)
    return _local_key(key, certificate, tuple(chain), source)


def _open_pkcs12(
    content: bytes, passphrase: bytes
) -> tuple[PrivateKeyTypes | None, Certificate | None, list[Certificate]]:
    """Open with the passphrase; like PEM, a file that has none ignores the one given."""
    try:
        return pkcs12.load_key_and_certificates(content, passphrase or None)
    except ValueError:
        return pkcs12.load_key_and_certificates(content, None)


def load_pem(
    key: bytes,
    certificate: bytes,
    chain: bytes,
    passphrase: bytes,
    source: str,
    certificate_source: str = "",
    chain_source: str = "",
) -> LocalKey:
    """Open a private key in PEM, and its certificates in PEM, DER or PKCS#7 (``.p7b``).

    Args:
        key: PEM private key, encrypted or not.
        certificate: Certificate of the key; of several the one that belongs to the key.
        chain: Certificates above it; may be empty when it came from no file.
        passphrase: Passphrase of the key; ignored when the key is not encrypted.
        source: Name of the key file, for messages.
        certificate_source: Name of the certificate file; that of the key when not said.
        chain_source: Name of the file of the chain; that of the key when not said.

    Raises:
        SigningError: As :func:`load_pkcs12`.
    """
    secret = passphrase if pem_is_encrypted(key) else None
    try:
        opened = serialization.load_pem_private_key(key, secret)
    except UnsupportedAlgorithm:
        raise _unsuitable(source) from None
    except (ValueError, TypeError):
        if secret is None:
            raise _unreadable(key, source, "key.wanted.key") from None
        raise SigningError(_locked(passphrase), file=source) from None
    found = _certificates(certificate, certificate_source or source)
    above = _certificates(chain, chain_source or source) if chain or chain_source else []
    public = _public_bytes(opened.public_key())
    own = next((one for one in found if _public_bytes(one.public_key()) == public), found[0])
    others = [one for one in (*found, *above) if one != own]
    return _local_key(opened, own, tuple(others), source)


def pem_is_encrypted(key: bytes) -> bool:
    """Return whether a PEM private key asks for a passphrase."""
    return b"ENCRYPTED PRIVATE KEY-----" in key or b"Proc-Type: 4,ENCRYPTED" in key


def _certificates(content: bytes, source: str) -> list[Certificate]:
    """Return the certificates of a file, at least one.

    Raises:
        SigningError: ``key.unreadable`` naming the file.
    """
    try:
        found = _read_certificates(content)
    except (ValueError, UnsupportedAlgorithm):
        found = []
    if not found:
        raise _unreadable(content, source, "key.wanted.certificate")
    return found


def _unreadable(content: bytes, source: str, wanted: str) -> SigningError:
    """Return that a file is not what was asked for, and what it is instead."""
    told = told_of_file(content)
    return SigningError("key.unreadable", file=source, wanted=lookup(wanted), **told)


def _locked(passphrase: bytes) -> str:
    return "key.locked" if passphrase else "key.locked_no_passphrase"


def _unsuitable(source: str, key: object = None) -> SigningError:
    if isinstance(key, rsa.RSAPrivateKey):
        why = lookup("key.weak.rsa").fill({"bits": key.key_size})
    elif isinstance(key, ec.EllipticCurvePrivateKey):
        why = lookup("key.weak.curve").fill({"curve": key.curve.name})
    else:
        why = lookup("key.weak.kind")
    return SigningError("key.unsuitable", file=source, why=why)


def _read_certificates(content: bytes) -> list[Certificate]:
    with warnings.catch_warnings():  # issuers write BER; no user can mend that
        warnings.simplefilter("ignore", UserWarning)
        return _any_form(content)


def _any_form(content: bytes) -> list[Certificate]:
    if b"-----BEGIN PKCS7-----" in content:
        return pkcs7.load_pem_pkcs7_certificates(content)
    if b"-----BEGIN" in content:
        return load_pem_x509_certificates(content)
    try:
        return [load_der_x509_certificate(content)]
    except ValueError:
        return pkcs7.load_der_pkcs7_certificates(content)


def _is_pkcs12(content: bytes) -> bool:
    # tsp must be known to asn1crypto before it first names a content type, or timestamps fail
    from asn1crypto import tsp  # noqa: F401
    from asn1crypto.pkcs12 import Pfx

    try:
        outer = Pfx.load(content)
        return outer["version"].native == "v3" and len(outer["auth_safe"].contents) > 0
    except (ValueError, TypeError, KeyError):
        return False


def _local_key(
    key: PrivateKeyTypes, certificate: Certificate, chain: tuple[Certificate, ...], source: str
) -> LocalKey:
    if not (
        (isinstance(key, rsa.RSAPrivateKey) and key.key_size >= _LEAST_RSA_BITS)
        or (isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVES)
    ):
        raise _unsuitable(source, key)
    if _public_bytes(key.public_key()) != _public_bytes(certificate.public_key()):
        raise SigningError("key.mismatch", file=source)
    return LocalKey(certificate=certificate, chain=chain, _key=key)


def _public_bytes(key: object) -> bytes:
    return key.public_bytes(  # type: ignore[attr-defined, no-any-return]
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
