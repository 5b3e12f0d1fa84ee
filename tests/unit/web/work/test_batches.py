"""What the portal takes over of a batch."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.errors import InputError, UsageError
from pks_kit.ledger import kinds
from pks_kit.ledger.plans import rejection
from pks_kit.ledger.sql_ledger import SqlLedger
from pks_kit.ledger.store import open_ledger
from pks_kit.pipelines.batch import BatchPlanRequest, batch_plan
from pks_kit.pipelines.batching.folder import BatchFolder, keep
from pks_kit.web.work import batches
from pks_kit.web.work.task import Done, Task
from support.batch_plans import MADE_AT, plan_of, planned
from support.branch import facility, write_branch


def test_a_row_whose_data_were_changed_keeps_no_other_out_of_the_portal(tmp_path: Path) -> None:
    """A new plan is refused for it; after a run the others come in without it."""
    write_branch(tmp_path, {"a": facility(1), "b": facility(2)})
    folder = BatchFolder(tmp_path / "rencana")
    batch_plan(
        BatchPlanRequest(
            sources=[tmp_path / "faskes.xlsx"], folder=folder.path, by="Sari Contohwati", sample=0
        )
    )
    rows = tuple(folder.plan().plan.ready())
    assert [row.number for row, _ in batches._facts(folder.path)] == [one.number for one in rows]
    at = rows[0].data
    assert at is not None
    content = bytearray(folder.data.read_bytes())
    content[at.offset + at.size // 2] ^= 1
    folder.data.chmod(0o600)
    folder.data.write_bytes(content)
    with pytest.raises(InputError):
        list(batches._facts(folder.path))
    left = [row.number for row, _ in batches._facts(folder.path, whole=False)]
    assert left == [one.number for one in rows[1:]]


@pytest.fixture
def drafted(tmp_path: Path) -> BatchFolder:
    """Return a batch of two agreements of which the first was drafted; it has no book any more."""
    folder = BatchFolder(tmp_path / batches.FOLDER / "b")
    rows = [planned(1), planned(2)]
    folder.save_plan(plan_of(rows))
    place = folder.drafts / str(rows[0].agreement_id)
    keep({place / "a.pdf": b"draf", place / "a.receipt.json": b"{}"})
    return folder


def withdraw(folder: BatchFolder, ledger: SqlLedger) -> Done:
    shop: Any = SimpleNamespace(
        folder=folder.path.parent.parent, ledger=ledger, clock=lambda: MADE_AT
    )
    words = {"batch": "b", "rencana": folder.plan().id, "oleh": "Budi Rekaan", "alasan": "Salah."}
    return batches.withdrawn(shop, Task(kind="tarik_batch", isi=words))


def test_drafts_are_withdrawn_also_when_the_book_is_lost(
    drafted: BatchFolder, tmp_path: Path
) -> None:
    with open_ledger(tmp_path / "buku.sqlite") as ledger:
        done = withdraw(drafted, ledger)
    assert [one["id"] for one in done.banyak] == [planned(1).agreement_id]


def test_what_the_ledger_knows_keeps_a_plan_also_when_the_book_is_lost(
    drafted: BatchFolder, tmp_path: Path
) -> None:
    with open_ledger(tmp_path / "buku.sqlite") as ledger:
        ledger.append(
            planned(1).agreement_id or "",
            kinds.LANGKAH_SELESAI,
            {
                "langkah": "ttd_kesatu", "sebelum_sha256": "0" * 64, "sesudah_sha256": "1" * 64,
                "bidang": "TTD_KESATU", "penanda": "UJI", "sn": None, "berkas": "x.pdf",
            },
            waktu=MADE_AT,
        )  # fmt: skip
        with pytest.raises(UsageError) as caught:
            withdraw(drafted, ledger)
        assert caught.value.code == "web.batch_ran"
        assert rejection(ledger, drafted.plan().id) is None
