"""Texts are compiled before a run: only what is missing and worth it, and no fault stops a run."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.errors import InputError
from pks_kit.messages import lookup
from pks_kit.pipelines.batching import compiles
from pks_kit.pipelines.batching.book import BookRow
from pks_kit.pipelines.batching.compiles import (
    FEW,
    WORTH,
    Compiles,
    compile_for,
    compile_for_drafts,
)
from pks_kit.pipelines.drafting.compiled import KeptEditions
from support.planned import planned_row

KINDS = ("tpmd", "tpmdg", "puskesmas_blud", "klinik_pratama")


class Kept:
    """What stands in the folder of the test, and what is being made."""

    def __init__(self) -> None:
        self.kept: set[str] = set()
        self.now: set[str] = set()
        self.most = 0
        self.fails: dict[str, BaseException] = {}
        self.let = threading.Event()
        self.let.set()
        self._lock = threading.Lock()

    def is_kept(self, edition: Any) -> bool:
        return edition.name in self.kept

    def compile(self, edition: Any) -> Any:
        with self._lock:
            assert edition.name not in self.now
            self.now.add(edition.name)
            self.most = max(self.most, len(self.now))
        self.let.wait(20)
        with self._lock:
            self.now.discard(edition.name)
            if edition.name in self.fails:
                raise self.fails[edition.name]
            self.kept.add(edition.name)
        return SimpleNamespace(was_kept=False)


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Kept:
    kept = Kept()
    monkeypatch.setattr(compiles, "KeptEditions", lambda _folder: kept)
    monkeypatch.setattr(compiles, "_started", thread)
    monkeypatch.setitem(globals(), "KeptEditions", lambda _folder: kept)
    monkeypatch.setattr(
        compiles, "_editions",
        lambda wanted: {
            one: SimpleNamespace(name=one[1], css=lambda one=one: one[0]) for one in sorted(wanted)
        },
    )  # fmt: skip
    return kept


def thread(folder: Path) -> Any:
    """Start what is asked in a thread instead of a process."""
    ours, theirs = multiprocessing.Pipe()
    threading.Thread(target=compiles.serve, args=(theirs, folder), daemon=True).start()
    return SimpleNamespace(pipe=ours, kill=ours.close)


def dying(folder: Path) -> Any:
    """Start one that tells what is missing and dies over the first edition."""
    ours, theirs = multiprocessing.Pipe()

    def serve() -> None:
        with theirs:
            theirs.send(compiles._answered(KeptEditions(folder), theirs.recv()))
            theirs.recv()

    threading.Thread(target=serve, daemon=True).start()
    return SimpleNamespace(pipe=ours, kill=ours.close)


def rows(*counts: int) -> Iterator[Any]:
    number = iter(range(1, 10**6))
    for jenis, count in zip(KINDS, counts, strict=False):
        yield from (planned_row(next(number), jenis=jenis) for _ in range(count))


def ran(
    *counts: int, told: list[tuple[int, int]] | None = None, jobs: int = 2,
    stopping: Callable[[], bool] = lambda: False, book: dict[int, BookRow] | None = None,
) -> Compiles:  # fmt: skip
    heard = [] if told is None else told
    return compile_for(
        Path("simpanan"), rows(*counts), book or {}, jobs, stopping=stopping,
        progress=lambda done, whole: heard.append((done, whole)),
    )  # fmt: skip


def test_what_many_need_and_nobody_kept_is_compiled_and_told(place: Kept) -> None:
    place.kept.add(KINDS[1])
    told: list[tuple[int, int]] = []
    done = ran(WORTH, WORTH, FEW, FEW - 1, told=told)
    assert place.kept == set(KINDS[:3])
    assert (done.made, done.problem) == (2, None)
    assert told[0] == (0, 2)
    assert told[-1] == (2, 2)
    assert ran(WORTH, WORTH, FEW).made == 0  # the same again has nothing to do


def test_a_small_plan_compiles_nothing(place: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ran(WORTH - FEW - 1, FEW).made == 0

    def never(_folder: Path) -> Any:
        raise AssertionError

    monkeypatch.setattr(compiles, "_started", never)
    assert ran(FEW - 1, FEW - 1) == Compiles()
    assert compile_for(
        None, rows(WORTH), {}, 2, progress=lambda *_: None, stopping=lambda: False
    ) == Compiles()  # fmt: skip
    assert not place.kept


def test_what_is_drafted_or_given_up_needs_no_text(place: Kept) -> None:
    begun = {one: BookRow(number=one, state="done", stage="drafted") for one in range(1, 20)}
    begun |= {one: BookRow(number=one, state="cancelled") for one in range(20, WORTH)}
    begun[WORTH] = BookRow(number=WORTH)
    assert ran(WORTH, book=begun).made == 0
    begun |= {one: BookRow(number=one, state="parked") for one in range(1, WORTH)}
    assert ran(WORTH, book=begun).made == 1
    assert place.kept == {KINDS[0]}


def test_many_drafts_compile_what_they_need(place: Kept) -> None:
    """A workbook of a hundred facilities laid its constant text out a hundred times."""
    one: Any = SimpleNamespace(
        versi_templat="pks_2024", faskes=SimpleNamespace(jenis=KINDS[0]), cara_kontrak="elektronik"
    )
    few = compile_for_drafts(Path("simpanan"), [one] * (WORTH - 1), lambda *_: None)
    assert (few.made, place.kept) == (0, set())
    told: list[tuple[int, int]] = []
    done = compile_for_drafts(
        Path("simpanan"), [one] * WORTH, lambda done, whole: told.append((done, whole))
    )
    assert (done.made, place.kept) == (1, {KINDS[0]})
    assert told[-1] == (1, 1)


def test_of_a_text_that_taught_its_patterns_a_few_agreements_are_enough(place: Kept) -> None:
    place.kept.add(KINDS[1])
    assert ran(FEW, 1).made == 0  # nobody asked for the one that is kept
    assert ran(FEW, FEW).made == 1


def test_the_first_of_a_text_is_compiled_alone(place: Kept) -> None:
    place.let.clear()
    threading.Timer(0.6, place.let.set).start()
    most_at_first: list[int] = []
    threading.Timer(0.4, lambda: most_at_first.append(place.most)).start()
    assert ran(WORTH, WORTH, WORTH, WORTH, jobs=4).made == 4
    assert most_at_first == [1]


def test_a_fault_stops_nothing_and_is_told(place: Kept) -> None:
    place.fails[KINDS[1]] = ValueError("aneh")
    done = ran(WORTH, WORTH, WORTH)
    assert done.made == 2
    assert done.problem is not None
    assert "ValueError" in done.problem.en


def test_on_a_full_disk_no_other_is_tried(place: Kept) -> None:
    full = InputError("file.unwritable", file="simpanan", reason="penuh", reason_en="full")
    place.fails = dict.fromkeys(KINDS, full)
    done = ran(WORTH, WORTH, WORTH, jobs=1)
    assert done.made == 0
    assert done.problem == full.text
    assert not place.kept


def test_a_process_that_dies_is_told_and_another_goes_on(
    place: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = iter((dying, thread))
    monkeypatch.setattr(compiles, "_started", lambda folder: next(started)(folder))
    done = ran(WORTH, WORTH, jobs=1)
    assert done.problem == lookup("batch.compile_died")
    assert place.kept == {KINDS[1]}


def test_whoever_stops_the_run_stops_this_too(place: Kept) -> None:
    place.let.clear()
    assert ran(WORTH, WORTH, stopping=lambda: bool(place.now)).made == 0
    place.let.set()


def test_the_editions_of_structures_are_those_of_the_templates() -> None:
    wanted = {("pks_2024", "tpmd", "manual"), ("pks_penunjang_2024", "apotek", "manual")}
    found = compiles._editions(wanted)
    assert {one.name for one in found.values()} == {"/".join(each) for each in wanted}
    assert set(found) == wanted


def test_nothing_is_kept_in_an_empty_folder(tmp_path: Path) -> None:
    structure = ("pks_2024", "tpmd", "manual")
    kept = KeptEditions(tmp_path / "simpanan")
    assert compiles._missing(kept, {structure: WORTH}) == ((False, (structure,)),)
    assert not (tmp_path / "simpanan").exists()
