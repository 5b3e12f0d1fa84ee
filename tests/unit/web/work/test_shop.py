"""What a worker tells people: never where the ledger is."""

from __future__ import annotations

from pathlib import Path

import pytest

from pks_kit.errors import LedgerError
from pks_kit.inputs.settings_file import parse_settings
from pks_kit.pipelines.batching.workshop import WithSettings
from pks_kit.web import worker
from pks_kit.web.work.shop import Shop
from pks_kit.web.work.task import Done, ShopOrder, Task


def shop(folder: Path, ledger: str) -> Shop:
    settings = parse_settings(f"buku: {ledger}".encode(), "pks.yml")
    signing = WithSettings(settings=settings, base=folder, secrets={})
    order = ShopOrder(folder=folder, compiled=None, signing=signing, settings_bytes=b"")
    return Shop(order, tell=lambda _told: None)


@pytest.mark.parametrize("ledger", ["postgresql://petugas@127.0.0.1:1/rahasia", "buku.sqlite"])
def test_an_error_of_a_task_names_no_address(
    tmp_path: Path, ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = shop(tmp_path, ledger)
    shown = place.tools.ledger_address().shown

    def fails(_shop: Shop, _task: Task) -> Done:
        raise LedgerError("ledger.unavailable", ledger=shown, reason="-")

    monkeypatch.setattr(worker, "KINDS", {"gagal": fails})
    told = worker.perform(place, Task(kind="gagal", isi={}))
    assert told.masalah is not None
    assert told.masalah["code"] == "ledger.unavailable"
    for hidden in (shown, "petugas", "127.0.0.1", str(tmp_path)):
        assert hidden not in str(told.masalah)
