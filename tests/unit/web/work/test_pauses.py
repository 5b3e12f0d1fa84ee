"""A pause tells who wanted it, and stays with whoever wanted it first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from pks_kit.web.work.pauses import Pause, pause_mark, read_pause, write_pause

NOW = datetime(2026, 12, 8, 2, 30, tzinfo=UTC)


def test_a_pause_names_whoever_wanted_it_first(tmp_path: Path) -> None:
    mark = pause_mark(tmp_path, "b", "j")
    mark.parent.mkdir(parents=True)
    assert read_pause(mark) is None
    write_pause(mark, "Agus Contoh", NOW)
    write_pause(mark, "Rini Rekaan", NOW + timedelta(minutes=1))
    assert read_pause(mark) == Pause(oleh="Agus Contoh", pada=NOW)


def test_a_pause_of_an_earlier_version_names_nobody(tmp_path: Path) -> None:
    mark = pause_mark(tmp_path, "b", "j")
    mark.parent.mkdir(parents=True)
    for content in (b"", b"{}", b"[]", b'{"oleh": "A", "pada": "kemarin"}'):
        mark.write_bytes(content)
        assert read_pause(mark) == Pause(oleh="", pada=None)
