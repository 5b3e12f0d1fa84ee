"""A run that ended before its work was done is not called done."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pks_kit.messages import lookup
from pks_kit.web.pages.job_pages import _KINDS, state_of
from pks_kit.web.scope import Area
from pks_kit.web.state.jobs import Job
from pks_kit.web.work.pauses import Pause

NOW = datetime(2026, 12, 8, tzinfo=UTC)
PAUSE = Pause(oleh="Agus Contoh", pada=NOW)


def job(keadaan: Any, jenis: str = "jalan_batch", code: str = "") -> Job:
    return Job(
        id="1", area=Area(), jenis=jenis, perjanjian="", keadaan=keadaan, isi={"batch": "b"},
        kemajuan={}, hasil={"hasil": {"code": code}}, percobaan=1, oleh="a", dibuat=NOW,
        berakhir=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one", "pause", "state"),
    [
        (job("selesai"), None, "selesai"),
        (job("selesai", code="batch.stopped"), PAUSE, "dijeda"),
        (job("selesai", code="batch.out_of_patience"), None, "berhenti"),
        (job("dikerjakan"), PAUSE, "menjeda"),
        (job("dikerjakan"), None, "dikerjakan"),
        (job("dibatalkan"), PAUSE, "dijeda"),
        (job("dibatalkan"), None, "dibatalkan"),
        (job("selesai", jenis="laporan_batch", code="batch.stopped"), None, "selesai"),
    ],
)
def test_how_a_job_stands(one: Job, pause: Pause | None, state: str) -> None:
    assert state_of(one, pause) == state
    assert state in _KINDS
    assert lookup(f"desk.job.state.{state}").id
