"""A run that does not come to its end leaves nothing behind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pks_kit.pipelines.batch_run import BatchRunRequest, batch_run
from pks_kit.pipelines.batching.folder import BatchFolder
from support.batch_plans import plan_of, planned

pytest.importorskip("distributed")


def test_a_cluster_is_left_when_its_first_texts_are_broken_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pks_kit.pipelines.batching import dask_driver

    closed: list[bool] = []

    class Cluster:
        def __init__(self, *_: Any) -> None: ...

        def compile(self, *_: Any) -> None:
            raise KeyboardInterrupt

        def close(self, *, at_once: bool = False) -> None:
            closed.append(at_once)

    monkeypatch.setattr(dask_driver, "DaskDriver", Cluster)
    folder = BatchFolder(tmp_path / "b")
    folder.save_plan(plan_of([planned(1)]))
    with pytest.raises(KeyboardInterrupt):
        batch_run(
            BatchRunRequest(
                folder=folder.path,
                until="drafted",
                cluster="tls://penjadwal.contoh:8786",
                compiled=tmp_path / "naskah",
            )
        )
    assert closed == [True]
