"""Names of columns and sheets: HFIS words where HFIS has them, plain words from the key elsewhere.

HFIS calls the two sides ``PIHAK 1`` and ``PIHAK 2``; its labels are kept letter by letter, with the
misspelling «Penandatanganan», so that a form can be filled by copying (docs/sumber.md 2.3).
"""

from __future__ import annotations

FORM: dict[str, dict[str, str]] = {
    "PIHAK 1": {
        "Nomor PKS BPJS Kesehatan": "pihak_kesatu.nomor_pks",
        "Nama Kepala Cabang": "pihak_kesatu.nama_kepala_cabang",
        "Kota Tanda Tangan PKS": "pihak_kesatu.kota_tanda_tangan",
        "Tanggal Tanda Tangan PKS": "pihak_kesatu.tanggal_tanda_tangan",
        "Alamat Kantor Cabang": "pihak_kesatu.alamat",
        "Jenis Surat Keputusan BPJS Kesehatan": "pihak_kesatu.dasar_penetapan.jenis",
        "Nomor Surat Keputusan BPJS Kesehatan": "pihak_kesatu.dasar_penetapan.nomor",
        "Tanggal Surat Keputusan BPJS Kesehatan": "pihak_kesatu.dasar_penetapan.tanggal",
        "No. Telp Kantor Cabang": "pihak_kesatu.telepon",
        "Email Kantor Cabang": "pihak_kesatu.email",
        "UP KC": "pihak_kesatu.up",
        "PIC KC": "pihak_kesatu.pic",
        "WA/HP PIC KC": "pihak_kesatu.hp_pic",
        "Pengadilan": "pihak_kesatu.pengadilan",
    },
    "PIHAK 2": {
        "Nomor PKS Faskes": "pihak_kedua.nomor_pks",
        "Nama Faskes": "pihak_kedua.nama_faskes",
        "Nama Penandatanganan": "pihak_kedua.nama_penandatangan",
        "Jabatan Penandatanganan": "pihak_kedua.jabatan_penandatangan",
        "Dasar Penetapan": "pihak_kedua.dasar_penetapan.jenis",
        "Nomor Dasar Penetapan": "pihak_kedua.dasar_penetapan.nomor",
        "Tanggal Dasar Penetapan": "pihak_kedua.dasar_penetapan.tanggal",
        "No. Telp Faskes": "pihak_kedua.telepon",
        "Email Faskes": "pihak_kedua.email",
        "Alamat Faskes": "pihak_kedua.alamat",
        "UP Faskes": "pihak_kedua.up",
        "PIC Faskes": "pihak_kedua.pic",
        "WA/HP PIC Faskes": "pihak_kedua.hp_pic",
    },
}
"""The HFIS draft form: side -> label -> path in the contract data."""

OLDER_LABELS: dict[str, str] = {
    "Penanggung Jawab": "pihak_kedua.nama_penandatangan",
    "Jabatan Penanggung Jawab": "pihak_kedua.jabatan_penandatangan",
    "Jenis Surat Keputusan Faskes": "pihak_kedua.dasar_penetapan.jenis",
    "Nomor Surat Keputusan Faskes": "pihak_kedua.dasar_penetapan.nomor",
}
"""Labels of an older HFIS screen for the same cells of ``PIHAK 2``."""

_HFIS = {path: label for side in FORM.values() for label, path in side.items()}
_SHEETS = {
    "": "Kontrak",
    "kantor_cabang": "Kantor cabang",
    "tenaga_kesehatan": "Tenaga",
    "jadwal.operasional": "Jam operasional",
    "jadwal.praktik": "Praktik",
    "pengguna_aplikasi": "Pengguna",
    "cons_id.tujuan": "Cons-id tujuan",
    "klub_prolanis": "Klub Prolanis",
}
_SPELLED = (
    "NIK", "SIP", "HP", "NPWP", "PIC", "USG", "UP", "PKS", "TI", "UGD", "PONED", "BPJS", "SIM",
    "KESATU", "KEDUA", "PIHAK", "Prolanis", "Faskes", "RITP", "BLUD", "Dinas", "PT", "CV", "TNI",
    "POLRI", "PMDN", "PMA", "KIA", "KB", "INM", "SK",
)  # fmt: skip
_WORDS = {word.casefold(): word for word in _SPELLED}


def column_label(path: str) -> str:
    """Return the heading of a column for a path such as ``pihak_kedua.nama_faskes``."""
    if path in _HFIS:
        return _HFIS[path]
    words = path.replace(".", " ").replace("_", " ").split()
    spelled = [_WORDS.get(word, word) for word in words]
    text = " ".join(spelled)
    return text[:1].upper() + text[1:]


def sheet_name(path: str) -> str:
    """Return the name of the sheet that holds the table at a path; ``""`` is the main one."""
    words = path.rpartition(".")[2].replace("_", " ")
    return _SHEETS.get(path, words[:1].upper() + words[1:])
