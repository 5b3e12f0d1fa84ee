"""Checks of letters against the agreement that they are about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from pks_kit.domain.hari_libur import SUMBER, libur_tetap
from pks_kit.domain.kontrak import Kontrak
from pks_kit.domain.sifat_faskes import SIFAT
from pks_kit.domain.surat import (
    CatatanPks,
    DataSurat,
    GantiVendor,
    JawabanTeguran,
    PaktaIcare,
    PengajuanPerubahan,
    PengingatPengembalian,
    PersetujuanCaraKontrak,
    PerubahanData,
    SuratRegistrasi,
    Teguran,
)
from pks_kit.domain.tanggal import nama_hari, working_day_until
from pks_kit.rules.computed.deadlines import next_reprimand, period_end, vendor_notice_due
from pks_kit.rules.computed.perubahan import Perubahan
from pks_kit.rules.findings import Finding, blocking, manual, warning
from pks_kit.rules.law.parameters import ResolvedParameters

HEAD = "Tata naskah surat (susunan pks-kit)"
CONSENT = "Sosialisasi PKS FKTP 2024, alur kontrak digital"
_REGISTRATION = "Petunjuk teknis Registrasi Klinik, Kementerian Kesehatan"
_REQUEST = "Petunjuk teknis HFIS, perubahan data"
_HFIS = "Petunjuk teknis HFIS, perubahan dokumen dan tenaga medis"
_ANSWER = "Perjanjian, hak menjawab teguran"
_ICARE = "Sosialisasi PKS FKTP 2024, pakta integritas I-Care"
_MAXIMUM, _GAP = "sanksi.teguran_maksimum", "sanksi.jeda_teguran"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterScope:
    """What the checks of a letter look at.

    Attributes:
        kontrak: The agreement.
        sebelumnya: The agreement before a change; None when nobody asks.
        aturan: Parameters as of the start of the term.
        perubahan: What changed.
        blocked: How many blocking findings the contract data have.
    """

    kontrak: Kontrak
    sebelumnya: Kontrak | None
    aturan: ResolvedParameters
    perubahan: tuple[Perubahan, ...]
    blocked: int


def check_head(surat: DataSurat, scope: LetterScope) -> Iterator[Finding]:
    """Yield findings about what every letter has: its own number, its day, its copies."""
    parties = (scope.kontrak.pihak_kesatu.nomor_pks, scope.kontrak.pihak_kedua.nomor_pks)
    if surat.nomor.casefold() in {number.casefold() for number in parties}:
        yield blocking("letter.number_of_agreement", "nomor", HEAD, number=surat.nomor)
    for index, day in enumerate(surat.hari_libur):
        if day in surat.hari_libur[:index]:
            yield warning("letter.holiday_twice", f"hari_libur[{index}]", HEAD, day=day)


def _consent(surat: PersetujuanCaraKontrak, scope: LetterScope) -> Iterator[Finding]:
    if scope.kontrak.cara_kontrak == "manual":
        yield blocking("letter.method_without_consent", "perjanjian.berkas", CONSENT)
    for name, agreed in surat.setuju.model_dump().items():
        if not agreed:
            yield blocking("letter.point_not_agreed", f"setuju.{name}", CONSENT)
    signed = scope.kontrak.pihak_kesatu.tanggal_tanda_tangan
    if surat.tanggal > signed:
        yield blocking(
            "letter.consent_after_signing", "tanggal", CONSENT, given=surat.tanggal, signed=signed
        )


def _note(surat: CatatanPks, scope: LetterScope) -> Iterator[Finding]:
    if not surat.data_sudah_diperiksa:
        yield blocking("letter.not_checked", "data_sudah_diperiksa", CONSENT)
    if scope.blocked:
        yield blocking("letter.data_blocked", "perjanjian.berkas", CONSENT, count=scope.blocked)


def _reminder(surat: PengingatPengembalian, scope: LetterScope) -> Iterator[Finding]:
    if surat.batas_waktu is not None and surat.batas_waktu < surat.tanggal:
        yield blocking(
            "letter.deadline_before",
            "batas_waktu",
            HEAD,
            given=surat.batas_waktu,
            day=surat.tanggal,
        )
    elif surat.batas_waktu == surat.tanggal:
        yield warning(
            "letter.deadline_passed",
            "batas_waktu",
            HEAD,
            given=surat.batas_waktu,
            day=surat.tanggal,
        )
    if surat.batas_waktu is not None and working_day_until(surat.batas_waktu) != surat.batas_waktu:
        name = libur_tetap(surat.batas_waktu)
        yield warning(
            "letter.deadline_shut",
            "batas_waktu",
            SUMBER if name else HEAD,
            given=surat.batas_waktu,
            why=name or nama_hari(surat.batas_waktu),
            open=working_day_until(surat.batas_waktu),
        )
    if scope.kontrak.cara_kontrak == "elektronik":
        yield warning("letter.nothing_to_return", "perjanjian.berkas", HEAD)


def _request(surat: PengajuanPerubahan, scope: LetterScope) -> Iterator[Finding]:
    sifat = SIFAT[scope.kontrak.faskes.jenis]
    if surat.kategori == "berkas_poned" and not sifat.puskesmas:
        yield blocking("letter.poned_only_puskesmas", "kategori", _REQUEST)
    if surat.kategori == "bidan_jejaring" and surat.pengajuan_lain_menunggu:
        yield blocking("letter.change_pending", "pengajuan_lain_menunggu", _REQUEST)
    for index, one in enumerate(surat.perubahan):
        if one.semula == one.menjadi:
            yield blocking("letter.same_value", f"perubahan[{index}]", _REQUEST, field=one.isian)


def _changes(surat: PerubahanData, scope: LetterScope) -> Iterator[Finding]:
    earlier = scope.sebelumnya
    if earlier is not None and earlier.faskes.kode != scope.kontrak.faskes.kode:
        yield blocking(
            "letter.other_facility",
            "perjanjian.berkas",
            _HFIS,
            given=scope.kontrak.faskes.kode,
            earlier=earlier.faskes.kode,
        )
    elif not scope.perubahan:
        yield blocking("letter.nothing_changed", "perjanjian.berkas", _HFIS)
    term = scope.kontrak.jangka_waktu
    if not term.tanggal_mulai <= surat.tanggal_berlaku <= term.tanggal_selesai:
        yield warning(
            "letter.effect_outside_term",
            "tanggal_berlaku",
            _HFIS,
            given=surat.tanggal_berlaku,
            start=term.tanggal_mulai,
            end=term.tanggal_selesai,
        )


def _vendor(surat: GantiVendor, scope: LetterScope) -> Iterator[Finding]:
    due = vendor_notice_due(surat.tanggal_perubahan, scope.aturan)
    basis = due.dasar_hukum
    old = scope.kontrak.cons_id.vendor if scope.kontrak.cons_id else None
    new = surat.vendor_baru
    if old is None:
        yield blocking("letter.no_vendor", "perjanjian.berkas", basis)
    elif new is not None and new.nomor_kontrak.casefold() == old.nomor_kontrak.casefold():
        yield blocking("letter.vendor_unchanged", "vendor_baru.nomor_kontrak", basis)
    if new is not None and new.tanggal_selesai < new.tanggal_mulai:
        yield blocking("letter.end_before_start", "vendor_baru.tanggal_selesai", basis)
    if surat.tanggal > due.tanggal:
        yield warning("letter.notice_late", "tanggal", basis, given=surat.tanggal, due=due.tanggal)


def _reprimand(surat: Teguran, scope: LetterScope) -> Iterator[Finding]:
    maximum = scope.aturan.whole(_MAXIMUM)
    basis = scope.aturan.legal_basis(_MAXIMUM)
    earlier = [one.tanggal for one in surat.teguran_sebelumnya]
    if surat.ke > maximum:
        yield blocking("letter.reprimand_beyond", "ke", basis, given=surat.ke, maximum=maximum)
        return
    if len(earlier) != surat.ke - 1:
        yield blocking(
            "letter.reprimand_count",
            "teguran_sebelumnya",
            basis,
            given=len(earlier),
            wanted=surat.ke - 1,
        )
        return
    if earlier != sorted(earlier):
        yield blocking("letter.reprimand_order", "teguran_sebelumnya", basis)
        return
    fraud = "penyalahgunaan" in surat.alasan
    first = next_reprimand(earlier, scope.aturan, terindikasi_kecurangan=fraud)
    if first is not None and surat.tanggal < first.tanggal:
        yield blocking(
            "letter.reprimand_early",
            "tanggal",
            scope.aturan.legal_basis(_GAP),
            given=surat.tanggal,
            first=first.tanggal,
        )
    term = scope.kontrak.jangka_waktu
    yield from outside_term(surat.tanggal, term.tanggal_mulai, term.tanggal_selesai, basis)


def outside_term(given: date, start: date, end: date, basis: str) -> Iterator[Finding]:
    """Yield a warning for a letter of a day on which the agreement is not in force."""
    if not start <= given <= end:
        yield warning("letter.outside_term", "tanggal", basis, given=given, start=start, end=end)


def _answer(surat: JawabanTeguran, scope: LetterScope) -> Iterator[Finding]:
    name = "surat.tanggapan_teguran"
    due = period_end(surat.teguran.tanggal, name, scope.aturan, surat.hari_libur)
    if surat.tanggal < surat.teguran.tanggal:
        yield blocking(
            "letter.before_referred",
            "tanggal",
            _ANSWER,
            given=surat.tanggal,
            referred=surat.teguran.tanggal,
        )
    elif surat.tanggal > due.tanggal:
        yield warning(
            "letter.answer_late", "tanggal", due.dasar_hukum, given=surat.tanggal, due=due.tanggal
        )
    maximum = scope.aturan.whole(_MAXIMUM)
    if surat.ke > maximum:
        basis = scope.aturan.legal_basis(_MAXIMUM)
        yield blocking("letter.reprimand_beyond", "ke", basis, given=surat.ke, maximum=maximum)


def _icare(surat: PaktaIcare, scope: LetterScope) -> Iterator[Finding]:
    del scope  # the pact stands alone
    day = surat.tanggal_penerapan
    if surat.status == "diterapkan" and day is None:
        yield blocking("letter.day_missing", "tanggal_penerapan", _ICARE)
    elif surat.status == "diajukan" and day is not None:
        yield blocking("letter.day_not_wanted", "tanggal_penerapan", _ICARE)
    elif day is not None and day > surat.tanggal:
        yield blocking("letter.day_ahead", "tanggal_penerapan", _ICARE, given=day)


def _registration(surat: SuratRegistrasi, scope: LetterScope) -> Iterator[Finding]:
    del surat
    faskes = scope.kontrak.faskes
    if not faskes.jenis.startswith("klinik"):
        yield blocking("letter.not_a_clinic", "perjanjian.berkas", _REGISTRATION)
        return
    if faskes.kepemilikan is None:
        yield blocking("letter.no_ownership", "perjanjian.berkas", _REGISTRATION)
    if faskes.izin_operasional is None:
        yield blocking("letter.no_licence", "perjanjian.berkas", _REGISTRATION)
    kinds = {one.jenis for one in scope.kontrak.dokumen}
    if faskes.kepemilikan == "pma" and "bukti_pma" not in kinds:
        yield manual("letter.no_pma_proof", "perjanjian.berkas", _REGISTRATION)


OF_FACILITY: Mapping[type[DataSurat], Callable[[Any, LetterScope], Iterator[Finding]]] = (
    MappingProxyType(
        {
            CatatanPks: _note,
            GantiVendor: _vendor,
            JawabanTeguran: _answer,
            PaktaIcare: _icare,
            PengajuanPerubahan: _request,
            PengingatPengembalian: _reminder,
            PersetujuanCaraKontrak: _consent,
            PerubahanData: _changes,
            SuratRegistrasi: _registration,
            Teguran: _reprimand,
        }
    )
)
"""Checks of each model beside those of its head; papers about money and time stand in
``letter_results``."""
