"""Certificates of the sandbox: shaped like the Indonesian ones, marked as a test in every line.

A signer certificate follows the profile of BSrE (docs/sumber.md E3.2): RSA 2048, critical key
usage digitalSignature + nonRepudiation, critical extended key usage Adobe PDF signing. Subject,
policies and the user notice say that it is a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from pks_kit.pki.certificates import EKU_PDF_SIGNING
from pks_kit.pki.test_marks import (
    UJI_ORGANISATION,
    UJI_POLICY_METERAI,
    UJI_POLICY_SIGNER,
    UJI_POLICY_TIMESTAMP,
)

NOTICE = "SERTIFIKAT UJI pks-kit, tanpa kekuatan hukum. TEST certificate without legal effect."
_AUTHORITY_DAYS = 3650
_SIGNER_DAYS = 730
_UNIT = "TEST - UJI COBA"

SigningKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A key and its certificate."""

    key: SigningKey
    certificate: x509.Certificate


def make_root(now: datetime) -> Issued:
    """Return a new self-signed root authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _subject("UJI pks-kit Root CA")
    return Issued(key=key, certificate=_authority(name, key, Issuer(name=name, key=key), now, 1))


def make_issuing(root: Issued, now: datetime) -> Issued:
    """Return a new issuing authority below ``root``."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _subject("UJI pks-kit Issuing CA")
    return Issued(key=key, certificate=_authority(name, key, _issuer_of(root), now, 0))


def make_signer(authority: Issued, person: str, now: datetime, *, curve: bool = False) -> Issued:
    """Return a test signer for a person, with a new key: RSA-2048, or P-256."""
    key = ec.generate_private_key(ec.SECP256R1()) if curve else None
    return _leaf(authority, person, now, UJI_POLICY_SIGNER, EKU_PDF_SIGNING, key)


def make_meterai_signer(authority: Issued, now: datetime) -> Issued:
    """Return the key that makes specimen stamps."""
    name = "UJI Meterai Elektronik SPESIMEN"
    return _leaf(authority, name, now, UJI_POLICY_METERAI, EKU_PDF_SIGNING)


def make_tsa(authority: Issued, now: datetime) -> Issued:
    """Return a test timestamp authority."""
    name = "UJI pks-kit Timestamp Authority"
    return _leaf(authority, name, now, UJI_POLICY_TIMESTAMP, ExtendedKeyUsageOID.TIME_STAMPING)


def make_crl(authority: Issued, now: datetime) -> bytes:
    """Return an empty revocation list of an authority (DER), valid as long as the authority.

    The key of the root is thrown away after the sandbox is made, and that of the issuing authority
    is kept, if at all, to make keys: nothing is revoked later, so the list never has to change.
    """
    own = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.certificate.subject)
        .last_update(now - timedelta(days=1))
        .next_update(now + timedelta(days=_AUTHORITY_DAYS))
        .add_extension(own, critical=False)
        .add_extension(x509.CRLNumber(1), critical=False)
    )
    signed = builder.sign(authority.key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Name and key that sign a certificate."""

    name: x509.Name
    key: SigningKey


def _issuer_of(authority: Issued) -> Issuer:
    return Issuer(name=authority.certificate.subject, key=authority.key)


def _subject(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, UJI_ORGANISATION),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, _UNIT),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name[:64]),
        ]
    )


def _start(
    subject: x509.Name, key: SigningKey, issuer: Issuer, now: datetime, days: int, policy: str
) -> x509.CertificateBuilder:
    public = key.public_key()
    notice = x509.UserNotice(None, NOTICE)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()),
            critical=False,
        )
        .add_extension(
            x509.CertificatePolicies([x509.PolicyInformation(ObjectIdentifier(policy), [notice])]),
            critical=False,
        )
    )


def _authority(
    subject: x509.Name, key: SigningKey, issuer: Issuer, now: datetime, below: int
) -> x509.Certificate:
    # the arc itself would forbid the policies below it during path validation: an authority
    # must assert anyPolicy or every policy that it issues
    builder = _start(subject, key, issuer, now, _AUTHORITY_DAYS, "2.5.29.32.0")
    return (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=below), critical=True)
        .add_extension(_key_usage(authority=True), critical=True)
        .sign(issuer.key, hashes.SHA256())
    )


def _leaf(
    authority: Issued,
    name: str,
    now: datetime,
    policy: str,
    purpose: ObjectIdentifier,
    key: SigningKey | None = None,
) -> Issued:
    key = key or rsa.generate_private_key(public_exponent=65537, key_size=2048)
    builder = _start(_subject(name), key, _issuer_of(authority), now, _SIGNER_DAYS, policy)
    certificate = (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=True)
        .sign(authority.key, hashes.SHA256())
    )
    return Issued(key=key, certificate=certificate)


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
