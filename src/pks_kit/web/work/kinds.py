"""All kinds of tasks by their names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pks_kit.web.work import (
    batch_rows,
    batches,
    books,
    desk,
    drafting,
    judging,
    letters,
    pages,
    paper,
    sessions,
    stacks,
)
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
    "bentuk_surat": letters.form_of,
    "periksa_surat": letters.looked_over,
    "perpanjangan": letters.renewed,
    "kalender": letters.endings,
    "sesi": sessions.signed,
    "tinjauan": paper.read,
    "tinjauan_tampil": paper.shown,
    "tinjauan_putuskan": paper.decided,
    "tinjauan_gambar": paper.picture,
    "tumpukan_lihat": stacks.looked,
    "tumpukan": stacks.signed,
    "coba_kunci": sessions.keys_tried,
    "arsip": sessions.archived,
    "verifikasi": judging.judged,
    "daftar_kertas": judging.paper_listed,
    "putusan_kertas": judging.paper_decided,
    "bukti": judging.proven,
    "buku": books.shown,
    "meterai_hitung": books.meterai_counted,
    "periksa_buku": books.proven,
    "ekspor_buku": books.exported,
    "rencana_batch": batches.planned,
    "setujui_batch": batches.approved,
    "jalan_batch": batches.ran,
    "status_batch": batches.status,
    "laporan_batch": batches.reported,
    "ulangi_batch": batch_rows.tried_again,
    "batalkan_batch": batch_rows.taken_out,
    "terima_batch": batch_rows.received,
    "rencana_tampil": batch_rows.plan_shown,
    "contoh_batch": batch_rows.sample_page,
    "hasil_tampil": batch_rows.status_shown,
}
