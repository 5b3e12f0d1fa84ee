"""Sums and rows that letters print."""

from __future__ import annotations

from datetime import date

from pks_kit.domain.surat import BeritaAcaraPemulihan, HasilAudit, HasilVerifikasi
from pks_kit.domain.surat.dari_bpjs import Angsuran, BarisVerifikasi, Kerugian, Temuan
from pks_kit.rules.computed.letters import audit_total, recovery, verification_differences


def test_what_remains_after_each_instalment() -> None:
    surat = BeritaAcaraPemulihan.model_construct(
        kerugian=(Kerugian(uraian="a", jumlah=700), Kerugian(uraian="b", jumlah=300)),
        angsuran=(
            Angsuran(tanggal=date(2024, 2, 1), jumlah=400),
            Angsuran(tanggal=date(2024, 3, 1), jumlah=500),
        ),
    )
    found = recovery(surat)
    assert (found.kerugian, found.dibayar) == (1000, 900)
    assert [one.sisa for one in found.baris] == [600, 100]


def test_what_is_owed_and_what_comes_back_are_not_set_off() -> None:
    rows = (("x", 100, 130), ("y", 200, 150), ("z", 50, 50))
    surat = HasilVerifikasi.model_construct(
        baris=tuple(BarisVerifikasi(layanan=n, dibayar=paid, hasil=due) for n, paid, due in rows)
    )
    found = verification_differences(surat)
    assert (found.dibayar, found.hasil, found.kurang, found.lebih) == (350, 330, 30, 50)
    assert [(one.kurang, one.lebih) for one in found.baris] == [(30, 0), (0, 50), (0, 0)]


def test_findings_add_up() -> None:
    temuan = (Temuan(uraian="a", jumlah=3), Temuan(uraian="b", jumlah=4))
    assert audit_total(HasilAudit.model_construct(temuan=temuan)) == 7
