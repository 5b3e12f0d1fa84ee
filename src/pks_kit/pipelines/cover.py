"""Covering instructions for the facility, for every contract method.

A PDF and its receipt in, the instructions out. For an agreement that ends on paper (kontrak
digital and manual): what to print, where to sign, stick and stamp, by when to upload and deliver.
For kontrak elektronik: who signs where and in which order in the file, and what must never be
done to it. The agreement itself is read and never changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from importlib.metadata import version
from io import BytesIO
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from pks_kit.domain.edition import OLD_LAYOUT
from pks_kit.domain.receipt import Receipt
from pks_kit.domain.rupiah import format_rupiah, rupiah_terbilang
from pks_kit.domain.tanda_tangan import PIHAK_TAMPIL
from pks_kit.domain.tanggal import WIB, format_saat, format_tanggal, nama_hari, refuse_past
from pks_kit.domain.terbilang import bilangan, kelompok_ribuan
from pks_kit.errors import SigningError, UsageError
from pks_kit.files import NamedFile
from pks_kit.limits import PDF_BYTES
from pks_kit.pipelines.covering import last_day, name_to_send, word_for
from pks_kit.pipelines.inside.contract_data import requirements_before
from pks_kit.pipelines.inside.looks import LooksInside
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
from pks_kit.pipelines.requests.clock import Clock, moment, system_clock
from pks_kit.pipelines.requests.given import FileInput, ReceiptInput, read_file
from pks_kit.pipelines.sign import find_receipt
from pks_kit.policy.signing_profile import SigningProfile, load_profile, next_steps
from pks_kit.resources import signing_root
from pks_kit.rules.law.parameters import load_parameters
from pks_kit.signing.step.state import AgreementState, read_state
from pks_kit.verification.report.verdict import Note

if TYPE_CHECKING:
    from pks_kit.render.cover import PenPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverRequest(Request):
    """What to write a cover for.

    Attributes:
        pdf: The agreement: signed and stamped by PIHAK KESATU (digital), as issued (manual), or
            at any step (elektronik).
        batas_waktu: Last day for upload and delivery, or for the last electronic step.
        receipt: Receipt with the hash of the issued file; None looks beside the PDF, which must
            then be a path.
        sertakan: Append the pages of the agreement, to be printed as one file.
        progress: Called with the message code of each step before it starts.
        clock: The present day, before which no last day is told while the agreement is in force.
    """

    pdf: FileInput
    batas_waktu: date
    receipt: ReceiptInput | None = None
    sertakan: bool = False
    progress: Callable[[str], None] = field(default=lambda _step: None)
    clock: Clock = system_clock


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverResult:
    """What was made.

    Attributes:
        agreement_id: Id of the agreement.
        file: The covering instructions as PDF.
        pages: Pages of the instructions.
        agreement_pages: Pages of the agreement.
        places: Places for the pen on one set; in kontrak elektronik places to be signed.
        meterai: Adhesive meterai on one set; in kontrak elektronik e-meterai.
        batas_waktu: The last day that the instructions tell.
        is_uji: Whether something in the agreement was made with sandbox keys.
        electronic: Whether the places are signed in the file and not on paper.
        sertakan: Whether the pages of the agreement follow.
        notes: Why the deadline or the name of the file differs from what was given, and what the
            machine lacked that should hold while files from outside are opened.
    """

    agreement_id: str
    file: Annotated[NamedFile, Field(alias="output")]
    pages: int
    agreement_pages: int
    places: int
    meterai: int
    batas_waktu: Annotated[date, Field(alias="deadline")]
    is_uji: Annotated[bool, Field(alias="test")]
    electronic: bool
    sertakan: Annotated[bool, Field(alias="print_copy")]
    notes: tuple[Note, ...] = ()


@verb
def cover(request: CoverRequest) -> CoverResult:
    """Make the covering instructions of one agreement.

    Raises:
        UsageError: ``cover.electronic`` for a print copy of kontrak elektronik;
            ``cover.deadline_passed``, ``cover.deadline_after_term``; ``value.deadline_over``: the
            day has passed, and the term has not; ``request.type``.
        InputError: A file is missing, too large or malformed.
        SigningError: ``cover.not_ready`` for paper while PIHAK KESATU has not signed and stamped,
            or the file is not the issued agreement with sound signatures.
        RenderError: The pages could not be made.
    """
    from pks_kit.render import cover as pages

    request.progress("cover.step.check")
    read = read_file(request.pdf, PDF_BYTES, "pdf")
    content = read.content
    looks = LooksInside()
    receipt = find_receipt(request.pdf, request.receipt, read, looks)
    today = moment(request.clock).astimezone(WIB).date()
    if today <= receipt.tanggal_selesai:  # of one that has ended every day has passed
        refuse_past(request.batas_waktu, today)
    profile = load_profile(signing_root(), receipt.profile)
    cara_kontrak = profile.cara_kontrak
    if cara_kontrak == "elektronik" and request.sertakan:
        raise UsageError("cover.electronic")
    state = read_state(content, receipt, profile, looks=looks)
    lacking = requirements_before(content, receipt, looks, state.filled)
    waiting = next_steps(profile, state.filled)
    if waiting and cara_kontrak != "elektronik":
        raise SigningError("cover.not_ready", steps=", ".join(step.kode for step in waiting))
    signed = _last_time(state)
    day = signed.astimezone(WIB).date() if signed is not None else None
    batas, moved = last_day(request.batas_waktu, receipt, day)
    given = f"{receipt.slug}.pdf" if isinstance(request.pdf, bytes) else read.name
    berkas, renamed = name_to_send(given, receipt)
    request.progress("cover.step.pages")
    asked = pages.WhatPagesSay(places=pages.places_of_pen(receipt, cara_kontrak))
    say = looks.ask(asked, content)
    places = pages.pen_places(say, receipt, cara_kontrak)
    body = pages.render_cover(
        pages.CoverContent(
            values=_identity(receipt, say.title)
            | _values(state, places, profile)
            | {
                "batas": f"{nama_hari(batas)}, {format_tanggal(batas)}",
                "berkas": berkas,
                "cetak_lama": receipt.printed_layout == OLD_LAYOUT,
                "kontak": asdict(say.contact) if say.contact else {},
                "sertakan": request.sertakan,
            },
            places=places,
            agreement=content,
            cara_kontrak=cara_kontrak,
            layout=receipt.printed_layout,
            looks=looks,
        )
    )
    print_copy = pages.PrintCopy(
        title=pages.title_of(say.title, with_agreement=request.sertakan),
        moment=signed or datetime.strptime(say.made, "%Y%m%d").replace(tzinfo=UTC),
        producer=f"pks-kit {version('pks-kit')}",
    )
    # our own pages alone need no guard; those of the agreement are joined where they are opened
    written = (
        looks.ask(print_copy, body, content) if request.sertakan else print_copy.answer((body,))
    ).content
    return CoverResult(
        agreement_id=receipt.agreement_id,
        file=NamedFile(f"{receipt.slug}-pengantar.pdf", written),
        pages=_page_count(body),
        agreement_pages=receipt.pages,
        places=len(places),
        meterai=sum(place.meterai for place in places),
        batas_waktu=batas,
        is_uji=any(seen.is_uji for seen in state.signatures),
        electronic=cara_kontrak == "elektronik",
        sertakan=request.sertakan,
        notes=(*lacking, *moved, *renamed, *looks.notes),
    )


cover_async = in_background(cover)


def _last_time(state: AgreementState) -> datetime | None:
    times = [seen.time for seen in state.signatures if seen.time is not None]
    return max(times) if times else None


def _values(
    state: AgreementState, places: tuple[PenPlace, ...], profile: SigningProfile
) -> dict[str, Any]:
    from pks_kit.domain.page_list import page_list

    receipt = state.receipt
    rules = load_parameters().resolve_all(receipt.as_of)
    by_role = {
        role: page_list(place.page for place in places if place.peran == role)
        for role in ("jejaring", "pengguna")
    }
    shared = {place.page for place in places if place.peran in by_role}
    ending = {place.page for place in places if place.kode in ("pihak_kesatu", "pihak_kedua")}
    sets, price = rules.whole("perjanjian.rangkap"), rules.whole("perjanjian.meterai_tempel")
    meterai = sum(place.meterai for place in places)
    own = sum(place.meterai for place in places if place.peran == "pihak_kesatu")
    hands = 1 if profile.cara_kontrak == "digital" else 2
    return {
        "digital": profile.cara_kontrak == "digital",
        "uji": any(seen.is_uji for seen in state.signatures),
        "tindakan": _acts(state),
        "serah": bilangan(rules.whole("perjanjian.naskah_cetak_diserahkan")),
        "sesi_hfis": rules.whole("hfis.sesi_tanpa_kegiatan"),
        "rangkap": bilangan(sets),
        "meterai": rupiah_terbilang(price),
        "jumlah_tanda": len(places),
        "jumlah_meterai": meterai,
        "semua_meterai": meterai * sets,
        "harga_meterai": format_rupiah(meterai * sets * price),
        "meterai_kesatu": own * sets,
        "meterai_kedua": meterai - own,
        "harga_elektronik": format_rupiah((meterai - own) * price),
        "semua_paraf": kelompok_ribuan(receipt.pages * sets * hands),
        "jumlah_stempel": sum(place.stempel for place in places),
        "jejaring": by_role["jejaring"],
        "pengguna": by_role["pengguna"],
        "pernyataan": page_list({place.page for place in places} - shared - ending),
        "nomor_kedua_tempat": next(
            (place.number for place in places if place.kode == "pihak_kedua"), 0
        ),
        "nama_pindai": f"{receipt.slug}-pindaian.pdf",
        "nama_kembali": f"{receipt.slug}-ditandatangani.pdf",
        "terisi": list(state.filled),
        "langkah": [
            {
                "apa": step.jenis,
                "pihak": PIHAK_TAMPIL[step.peran],
                "sudah": step.tempat in state.filled,
            }
            for step in profile.langkah
        ],
        "setelah_kesatu": bool(profile.tambahan and profile.tambahan.setelah),
    }


def _identity(receipt: Receipt, title: str) -> dict[str, Any]:
    return {
        "judul": title,
        "sebutan": word_for(receipt, title),
        "nomor_kesatu": receipt.nomor_kesatu,
        "nomor_kedua": receipt.nomor_kedua,
        "nama_kesatu": receipt.nama_kesatu,
        "nama_kedua": receipt.nama_kedua,
        "mulai": format_tanggal(receipt.tanggal_mulai),
        "selesai": format_tanggal(receipt.tanggal_selesai),
        "halaman": receipt.pages,
        "agreement_id": receipt.agreement_id,
        "sha256": receipt.issued.sha256 if receipt.issued else "",
    }


def _acts(state: AgreementState) -> list[dict[str, str]]:
    """Return what was done to the file so far, in words."""
    acts = []
    for seen in state.signatures:
        if seen.place is None or seen.time is None:
            continue
        day, clock = format_saat(seen.time)
        acts.append(
            {
                "apa": "Meterai elektronik"
                if seen.kind == "meterai"
                else "Tanda tangan elektronik",
                "oleh": seen.signer,
                "waktu": f"{day} pukul {clock}",
                "sn": seen.sn or "",
            }
        )
    return acts


def _page_count(content: bytes) -> int:
    import pikepdf

    with pikepdf.open(BytesIO(content)) as pdf:
        return len(pdf.pages)
