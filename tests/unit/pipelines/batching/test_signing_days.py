"""The printed days of signing beside the day of a run, also around midnight in WIB."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pks_kit.errors import LedgerError
from pks_kit.ledger import kinds
from pks_kit.ledger.sql_ledger import SqlLedger
from pks_kit.ledger.store import open_ledger
from pks_kit.pipelines.batching.signing_days import (
    signed_already,
    signed_on_other_days,
    signing_days,
)
from support.batch_plans import planned

LAST = datetime(2026, 12, 20, 16, 59, tzinfo=UTC)
"""23.59 WIB on the day that the agreements print."""
NEXT = datetime(2026, 12, 20, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "state", "said"),
    [
        (datetime(2026, 12, 18, 3, 0, tzinfo=UTC), "later", "2 hari lagi"),
        (LAST, "today", "0 jam 1 menit lagi"),
        (NEXT, "gone", "20 Desember 2026, yang sudah lewat"),
        (datetime(2028, 1, 1, tzinfo=UTC), "ended", "sudah berakhir"),
    ],
)
def test_a_printed_day_beside_the_day_of_the_run(now: datetime, state: str, said: str) -> None:
    (day,) = signing_days([planned(one) for one in range(1, 6)], now)
    assert (day.state, day.rows) == (state, 5)
    assert said in day.text.id
    assert "1 Klinik Pratama Contoh 00001" in day.first[0]
    assert len(day.first) == 3


def test_what_is_odd_comes_first_and_what_is_not_signed_here_is_left_out() -> None:
    rows = [
        planned(1),
        planned(2, signed_on=date(2026, 12, 1)),
        planned(3, signed_on=date(2026, 12, 1), cara_kontrak="manual"),
        planned(4, signed_on=date(2026, 12, 1)),
    ]
    found = signing_days(rows, LAST, [rows[3].agreement_id or ""])
    assert [(one.state, one.rows) for one in found] == [("gone", 1), ("today", 1)]


def test_a_run_through_midnight_is_counted(tmp_path: Path) -> None:
    rows = [planned(1), planned(2), planned(3)]
    with open_ledger(tmp_path / "buku.sqlite") as ledger:
        for one, moment in ((rows[0], LAST), (rows[1], NEXT)):
            ledger.append(
                one.agreement_id or "",
                kinds.LANGKAH_SELESAI,
                {
                    "langkah": "ttd_kesatu", "sebelum_sha256": "0" * 64,
                    "sesudah_sha256": "1" * 64, "bidang": "TTD_KESATU", "penanda": "UJI",
                    "sn": None, "berkas": "x.pdf",
                },
                waktu=moment,
            )  # fmt: skip
        assert signed_on_other_days(lambda: nullcontext(ledger), rows) == 1
        assert signed_already(ledger) == {rows[0].agreement_id, rows[1].agreement_id}


def test_a_run_whose_ledger_is_gone_in_the_end_is_told_all_the_same() -> None:
    def opened() -> SqlLedger:
        raise LedgerError("ledger.unavailable", place="buku")

    assert signed_on_other_days(opened, [planned(1)]) == 0
