"""Honest files of many hands: signed in many ways, on bases by many programs, none of them ours.

What real programs write and no package here can run (Acrobat, iText, EU DSS, JSignPdf, the stamp
adapter) is written by hand after the structures they are known for: see :func:`by_hand`.
"""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
from asn1crypto import cms, core
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator import ValidationContext

from pks_kit.verification.signatures.trust import run_sync
from support import signed_files

Make = Callable[[], bytes]
NAME = "Siti Rahmawati"
BOX = (320, 60, 520, 120)


# --- keys ---------------------------------------------------------------------------------------


@cache
def identity(kind: str = "rsa", common: str = NAME) -> signed_files.Identity:
    """Return a signer certified by the authority of :func:`signed_files.world`."""
    key: Any = {
        "rsa": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
        "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
        "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
        "p521": lambda: ec.generate_private_key(ec.SECP521R1()),
        "ed25519": ed25519.Ed25519PrivateKey.generate,
        "plain_usage": lambda: ec.generate_private_key(ec.SECP256R1()),
    }[kind]()
    root = signed_files.world().root
    usage = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"),
        False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(signed_files.name(common, "Klinik Lain"))
        .issuer_name(root.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(signed_files.NOW - timedelta(days=10))
        .not_valid_after(signed_files.NOW + timedelta(days=700))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=kind != "plain_usage",
                encipher_only=False,
                decipher_only=False,
                **usage,
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(root.key, hashes.SHA256())
    )
    return signed_files.Identity(certificate, key, (root.certificate,))


@cache
def _crl() -> asn1_crl.CertificateList:
    root = signed_files.world().root
    made = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(root.certificate.subject)
        .last_update(signed_files.NOW - timedelta(days=1))
        .next_update(signed_files.NOW + timedelta(days=300))
        .sign(root.key, hashes.SHA256())
    )
    return asn1_crl.CertificateList.load(made.public_bytes(Encoding.DER))


# --- bases --------------------------------------------------------------------------------------


def page_content(lines: int = 20) -> bytes:
    shown = "".join(f"(Baris {row}: surat keterangan klinik.) Tj T*\n" for row in range(lines))
    return f"BT /F1 10 Tf 14 TL 60 790 Td\n{shown}ET\n".encode()


def base(version: str = "1.7", pages: int = 1, **how: Any) -> bytes:
    """A plain document of somebody, as pikepdf (qpdf) writes it."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
    )
    for _ in range(pages):
        page = pdf.add_blank_page(page_size=(595, 842))
        page.Contents = pdf.make_stream(page_content())
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    target = io.BytesIO()
    pdf.save(target, force_version=version, deterministic_id=True, **how)
    return target.getvalue()


def with_text_fields(content: bytes | None = None) -> bytes:
    """A form with one text field and one check box."""
    with pikepdf.open(io.BytesIO(content or base())) as pdf:
        made = []
        for name, kind, rect in (("Nama", "/Tx", (60, 200, 260, 220)),
                                 ("Setuju", "/Btn", (60, 160, 75, 175))):  # fmt: skip
            look = pdf.make_stream(b"/Tx BMC EMC")
            look.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form})
            look["/BBox"] = pikepdf.Array([0, 0, rect[2] - rect[0], rect[3] - rect[1]])
            entries = {
                "/Type": pikepdf.Name.Annot, "/Subtype": pikepdf.Name.Widget,
                "/FT": pikepdf.Name(kind), "/T": pikepdf.String(name), "/F": 4,
                "/Rect": pikepdf.Array(list(rect)), "/P": pdf.pages[0].obj,
                "/DA": pikepdf.String("/F1 10 Tf 0 g"),
            }  # fmt: skip
            if kind == "/Tx":
                entries["/AP"] = pikepdf.Dictionary(N=look)
                entries["/V"] = pikepdf.String("")
            else:
                entries["/AP"] = pikepdf.Dictionary(
                    N=pikepdf.Dictionary({"/Ya": look, "/Off": look})
                )
                entries["/AS"] = pikepdf.Name.Off
            made.append(pdf.make_indirect(pikepdf.Dictionary(entries)))
        pdf.pages[0].obj.Annots = pikepdf.Array(made)
        pdf.Root.AcroForm = pdf.make_indirect(pikepdf.Dictionary(Fields=pikepdf.Array(made)))
        target = io.BytesIO()
        pdf.save(target, force_version="1.7", deterministic_id=True)
    return target.getvalue()


def _run(command: list[str], source: bytes, result: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "masuk.pdf").write_bytes(source)
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
        return (Path(folder) / result).read_bytes()


@cache
def by_qpdf() -> bytes:
    return _run(["qpdf", "--linearize", "masuk.pdf", "keluar.pdf"], base(), "keluar.pdf")


@cache
def by_ghostscript() -> bytes:
    command = ["gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=pdfwrite", "-o", "keluar.pdf"]
    return _run([*command, "masuk.pdf"], base(), "keluar.pdf")


@cache
def by_cairo() -> bytes:
    return _run(["pdftocairo", "-pdf", "masuk.pdf", "keluar.pdf"], base(), "keluar.pdf")


@cache
def by_libreoffice() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "surat.txt").write_text("Surat keterangan klinik.\n" * 20)
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profil", "--headless"]
        command += ["--convert-to", "pdf", "--outdir", folder, f"{folder}/surat.txt"]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return (Path(folder) / "surat.pdf").read_bytes()


@cache
def by_weasyprint() -> bytes:
    from weasyprint import HTML

    made: bytes = HTML(string="<h1>Surat</h1><p>Keterangan klinik.</p>").write_pdf(
        pdf_variant="pdf/ua-1"
    )
    return made


BASES: dict[str, Make] = {
    "pikepdf 1.4, table": lambda: base("1.4", object_stream_mode=pikepdf.ObjectStreamMode.disable),
    "pikepdf 1.5, object streams": lambda: base(
        "1.5", object_stream_mode=pikepdf.ObjectStreamMode.generate
    ),
    "pikepdf 1.6": lambda: base("1.6"),
    "pikepdf 1.7, many pages": lambda: base("1.7", pages=30),
    "pikepdf 2.0": lambda: base("2.0"),
    "pikepdf, linearised": lambda: base("1.7", linearize=True),
    "pikepdf, linearised with object streams": lambda: base(
        "1.7", linearize=True, object_stream_mode=pikepdf.ObjectStreamMode.generate
    ),
    "qpdf, linearised": by_qpdf,
    "Ghostscript": by_ghostscript,
    "cairo": by_cairo,
    "LibreOffice": by_libreoffice,
    "WeasyPrint, tagged": by_weasyprint,
    "form": with_text_fields,
    "saved twice before signing": lambda: note_added(base()),
    "CRLF, by hand": lambda: raw_base(b"\r\n"),
    "CR, by hand": lambda: raw_base(b"\r"),
    "inherited page entries": lambda: raw_base(b"\n", inherited=True),
}
_NEEDS = {"qpdf, linearised": "qpdf", "Ghostscript": "gs", "cairo": "pdftocairo",
          "LibreOffice": "soffice"}  # fmt: skip


def missing_program(name: str) -> str:
    """Return the program a base needs and that is not installed, else an empty text."""
    needed = _NEEDS.get(name, "")
    return needed if needed and shutil.which(needed) is None else ""


def raw_base(end: bytes, *, hybrid: bool = False, inherited: bool = False) -> bytes:
    """A document written by hand: line ends, a hybrid table, entries inherited by the page."""
    box = b"/MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> "
    content = page_content()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 %s>>" % (box if inherited else b""),
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R %s>>" % (b"" if inherited else box),
        b"<< /Length %d >>%sstream\r\n%s%sendstream" % (len(content), end, content, end),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = bytearray(b"%PDF-1.7" + end + b"%\xe2\xe3\xcf\xd3" + end)
    places = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s%s%sendobj%s" % (number, end, body, end, end)
    extra = b""
    if hybrid:
        stream_at = len(out)
        row = b"\x01" + places[4].to_bytes(3, "big") + b"\x00"
        out += b"6 0 obj%s<< /Type /XRef /W [1 3 1] /Index [5 1] /Size 7 /Length 5 >>%s" % (
            end,
            end,
        )
        out += b"stream\r\n" + row + end + b"endstream" + end + b"endobj" + end
        extra = b"/XRefStm %d " % stream_at
    start = len(out)
    line = b" \n" if end != b"\r\n" else b"\r\n"
    if end == b"\r":
        line = b" \r"
    count = len(places) + 1
    out += b"xref%s0 %d%s0000000000 65535 f%s" % (end, count, end, line)
    out += b"".join(b"%010d 00000 n%s" % (place, line) for place in places)
    size = count + (1 if hybrid else 0)
    out += b"trailer%s<< /Size %d /Root 1 0 R %s>>%s" % (end, size, extra, end)
    out += b"startxref%s%d%s%%%%EOF%s" % (end, start, end, end)
    return bytes(out)


def note_added(content: bytes) -> bytes:
    """A comment, saved incrementally."""
    from support import tamper

    return tamper.appended(content, tamper.new_annotation)


# --- signed by pyHanko --------------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """One way to sign with pyHanko."""

    key: str = "p256"
    level: str = "B-T"
    digest: str = "sha256"
    pss: bool = False
    visible: bool = True
    subfilter: SigSeedSubFilter = SigSeedSubFilter.PADES
    certify: MDPPerm | None = None
    field: str = "Signature1"


def signed(content: bytes, way: Way | None = None) -> bytes:
    """Sign in one way, as pyHanko's documentation shows it."""
    way = way or Way()
    who = identity(way.key)
    context = ValidationContext(
        trust_roots=[signed_files._asn1(signed_files.world().root.certificate)],
        crls=[_crl()],
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=signed_files.NOW,
    )
    long_term = way.level in ("B-LT", "B-LTA")
    metadata = signers.PdfSignatureMetadata(
        field_name=way.field,
        md_algorithm=way.digest,
        subfilter=way.subfilter,
        reason="Setuju",
        certify=way.certify is not None,
        docmdp_permissions=way.certify or MDPPerm.FILL_FORMS,
        embed_validation_info=long_term,
        use_pades_lta=way.level == "B-LTA",
        validation_context=context if long_term else None,
    )
    store = signed_files.SimpleCertificateStore()
    store.register_multiple(signed_files._asn1(one) for one in who.chain)
    signer = signers.SimpleSigner(
        signing_cert=signed_files._asn1(who.certificate),
        signing_key=signed_files._key(who),
        cert_registry=store,
        prefer_pss=way.pss,
    )
    spec = fields.SigFieldSpec(way.field, on_page=0, box=BOX if way.visible else None)
    target = io.BytesIO()
    signers.PdfSigner(
        metadata,
        signer=signer,
        timestamper=None if way.level == "B-B" else signed_files.stamper_of(signed_files.world()),
        stamp_style=TextStampStyle(stamp_text="Digitally signed by %(signer)s\nTime: %(ts)s"),
        new_field_spec=spec,
    ).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(content)), output=target)
    return target.getvalue()


WAYS: dict[str, Way] = {
    "PAdES B-B": Way(level="B-B"),
    "PAdES B-T": Way(),
    "PAdES B-LT": Way(level="B-LT"),
    "PAdES B-LTA": Way(level="B-LTA"),
    "PKCS#7 detached": Way(subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED, level="B-B"),
    "PKCS#7 detached, timestamp": Way(subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED),
    "SHA-384": Way(digest="sha384", key="p384"),
    "SHA-512": Way(digest="sha512", key="p521"),
    "RSA, SHA-512": Way(digest="sha512", key="rsa"),
    "RSA-PSS": Way(key="rsa", pss=True),
    "Ed25519": Way(key="ed25519", digest="sha512"),
    "invisible": Way(visible=False),
    "certified, no changes": Way(certify=MDPPerm.NO_CHANGES),
    "certified, forms": Way(certify=MDPPerm.FILL_FORMS),
    "certified, comments": Way(certify=MDPPerm.ANNOTATE),
    "key usage without nonRepudiation": Way(key="plain_usage"),
}


def _second(content: bytes, name: str = "Signature2") -> bytes:
    """A second signer beside the first."""
    return signed_files.sign(
        content,
        name,
        identity("p256", "Budi Hartono"),
        new_field=fields.SigFieldSpec(name, on_page=0, box=(60, 60, 260, 120)),
        moment=signed_files.NOW + timedelta(minutes=5),
    )


def filled_form(content: bytes, words: str = "Siti") -> bytes:
    """Somebody fills the text field: allowed after a signature."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.generic import pdf_name

    from support import tamper

    def change(writer: IncrementalPdfFileWriter) -> None:
        field = next(
            one.get_object() for one in writer.root["/AcroForm"]["/Fields"]
            if one.get_object()["/T"] == "Nama"
        )  # fmt: skip
        look = generic.StreamObject(
            {
                pdf_name("/Type"): pdf_name("/XObject"),
                pdf_name("/Subtype"): pdf_name("/Form"),
                pdf_name("/BBox"): generic.ArrayObject(
                    [generic.NumberObject(edge) for edge in (0, 0, 200, 20)]
                ),
            },
            stream_data=b"/Tx BMC BT /F1 10 Tf 2 6 Td (%s) Tj ET EMC" % words.encode(),
        )
        field[pdf_name("/V")] = generic.TextStringObject(words)
        field[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(look)})
        writer.update_container(field)

    return tamper.appended(content, change)


def comment_added(content: bytes) -> bytes:
    """A sticky note with its pop-up, beside the words."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.generic import pdf_name

    from support import tamper

    def change(writer: IncrementalPdfFileWriter) -> None:
        page = tamper.page_of(writer, 0)
        note = writer.add_object(
            generic.DictionaryObject(
                {
                    pdf_name("/Type"): pdf_name("/Annot"),
                    pdf_name("/Subtype"): pdf_name("/Text"),
                    pdf_name("/Rect"): generic.ArrayObject(
                        [generic.NumberObject(edge) for edge in (560, 700, 580, 720)]
                    ),
                    pdf_name("/Contents"): generic.TextStringObject("Sudah dibaca"),
                }
            )
        )
        old = page["/Annots"] if "/Annots" in page else generic.ArrayObject()
        items = [old.raw_get(place) for place in range(len(old))]
        page[pdf_name("/Annots")] = generic.ArrayObject([*items, note])
        writer.update_container(page)

    return tamper.appended(content, change)


SEQUENCES: dict[str, Make] = {
    "two signers": lambda: _second(signed(base())),
    "three signers": lambda: _third(_second(signed(base()))),
    "LTA, then another signer": lambda: _second(signed(base(), WAYS["PAdES B-LTA"])),
    "certified for forms, then signed": lambda: _second(signed(base(), WAYS["certified, forms"])),
    "certified for comments, then signed": lambda: _second(
        signed(base(), WAYS["certified, comments"])
    ),
    "form filled before": lambda: signed(filled_form(with_text_fields())),
    "form filled between two signatures": lambda: _second(filled_form(signed(with_text_fields()))),
    "certified for forms, form filled": lambda: filled_form(
        signed(with_text_fields(), WAYS["certified, forms"])
    ),
    "certified for comments, comment added": lambda: comment_added(
        signed(base(), WAYS["certified, comments"])
    ),
    "saved twice, then two signers": lambda: _second(signed(note_added(note_added(base())))),
}


def _third(content: bytes) -> bytes:
    return signed_files.sign(
        content,
        "Signature3",
        identity("p256", "Ani Lestari"),
        new_field=fields.SigFieldSpec("Signature3", on_page=0, box=(60, 140, 260, 200)),
        moment=signed_files.NOW + timedelta(minutes=9),
    )


# --- written by hand ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Hand:
    """A signature revision as another program would write it.

    Attributes:
        end: Line end.
        merged: Field and widget in one dictionary; else the widget is the field's only kid.
        lower: Hex digits in lower case.
        reserved: Bytes reserved for the container.
        stream_table: The revision ends with a reference stream.
        container: Changes the CMS before it is put in.
        maker: ``pyhanko`` or ``openssl``: who makes the CMS.
        name: Name of the field.
        reason: ``/Reason``.
        subfilter: ``/SubFilter``.
        spaces: Padding inside ``/ByteRange`` as Acrobat writes it.
        zeros: Zeros in front of the numbers of ``/ByteRange``, as earlier versions of pyHanko.
        parent: The field hangs below another one (``form.Signature1``).
        info: Also writes ``/Info`` with producer and date, as iText and Acrobat do.
        xmp: Also writes metadata.
        same_table: Lists all objects again in the new table.
        frees: Objects that the table lists as free.
        first: The new field stands first among the fields of the form.
        size_less: By how much ``/Size`` of the new table is too small.
        generation: Generation of the new appearance, whose number was never freed.
        over_stream: ``/Info`` gets the number of the reference stream before.
    """

    end: bytes = b"\n"
    merged: bool = True
    lower: bool = True
    reserved: int = 6000
    stream_table: bool = False
    container: Callable[[cms.ContentInfo], cms.ContentInfo] | None = None
    maker: str = "pyhanko"
    name: str = "Signature1"
    reason: str = "Setuju"
    subfilter: str = "ETSI.CAdES.detached"
    spaces: bool = False
    zeros: bool = False
    parent: bool = False
    info: bool = False
    same_table: bool = False
    frees: tuple[int, ...] = ()
    first: bool = False
    size_less: int = 0
    generation: int = 0
    over_stream: bool = False
    prop_build: bytes = b""
    who: str = "rsa"
    common: str = NAME


def by_hand(content: bytes, hand: Hand | None = None) -> bytes:
    """Append one signature revision, object by object."""
    hand = hand or Hand()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        highest = max(one.objgen[0] for one in pdf.objects if one is not None)
        size = max(int(pdf.trailer.Size), highest + 1)
        root, page = pdf.Root.objgen[0], pdf.pages[0].obj.objgen[0]
        catalog = _entries(pdf.Root, {"/AcroForm"})
        page_body = _entries(pdf.pages[0].obj, {"/Annots"})
        earlier = [one.objgen[0] for one in pdf.Root.get("/AcroForm", {}).get("/Fields", ())]
        notes = [one.objgen[0] for one in pdf.pages[0].obj.get("/Annots", ())]
        ids = pdf.trailer.get("/ID", None)
    field, widget, value, look, group = size, size + 1, size + 2, size + 3, size + 4
    box = b"[%d %d %d %d]" % BOX
    drawn = b"BT /F0 9 Tf 4 40 Td (Digitally signed by %s) Tj ET" % hand.common.encode()
    seen = b"/Type /Annot /Subtype /Widget /Rect %s /P %d 0 R /F 132 /AP << /N %d %d R >>" % (
        box, page, look, hand.generation,
    )  # fmt: skip
    own = b"/FT /Sig /T (%s) /V %d 0 R" % (hand.name.encode(), value)
    up = b" /Parent %d 0 R" % group if hand.parent else b""
    top = group if hand.parent else field
    shown = field if hand.merged else widget
    hole = b"<" + b"0" * (2 * hand.reserved) + b">"
    numbers = b"[0 %s]" % b" ".join([b"*" * 10] * 3)
    objects = {
        root: b"<< %s /AcroForm << /Fields [%s] /SigFlags 3 >> >>"
        % (catalog, _references([top, *earlier] if hand.first else [*earlier, top])),
        page: b"<< %s /Annots [%s] >>" % (page_body, _references([*notes, shown])),
        value: b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /%s /M (D:20231220100000+07'00')"
        b" /Reason (%s)%s /ByteRange %s /Contents %s >>"
        % (hand.subfilter.encode(), hand.reason.encode(), hand.prop_build, numbers, hole),
        look: b"<< /Type /XObject /Subtype /Form /BBox [0 0 200 60] /Resources << /Font << /F0 "
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> /Length %d >>%sstream\r\n%s"
        b"%sendstream" % (len(drawn), hand.end, drawn, hand.end),
    }
    if hand.merged:
        objects[field] = b"<< %s %s%s >>" % (own, seen, up)
    else:
        objects[field] = b"<< %s /Kids [%d 0 R]%s >>" % (own, widget, up)
        objects[widget] = b"<< %s /Parent %d 0 R >>" % (seen, field)
    if hand.parent:
        objects[group] = b"<< /T (form) /Kids [%d 0 R] >>" % field
    extra = b""
    if hand.info:
        objects[group + 1] = b"<< /Producer (Tanda Tangan 5.5.13) /ModDate (D:20231220100000Z) >>"
        extra += b" /Info %d 0 R" % (group + 1)
    if hand.over_stream:
        number = int(re.findall(rb"(\d+) 0 obj\s*<<[^>]*/Type /XRef", content)[-1])
        objects[number] = b"<< /Producer (Tanda Tangan 5.5.13) >>"
        extra += b" /Info %d 0 R" % number
    if ids is not None:
        first = bytes(ids[0]).hex().encode()
        changed = hashlib.sha256(content).hexdigest()[:32].encode()
        extra += b" /ID [<%s> <%s>]" % (first, changed)
    generations = {look: hand.generation}
    body = _appended(content, objects, root, hand, extra, generations)
    return _put_container(body, hole, numbers, hand)


def _entries(dictionary: Any, without: set[str]) -> bytes:
    return b" ".join(
        key.encode() + b" " + (
            b"%d 0 R" % one.objgen[0] if getattr(one, "is_indirect", False)
            else one.unparse(resolved=True) if hasattr(one, "unparse") else str(one).encode()
        )
        for key, one in ((key, dictionary[key]) for key in dictionary.keys())  # noqa: SIM118
        if key not in without
    )  # fmt: skip


def _references(numbers: list[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)


def _appended(
    content: bytes,
    objects: dict[int, bytes],
    root: int,
    hand: Hand,
    extra: bytes,
    generations: dict[int, int],
) -> bytes:
    end = hand.end
    out = bytearray(content)
    previous = int(re.findall(rb"startxref\s+(\d+)", content)[-1])
    places = {}
    for number, text in sorted(objects.items()):
        places[number] = len(out)
        generation = generations.get(number, 0)
        out += b"%d %d obj%s%s%sendobj%s" % (number, generation, end, text, end, end)
    size = max(places) + 1
    if hand.same_table:
        with pikepdf.open(io.BytesIO(content)):
            old = re.findall(rb"(?m)^(\d+) 0 obj", content)
        for number in map(int, old):
            place = re.search(rb"(?m)^%d 0 obj" % number, content)
            assert place
            places.setdefault(number, place.start())
    start = len(out)
    told = size - hand.size_less
    entries = b"/Size %d /Root %d 0 R /Prev %d%s" % (told, root, previous, extra)
    if hand.stream_table:
        places[size] = start
        entries = entries.replace(b"/Size %d" % told, b"/Size %d" % (told + 1))
        rows = b"".join(b"\x01" + place.to_bytes(4, "big") + bytes([generations.get(number, 0)])
                        for number, place in sorted(places.items()))  # fmt: skip
        index = b" ".join(b"%d 1" % number for number in sorted(places))
        out += b"%d 0 obj%s<< /Type /XRef /W [1 4 1] /Index [%s] /Length %d %s >>%sstream\r\n" % (
            size, end, index, len(rows), entries, end,
        )  # fmt: skip
        out += rows + end + b"endstream" + end + b"endobj" + end
    else:
        line = b"\r\n" if end == b"\r\n" else b" " + end
        out += b"xref" + end
        for number, place in sorted(places.items()):
            row = (number, end, place, generations.get(number, 0), line)
            out += b"%d 1%s%010d %05d n%s" % row
        for number in hand.frees:
            out += b"%d 1%s0000000000 00001 f%s" % (number, end, line)
        out += b"trailer" + end + b"<< " + entries + b" >>" + end
    out += b"startxref%s%d%s%%%%EOF%s" % (end, start, end, end)
    return bytes(out)


def _put_container(body: bytes, hole: bytes, numbers: bytes, hand: Hand) -> bytes:
    begin = body.rindex(hole)
    stop = begin + len(hole)
    values = (begin, stop, len(body) - stop)
    shown = b"[0 " + b" ".join(
        (b"%010d" if hand.spaces else b"%-10d") % one for one in values
    ) + b"]"  # fmt: skip
    if hand.spaces:
        form = b"[0000000 %07d %07d %07d]" if hand.zeros else b"[0 %d %d %d]"
        shown = (form % values).ljust(len(numbers))
    place = body.rindex(numbers)
    body = body[:place] + shown + body[place + len(numbers) :]
    signed_bytes = body[:begin] + body[stop:]
    info = _cms(signed_bytes, hand)
    if hand.container is not None:
        info = hand.container(info)
    text = info.dump().hex()
    text = (text if hand.lower else text.upper()).ljust(2 * hand.reserved, "0")
    return body[: begin + 1] + text.encode() + body[stop - 1 :]


def _cms(signed_bytes: bytes, hand: Hand) -> cms.ContentInfo:
    who = identity(hand.who, hand.common)
    if hand.maker == "openssl":
        made = (
            pkcs7.PKCS7SignatureBuilder()
            .set_data(signed_bytes)
            .add_signer(who.certificate, who.key, hashes.SHA256())
            .add_certificate(signed_files.world().root.certificate)
            .sign(
                Encoding.DER,
                [
                    pkcs7.PKCS7Options.DetachedSignature,
                    pkcs7.PKCS7Options.Binary,
                    pkcs7.PKCS7Options.NoCapabilities,
                ],
            )
        )
        return cms.ContentInfo.load(made)
    digest = hashlib.sha256(signed_bytes).digest()
    work = signed_files._signer(who).async_sign(
        digest,
        "sha256",
        use_pades=hand.subfilter.startswith("ETSI"),
        timestamper=signed_files.stamper_of(signed_files.world()),
    )
    return cms.ContentInfo.load(run_sync(work).dump())


def key_identifier(info: cms.ContentInfo) -> cms.ContentInfo:
    """Name the signer by key identifier: version 3 everywhere (RFC 5652, 5.3)."""
    signer = info["content"]["signer_infos"][0]
    own = signer["sid"].chosen["serial_number"].native
    certificate = next(one.chosen for one in info["content"]["certificates"]
                       if one.chosen.serial_number == own)  # fmt: skip
    signer["sid"] = cms.SignerIdentifier(
        "subject_key_identifier", certificate.key_identifier_value.native
    )
    signer["version"] = "v3"
    info["content"]["version"] = "v3"
    return cms.ContentInfo.load(info.dump())


def version_three(info: cms.ContentInfo) -> cms.ContentInfo:
    """The container says version 3 although 1 would do, as some programs always write."""
    info["content"]["version"] = "v3"
    return cms.ContentInfo.load(info.dump())


def more_unsigned(info: cms.ContentInfo) -> cms.ContentInfo:
    """An unsigned attribute of a private kind behind the timestamp."""
    signer = info["content"]["signer_infos"][0]
    old = list(signer["unsigned_attrs"])
    extra = cms.CMSAttribute({"type": "1.2.840.113549.1.9.16.2.99", "values": [core.Integer(5)]})
    signer["unsigned_attrs"] = cms.CMSAttributes([*old, extra])
    return cms.ContentInfo.load(info.dump())


def more_certificates(info: cms.ContentInfo) -> cms.ContentInfo:
    """A certificate of a third authority that nobody here knows."""
    foreign = asn1_x509.Certificate.load(signed_files.world("UJI lain").kepala.der)
    held = info["content"]["certificates"]
    held.append(cms.CertificateChoices("certificate", foreign))
    return cms.ContentInfo.load(info.dump())


SN = "DXCWSRL5JS0HJ15Z000459"
_ADAPTER = (
    b" /Prop_Build << /App << /Name /Signadapter /REx (2.0.16) >> >> /Name (e-meterai_signatures)"
)
HANDS: dict[str, Hand] = {
    "merged": Hand(),
    "widget as kid": Hand(merged=False),
    "below a parent field": Hand(parent=True),
    "kid below a parent field": Hand(parent=True, merged=False),
    "CRLF": Hand(end=b"\r\n"),
    "CR": Hand(end=b"\r"),
    "upper case": Hand(lower=False),
    "large container": Hand(reserved=15000),
    "reference stream": Hand(stream_table=True),
    "OpenSSL": Hand(maker="openssl", subfilter="adbe.pkcs7.detached"),
    "Acrobat's byte range": Hand(spaces=True, maker="openssl", subfilter="adbe.pkcs7.detached"),
    "zeros in front": Hand(spaces=True, zeros=True),
    "key identifier": Hand(container=key_identifier),
    "version 3": Hand(container=version_three),
    "more unsigned attributes": Hand(container=more_unsigned),
    "foreign certificate inside": Hand(container=more_certificates),
    "information dictionary": Hand(info=True, subfilter="adbe.pkcs7.detached"),
    "all objects listed again": Hand(same_table=True),
    "e-meterai, adapter 2.0.16": Hand(
        name=f"Emet{SN}", reason=f"[{SN}] Surat keterangan", prop_build=_ADAPTER, reserved=7500,
        common="Emeterai Development 2024",
    ),
    "e-meterai, iText 5 adapter": Hand(
        name="sig1703041200000", reason=f"[{SN}] Surat keterangan",
        subfilter="adbe.pkcs7.detached", common="Emeterai Development 2024",
    ),
}  # fmt: skip


def with_dss(content: bytes) -> bytes:
    """Validation material in a revision of its own."""
    from pyhanko.sign.validation.dss import DocumentSecurityStore

    target = io.BytesIO(content)
    DocumentSecurityStore.add_dss(
        target,
        sig_contents=None,
        certs=[signed_files._asn1(signed_files.world().root.certificate)],
        crls=[_crl()],
        validation_context=ValidationContext(
            trust_roots=[signed_files._asn1(signed_files.world().root.certificate)]
        ),
    )
    return target.getvalue()


def second_by_hand(name: str) -> bytes:
    """Two signatures by other programs, one after the other."""
    first = by_hand(base(), HANDS[name])
    return _second(first)


def cases() -> dict[str, Make]:
    """Return every honest file by name."""
    found: dict[str, Make] = {}
    for name, made in BASES.items():
        found[f"base {name}"] = lambda made=made: signed(made())
    for name, way in WAYS.items():
        found[f"way {name}"] = lambda way=way: signed(base(), way)
    for name, made in SEQUENCES.items():
        found[f"sequence {name}"] = made
    for name, hand in HANDS.items():
        found[f"hand {name}"] = lambda hand=hand: by_hand(base(), hand)
        found[f"hand {name}, DSS"] = lambda hand=hand: with_dss(by_hand(base(), hand))
        found[f"hand {name}, second signer"] = lambda name=name: second_by_hand(name)
    found["hand merged, hybrid base"] = lambda: by_hand(raw_base(b"\n", hybrid=True))
    return found
