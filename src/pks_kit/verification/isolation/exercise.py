"""Work that a warm process does once, so that its children find it done.

Libraries of certificates build most of their tables when they are first used. A child would do that
for each file again, and throw it away with itself.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

_ROOM = 4096
"""Bytes for the container."""


def exercise() -> None:
    """Prove a signature over nothing, by a key that lives for this moment; read a page of ours."""
    from pks_kit.pki.anchors import read_anchors
    from pks_kit.pki.material import ValidationMaterial
    from pks_kit.verification.signatures.signed_ranges import prove_ranges

    content, root = signed_sample()
    now = datetime.now(UTC)
    prove_ranges(content, read_anchors(root, "-", {}), {}, now, ValidationMaterial())
    _read_page(now)


def _read_page(now: datetime) -> None:
    """Look twice at one page of words, so that qpdf and PDFium have begun too."""
    from pks_kit.resources import signing_root
    from pks_kit.verification.examination import Examination
    from pks_kit.verification.examine import examine
    from pks_kit.verification.second_look import look_again

    job = Examination(content=_page(), signing_root=signing_root(), now=now, kit_version="-")
    look_again(job, examine(job))


def _page() -> bytes:
    import pikepdf

    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(200, 200))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        page.Contents = pdf.make_stream(b"BT /F 10 Tf 20 90 Td (PKS) Tj ET")
        target = io.BytesIO()
        pdf.save(target)
        return target.getvalue()


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
