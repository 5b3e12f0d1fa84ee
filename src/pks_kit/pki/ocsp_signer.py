"""Who signed an OCSP answer, and was it somebody who may (RFC 6960, 4.2.2.2)?

The answer names the authority of the certificate by hashes of its name and of its key. So whether
that authority, or somebody whom it appointed, signed an answer is told without any trust anchor.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from pks_kit.pdf.parsing import ParserFailure, guarded

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from cryptography.x509.ocsp import OCSPResponse, OCSPSingleResponse


def certificates_of(ders: Iterable[bytes]) -> list[Certificate]:
    """Return certificates that can be read.

    Args:
        ders: Certificates in DER.
    """
    from cryptography import x509

    read = [guarded(lambda der=der: x509.load_der_x509_certificate(der)) for der in ders]  # type: ignore[misc]
    return [one for one in read if not isinstance(one, ParserFailure)]


def may_have_signed(answer: bytes, known: Sequence[Certificate], earlier: bytes = b"") -> bool:
    """Return whether an answer is signed by somebody who may speak for the authority.

    That is the authority, a responder with a certificate of the authority for this use, or whoever
    signed the earlier answer.

    Args:
        answer: The answer in DER.
        known: Certificates in which the authority may be found.
        earlier: An answer about the same certificates, in DER.
    """
    said = guarded(lambda: _may_have_signed(answer, known, earlier))
    return False if isinstance(said, ParserFailure) else said


def _may_have_signed(answer: bytes, known: Sequence[Certificate], earlier: bytes) -> bool:
    from cryptography.x509.ocsp import load_der_ocsp_response

    response = load_der_ocsp_response(answer)
    before = guarded(lambda: load_der_ocsp_response(earlier))
    everybody = [*known, *response.certificates]
    if not isinstance(before, ParserFailure):
        everybody += before.certificates
    signers = [one for one in everybody if _has_signed(one, response)]
    if not signers:
        return False
    if not isinstance(before, ParserFailure) and any(_has_signed(one, before) for one in signers):
        return True
    return all(
        any(_speaks_for(one, signers, response) for one in everybody if _is_named(one, about))
        for about in response.responses
    )


def _has_signed(certificate: Certificate, response: OCSPResponse) -> bool:
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

    key, digest = certificate.public_key(), response.signature_hash_algorithm
    signature, signed = response.signature, response.tbs_response_bytes
    if digest is None:
        return False
    if isinstance(key, rsa.RSAPublicKey):
        done = guarded(lambda: key.verify(signature, signed, padding.PKCS1v15(), digest))
    elif isinstance(key, ec.EllipticCurvePublicKey):
        done = guarded(lambda: key.verify(signature, signed, ec.ECDSA(digest)))
    else:
        return False
    return not isinstance(done, ParserFailure)


def _is_named(authority: Certificate, about: OCSPSingleResponse) -> bool:
    """Return whether a single answer names this certificate as the authority."""
    from asn1crypto import x509
    from cryptography.hazmat.primitives import hashes, serialization

    def hashed(content: bytes) -> bytes:
        running = hashes.Hash(about.hash_algorithm)
        running.update(content)
        return running.finalize()

    read = x509.Certificate.load(authority.public_bytes(serialization.Encoding.DER))
    key = bytes(read.public_key["public_key"])
    return (hashed(read.subject.dump()), hashed(key)) == (
        about.issuer_name_hash,
        about.issuer_key_hash,
    )


def _speaks_for(
    authority: Certificate, signers: Sequence[Certificate], response: OCSPResponse
) -> bool:
    for one in signers:
        if one.public_key() == authority.public_key():
            return True
        if guarded(partial(_answers_for_others, one)) is not True:
            continue
        issued = guarded(partial(one.verify_directly_issued_by, authority))
        made = response.produced_at_utc
        if (
            not isinstance(issued, ParserFailure)
            and one.not_valid_before_utc <= made <= one.not_valid_after_utc
        ):
            return True
    return False


def _answers_for_others(certificate: Certificate) -> bool:
    from cryptography.x509 import ExtendedKeyUsage
    from cryptography.x509.oid import ExtendedKeyUsageOID

    usage = certificate.extensions.get_extension_for_class(ExtendedKeyUsage).value
    return ExtendedKeyUsageOID.OCSP_SIGNING in usage
