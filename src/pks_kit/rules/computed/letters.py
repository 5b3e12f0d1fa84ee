"""Sums and rows that letters print: recoveries, results of verification and audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pks_kit.domain.surat import BeritaAcaraPemulihan, HasilAudit, HasilVerifikasi


@dataclass(frozen=True, slots=True, kw_only=True)
class BarisAngsuran:
    """One payment of a recovery, and what remains after it."""

    tanggal: date
    jumlah: int
    sisa: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pemulihan:
    """A loss and how it is restored."""

    kerugian: int
    dibayar: int
    baris: tuple[BarisAngsuran, ...]


def recovery(surat: BeritaAcaraPemulihan) -> Pemulihan:
    """Return the loss, what the instalments come to, and what remains after each."""
    total = sum(one.jumlah for one in surat.kerugian)
    rest, rows = total, []
    for one in surat.angsuran:
        rest -= one.jumlah
        rows.append(BarisAngsuran(tanggal=one.tanggal, jumlah=one.jumlah, sisa=rest))
    return Pemulihan(kerugian=total, dibayar=total - rest, baris=tuple(rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class SelisihLayanan:
    """What was paid for one service, what it should have been, and the difference."""

    layanan: str
    dibayar: int
    hasil: int
    kurang: int
    lebih: int
    catatan: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SelisihVerifikasi:
    """Differences of a verification; ``kurang`` is paid by BPJS, ``lebih`` comes back."""

    baris: tuple[SelisihLayanan, ...]
    dibayar: int
    hasil: int
    kurang: int
    lebih: int


def verification_differences(surat: HasilVerifikasi) -> SelisihVerifikasi:
    """Return the differences by service and their sums; what is owed and due is never set off."""
    rows = tuple(
        SelisihLayanan(
            layanan=one.layanan,
            dibayar=one.dibayar,
            hasil=one.hasil,
            kurang=max(0, one.hasil - one.dibayar),
            lebih=max(0, one.dibayar - one.hasil),
            catatan=one.catatan or "–",
        )
        for one in surat.baris
    )
    return SelisihVerifikasi(
        baris=rows,
        dibayar=sum(one.dibayar for one in rows),
        hasil=sum(one.hasil for one in rows),
        kurang=sum(one.kurang for one in rows),
        lebih=sum(one.lebih for one in rows),
    )


def audit_total(surat: HasilAudit) -> int:
    """Return what the findings of an audit come to."""
    return sum(one.jumlah for one in surat.temuan)
