"""What the jobs of a batch allow: a report as of now, also while scans are read."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.web.pages.batch_jobs import BatchJobs


def jobs(*known: tuple[str, str, int]) -> BatchJobs:
    made: Any = [
        SimpleNamespace(jenis=jenis, keadaan=keadaan, isi={"pindaian": [{}] * count})
        for jenis, keadaan, count in known
    ]
    return BatchJobs(all=tuple(made))


@pytest.mark.parametrize(
    ("known", "may_report", "unread"),
    [
        ([], True, 0),
        ([("terima_batch", "menunggu", 2), ("terima_batch", "dikerjakan", 30)], True, 32),
        ([("susulan_batch", "dikerjakan", 1), ("terima_batch", "selesai", 30)], True, 1),
        ([("putusan_batch", "dikerjakan", 4)], True, 0),
        ([("jalan_batch", "dikerjakan", 0)], False, 0),
        ([("terima_batch", "menunggu", 3), ("jalan_batch", "dikerjakan", 0)], False, 3),
    ],
)
def test_a_report_waits_for_no_scan(
    known: list[tuple[str, str, int]], may_report: bool, unread: int
) -> None:
    found = jobs(*known)
    assert (found.may_report, found.unread) == (may_report, unread)
