"""A small world for the verifier's tests: an authority, an issued file, signers and stampers.

Nothing here uses ``pks_kit.signing``: the verifier must judge files by what the law and the
profile say, not by how our own signer happens to write them.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pikepdf
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from pks_kit.domain.receipt import (
    DATA_ATTACHMENT,
    RECEIPT_ATTACHMENT,
    IssuedFile,
    Receipt,
    RecordedPlace,
    TemplateIdentity,
)

NOW = datetime(2023, 12, 20, 3, 0, tzinfo=UTC)
NOMOR_1 = "991/KTR/VI-01/1223"
NOMOR_2 = "045/PKS-KPSB/XII/2023"
KEPALA = "drg. Ratna Kusumawardani, M.Kes., AAK"
PIMPINAN = "dr. Bagus Wirawan Santosa"
SN_1 = "AXCWSRL5JS0HJ15Z000299"
SN_2 = "BXCWSRL5JS0HJ15Z000379"


@dataclass(frozen=True)
class Identity:
    """A key with its certificate and the certificates to embed."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    chain: tuple[x509.Certificate, ...]

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)


def name(common: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _certificate(
    subject: x509.Name,
    issuer: Identity | None,
    *,
    ca: bool = False,
    tsa: bool = False,
    days: int = 730,
    start: datetime | None = None,
) -> Identity:
    key = (
        rsa.generate_private_key(public_exponent=65537, key_size=2048)
        if tsa  # the dummy time stamper only knows RSA
        else ec.generate_private_key(ec.SECP256R1())
    )
    start = start or NOW - timedelta(days=30)
    usage = {
        "digital_signature": not ca,
        "content_commitment": not ca and not tsa,
        "key_cert_sign": ca,
        "crl_sign": ca,
    }
    others = ("key_encipherment", "data_encipherment", "key_agreement")
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                **usage,
                **dict.fromkeys(others, False),
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    if tsa:
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        )
    certificate = builder.sign(issuer.key if issuer else key, hashes.SHA256())
    chain = (issuer.certificate, *issuer.chain) if issuer else ()
    return Identity(certificate, key, chain)


@dataclass(frozen=True)
class World:
    """One test authority with everybody it certified."""

    root: Identity
    kepala: Identity
    pimpinan: Identity
    stamper: Identity
    tsa: Identity

    @property
    def anchors(self) -> tuple[bytes, ...]:
        return (self.root.der,)


def world(organisation: str = "UJI pks-kit") -> World:
    """Return the authority of that name; a second name gives a stranger's authority."""
    return _world(organisation)


@cache
def _world(organisation: str) -> World:
    root = _certificate(name("UJI Root CA", organisation), None, ca=True, days=3650)
    return World(
        root,
        _certificate(name("Ratna Kusumawardani", "BPJS Kesehatan"), root),
        _certificate(name("BAGUS WIRAWAN SANTOSA", "Klinik Sehat Bersama"), root),
        _certificate(name("UJI e-meterai", organisation), root),
        _certificate(name("UJI TSA", organisation), root, tsa=True),
    )


PLACES = (
    ("TTD_PIHAK_KESATU", "pihak_kesatu", "tanda_tangan", 2, (80, 500, 240, 570), KEPALA),
    ("METERAI_PIHAK_KESATU", "pihak_kesatu", "meterai", 2, (250, 500, 320, 570), KEPALA),
    ("TTD_PIHAK_KEDUA", "pihak_kedua", "tanda_tangan", 2, (80, 300, 240, 370), PIMPINAN),
    ("METERAI_PIHAK_KEDUA", "pihak_kedua", "meterai", 2, (250, 300, 320, 370), PIMPINAN),
    ("TTD_JEJARING_1", "jejaring", "tanda_tangan", 3, (80, 300, 240, 370), "Bidan Sari"),
)


def receipt_of(agreement_id: str, pages: int) -> Receipt:
    return Receipt(
        format="pks-kit-receipt/1",
        agreement_id=agreement_id,
        slug="klinik-uji",
        nomor_kesatu=NOMOR_1,
        nomor_kedua=NOMOR_2,
        nama_kesatu="BPJS Kesehatan Cabang Contoh",
        nama_kedua="Klinik Pratama Sehat Bersama",
        tanggal_mulai=date(2024, 1, 1),
        tanggal_selesai=date(2024, 12, 31),
        as_of=date(2023, 12, 1),
        template=TemplateIdentity(versi="pks_2024", sha256="0" * 64),
        parameters_sha256="1" * 64,
        input_sha256="2" * 64,
        profile="elektronik",
        pages=pages,
        places=tuple(
            RecordedPlace(
                name=place,
                kode=place.split("_", 1)[1].lower(),
                peran=peran,
                kind=kind,  # type: ignore[arg-type]
                page=page,
                rect=rect,
                nama=nama,
                jabatan="",
            )
            for place, peran, kind, page, rect, nama in PLACES
        ),
        versions={"pks_kit": "0.1.0"},
    )


def _page_content(number: int, pages: int, lines: tuple[str, ...]) -> bytes:
    rows = [f"{NOMOR_1}  {NOMOR_2}", f"Halaman {number} dari {pages}", *lines]
    rows += [f"Baris {row} halaman {number}: Para Pihak sepakat." for row in range(30)]
    shown = "".join(f"({row}) Tj T*\n" for row in rows)
    return f"BT /F1 10 Tf 14 TL 60 790 Td\n{shown}ET\n".encode("latin-1")


@cache
def issued(
    pages: int = 4, agreement_id: str = "AAAA-BBBB-CCCC", lines: tuple[str, ...] = ()
) -> bytes:
    """Return an issued file: pages, two attachments, empty signature fields."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
    )
    for number in range(1, pages + 1):
        page = pdf.add_blank_page(page_size=(595, 842))
        page.Contents = pdf.make_stream(_page_content(number, pages, lines))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    receipt = receipt_of(agreement_id, pages)
    for filename, content in (
        (RECEIPT_ATTACHMENT, receipt.to_json()),
        (DATA_ATTACHMENT, json.dumps({"agreement": agreement_id}).encode()),
    ):
        spec = pikepdf.AttachedFileSpec(
            pdf, content, filename=filename, mime_type="application/json"
        )
        pdf.attachments[filename] = spec
    _add_fields(pdf, receipt)
    target = io.BytesIO()
    pdf.save(target, force_version="1.7", deterministic_id=True)
    return target.getvalue()


def _add_fields(pdf: pikepdf.Pdf, receipt: Receipt) -> None:
    made = []
    for place in receipt.places:
        if place.kind != "tanda_tangan" or place.page > len(pdf.pages):
            continue
        page = pdf.pages[place.page - 1]
        field = pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot,
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Sig,
                T=place.name,
                F=132,
                Rect=[round(edge) for edge in place.rect],
                P=page.obj,
            )
        )
        if "/Annots" not in page.obj:
            page.obj.Annots = pikepdf.Array()
        page.obj.Annots.append(field)
        made.append(field)
    pdf.Root.AcroForm = pdf.make_indirect(
        pikepdf.Dictionary(Fields=pikepdf.Array(made), SigFlags=3)
    )


def receipt_beside(content: bytes, agreement_id: str = "AAAA-BBBB-CCCC", pages: int = 4) -> Receipt:
    """Return the receipt written beside the issued file (with its hash)."""
    sha = hashlib.sha256(content).hexdigest()
    beside = IssuedFile(file="klinik-uji.pdf", sha256=sha, size=len(content))
    return receipt_of(agreement_id, pages).model_copy(update={"issued": beside})


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def _key(identity: Identity) -> asn1_keys.PrivateKeyInfo:
    return asn1_keys.PrivateKeyInfo.load(
        identity.key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def _signer(identity: Identity) -> signers.SimpleSigner:
    store = SimpleCertificateStore()
    store.register_multiple(_asn1(certificate) for certificate in identity.chain)
    return signers.SimpleSigner(
        signing_cert=_asn1(identity.certificate),
        signing_key=_key(identity),
        cert_registry=store,
        prefer_pss=False,
    )


def stamper_of(authority: World, moment: datetime | None = None) -> DummyTimeStamper:
    store = SimpleCertificateStore()
    store.register_multiple(_asn1(certificate) for certificate in authority.tsa.chain)
    return DummyTimeStamper(
        _asn1(authority.tsa.certificate), _key(authority.tsa), store, fixed_dt=moment or NOW
    )


def sign(
    content: bytes,
    field: str,
    identity: Identity,
    *,
    authority: World | None = None,
    new_field: fields.SigFieldSpec | None = None,
    moment: datetime | None = None,
    timestamp: bool = True,
    box_text: str = "%(signer)s",
    reserved: int | None = None,
    **metadata: Any,
) -> bytes:
    """Append one signature revision."""
    authority = authority or world()
    moment = moment or NOW
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    settings = {
        "md_algorithm": "sha256",
        "subfilter": fields.SigSeedSubFilter.PADES,
        "reason": "Setuju",
        **metadata,
    }
    target = io.BytesIO()
    signers.PdfSigner(
        signers.PdfSignatureMetadata(field_name=field, **settings),
        signer=_signer(identity),
        timestamper=stamper_of(authority, moment) if timestamp else None,
        stamp_style=TextStampStyle(stamp_text=box_text, border_width=1),
        new_field_spec=new_field,
    ).sign_pdf(
        writer, output=target, existing_fields_only=new_field is None, bytes_reserved=reserved
    )
    return target.getvalue()


def stamp(
    content: bytes,
    place: str,
    sn: str,
    *,
    authority: World | None = None,
    identity: Identity | None = None,
    reason_sn: str | None = None,
    box: tuple[int, int, int, int] | None = None,
    moment: datetime | None = None,
) -> bytes:
    """Append one e-meterai of the shape of adapter 2.0.16."""
    authority = authority or world()
    known = {row[0]: row for row in PLACES}[place]
    spec = fields.SigFieldSpec(
        f"Emet{sn}", on_page=known[3] - 1, box=box or tuple(round(edge) for edge in known[4])
    )
    return sign(
        content,
        spec.sig_field_name,
        identity or authority.stamper,
        authority=authority,
        new_field=spec,
        moment=moment,
        box_text=sn,
        reason=f"[{reason_sn or sn}] Perjanjian",
        name="e-meterai_signatures",
    )


@cache
def signed_steps(pages: int = 4) -> tuple[bytes, bytes, bytes, bytes, bytes]:
    """Return the issued file and the file after each of the four steps."""
    people = world()
    start = issued(pages)
    minute = timedelta(minutes=1)
    one = sign(start, "TTD_PIHAK_KESATU", people.kepala)
    two = stamp(one, "METERAI_PIHAK_KESATU", SN_1, moment=NOW + minute)
    three = sign(two, "TTD_PIHAK_KEDUA", people.pimpinan, moment=NOW + 2 * minute)
    four = stamp(three, "METERAI_PIHAK_KEDUA", SN_2, moment=NOW + 3 * minute)
    return start, one, two, three, four


@cache
def plain_pdf() -> bytes:
    """Return a PDF of nobody: one page, no receipt, no fields."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    target = io.BytesIO()
    pdf.save(target, force_version="1.7", deterministic_id=True)
    return target.getvalue()
