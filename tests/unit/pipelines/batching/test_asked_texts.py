"""The report says what lacks, from whom and until when."""

from __future__ import annotations

from pathlib import Path

from pks_kit.messages import lookup
from pks_kit.pipelines.batching.asked_texts import with_asked
from pks_kit.pipelines.batching.book import BookRow
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.summary import BatchStatus, status_of
from support.batch_plans import plan_of, planned

TEXT = """15 Desember 2026

Yth. Klinik Embun,
Perjanjian nomor 1/PKS: Mohon pindai dan kirim lagi halaman 10.
Mohon sudah kami terima paling lambat 18 Desember 2026.
Terima kasih.

BPJS Kesehatan Cabang Rekaan
"""


def came(*codes: str) -> BatchStatus:
    rows = {
        number: BookRow(
            number=number, state="with_other", stage="sent", code=code, words=lookup(code)
        )
        for number, code in enumerate(codes, start=1)
    }
    return status_of(plan_of([planned(one) for one in rows]), rows, (), None, ())


def test_what_lacks_and_by_when_stands_behind_the_reason(tmp_path: Path) -> None:
    place = BatchFolder(tmp_path)
    place.send_back.mkdir(parents=True)
    for number in (1, 2):
        name = f"{number:05d}-Klinik-Embun.txt"
        (place.send_back / name).write_text(TEXT, encoding="utf-8")
    before = came("batch.received.incomplete", "batch.letter_refused")
    lacks, other = with_asked(before, place).rows
    assert lacks.reason.id == (
        "Berkas yang kembali belum lengkap. Perjanjian nomor 1/PKS: Mohon pindai dan kirim lagi "
        "halaman 10. Mohon sudah kami terima paling lambat 18 Desember 2026."
    )
    assert lacks.advice == before.rows[0].advice
    assert other == before.rows[1]  # nothing of it came back, so an old text is none of its own


def test_without_texts_nothing_changes(tmp_path: Path) -> None:
    before = came("batch.received.incomplete")
    assert with_asked(before, BatchFolder(tmp_path)) == before
