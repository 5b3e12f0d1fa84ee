"""What a file is that was given for a key or a certificate: the true reason of a refusal.

Issuers hand out PEM, DER, PKCS#7, PKCS#12, requests and lists under any suffix; only the first
bytes and the outer structure tell them apart. Nothing is decrypted here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal

from pks_kit.messages import Message, lookup

FileKind = Literal[
    "empty",
    "certificate",
    "certificate_der",
    "key",
    "key_locked",
    "key_der",
    "key_openssh",
    "public_key",
    "pkcs12",
    "pkcs7",
    "request",
    "revocation_list",
    "keystore",
    "bare_base64",
    "pem_broken",
    "der_broken",
    "pdf",
    "zip",
    "html",
    "text",
    "other",
]

_LABEL = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----")
_LABELS: Mapping[bytes, FileKind] = {
    b"CERTIFICATE": "certificate",
    b"X509 CERTIFICATE": "certificate",
    b"TRUSTED CERTIFICATE": "certificate",
    b"PRIVATE KEY": "key",
    b"RSA PRIVATE KEY": "key",
    b"EC PRIVATE KEY": "key",
    b"ENCRYPTED PRIVATE KEY": "key_locked",
    b"OPENSSH PRIVATE KEY": "key_openssh",
    b"PUBLIC KEY": "public_key",
    b"RSA PUBLIC KEY": "public_key",
    b"PKCS7": "pkcs7",
    b"CMS": "pkcs7",
    b"CERTIFICATE REQUEST": "request",
    b"NEW CERTIFICATE REQUEST": "request",
    b"X509 CRL": "revocation_list",
}
_BEGINNINGS: tuple[tuple[bytes, FileKind], ...] = (
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"\xfe\xed\xfe\xed", "keystore"),
    (b"\xce\xce\xce\xce", "keystore"),
)
_BASE64 = re.compile(rb"[A-Za-z0-9+/\s]{64,}+(?:={1,2}\s*)?")
_SEQUENCE = 0x30


def kind_of_file(content: bytes) -> FileKind:
    """Return what a file is by its beginning and outer structure."""
    begin = content.removeprefix(b"\xef\xbb\xbf").strip()
    if not begin:
        return "empty"
    for sign, kind in _BEGINNINGS:
        if begin.startswith(sign):
            return kind
    label = _LABEL.search(content)
    if label is not None:
        return _in_pem(content, _LABELS.get(label[1], "other"))
    if content[0] == _SEQUENCE:
        return _in_der(content)
    if begin[:200].lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        return "html"
    if _BASE64.fullmatch(begin):
        return "bare_base64"
    return "other" if b"\x00" in content[:400] or not _is_text(content[:400]) else "text"


def told_of_file(content: bytes) -> dict[str, Message]:
    """Return the parameters of a refusal: ``what`` the file is, and ``advice`` for the hint."""
    found = lookup(f"key.file.{kind_of_file(content)}")
    return {"what": found, "advice": Message(found.hint_id, found.hint_en)}


def _in_pem(content: bytes, kind: FileKind) -> FileKind:
    from asn1crypto import pem

    try:
        blocks = list(pem.unarmor(content, multiple=True))
    except ValueError:
        return kind if kind in ("key", "key_locked") and b"-----END" in content else "pem_broken"
    if kind == "certificate" and not all(
        _parses("certificate", der) for name, _, der in blocks if name.endswith("CERTIFICATE")
    ):
        return "pem_broken"
    return kind


def _in_der(content: bytes) -> FileKind:
    for kind in _STRUCTURES:
        if _parses(kind, content):
            return _STRUCTURES[kind]
    return "der_broken"


_STRUCTURES: Mapping[str, FileKind] = {
    "certificate": "certificate_der",
    "pkcs12": "pkcs12",
    "pkcs7": "pkcs7",
    "request": "request",
    "list": "revocation_list",
    "key": "key_der",
    "key_locked": "key_locked",
    "rsa_key": "key_der",
    "public_key": "public_key",
}


def _parses(kind: str, der: bytes) -> bool:
    # tsp must be known to asn1crypto before it first names a content type, or timestamps fail
    from asn1crypto import cms, crl, csr, keys, pkcs12, tsp, x509  # noqa: F401

    looks: dict[str, Callable[[], object]] = {
        "certificate": lambda: x509.Certificate.load(der)["tbs_certificate"]["subject"].native,
        "pkcs12": lambda: _named(pkcs12.Pfx.load(der)["auth_safe"]["content_type"].native),
        "pkcs7": lambda: _named(cms.ContentInfo.load(der)["content_type"].native),
        "request": lambda: csr.CertificationRequest.load(der)["certification_request_info"].native,
        "list": lambda: crl.CertificateList.load(der)["tbs_cert_list"]["this_update"].native,
        "key": lambda: keys.PrivateKeyInfo.load(der)["private_key_algorithm"].native,
        "key_locked": lambda: keys.EncryptedPrivateKeyInfo.load(der)["encrypted_data"].native,
        "rsa_key": lambda: keys.RSAPrivateKey.load(der)["prime1"].native,
        "public_key": lambda: keys.PublicKeyInfo.load(der)["algorithm"]["algorithm"].native,
    }
    try:
        looks[kind]()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return False
    return True


def _named(content_type: object) -> object:
    """Refuse a type that has no name; any two values would make a content of that kind."""
    if not isinstance(content_type, str) or content_type[0].isdigit():
        raise ValueError(content_type)
    return content_type


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(content) - 3
    return True
