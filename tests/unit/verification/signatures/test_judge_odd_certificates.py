"""Certificates with a part that is not what its kind says never stop an examination."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from pks_kit.pki.names import common_name
from pks_kit.pki.test_marks import is_test
from support import judging, signed_files, third_party_pdfs
from support.judging import failures, judge, unknowns

_NAMED, _UNIQUE = b"\x06\x03\x55\x04\x2e", b"\x06\x03\x55\x04\x2d"
"""Object identifiers of a text (2.5.4.46) and of a unique identifier, which has bits (2.5.4.45)."""


def odd_identity(
    *, with_common_name: bool = True, issuer: ec.EllipticCurvePrivateKey | None = None
) -> signed_files.Identity:
    """A signer whose name has a unique identifier that is a text."""
    root = signed_files.world().root
    issuing = issuer or root.key
    key = ec.generate_private_key(ec.SECP256R1())
    parts = [x509.NameAttribute(x509.NameOID.DN_QUALIFIER, "NIK 123")]
    if with_common_name:
        parts.append(x509.NameAttribute(x509.NameOID.COMMON_NAME, "Siti Aminah"))
    start = signed_files.NOW - timedelta(days=9)
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name(parts))
        .issuer_name(root.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=400))
        .add_extension(x509.KeyUsage(*(True, True), *[False] * 7), critical=True)
        .sign(root.key, hashes.SHA256())
    )
    told = made.tbs_certificate_bytes.replace(_NAMED, _UNIQUE)
    assert told != made.tbs_certificate_bytes
    built = asn1_x509.Certificate(
        {
            "tbs_certificate": asn1_x509.TbsCertificate.load(told),
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature_value": issuing.sign(told, ec.ECDSA(hashes.SHA256())),
        }
    )
    certificate = x509.load_der_x509_certificate(built.dump())
    return signed_files.Identity(certificate, key, (root.certificate,))


def signed(identity: signed_files.Identity) -> bytes:
    field = signed_files.fields.SigFieldSpec("A", on_page=0, box=(60, 60, 260, 120))
    return signed_files.sign(
        third_party_pdfs.base(),
        "A",
        identity,
        new_field=field,
        box_text="Siti Aminah",
        name="Siti Aminah",
    )


@pytest.mark.parametrize("with_common_name", [True, False])
def test_a_name_that_cannot_be_read_stops_nothing(with_common_name: bool) -> None:
    identity = odd_identity(with_common_name=with_common_name)
    loaded = asn1_x509.Certificate.load(identity.der)
    with pytest.raises(ValueError, match="OctetBitString"):
        _ = loaded.subject.native
    name = common_name(asn1_x509.Certificate.load(identity.der).subject)
    assert name == ("Siti Aminah" if with_common_name else "unique_identifier: ?")
    assert is_test(asn1_x509.Certificate.load(identity.der))
    report = judge(signed(identity))
    assert [(one.signer, one.intact) for one in report.signatures] == [(name, True)]
    assert "signature.integrity/intact" in {f"{c.code}/{c.reason}" for c in report.checks}
    assert failures(report) == set()
    assert "signature.trust/unreadable_name" in unknowns(report)
    assert report.verdict == "indeterminate"


def test_the_chain_of_such_a_name_is_judged_as_any_other() -> None:
    content = signed(odd_identity())
    stranger = judge(content, anchors=judging.anchors_of("UJI lain"))
    assert [one.trusted for one in stranger.signatures] == [False]
    assert "signature.trust/no_chain" in failures(stranger) | unknowns(stranger)
    forged = signed(odd_identity(issuer=ec.generate_private_key(ec.SECP256R1())))
    assert "signature.trust/other" in failures(judge(forged))


def test_such_a_name_hides_no_failure() -> None:
    content = signed(odd_identity())
    place = content.index(b"BT")
    report = judge(content[:place] + b"Bt" + content[place + 2 :])
    assert report.verdict == "failed"
    assert {one for one in failures(report) if one.startswith("signature.integrity/")}


def test_a_store_may_hold_such_a_certificate() -> None:
    from io import BytesIO

    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.validation.dss import DocumentSecurityStore

    certificate = asn1_x509.Certificate.load(odd_identity().der)
    writer = IncrementalPdfFileWriter(BytesIO(third_party_pdfs.by_hand(third_party_pdfs.base())))
    DocumentSecurityStore.supply_dss_in_writer(writer, None, certs=[certificate])
    target = BytesIO()
    writer.write(target)
    assert failures(judge(target.getvalue())) == set()
