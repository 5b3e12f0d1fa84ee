"""Checks of papers about money and time: recovery, results, check list; and all checks together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from pks_kit.domain.surat import (
    BeritaAcaraPemulihan,
    DaftarPeriksa,
    DataSurat,
    HasilAudit,
    HasilVerifikasi,
)
from pks_kit.rules.checks.letters import OF_FACILITY, LetterScope, check_head
from pks_kit.rules.computed.deadlines import loss_recovery_due, period_end
from pks_kit.rules.computed.letters import recovery
from pks_kit.rules.findings import Finding, blocking, gravest_first, warning

_RECOVERY = "Sosialisasi PKS FKTP 2024, Pasal 10"
_RESULT = "Sosialisasi PKS FKTP 2024, Pasal 9"
_STAGES = "Kajian prosedur kerja sama FKTP"


def _recovery(surat: BeritaAcaraPemulihan, scope: LetterScope) -> Iterator[Finding]:
    found = recovery(surat)
    if not found.kerugian:
        yield blocking("letter.no_loss", "kerugian", _RECOVERY)
    if found.dibayar != found.kerugian:
        yield blocking(
            "letter.sum_differs",
            "angsuran",
            _RECOVERY,
            given=found.dibayar,
            wanted=found.kerugian,
        )
    approved = surat.tidak_mampu.disetujui if surat.tidak_mampu else None
    due = loss_recovery_due(surat.tanggal, scope.aturan, disetujui_tidak_mampu=approved)
    days = [one.tanggal for one in surat.angsuran]
    end = scope.kontrak.jangka_waktu.tanggal_selesai
    for index, day in enumerate(days):
        path = f"angsuran[{index}].tanggal"
        if day < surat.tanggal or (index and day <= days[index - 1]):
            yield blocking("letter.instalment_order", path, _RECOVERY, given=day)
        if day > due.tanggal:
            yield blocking(
                "letter.instalment_late", path, due.dasar_hukum, given=day, due=due.tanggal
            )
        if surat.cara == "perjumpaan" and day > end:
            yield blocking("letter.set_off_after_term", path, _RECOVERY, given=day, end=end)
    if surat.cara == "setor" and surat.rekening_tujuan is None:
        yield blocking("letter.no_account", "rekening_tujuan", _RECOVERY)
    if surat.dokumen_dasar.tanggal > surat.tanggal:
        yield _later_than_letter("dokumen_dasar.tanggal", surat.dokumen_dasar.tanggal, _RECOVERY)


def _later_than_letter(path: str, day: object, basis: str) -> Finding:
    return blocking("letter.later_than_letter", path, basis, given=day)


def _verification(surat: HasilVerifikasi, scope: LetterScope) -> Iterator[Finding]:
    del scope
    if surat.bulan_pembebanan >= surat.tanggal.strftime("%Y-%m"):
        yield blocking(
            "letter.month_not_over", "bulan_pembebanan", _RESULT, month=surat.bulan_pembebanan
        )


def _audit(surat: HasilAudit, scope: LetterScope) -> Iterator[Finding]:
    del scope
    if surat.periode_selesai < surat.periode_mulai:
        yield blocking("letter.end_before_start", "periode_selesai", _RESULT)
    for path, day in (
        ("periode_selesai", surat.periode_selesai),
        ("laporan.tanggal", surat.laporan.tanggal),
    ):
        if day > surat.tanggal:
            yield _later_than_letter(path, day, _RESULT)


def _check_list(surat: DaftarPeriksa, scope: LetterScope) -> Iterator[Finding]:
    name = "surat.kerja_sama_baru"
    due = period_end(surat.tanggal_pengajuan, name, scope.aturan, surat.hari_libur)
    seen: set[str] = set()
    for index, one in enumerate(surat.tahap):
        if one.tahap in seen:
            yield blocking("letter.stage_twice", f"tahap[{index}].tahap", _STAGES)
        seen.add(one.tahap)
        path = f"tahap[{index}].tanggal"
        if one.tanggal is None:
            continue
        if one.tanggal < surat.tanggal_pengajuan:
            yield blocking("letter.stage_before_application", path, _STAGES, given=one.tanggal)
        elif one.tanggal > due.tanggal:
            yield warning(
                "letter.stage_late", path, due.dasar_hukum, given=one.tanggal, due=due.tanggal
            )


_OF_RESULTS: Mapping[type[DataSurat], Callable[[Any, LetterScope], Iterator[Finding]]] = (
    MappingProxyType(
        {
            BeritaAcaraPemulihan: _recovery,
            DaftarPeriksa: _check_list,
            HasilAudit: _audit,
            HasilVerifikasi: _verification,
        }
    )
)


def check_letter(surat: DataSurat, scope: LetterScope) -> tuple[Finding, ...]:
    """Return all findings about a letter, the gravest first; places are those of its file."""
    own = (OF_FACILITY.get(type(surat)) or _OF_RESULTS[type(surat)])(surat, scope)
    return gravest_first((*check_head(surat, scope), *own))
