"""Short work goes between the agreements of a delivery; two of long work never do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pks_kit.errors import UsageError
from pks_kit.pipelines.batching import turns
from pks_kit.pipelines.batching.folder import BatchFolder


def may(folder: Path, *, shortly: bool) -> bool:
    place = BatchFolder(folder)
    try:
        with place.shortly() if shortly else place.alone():
            return True
    except UsageError as error:
        return error.code != "batch.busy"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_SOON", 0.0)


def test_short_work_goes_between_what_a_delivery_reads(tmp_path: Path) -> None:
    """A decision and a reminder waited until a delivery of minutes was at its end."""
    with BatchFolder(tmp_path).alone() as turn:
        assert not may(tmp_path, shortly=True)
        with turn.opened():
            assert may(tmp_path, shortly=True)
            assert not may(tmp_path, shortly=False), "no second delivery, and no run"
            with turn.closed():
                assert not may(tmp_path, shortly=True)
            assert may(tmp_path, shortly=True)
        assert not may(tmp_path, shortly=True)
    assert may(tmp_path, shortly=False)


def test_a_child_that_has_the_lock_open_keeps_nobody_out(tmp_path: Path) -> None:
    turn = turns.Turn(tmp_path)
    turn.take()
    assert turn._handle is not None
    copy = os.dup(turn._handle)  # as a process that was forked meanwhile has it
    turn.give()
    assert may(tmp_path, shortly=True)
    os.close(copy)


def test_a_turn_that_breaks_off_lets_go(tmp_path: Path) -> None:
    with pytest.raises(KeyError), BatchFolder(tmp_path).alone() as turn, turn.opened():
        raise KeyError
    assert may(tmp_path, shortly=False)
