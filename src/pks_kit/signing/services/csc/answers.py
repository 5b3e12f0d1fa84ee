"""What a CSC service (version 1) answers, read without trust in its form."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pks_kit.errors import SigningError

if TYPE_CHECKING:
    from asn1crypto import x509

SIGNATURE_LIMIT = 1024
"""Longest raw signature in bytes; RSA 8192 has exactly this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """What a service says of a credential.

    Attributes:
        certificate: The signer's certificate.
        chain: Further certificates.
        mechanisms: Signature mechanisms of the key, as asn1crypto names them.
        is_enabled: Whether its key may be used.
        authorization: ``implicit``, ``explicit`` or ``oauth2code``.
        wants_pin: Whether authorising needs a PIN.
        wants_otp: Whether it needs a one-time password.
    """

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    mechanisms: frozenset[str]
    is_enabled: bool
    authorization: str
    wants_pin: bool
    wants_otp: bool


def read_credential(content: dict[str, Any] | None, service: str) -> Credential:
    """Read the answer of ``credentials/info``.

    Raises:
        SigningError: ``csc.bad_answer``.
    """
    from asn1crypto import algos, x509

    try:
        if content is None:
            raise TypeError
        stored = [
            x509.Certificate.load(base64.b64decode(one, validate=True), strict=True)
            for one in content["cert"]["certificates"]
        ]
        _ = [one.public_key for one in stored]
        names = {algos.SignedDigestAlgorithmId(oid).native for oid in content["key"]["algo"]}
        return Credential(
            certificate=stored[0],
            chain=tuple(stored[1:]),
            mechanisms=frozenset(names | _with_digests(names)),
            is_enabled=content["key"]["status"] == "enabled",
            authorization=str(content.get("authMode", "explicit")),
            wants_pin=_is_wanted(content, "PIN"),
            wants_otp=_is_wanted(content, "OTP"),
        )
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise SigningError("csc.bad_answer", service=service) from error


def _with_digests(names: set[str]) -> set[str]:
    """A service may name RSA without a digest; the digest goes with every request."""
    plain = "rsassa_pkcs1v15" in names
    return {f"sha{size}_rsa" for size in (256, 384, 512)} if plain else set()


def _is_wanted(content: dict[str, Any], name: str) -> bool:
    stated = content.get(name)
    return isinstance(stated, dict) and str(stated.get("presence", "")).lower() == "true"


def read_sad(content: dict[str, Any] | None, service: str) -> str:
    """Read the answer of ``credentials/authorize``.

    Raises:
        SigningError: ``csc.bad_answer``.
    """
    sad = (content or {}).get("SAD")
    if not isinstance(sad, str) or not sad:
        raise SigningError("csc.bad_answer", service=service)
    return sad


def read_signature(content: dict[str, Any] | None) -> bytes | None:
    """Return the signature of ``signatures/signHash``; None when there is not exactly one."""
    found = (content or {}).get("signatures")
    if not isinstance(found, list) or len(found) != 1 or not isinstance(found[0], str):
        return None
    try:
        signature = base64.b64decode(found[0], validate=True)
    except ValueError:
        return None
    return signature if 0 < len(signature) <= SIGNATURE_LIMIT else None
