"""What a person may have meant who typed a command or an option that does not exist.

Only a hint: a word of this list runs nothing.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

import click

SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "demo": ("contoh", "peragaan", "coba"),
    "serve": ("meja", "web", "portal", "layani", "browser"),
    "init": ("mulai", "siapkan", "salin"),
    "workbook": ("buku-kerja", "excel", "xlsx"),
    "csv-in": ("impor", "masukkan", "import"),
    "csv-out": ("ekspor", "keluarkan"),
    "new": ("baru", "buat"),
    "check": ("periksa", "cek", "validasi"),
    "draft": ("susun", "buat", "cetak", "rancang"),
    "batch": ("massal", "borongan", "banyak", "malam"),
    "plan": ("rencana", "rencanakan"),
    "preview": ("pratinjau",),
    "approve": ("setujui", "persetujuan"),
    "reject": ("tolak", "penolakan"),
    "run": ("jalankan", "kerjakan"),
    "status": ("kemajuan", "keadaan"),
    "report": ("laporan", "laporkan"),
    "receive": ("terima", "penerimaan"),
    "retry": ("ulangi", "coba-lagi"),
    "cancel": ("batalkan", "batal"),
    "enqueue": ("antrekan", "masukkan-antrean"),
    "worker": ("pekerja", "mesin"),
    "rebuild": ("bangun-ulang", "buat-lagi"),
    "--rehearsal": ("--gladi", "--latihan"),
    "--until": ("--sampai",),
    "--jobs": ("--proses",),
    "--deadline": ("--batas-waktu",),
    "--earlier": ("--tahun-lalu",),
    "renewals": ("jatuh-tempo", "berakhir", "daftar-perpanjangan"),
    "renew": ("perbarui", "perpanjang", "perbaharui"),
    "addendum": ("adendum", "ubah-rekening", "perubahan"),
    "letter": ("surat", "nota-dinas", "surat-menyurat"),
    "sign": ("tanda-tangan", "tanda-tangani", "ttd", "bubuhi", "meterai"),
    "sign-all": ("tanda-tangani-semua", "tanda-tangan-semua", "ttd-semua"),
    "cover": ("pengantar", "surat-pengantar"),
    "extend": ("arsipkan", "arsip", "perpanjang"),
    "verify": ("periksa", "verifikasi", "uji", "cek"),
    "shrink": ("kecilkan", "perkecil", "kompres"),
    "paper": ("kertas", "pindaian"),
    "review": ("tinjau", "periksa-kertas"),
    "decide": ("putuskan", "keputusan"),
    "evidence": ("bukti", "buat-bukti"),
    "ledger": ("buku-besar", "catatan"),
    "export": ("ekspor", "keluarkan"),
    "migrate": ("mutakhirkan", "migrasi"),
    "reconcile": ("rekonsiliasi", "cocokkan"),
    "release": ("lepaskan", "lepas"),
    "seal": ("segel",),
    "show": ("tampilkan", "lihat"),
    "template": ("templat",),
    "diff": ("bandingkan", "beda"),
    "lint": ("periksa", "cek"),
    "compile": ("siapkan", "kompilasi", "tata"),
    "list": ("daftar",),
    "law": ("hukum", "aturan", "peraturan", "tarif"),
    "stale": ("usang", "kedaluwarsa", "lama"),
    "sandbox": ("kunci-uji", "uji-coba"),
    "completion": ("pelengkapan", "lengkapi"),
    "--kontrak": ("--perjanjian", "--contract"),
    "--sebelumnya": ("--lama", "--before"),
    "--output": ("--keluaran", "--hasil", "--simpan"),
    "--format": ("--bentuk",),
    "--no-cache": ("--tanpa-simpanan", "--tanpa-cache"),
    "--force": ("--paksa", "--timpa"),
    "--as-of": ("--per-tanggal", "--tanggal"),
    "--issued": ("--terbit",),
    "--receipt": ("--resi", "--tanda-terima"),
    "--trust": ("--percaya", "--akar"),
    "--ledger": ("--buku-besar",),
    "--settings": ("--pengaturan",),
    "--all": ("--semua",),
    "--seconds": ("--detik",),
    "--memory": ("--memori",),
    "--within": ("--dalam",),
    "--base": ("--dasar",),
    "--price": ("--harga",),
    "--find": ("--cari",),
    "--help": ("--bantuan", "--tolong"),
    "--version": ("--versi",),
}
"""Indonesian words that an officer would type, by the command or option that does it."""

_MOST: Final = 3
_LIKE: Final = 0.7


def meant(error: click.ClickException) -> list[str]:
    """Return the names that come near what was typed, the nearest first; none for other errors."""
    context = getattr(error, "ctx", None)
    if context is None:
        return []
    if isinstance(error, click.exceptions.NoSuchCommand) and isinstance(
        context.command, click.Group
    ):
        return near(error.command_name, context.command.list_commands(context))
    if isinstance(error, click.NoSuchOption):
        params = context.command.get_params(context)
        names = [name for one in params for name in (*one.opts, *one.secondary_opts)]
        return near(error.option_name, [name for name in names if name.startswith("--")])
    return []


def near(typed: str, names: list[str]) -> list[str]:
    """Return those of some names that come near a word, by spelling or by meaning."""
    by_word: dict[str, list[str]] = {}
    for name in names:
        for word in (name, *SYNONYMS.get(name, ())):
            by_word.setdefault(_plain(word), []).append(name)
    sought = _plain(typed)
    words = [sought] if sought in by_word else get_close_matches(sought, by_word, _MOST, _LIKE)
    return list(dict.fromkeys(name for word in words for name in by_word[word]))[:_MOST]


def _plain(word: str) -> str:
    return word.casefold().replace("-", "").replace("_", "")
