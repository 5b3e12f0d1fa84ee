"""Each wrong file that is given for a key or a certificate gets its own reason."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12
from cryptography.x509.oid import NameOID

from pks_kit.errors import InputError, SigningError
from pks_kit.messages import known_codes
from pks_kit.pki.anchors import read_anchors
from pks_kit.pki.file_kinds import FileKind, kind_of_file
from pks_kit.signing.keys.files import load_pem, load_pkcs12
from support import signed_files

PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER
PKCS8 = serialization.PrivateFormat.PKCS8
OPEN = serialization.NoEncryption()
LOCK = serialization.BestAvailableEncryption(b"rahasia-uji")
NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ayu Contoh")])
KEY = ec.generate_private_key(ec.SECP256R1())
NOW = datetime(2026, 1, 1, tzinfo=UTC)
CERTIFICATE = (
    x509.CertificateBuilder()
    .subject_name(NAME)
    .issuer_name(NAME)
    .public_key(KEY.public_key())
    .serial_number(7)
    .not_valid_before(NOW)
    .not_valid_after(NOW + timedelta(days=9))
    .sign(KEY, hashes.SHA256())
)
REQUEST = x509.CertificateSigningRequestBuilder().subject_name(NAME).sign(KEY, hashes.SHA256())
REVOKED = (
    x509.CertificateRevocationListBuilder()
    .issuer_name(NAME)
    .last_update(NOW)
    .next_update(NOW + timedelta(days=1))
    .sign(KEY, hashes.SHA256())
)
LEGACY = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
    DER, serialization.PrivateFormat.TraditionalOpenSSL, OPEN
)
PUBLIC = serialization.PublicFormat.SubjectPublicKeyInfo
P12 = pkcs12.serialize_key_and_certificates(b"x", KEY, CERTIFICATE, None, LOCK)

FILES: list[tuple[FileKind, bytes]] = [
    ("empty", b""),
    ("empty", b"\r\n \n"),
    ("certificate", CERTIFICATE.public_bytes(PEM)),
    ("certificate", b"Bag Attributes: x\n" + CERTIFICATE.public_bytes(PEM)),
    ("certificate_der", CERTIFICATE.public_bytes(DER)),
    ("key", KEY.private_bytes(PEM, PKCS8, OPEN)),
    ("key_locked", KEY.private_bytes(PEM, PKCS8, LOCK)),
    ("key_der", KEY.private_bytes(DER, PKCS8, OPEN)),
    ("key_der", LEGACY),
    ("key_locked", KEY.private_bytes(DER, PKCS8, LOCK)),
    ("key_openssh", KEY.private_bytes(PEM, serialization.PrivateFormat.OpenSSH, OPEN)),
    ("public_key", KEY.public_key().public_bytes(PEM, PUBLIC)),
    ("public_key", KEY.public_key().public_bytes(DER, PUBLIC)),
    ("pkcs12", P12),
    ("pkcs7", pkcs7.serialize_certificates([CERTIFICATE], PEM)),
    ("pkcs7", pkcs7.serialize_certificates([CERTIFICATE], DER)),
    ("request", REQUEST.public_bytes(PEM)),
    ("request", REQUEST.public_bytes(DER)),
    ("revocation_list", REVOKED.public_bytes(PEM)),
    ("revocation_list", REVOKED.public_bytes(DER)),
    ("keystore", b"\xfe\xed\xfe\xed\x00\x00\x00\x02"),
    ("bare_base64", base64.b64encode(CERTIFICATE.public_bytes(DER))),
    ("pem_broken", CERTIFICATE.public_bytes(PEM)[:200]),
    ("pem_broken", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
    ("der_broken", CERTIFICATE.public_bytes(DER)[:100]),
    ("pdf", b"%PDF-1.7\n"),
    ("zip", b"PK\x03\x04\x14\x00"),
    ("html", b"<!DOCTYPE html><html><body>Masuk</body></html>"),
    ("text", "kata sandi ada di surat – 1".encode()),
    ("other", b"\x00\x01\x02\x03" * 40),
]


@pytest.mark.parametrize(("kind", "content"), FILES)
def test_what_a_file_is(kind: FileKind, content: bytes) -> None:
    assert kind_of_file(content) == kind


def test_every_kind_is_tried_and_has_words() -> None:
    assert {kind for kind, _ in FILES} == set(get_args(FileKind))
    assert {f"key.file.{kind}" for kind in get_args(FileKind)} <= set(known_codes())


@pytest.mark.parametrize(("kind", "content"), FILES)
def test_every_wrong_file_is_told_by_its_kind(kind: FileKind, content: bytes) -> None:
    refusals = []
    if kind != "pkcs12":
        refusals.append(lambda: load_pkcs12(content, b"rahasia-uji", "f"))
    if not kind.startswith("key"):
        refusals.append(lambda: load_pem(content, CERTIFICATE.public_bytes(PEM), b"", b"x", "f"))
    if not kind.startswith(("certificate", "pkcs7")):
        key = KEY.private_bytes(PEM, PKCS8, OPEN)
        refusals.append(lambda: load_pem(key, content, b"", b"", "k", "f"))
        refusals.append(
            lambda: load_pem(key, CERTIFICATE.public_bytes(PEM), content, b"", "k", "c", "f")
        )
        refusals.append(lambda: read_anchors(content, "f", {}))
    assert refusals
    for refusal in refusals:
        with pytest.raises((SigningError, InputError)) as caught:
            refusal()
        error = caught.value
        assert error.code in {"key.unreadable", "trust.no_certificate"}
        assert error.params["file"] == "f"
        assert error.text.id.endswith(f": {error.params['what'].id}.")
        assert error.text.hint_id
        assert "{" not in error.text.id + error.text.en + error.text.hint_id + error.text.hint_en


def test_a_bundle_of_roots_is_trusted_whole_and_a_signer_is_not() -> None:
    world = signed_files.world()
    root = x509.load_der_x509_certificate(world.root.der)
    for encoding in (PEM, DER):
        bundle = pkcs7.serialize_certificates([root], encoding)
        assert [one.der for one in read_anchors(bundle, "r.p7b", {})] == [world.root.der]
    with pytest.raises(InputError) as caught:
        read_anchors(CERTIFICATE.public_bytes(PEM), "c.pem", {})
    assert caught.value.code == "trust.not_authority"
    assert "Ayu Contoh" in caught.value.text.id


def test_what_lacks_and_what_is_weak_is_named() -> None:
    alone = pkcs12.serialize_key_and_certificates(b"x", None, CERTIFICATE, None, OPEN)
    with pytest.raises(SigningError, match="private key is missing"):
        load_pkcs12(alone, b"", "f")
    with pytest.raises(SigningError, match="the passphrase given is empty"):
        load_pkcs12(P12, b"", "f")
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 refused for that
    with pytest.raises(SigningError, match="RSA of 1024 bits"):
        load_pem(weak.private_bytes(PEM, PKCS8, OPEN), CERTIFICATE.public_bytes(PEM), b"", b"", "k")
