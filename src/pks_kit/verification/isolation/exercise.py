"""Work that a warm process does once, so that its children find it done.

Libraries of certificates build most of their tables when they are first used. A child would do that
for each file again, and throw it away with itself.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_ROOM = 4096
"""Bytes for the container."""


def exercise() -> None:
    """Prove a signature over nothing, by a key that lives for this moment."""
    from pks_kit.pki.anchors import read_anchors
    from pks_kit.pki.material import ValidationMaterial
    from pks_kit.verification.signatures.signed_ranges import prove_ranges

    content, root = signed_sample()
    now = datetime.now(UTC)
    prove_ranges(content, read_anchors(root, "-", {}), {}, now, ValidationMaterial())


def signed_sample() -> tuple[bytes, bytes]:
    """Return bytes with a signature, and the certificate of its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "-")])
    now = datetime.now(UTC)
    authority = x509.BasicConstraints(ca=True, path_length=None)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(authority, critical=True)
        .sign(key, hashes.SHA256())
    )
    after = b"\n%%EOF\n"
    before = b"%%PDF-1.7\n[0 %d %d %d] "
    start = len(before % (1000, 1000 + 2 * _ROOM + 2, len(after)))
    before %= (start, start + 2 * _ROOM + 2, len(after))
    before = before.ljust(start)
    container = (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(before + after)
        .add_signer(certificate, key, hashes.SHA256())
        .sign(Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary])
    )
    filled = before + b"<" + container.ljust(_ROOM, b"\0").hex().encode("ascii") + b">" + after
    return filled, certificate.public_bytes(Encoding.PEM)
