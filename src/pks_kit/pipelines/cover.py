"""Covering instructions for an agreement that ends on paper (kontrak digital and manual).

A PDF and its receipt in, the instructions out: what to print, where to sign, stick and stamp, by
when to upload and deliver. The agreement itself is read and never changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib.metadata import version
from io import BytesIO
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from pks_kit.domain.edition import OLD_LAYOUT
from pks_kit.domain.receipt import Receipt
from pks_kit.domain.rupiah import rupiah_terbilang
from pks_kit.domain.tanggal import WIB, format_pukul, format_tanggal, nama_hari
from pks_kit.domain.terbilang import bilangan
from pks_kit.errors import SigningError, UsageError
from pks_kit.files import NamedFile
from pks_kit.limits import PDF_BYTES
from pks_kit.pipelines.inside.looks import LooksInside
from pks_kit.pipelines.requests.background import in_background
from pks_kit.pipelines.requests.checked import Request, verb
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
        pdf: The agreement: signed and stamped by PIHAK KESATU (digital) or as issued (manual).
        batas_waktu: Last day for upload and delivery.
        receipt: Receipt with the hash of the issued file; None looks beside the PDF, which must
            then be a path.
        sertakan: Append the pages of the agreement, to be printed as one file.
        progress: Called with the message code of each step before it starts.
    """

    pdf: FileInput
    batas_waktu: date
    receipt: ReceiptInput | None = None
    sertakan: bool = False
    progress: Callable[[str], None] = field(default=lambda _step: None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverResult:
    """What was made.

    Attributes:
        agreement_id: Id of the agreement.
        file: The covering instructions as PDF.
        pages: Pages of the instructions.
        agreement_pages: Pages of the agreement that are printed.
        places: Places for the pen on one set.
        meterai: Adhesive meterai on one set.
        is_uji: Whether something in the agreement was made with sandbox keys.
        sertakan: Whether the pages of the agreement follow.
        notes: What the machine lacked that should hold while files from outside are opened.
    """

    agreement_id: str
    file: Annotated[NamedFile, Field(alias="output")]
    pages: int
    agreement_pages: int
    places: int
    meterai: int
    is_uji: Annotated[bool, Field(alias="test")]
    sertakan: Annotated[bool, Field(alias="print_copy")]
    notes: tuple[Note, ...] = ()


@verb
def cover(request: CoverRequest) -> CoverResult:
    """Make the covering instructions of one agreement.

    Raises:
        UsageError: ``cover.electronic`` for kontrak elektronik, which needs no paper;
            ``cover.deadline_passed``; ``request.type``.
        InputError: A file is missing, too large or malformed.
        SigningError: ``cover.not_ready`` while PIHAK KESATU has not signed and stamped, or the
            file is not the issued agreement with sound signatures.
        RenderError: The pages could not be made.
    """
    from pks_kit.render import cover as pages

    request.progress("cover.step.check")
    read = read_file(request.pdf, PDF_BYTES, "pdf")
    content = read.content
    looks = LooksInside()
    receipt = find_receipt(request.pdf, request.receipt, read, looks)
    berkas = f"{receipt.slug}.pdf" if isinstance(request.pdf, bytes) else read.name
    profile = load_profile(signing_root(), receipt.profile)
    if profile.cara_kontrak == "elektronik":
        raise UsageError("cover.electronic")
    state = read_state(content, receipt, profile, looks=looks)
    _check_state(state, profile, request.batas_waktu)
    request.progress("cover.step.pages")
    cara_kontrak = profile.cara_kontrak
    asked = pages.WhatPagesSay(places=pages.places_of_pen(receipt, cara_kontrak))
    say = looks.ask(asked, content)
    places = pages.pen_places(say, receipt, cara_kontrak)
    body = pages.render_cover(
        pages.CoverContent(
            values=_values(request, state, places, profile, say.title)
            | {"berkas": berkas, "cetak_lama": receipt.printed_layout == OLD_LAYOUT},
            places=places,
            agreement=content,
            cara_kontrak=cara_kontrak,
            layout=receipt.printed_layout,
            looks=looks,
        )
    )
    print_copy = pages.PrintCopy(
        title=pages.title_of(say.title, with_agreement=request.sertakan),
        moment=_last_time(state) or datetime.strptime(say.made, "%Y%m%d").replace(tzinfo=UTC),
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
        is_uji=any(seen.is_uji for seen in state.signatures),
        sertakan=request.sertakan,
        notes=looks.notes,
    )


cover_async = in_background(cover)


def _check_state(state: AgreementState, profile: SigningProfile, batas_waktu: date) -> None:
    waiting = next_steps(profile, state.filled)
    if waiting:
        raise SigningError("cover.not_ready", steps=", ".join(step.kode for step in waiting))
    signed = _last_time(state)
    if signed is not None and batas_waktu < signed.astimezone(WIB).date():
        raise UsageError("cover.deadline_passed", deadline=batas_waktu, signed=signed.date())


def _last_time(state: AgreementState) -> datetime | None:
    times = [seen.time for seen in state.signatures if seen.time is not None]
    return max(times) if times else None


def _values(
    request: CoverRequest,
    state: AgreementState,
    places: tuple[PenPlace, ...],
    profile: SigningProfile,
    title: str,
) -> dict[str, Any]:
    from pks_kit.render.cover.document import page_list

    receipt = state.receipt
    rules = load_parameters().resolve_all(receipt.as_of)
    by_role = {
        role: page_list(place.page for place in places if place.peran == role)
        for role in ("jejaring", "pengguna")
    }
    shared = {place.page for place in places if place.peran in by_role}
    ending = {place.page for place in places if place.kode in ("pihak_kesatu", "pihak_kedua")}
    batas = request.batas_waktu
    return _identity(receipt, title) | {
        "digital": profile.cara_kontrak == "digital",
        "uji": any(seen.is_uji for seen in state.signatures),
        "sertakan": request.sertakan,
        "tindakan": _acts(state),
        "batas": f"{nama_hari(batas)}, {format_tanggal(batas)}",
        "serah": bilangan(rules.whole("perjanjian.naskah_cetak_diserahkan")),
        "rangkap": bilangan(rules.whole("perjanjian.rangkap")),
        "meterai": rupiah_terbilang(rules.whole("perjanjian.meterai_tempel")),
        "jumlah_tanda": len(places),
        "jumlah_meterai": sum(place.meterai for place in places),
        "jumlah_stempel": sum(place.stempel for place in places),
        "jejaring": by_role["jejaring"],
        "pengguna": by_role["pengguna"],
        "pernyataan": page_list({place.page for place in places} - shared - ending),
    }


def _identity(receipt: Receipt, title: str) -> dict[str, Any]:
    return {
        "judul": title,
        "sebutan": "Addendum" if receipt.induk else "Perjanjian",
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
        local = seen.time.astimezone(WIB)
        acts.append(
            {
                "apa": "Meterai elektronik"
                if seen.kind == "meterai"
                else "Tanda tangan elektronik",
                "oleh": seen.signer,
                "waktu": f"{format_tanggal(local.date())} pukul {format_pukul(local.time())} WIB",
                "sn": seen.sn or "",
            }
        )
    return acts


def _page_count(content: bytes) -> int:
    import pikepdf

    with pikepdf.open(BytesIO(content)) as pdf:
        return len(pdf.pages)
