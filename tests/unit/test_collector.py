"""While a document is made nobody searches for garbage, and afterwards not through all of it."""

from __future__ import annotations

import gc
import subprocess
import sys
from collections.abc import Iterator

import pytest

from pks_kit import collector
from pks_kit.collector import collector_paused


class Linked:
    """Leads to itself: only a search finds it."""

    def __init__(self) -> None:
        self.itself = self


def of_kind(generation: int | None = None) -> int:
    return sum(isinstance(one, Linked) for one in gc.get_objects(generation))


@pytest.fixture(autouse=True)
def from_the_start(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    gc.collect()
    monkeypatch.setattr(collector, "_pauses", iter(range(1, 1000)))
    yield
    gc.collect()


def test_what_was_made_is_old_and_found_by_a_whole_search() -> None:
    with collector_paused():
        assert not gc.isenabled()
        Linked()
    assert gc.isenabled()
    assert (of_kind(0), of_kind(2)) == (0, 1)
    gc.collect()
    assert of_kind() == 0


@pytest.mark.slow
def test_now_and_then_everything_is_searched() -> None:
    for _ in range(collector._UNSEARCHED):
        with collector_paused():
            Linked()
    assert of_kind() == 0


def test_a_pause_inside_another_changes_nothing() -> None:
    with collector_paused():
        with collector_paused():
            Linked()
        assert not gc.isenabled()
        assert of_kind(2) == 0


def test_what_somebody_keeps_apart_stays_apart() -> None:
    gc.freeze()
    try:
        apart = gc.get_freeze_count()
        with collector_paused():
            Linked()
        assert gc.get_freeze_count() >= apart - 100
    finally:
        gc.unfreeze()


def test_a_process_that_ends_is_searched_seldom_and_not_at_its_end() -> None:
    told = "import gc; from pks_kit import collector;"
    told += "gc.callbacks.append(lambda phase, info: print(info['collected']));"
    told += "collector.collect_seldom();"
    told += "some = [[one] for one in range(20_000)]; some.append(some); del some;"
    told += "print(gc.get_threshold())"
    run = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    first, *found = run.stdout.splitlines()
    assert first == str(collector._SELDOM)
    assert set(found) <= {"0"}
