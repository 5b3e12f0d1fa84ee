"""A small agreement ready to be signed: pages, empty signature fields, receipt (tests only)."""

from __future__ import annotations

import asyncio
import hashlib
import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from pks_kit.domain.receipt import (
    RECEIPT_ATTACHMENT,
    IssuedFile,
    Receipt,
    RecordedPlace,
    TemplateIdentity,
)
from pks_kit.policy.signing_profile import load_profile
from pks_kit.resources import signing_root
from pks_kit.signing.ports import MeteraiOrder, SignerSource, StampJob, TimeStamperSource
from pks_kit.signing.sandbox.authority import Sandbox, SandboxTimestamps, create_sandbox
from pks_kit.signing.sandbox.meterai import SandboxMeterai
from pks_kit.signing.step.check_result import StepChecked, check_result
from pks_kit.signing.step.plan import Wanted, check_not_mixed, check_person, plan_step
from pks_kit.signing.step.sign_field import FieldJob, sign_field, software
from pks_kit.signing.step.state import read_state

NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
"""Start of the story; close to the present, because other tools validate at their own clock."""
PASSPHRASE = b"kata-sandi-uji-7731"
KEPALA_CABANG = "Ratna Widyaningrum"
PIMPINAN = "Bayu Prasetyo Nugroho"
BIDAN = "Sri Wahyuni Lestari"
SLUG = "pks-99990001-contoh"
A4 = (595.28, 841.89)

PLACES = (
    RecordedPlace(
        name="TTD_PIHAK_KESATU", kode="pihak_kesatu", peran="pihak_kesatu", kind="tanda_tangan",
        page=2, rect=(70, 420, 250, 500), nama=f"{KEPALA_CABANG}, S.E., M.Kes.",
        jabatan="Kepala Cabang",
    ),
    RecordedPlace(
        name="METERAI_PIHAK_KESATU", kode="pihak_kesatu", peran="pihak_kesatu", kind="meterai",
        page=2, rect=(255, 420, 325, 490), nama=f"{KEPALA_CABANG}, S.E., M.Kes.",
        jabatan="Kepala Cabang",
    ),
    RecordedPlace(
        name="TTD_PIHAK_KEDUA", kode="pihak_kedua", peran="pihak_kedua", kind="tanda_tangan",
        page=2, rect=(340, 420, 480, 500), nama=f"dr. {PIMPINAN}", jabatan="Penanggung Jawab",
    ),
    RecordedPlace(
        name="METERAI_PIHAK_KEDUA", kode="pihak_kedua", peran="pihak_kedua", kind="meterai",
        page=2, rect=(485, 420, 555, 490), nama=f"dr. {PIMPINAN}", jabatan="Penanggung Jawab",
    ),
    RecordedPlace(
        name="TTD_JEJARING_1", kode="jejaring_1", peran="jejaring", kind="tanda_tangan",
        page=3, rect=(70, 300, 250, 380), nama=f"{BIDAN}, A.Md.Keb.", jabatan="Bidan",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """An issued agreement.

    Attributes:
        pdf: Its bytes.
        receipt: Its receipt, with ``issued``.
        path: The PDF file; ``<slug>.receipt.json`` lies beside it.
    """

    pdf: bytes
    receipt: Receipt
    path: Path

    @property
    def receipt_path(self) -> Path:
        return self.path.with_name(f"{self.receipt.slug}.receipt.json")


def make_issued(
    folder: Path,
    *,
    places: tuple[RecordedPlace, ...] = PLACES,
    profile: str = "elektronik",
    areas: frozenset[str] = frozenset(),
) -> Issued:
    """Write ``<slug>.pdf`` and ``<slug>.receipt.json`` into a folder; same call, same bytes.

    ``areas`` are names of places without a prepared field: a service makes its own there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    bare = _receipt(places, profile)
    pdf = build_pdf(bare, areas)
    receipt = bare.model_copy(
        update={
            "issued": IssuedFile(
                file=f"{SLUG}.pdf", sha256=hashlib.sha256(pdf).hexdigest(), size=len(pdf)
            )
        }
    )
    path = folder / f"{SLUG}.pdf"
    path.write_bytes(pdf)
    issued = Issued(pdf=pdf, receipt=receipt, path=path)
    issued.receipt_path.write_bytes(receipt.to_json())
    return issued


def make_sandbox(now: datetime = NOW) -> Sandbox:
    """Return a sandbox with the people of the sample agreement."""
    people = {"pihak_kesatu": KEPALA_CABANG, "pihak_kedua": PIMPINAN, "jejaring_1": BIDAN}
    return create_sandbox(now, people)


def sandbox_timestamps(sandbox: Sandbox, now: datetime = NOW) -> SandboxTimestamps:
    """Return the sandbox authority with a stopped clock."""
    return SandboxTimestamps(key=sandbox.tsa, clock=lambda: now)


def build_pdf(receipt: Receipt, areas: frozenset[str] = frozenset()) -> bytes:
    """Return a PDF 1.7 of three pages with the fields and the embedded receipt."""
    pdf = pikepdf.new()
    pdf.docinfo["/Title"] = "Perjanjian contoh"
    fields = Array()
    for number in range(1, receipt.pages + 1):
        page = pdf.add_blank_page(page_size=A4)
        page.Resources = Dictionary(
            Font=Dictionary(
                F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
            )
        )
        text = f"BT /F1 12 Tf 70 760 Td (Halaman {number} dari perjanjian contoh) Tj ET"
        page.Contents = pdf.make_stream(text.encode())
        page.Annots = pdf.make_indirect(Array())
        for place in receipt.places:
            if place.page == number and place.kind == "tanda_tangan" and place.name not in areas:
                widget = pdf.make_indirect(_widget(pdf, place, page))
                page.Annots.append(widget)
                fields.append(widget)
    pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=fields, SigFlags=0))
    pdf.attachments[RECEIPT_ATTACHMENT] = pikepdf.AttachedFileSpec(
        pdf,
        receipt.without_issued().to_json(),
        filename=RECEIPT_ATTACHMENT,
        mime_type="application/json",
        creation_date="D:20261121000000Z",
        mod_date="D:20261121000000Z",
    )
    out = BytesIO()
    pdf.save(out, min_version="1.7", deterministic_id=True)
    return out.getvalue()


def _widget(pdf: pikepdf.Pdf, place: RecordedPlace, page: pikepdf.Page) -> Dictionary:
    x1, y1, x2, y2 = place.rect
    blank = pdf.make_stream(
        b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, x2 - x1, y2 - y1])
    )
    return Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Sig,
        T=String(place.name),
        Rect=Array([x1, y1, x2, y2]),
        F=4,
        P=page.obj,
        AP=Dictionary(N=blank),
    )


def _receipt(places: tuple[RecordedPlace, ...], profile: str) -> Receipt:
    return Receipt(
        format="pks-kit-receipt/1",
        agreement_id="ABCDEFGHJKMNPQRSTVWXYZ0123",
        slug=SLUG,
        nomor_kesatu="1234/KTR/IX-01/1126",
        nomor_kedua="045/PKS/KPS/XI/2026",
        nama_kesatu="BPJS Kesehatan Cabang Contoh",
        nama_kedua="Klinik Pratama Contoh",
        tanggal_mulai=date(2027, 1, 1),
        tanggal_selesai=date(2027, 12, 31),
        as_of=date(2027, 1, 1),
        template=TemplateIdentity(versi="pks_2024", sha256="a" * 64),
        parameters_sha256="b" * 64,
        input_sha256="c" * 64,
        profile=profile,
        pages=3,
        places=places,
        versions={"pks-kit": "0.1.0"},
    )


def later(minutes: int) -> datetime:
    """Return a time some minutes after ``NOW``."""
    return NOW + timedelta(minutes=minutes)


# --- steps without the pipeline ---------------------------------------------------------------


def picture(width: float = 180, height: float = 80) -> bytes:
    """Return a one-page PDF: a pale box with a frame."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(width, height))
    page.Contents = pdf.make_stream(
        f"0.9 0.95 1 rg 0 0 {width} {height} re f "
        f"0 0 0.6 RG 2 w 1 1 {width - 2} {height - 2} re S".encode()
    )
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


async def sign_once(
    pdf: bytes,
    receipt: Receipt,
    sandbox: Sandbox,
    kode: str,
    *,
    now: datetime = NOW,
    source: SignerSource | None = None,
    timestamps: TimeStamperSource | None = None,
) -> StepChecked:
    """Sign the place ``TTD_<KODE>`` with every check before and after."""
    profile = load_profile(signing_root(), receipt.profile)
    state = read_state(pdf, receipt, profile)
    planned = plan_step(state, profile, Wanted(jenis="tanda_tangan", tempat=f"TTD_{kode.upper()}"))
    stamper = timestamps or sandbox_timestamps(sandbox, now)
    identity = await (source or sandbox.signers[kode]).identity(now)
    check_person(identity.name, planned.place, None)
    check_not_mixed(state, is_uji=identity.is_uji, timestamps_are_uji=stamper.is_uji)
    job = FieldJob(
        field=planned.place.name,
        new_box=None,
        picture=picture(),
        name=identity.name,
        reason="Menandatangani perjanjian contoh",
        location="Kota Contoh",
        now=now,
        software=software("pks-kit"),
    )
    after = await sign_field(pdf, job, identity.signer, stamper)
    return check_result(pdf, after, state, planned, profile, now)


async def stamp_once(
    pdf: bytes, receipt: Receipt, sandbox: Sandbox, kode: str, *, now: datetime = NOW
) -> StepChecked:
    """Stamp the place ``METERAI_<KODE>`` with every check before and after."""
    profile = load_profile(signing_root(), receipt.profile)
    state = read_state(pdf, receipt, profile)
    planned = plan_step(state, profile, Wanted(jenis="meterai", tempat=f"METERAI_{kode.upper()}"))
    provider = SandboxMeterai(
        key=sandbox.meterai,
        timestamps=sandbox_timestamps(sandbox, now),
        random_bytes=random.Random(f"{kode}{now}").randbytes,  # noqa: S311 repeatable on purpose
    )
    order = MeteraiOrder(
        key=f"UJI-{kode.replace(chr(95), chr(45))}",
        document_sha256=hashlib.sha256(pdf).hexdigest(),
        document_name=f"{SLUG}.pdf",
        document_number=receipt.nomor_kesatu,
        document_date=receipt.tanggal_mulai,
        peran=planned.place.peran,
        payer=receipt.nama_kesatu,
    )
    meterai = await provider.issue(order)
    job = StampJob(
        pdf=pdf, meterai=meterai, box=planned.box, alasan="Perjanjian contoh", lokasi="", now=now
    )
    return check_result(pdf, await provider.stamp(job), state, planned, profile, now)


def signed_by_both(issued: Issued, sandbox: Sandbox) -> tuple[bytes, ...]:
    """Return the file after each of the four steps of the profile ``elektronik``."""

    async def run() -> tuple[bytes, ...]:
        done = [issued.pdf]
        for minute, kode in ((0, "pihak_kesatu"), (10, "pihak_kedua")):
            for offset, act in ((0, sign_once), (2, stamp_once)):
                now = later(minute + offset)
                step = await act(done[-1], issued.receipt, sandbox, kode, now=now)
                done.append(step.pdf)
        return tuple(done[1:])

    return asyncio.run(run())
