"""Work that a warm process does once, so that its children find it done.

Libraries of certificates build most of their tables when they are first used. A child would do that
for each file again, and throw it away with itself.
"""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime, timedelta
from typing import Any

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
    container = _with_token(
        pkcs7.PKCS7SignatureBuilder()
        .set_data(before + after)
        .add_signer(certificate, key, hashes.SHA256())
        .sign(Encoding.DER, [pkcs7.PKCS7Options.DetachedSignature, pkcs7.PKCS7Options.Binary]),
        key,
        certificate.public_bytes(Encoding.DER),
    )
    filled = before + b"<" + container.ljust(_ROOM, b"\0").hex().encode("ascii") + b">" + after
    return filled, certificate.public_bytes(Encoding.PEM)


def _with_token(container: bytes, key: Any, certificate: bytes) -> bytes:
    """Return a container with a timestamp over its signature, by the same key."""
    from asn1crypto import algos, cms, tsp, x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    def digest(content: bytes) -> bytes:
        return hashlib.sha256(content).digest()

    outer = cms.ContentInfo.load(container)
    (signer,) = outer["content"]["signer_infos"]
    own = x509.Certificate.load(certificate)
    sha256 = {"algorithm": "sha256"}
    stamp = tsp.TSTInfo(
        {
            "version": "v1",
            "policy": "1.2.3",
            "message_imprint": {
                "hash_algorithm": sha256,
                "hashed_message": digest(signer["signature"].native),
            },
            "serial_number": 1,
            "gen_time": datetime.now(UTC).replace(microsecond=0),
        }
    )
    named = tsp.SigningCertificateV2({"certs": [{"cert_hash": digest(certificate)}]})
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["tst_info"]},
            {"type": "message_digest", "values": [digest(stamp.dump())]},
            {"type": "signing_certificate_v2", "values": [named]},
        ]
    )
    number = {"issuer": own.issuer, "serial_number": own.serial_number}
    token = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [sha256],
            "encap_content_info": {"content_type": "tst_info", "content": stamp},
            "certificates": [own],
            "signer_infos": [
                {
                    "version": "v1",
                    "sid": {"issuer_and_serial_number": number},
                    "digest_algorithm": sha256,
                    "signed_attrs": attributes,
                    "signature_algorithm": algos.SignedDigestAlgorithm(
                        {"algorithm": "sha256_ecdsa"}
                    ),
                    "signature": key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
                }
            ],
        }
    )
    wrapped = cms.ContentInfo({"content_type": "signed_data", "content": token})
    signer["unsigned_attrs"] = cms.CMSAttributes(
        [{"type": "signature_time_stamp_token", "values": [wrapped]}]
    )
    return bytes(outer.dump())  # forced, each level would be written twice: 2^depth times in all
