"""What a certificate says, and whether it may sign at a given time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from pks_kit.errors import SigningError
from pks_kit.pki.names import common_name, same_as
from pks_kit.pki.test_marks import is_test

if TYPE_CHECKING:
    from asn1crypto import x509 as asn1_x509

EKU_PDF_SIGNING = ObjectIdentifier("1.2.840.113583.1.1.5")
"""Adobe authentic documents trust; BSrE certificates carry it (docs/sumber.md E3.2)."""

_SIGNING_PURPOSES = frozenset(
    {
        EKU_PDF_SIGNING,
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
        ExtendedKeyUsageOID.EMAIL_PROTECTION,
        ExtendedKeyUsageOID.CLIENT_AUTH,
        ObjectIdentifier("1.3.6.1.5.5.7.3.36"),  # id-kp-documentSigning, RFC 9336
        ObjectIdentifier("1.3.6.1.4.1.311.10.3.12"),  # document signing of Microsoft
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """What people need to know of a certificate; see ``SigningIdentity`` for the fields."""

    name: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    is_uji: bool
    lacks_issuer: bool


def describe(
    certificate: x509.Certificate, chain: Iterable[asn1_x509.Certificate] = ()
) -> CertificateFacts:
    """Return the facts of a certificate.

    Args:
        certificate: The certificate.
        chain: Certificates above it as far as known; they tell test from real.
    """
    from asn1crypto import x509 as asn1

    loaded = asn1.Certificate.load(certificate.public_bytes(Encoding.DER))
    above = tuple(chain)
    is_own = same_as(loaded.subject) == same_as(loaded.issuer)
    others = {same_as(one.subject) for one in above if one.dump() != loaded.dump()}
    return CertificateFacts(
        name=common_name(loaded.subject),
        issuer=common_name(loaded.issuer),
        serial=f"{certificate.serial_number:x}",
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        is_uji=is_test(loaded, above),
        lacks_issuer=not is_own and same_as(loaded.issuer) not in others,
    )


def date_of(moment: datetime | None) -> str:
    """Return a date as messages show it."""
    return f"{moment:%d-%m-%Y}" if moment else "?"


def check_may_sign(certificate: x509.Certificate, now: datetime) -> None:
    """Refuse a certificate that may not sign documents at ``now``.

    Raises:
        SigningError: ``certificate.expired``, ``certificate.not_yet_valid``,
            ``certificate.is_authority``, ``certificate.key_usage`` (neither digitalSignature nor
            nonRepudiation) or ``certificate.purpose`` (extended key usage for other things).
    """
    after, before = certificate.not_valid_after_utc, certificate.not_valid_before_utc
    if now > after:
        name = describe(certificate).name
        raise SigningError("certificate.expired", name=name, date=date_of(after))
    if now < before:
        name = describe(certificate).name
        raise SigningError("certificate.not_yet_valid", name=name, date=date_of(before))
    for kind in (x509.BasicConstraints, x509.KeyUsage, x509.ExtendedKeyUsage):
        try:
            value = certificate.extensions.get_extension_for_class(kind).value
        except x509.ExtensionNotFound:
            continue
        refused = _refused(value)
        if refused:
            raise SigningError(refused, name=describe(certificate).name)


def _refused(value: object) -> str:
    """Return why an extension forbids signing documents; empty when it does not."""
    if isinstance(value, x509.BasicConstraints) and value.ca:
        return "certificate.is_authority"
    if isinstance(value, x509.KeyUsage) and not (
        value.digital_signature or value.content_commitment
    ):
        return "certificate.key_usage"
    if isinstance(value, x509.ExtendedKeyUsage) and not _SIGNING_PURPOSES.intersection(value):
        return "certificate.purpose"
    return ""
