"""All kinds of tasks by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pks_kit.web.work import batches, books, desk, drafting, judging, letters, pages, sessions
from pks_kit.web.work.shop import Shop
from pks_kit.web.work.task import Done, Task

KINDS: Mapping[str, Callable[[Shop, Task], Done]] = {
    "skema": drafting.described,
    "periksa": drafting.checked,
    "hangat": drafting.warmed,
    "mulai_isian": drafting.begun,
    "pratinjau": drafting.previewed,
    "perjanjian": drafting.drafted,
    "gambar": pages.drawn,
    "teks": pages.told,
    "muka": desk.seen,
    "perubahan": desk.changed,
    "pengantar": letters.covered,
    "jenis_surat": letters.kinds_of_letters,
    "surat": letters.written,
    "perpanjangan": letters.renewed,
    "kalender": letters.endings,
    "sesi": sessions.signed,
    "arsip": sessions.archived,
    "verifikasi": judging.judged,
    "daftar_kertas": judging.paper_listed,
    "putusan_kertas": judging.paper_decided,
    "bukti": judging.proven,
    "buku": books.shown,
    "periksa_buku": books.proven,
    "ekspor_buku": books.exported,
    "rencana_batch": batches.planned,
    "setujui_batch": batches.approved,
    "jalan_batch": batches.ran,
    "status_batch": batches.status,
    "laporan_batch": batches.reported,
}
