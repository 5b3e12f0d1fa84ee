"""What facilities are asked for says by when, and who asks."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.pipelines.verifying.texts_to_send import texts_to_send

TODAY = date(2026, 12, 15)


def text(until: date | None, sender: str = "BPJS Kesehatan Cabang Rekaan") -> list[str]:
    judged: Any = SimpleNamespace(
        agreement_id="A", shown_name="Klinik Embun", number="1/PKS", sender=sender,
        wanted="Mohon pindai dan kirim lagi halaman 10.",
    )  # fmt: skip
    (told,) = texts_to_send([judged], TODAY, until)
    return told.text.splitlines()


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "Mohon sudah kami terima paling lambat 15 Desember 2026."),
     (3, "Mohon sudah kami terima paling lambat 18 Desember 2026."),
     (-1, "Batas pengembalian menurut surat pengantar, 14 Desember 2026, sudah lewat; "
          "mohon dikirim segera.")],
)  # fmt: skip
def test_the_day_and_who_asks_stand_below_what_is_asked(days: int, said: str) -> None:
    assert text(TODAY + timedelta(days=days))[3:] == [
        "Perjanjian nomor 1/PKS: Mohon pindai dan kirim lagi halaman 10.",
        said,
        "Terima kasih.",
        "",
        "BPJS Kesehatan Cabang Rekaan",
    ]


def test_without_a_day_or_a_sender_nothing_is_made_up() -> None:
    assert text(None, "")[3:] == [
        "Perjanjian nomor 1/PKS: Mohon pindai dan kirim lagi halaman 10.",
        "Terima kasih.",
    ]
