"""The data of letters that go with an agreement: consent, notices, reprimands, minutes, results.

Read ``dasar`` first: what every letter needs; then ``dari_faskes`` (letters of PIHAK KEDUA) and
``dari_bpjs`` (letters of PIHAK KESATU and papers of both). A manifest below ``templates/surat``
names one of the models of ``MODEL_SURAT`` for its kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pks_kit.domain.surat.dari_bpjs import (
    BeritaAcaraPemulihan,
    DaftarPeriksa,
    HasilAudit,
    HasilVerifikasi,
    PengingatPengembalian,
    Teguran,
)
from pks_kit.domain.surat.dari_faskes import (
    CatatanPks,
    GantiVendor,
    JawabanTeguran,
    PaktaIcare,
    PengajuanPerubahan,
    PersetujuanCaraKontrak,
    PerubahanData,
    SuratRegistrasi,
)
from pks_kit.domain.surat.dasar import DataSurat

MODEL_SURAT: Mapping[str, type[DataSurat]] = MappingProxyType(
    {
        "berita_acara_pemulihan": BeritaAcaraPemulihan,
        "catatan_pks": CatatanPks,
        "daftar_periksa": DaftarPeriksa,
        "ganti_vendor": GantiVendor,
        "hasil_audit": HasilAudit,
        "hasil_verifikasi": HasilVerifikasi,
        "jawaban_teguran": JawabanTeguran,
        "pakta_icare": PaktaIcare,
        "pengajuan_perubahan": PengajuanPerubahan,
        "persetujuan_cara_kontrak": PersetujuanCaraKontrak,
        "pengingat_pengembalian": PengingatPengembalian,
        "perubahan_data": PerubahanData,
        "surat_registrasi": SuratRegistrasi,
        "teguran": Teguran,
    }
)
"""Data model by the name that manifests use."""

__all__ = [
    "MODEL_SURAT",
    "BeritaAcaraPemulihan",
    "CatatanPks",
    "DaftarPeriksa",
    "DataSurat",
    "GantiVendor",
    "HasilAudit",
    "HasilVerifikasi",
    "JawabanTeguran",
    "PaktaIcare",
    "PengajuanPerubahan",
    "PengingatPengembalian",
    "PersetujuanCaraKontrak",
    "PerubahanData",
    "SuratRegistrasi",
    "Teguran",
]
