"""Signer and verifier read the same name, the same test mark and the same digest in a signature."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from pks_kit.pdf.layout import layout_of, open_sound
from pks_kit.pki.anchors import read_anchors
from pks_kit.pki.test_marks import UJI_POLICY_SIGNER
from pks_kit.signing.ports import SigningIdentity
from pks_kit.signing.step.signatures import SignatureSeen, read_signatures
from pks_kit.verification.signatures.judge import JudgedSignature, judge_signatures
from pks_kit.verification.signatures.validation import trust_base
from support.odd_pdfs import plain, saved

NOW = datetime(2023, 12, 20, 3, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Holder:
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def parsed(self) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(self.certificate.public_bytes(serialization.Encoding.DER))

    @property
    def parsed_key(self) -> asn1_keys.PrivateKeyInfo:
        der = self.key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return asn1_keys.PrivateKeyInfo.load(der)


@cache
def holder(
    common: tuple[str, ...],
    organisation: str,
    issuer: Holder | None = None,
    policy: str = "",
    *,
    tsa: bool = False,
) -> Holder:
    """A certificate; without an issuer it is an authority of its own."""
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    key = rsa.generate_private_key(65537, 2048) if tsa else ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation)]
        + [x509.NameAttribute(NameOID.COMMON_NAME, one) for one in common]
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=90))
        .not_valid_after(NOW + timedelta(days=900))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=issuer is not None,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=issuer is None,
                crl_sign=issuer is None,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    if tsa:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        made = made.add_extension(usage, critical=True)
    if policy:
        information = x509.PolicyInformation(x509.ObjectIdentifier(policy), None)
        made = made.add_extension(x509.CertificatePolicies([information]), critical=False)
    signed = made.sign(issuer.key if issuer else key, hashes.SHA256())
    return Holder(key=key, certificate=signed)


ROOT = holder(("Akar Contoso",), "Penyelenggara")
REAL_TIME = holder(("Waktu Contoso",), "Penyelenggara", ROOT, tsa=True)
TEST_TIME = holder(("Waktu Contoso",), "Laboratorium Uji", ROOT, tsa=True)


def signer_of(who: Holder, issuer: Holder) -> signers.SimpleSigner:
    return signers.SimpleSigner(
        signing_cert=who.parsed,
        signing_key=who.parsed_key,
        cert_registry=SimpleCertificateStore.from_certs([issuer.parsed]),
    )


def signed(who: Holder, issuer: Holder, time: Holder, digest: str = "sha256") -> bytes:
    """A plain file with one signature."""
    stamper = DummyTimeStamper(
        tsa_cert=time.parsed,
        tsa_key=time.parsed_key,
        certs_to_embed=SimpleCertificateStore.from_certs([ROOT.parsed]),
        fixed_dt=NOW,
    )
    target = io.BytesIO()
    signers.PdfSigner(
        signers.PdfSignatureMetadata(
            field_name="TTD", md_algorithm=digest, subfilter=SigSeedSubFilter.PADES
        ),
        signer_of(who, issuer),
        timestamper=stamper,
    ).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(saved(plain()))), output=target)
    return target.getvalue()


def both(content: bytes, issuer: Holder) -> tuple[SignatureSeen, JudgedSignature]:
    """What the signer's desk and the verifier read."""
    opened = open_sound(content)
    seen = read_signatures(opened, layout_of(opened), None)
    pems = b"".join(
        one.certificate.public_bytes(serialization.Encoding.PEM) for one in {ROOT, issuer}
    )
    base = trust_base(opened, read_anchors(pems, "anchors.pem", {}), {}, NOW)
    judged, _ = judge_signatures(opened, base, timestamp_required=None)
    assert len(seen) == len(judged) == 1
    return seen[0], judged[0]


NAMES = ("Bagus Wirawan", "dr. Dev Coba, Sp.PD", "Penguji", "Spesimen", "Andi", "Staging Staff")
ORGANISATIONS = ("Klinik Sehat", "Badan Uji Coba", "DJP Dev", "Kantor Ujian", "Testament")
POLICIES = ("", UJI_POLICY_SIGNER, "2.16.360.1.1.1.3.12", "2.999.80.75.830")


@pytest.mark.slow
@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    common=st.lists(st.sampled_from(NAMES), max_size=3, unique=True).map(tuple),
    organisation=st.sampled_from(ORGANISATIONS),
    issuer=st.sampled_from(("Penyelenggara", "Badan Uji Coba", "OSD DEMO")),
    policy=st.sampled_from(POLICIES),
)
def test_about_names_and_test_marks(
    common: tuple[str, ...], organisation: str, issuer: str, policy: str
) -> None:
    above = ROOT if issuer == "Penyelenggara" else holder((issuer,), issuer)
    who = holder(common, organisation, above, policy)
    identity = SigningIdentity.of(signer_of(who, above), who.certificate)
    seen, judged = both(signed(who, above, REAL_TIME), above)
    assert identity.name == seen.signer == judged.report.signer
    assert identity.issuer == judged.report.issuer
    assert identity.is_uji == seen.is_uji == judged.report.test_authority


@pytest.mark.parametrize("time", [REAL_TIME, TEST_TIME], ids=["real", "test"])
def test_about_a_time_that_is_only_a_test(time: Holder) -> None:
    who = holder(("Bagus Wirawan",), "Klinik Sehat", ROOT)
    seen, judged = both(signed(who, ROOT, time), ROOT)
    assert seen.is_uji is judged.report.test_authority is (time is TEST_TIME)


@pytest.mark.parametrize(
    ("digest", "strong"),
    [
        ("sha1", False),
        ("sha224", False),
        ("sha256", True),
        ("sha384", True),
        ("sha512", True),
        ("sha3_256", True),
        ("sha3_384", True),
        ("sha3_512", True),
    ],
)
def test_about_digests(digest: str, strong: bool) -> None:
    who = holder(("Bagus Wirawan",), "Klinik Sehat", ROOT)
    seen, judged = both(signed(who, ROOT, REAL_TIME, digest), ROOT)
    assert (seen.trouble != "weak_digest") is strong
    assert all(check.status == "passed" for check in judged.checks) is strong
