"""Whether a timestamp is sound: whole, over this very signature, by a key for timestamps.

Whether its authority is trusted is the business of the verifier.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pks_kit.pki.digests import STRONG_DIGESTS

if TYPE_CHECKING:
    from asn1crypto import cms, x509
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature


def timestamps_of(embedded: EmbeddedPdfSignature) -> list[cms.SignedData]:
    """Return the timestamp tokens of a signature; a document timestamp is its own token."""
    if str(embedded.sig_object_type) == "/DocTimeStamp":
        return [embedded.signed_data]
    return tokens_of(embedded.signer_info)


def tokens_of(signer_info: cms.SignerInfo) -> list[cms.SignedData]:
    """Return the timestamp tokens over a signature value."""
    from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

    if not signer_info["unsigned_attrs"]:
        return []
    return list(extract_tst_data_iter(signer_info, signed=False))


def stated_time(token: cms.SignedData) -> datetime:
    """Return the time that a token states, proven or not."""
    stated: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
    return stated


def signature_time(signer_info: cms.SignerInfo) -> datetime | None:
    """Return the time that a valid timestamp token gives to the signature value.

    Args:
        signer_info: The one signer of a PDF signature.

    Returns:
        The time, or None when there is no token, or none that is intact, over this signature
        and by a certificate for timestamps that was valid then.
    """
    found = timed_signature(signer_info)
    return None if found is None else found[0]


def timed_signature(
    signer_info: cms.SignerInfo,
) -> tuple[datetime, x509.Certificate] | None:
    """Return the time as :func:`signature_time`, and the certificate of the key that gave it.

    Args:
        signer_info: The one signer of a PDF signature.
    """
    from pyhanko.sign.general import find_cms_attribute_iter

    for token in find_cms_attribute_iter(
        signer_info["unsigned_attrs"], "signature_time_stamp_token"
    ):
        found = _sound_token(token["content"], _digest_of(signer_info["signature"].native))
        if found is not None:
            return found
    return None


def time_authority(signer_info: cms.SignerInfo) -> x509.Certificate | None:
    """Return the certificate of whoever made the first timestamp of a signature, sound or not."""
    from pyhanko.sign.general import find_cms_attribute_iter
    from pyhanko.sign.validation.generic_cms import extract_certs_for_validation

    for token in find_cms_attribute_iter(
        signer_info["unsigned_attrs"], "signature_time_stamp_token"
    ):
        return extract_certs_for_validation(token["content"]).signer_cert
    return None


def load_token(content: bytes) -> cms.SignedData:
    """Return the signed data of a token (DER).

    Raises:
        ValueError: It is none.
    """
    from asn1crypto import cms

    loaded = cms.ContentInfo.load(content, strict=True)
    if loaded["content_type"].native != "signed_data":
        raise ValueError("no signed data")
    signed: cms.SignedData = loaded["content"]
    return signed


def authority_of(token: cms.SignedData) -> tuple[x509.Certificate, tuple[x509.Certificate, ...]]:
    """Return the certificate of whoever made a token, and the other ones in it."""
    from pyhanko.sign.validation.generic_cms import extract_certs_for_validation

    found = extract_certs_for_validation(token)
    return found.signer_cert, tuple(found.other_certs)


def token_time(signed_data: cms.SignedData, subject: bytes) -> datetime | None:
    """Return the time stated by a token over ``subject``, or None when it is not sound."""
    found = _sound_token(signed_data, _digest_of(subject))
    return None if found is None else found[0]


def time_over_digest(
    signed_data: cms.SignedData, algorithm: str, digest: bytes
) -> tuple[datetime, x509.Certificate] | None:
    """Return the time of a token over bytes that were digested before, and whose key gave it.

    Args:
        signed_data: The token.
        algorithm: How the bytes were digested; a token by another algorithm is not sound.
        digest: Their digest.
    """
    return _sound_token(signed_data, lambda asked: digest if asked == algorithm else None)


def _sound_token(
    signed_data: cms.SignedData, digest_by: Callable[[str], bytes | None]
) -> tuple[datetime, x509.Certificate] | None:
    from asn1crypto import tsp
    from pyhanko.sign.general import extract_signer_info
    from pyhanko.sign.validation.generic_cms import (
        extract_certs_for_validation,
        validate_sig_integrity,
    )

    content = signed_data["encap_content_info"]["content"]
    token = content.parsed
    if not isinstance(token, tsp.TSTInfo) or not _covers(token, digest_by):
        return None
    authority = extract_certs_for_validation(signed_data).signer_cert
    signer = extract_signer_info(signed_data)
    digest = _digest(signer["digest_algorithm"]["algorithm"].native, content.contents)
    if digest is None:
        return None
    intact, valid = validate_sig_integrity(signer, authority, "tst_info", digest)
    stated: datetime = token["gen_time"].native
    span = _stamping_span(authority.dump())
    may_stamp = span is not None and span[0] <= stated <= span[1]
    return (stated, authority) if intact and valid and may_stamp else None


def _covers(token: Any, digest_by: Callable[[str], bytes | None]) -> bool:
    imprint = token["message_imprint"]
    digest = digest_by(imprint["hash_algorithm"]["algorithm"].native)
    return digest is not None and digest == imprint["hashed_message"].native


def _digest_of(content: bytes) -> Callable[[str], bytes | None]:
    return lambda algorithm: _digest(algorithm, content)


def _digest(algorithm: str, content: bytes) -> bytes | None:
    import hashlib

    return hashlib.new(algorithm, content).digest() if algorithm in STRONG_DIGESTS else None


@lru_cache(maxsize=256)
def _stamping_span(der: bytes) -> tuple[datetime, datetime] | None:
    """Return between when a certificate may give timestamps; None when it is for other purposes.

    Answered once for the same bytes: one authority stamps all signatures of a year.
    """
    from asn1crypto import x509

    certificate = x509.Certificate.load(der)
    purposes = certificate.extended_key_usage_value
    if purposes is None or "time_stamping" not in purposes.native:
        return None
    return certificate.not_valid_before, certificate.not_valid_after
