"""The run of a demo that is killed on purpose ends with the demo too, however that ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from pks_kit.pipelines import demo_batch


def test_the_run_that_is_to_be_killed_ends_with_the_demo(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told: list[str] = []
    monkeypatch.setattr(demo_batch, "end_with_parent", lambda: told.append("watches"))
    monkeypatch.setattr(demo_batch, "batch_run", lambda _request: told.append("runs"))
    demo_batch._run_alone(tmp_path, None)
    assert told == ["watches", "runs"]
