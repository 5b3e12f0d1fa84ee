"""Locks of files: one process at a time, and whoever looks takes nothing away."""

from __future__ import annotations

from pathlib import Path

import pytest

from pks_kit.file_locks import is_locked, lock_alone


def test_a_lock_keeps_others_out(tmp_path: Path) -> None:
    path = tmp_path / "kunci"
    with path.open("wb") as mine, path.open("wb") as theirs:
        lock_alone(mine.fileno())
        with pytest.raises(BlockingIOError):
            lock_alone(theirs.fileno())


def test_looking_at_a_lock_neither_takes_it_nor_keeps_it(tmp_path: Path) -> None:
    place = tmp_path / "kunci"
    place.touch()
    with place.open("rb") as mine, place.open("rb") as theirs:
        assert not is_locked(theirs.fileno())
        lock_alone(mine.fileno())
        assert is_locked(theirs.fileno())
    with place.open("rb") as mine:
        lock_alone(mine.fileno())
