"""Before a run, or many drafts: texts that many agreements need and nobody kept are compiled.

Without them every row lays its constant text out for itself, which costs ten times as much. It is
done in processes of their own, which give back their memory; each edition is kept when it is
finished, so a run that is killed goes on there. Whatever goes wrong costs speed and nothing else:
rows are drafted all the same, with the same bytes.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pks_kit.errors import PksKitError
from pks_kit.messages import Message, lookup
from pks_kit.naskah.catalogue import load_version
from pks_kit.pipelines.batching.next_step import is_done
from pks_kit.pipelines.batching.pool import prepared_context
from pks_kit.pipelines.batching.row import structure_of
from pks_kit.pipelines.batching.worker import end_with_parent, wait_like_parent
from pks_kit.pipelines.drafting.compiled import KeptEditions
from pks_kit.pipelines.drafting.compiling import Edition, editions
from pks_kit.pipelines.drafting.proof_marks import Structure
from pks_kit.pipelines.error_form import unforeseen
from pks_kit.resources import templates_root

if TYPE_CHECKING:
    from pks_kit.domain.kontrak import Kontrak
    from pks_kit.pipelines.batching.book import BookRow
    from pks_kit.pipelines.batching.plan import PlannedRow

FEW = 4
"""Of fewer agreements an edition costs more than it saves."""
WORTH = 30
"""The first edition under a style sheet teaches the patterns of all others and costs as much as
some thirty agreements save."""
_TURN_SECONDS = 0.25
_TOLD_SECONDS = 1.0
_USELESS = frozenset({"file.unwritable", "template.compile.foreign_folder"})
"""Codes after which no other edition can be kept either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiles:
    """What was compiled for a run.

    Attributes:
        made: How many editions.
        seconds: How long it took.
        problem: Why some were not, so that their agreements are drafted without; None: all were.
    """

    made: int = 0
    seconds: float = 0.0
    problem: Message | None = None


@dataclass(frozen=True, slots=True)
class _Missing:
    """Asks which of these editions are worth compiling; the number of agreements of each."""

    counts: Mapping[Structure, int]


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a process says.

    Attributes:
        groups: Editions to compile, those under one style sheet together, the first one alone
            before the others of its group unless one of them is kept.
        made: Whether an edition was made now.
        code: Why not; empty otherwise.
        words: The same for people.
    """

    groups: tuple[tuple[bool, tuple[Structure, ...]], ...] = ()
    made: bool = False
    code: str = ""
    words: Message | None = None


class Helper(Protocol):
    """A process that compiles, as its pipe and its end."""

    @property
    def pipe(self) -> Connection:
        """Return where it is asked and answers."""
        ...

    def kill(self) -> None:
        """End it at once."""
        ...


@dataclass(frozen=True, slots=True)
class _Process:
    pipe: Connection
    kill: Callable[[], None]


def compile_for(
    folder: Path | None,
    rows: Iterable[PlannedRow],
    book: Mapping[int, BookRow],
    jobs: int,
    *,
    progress: Callable[[int, int], None],
    stopping: Callable[[], bool],
) -> Compiles:
    """Compile what many of some rows need and nobody has kept.

    Args:
        folder: Folder with compiled templates; None compiles nothing.
        rows: Rows that can be drafted.
        book: What the book knows of them: what is drafted, or was given up, needs no text.
        jobs: How many processes at once.
        progress: Called now and then with how many editions are done, and of how many.
        stopping: Returns whether to leave it.
    """
    return _compile(folder, texts_of(rows, book), jobs, progress, stopping)


def texts_of(rows: Iterable[PlannedRow], book: Mapping[int, BookRow]) -> Iterator[Structure]:
    """Yield the text of each row that is still to be drafted; see :func:`compile_for`."""
    begun = {number for number, one in book.items() if one.stage or is_done(one, "drafted")}
    return (structure_of(one) for one in rows if one.number not in begun)


def compile_here(folder: Path, counts: Mapping[Structure, int]) -> Compiles:
    """Compile in this process, one after the other, what some agreements need and nobody kept.

    For a worker of a cluster, whose machine has a folder of its own; it raises for nothing.

    Args:
        folder: Folder with compiled templates.
        counts: How many agreements need each text.
    """
    begun, kept, made = time.monotonic(), KeptEditions(folder), 0
    wanted = {one: count for one, count in counts.items() if count >= FEW}
    answer = _answered(kept, _Missing(wanted))
    problem = answer.words
    for _, group in answer.groups:
        for structure in group:
            one = _answered(kept, structure)
            made += one.made
            problem = problem or one.words
    return Compiles(made=made, seconds=time.monotonic() - begun, problem=problem)


def compile_for_drafts(
    folder: Path | None, data: Iterable[Kontrak], progress: Callable[[int, int], None]
) -> Compiles:
    """Compile what many drafts of one call need and nobody has kept, by as many as are processors.

    Args:
        folder: Folder with compiled templates; None compiles nothing.
        data: Contract data of the drafts.
        progress: Called now and then with how many editions are done, and of how many.
    """
    texts = ((one.versi_templat, one.faskes.jenis, one.cara_kontrak) for one in data)
    return _compile(folder, texts, os.cpu_count() or 1, progress, lambda: False)


def _compile(
    folder: Path | None,
    texts: Iterable[Structure],
    jobs: int,
    progress: Callable[[int, int], None],
    stopping: Callable[[], bool],
) -> Compiles:
    counts = Counter(texts)
    wanted = {one: count for one, count in counts.items() if count >= FEW}
    if folder is None or not wanted or stopping():
        return Compiles()
    return _Work(folder, jobs, progress, stopping).run(wanted)


def _started(folder: Path) -> Helper:
    context = prepared_context()
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, folder), daemon=True)
    process.start()
    theirs.close()

    def kill() -> None:
        process.kill()
        process.join()
        ours.close()

    return _Process(ours, kill)


@dataclass(slots=True)
class _Work:
    folder: Path
    jobs: int
    progress: Callable[[int, int], None]
    stopping: Callable[[], bool]
    result: Compiles = field(default_factory=Compiles)
    idle: list[Helper] = field(default_factory=list)
    busy: dict[Connection, tuple[Helper, int]] = field(default_factory=dict)

    def run(self, wanted: Mapping[Structure, int]) -> Compiles:
        """Compile what is missing, the first of each style sheet alone before its others."""
        begun = time.monotonic()
        try:
            first = self._helper()
            groups = self._asked(first, wanted)
            if groups:
                self._all(groups)
        finally:
            for one in (*self.idle, *(helper for helper, _ in self.busy.values())):
                one.kill()
        return replace(self.result, seconds=time.monotonic() - begun)

    def _helper(self) -> Helper:
        return self.idle.pop() if self.idle else _started(self.folder)

    def _asked(
        self, helper: Helper, wanted: Mapping[Structure, int]
    ) -> Sequence[tuple[bool, tuple[Structure, ...]]]:
        self._ask(helper, _Missing(wanted), 0)
        while self.busy and not self.stopping():
            for _, answer in self._heard():
                self._problem(answer)
                return answer.groups
        return ()

    def _all(self, groups: Sequence[tuple[bool, tuple[Structure, ...]]]) -> None:
        queues = [list(each) for _, each in groups]
        learned = [known for known, _ in groups]
        whole, done, told = sum(map(len, queues)), 0, 0.0
        while (any(queues) or self.busy) and not self.stopping():
            for at, queue in enumerate(queues):
                working = sum(number == at for _, number in self.busy.values())
                while queue and len(self.busy) < self.jobs and (learned[at] or not working):
                    self._ask(self._helper(), queue.pop(0), at)
                    working += 1
            if not told or time.monotonic() - told >= _TOLD_SECONDS:
                told = time.monotonic()
                self.progress(done, whole)
            for at, answer in self._heard():
                done += 1
                learned[at] = True
                self.result = replace(self.result, made=self.result.made + answer.made)
                self._problem(answer)
                if answer.code in _USELESS:
                    return
        self.progress(done, whole)

    def _ask(self, helper: Helper, what: _Missing | Structure, at: int) -> None:
        self.busy[helper.pipe] = helper, at
        try:
            helper.pipe.send(what)
        except OSError:
            return  # it died just now; that is heard below

    def _heard(self) -> list[tuple[int, _Answer]]:
        found: list[tuple[int, _Answer]] = []
        for pipe in [one for one in wait(list(self.busy), _TURN_SECONDS) if one in self.busy]:
            helper, at = self.busy.pop(pipe)
            try:
                answer: _Answer = helper.pipe.recv()
                self.idle.append(helper)
            except (EOFError, OSError):  # killed, or out of memory
                helper.kill()
                answer = _Answer(code="batch.compile_died", words=lookup("batch.compile_died"))
            found.append((at, answer))
        return found

    def _problem(self, answer: _Answer) -> None:
        if self.result.problem is None and answer.words is not None:
            self.result = replace(self.result, problem=answer.words)


def _work(pipe: Connection, folder: Path) -> None:
    """Be a process that compiles, until the pipe is closed or the parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    wait_like_parent()
    serve(pipe, folder)


def serve(pipe: Connection, folder: Path) -> None:
    """Answer what a run asks, until its pipe is closed.

    Args:
        pipe: Receives :class:`_Missing` or an edition, sends :class:`_Answer`.
        folder: Folder with compiled templates.
    """
    kept = KeptEditions(folder)
    while True:
        try:
            asked = pipe.recv()
            answer = _answered(kept, asked)
            pipe.send(answer)
        except (EOFError, OSError):  # the run ended
            return


def _answered(kept: KeptEditions, asked: _Missing | Structure) -> _Answer:
    try:
        if isinstance(asked, _Missing):
            return _Answer(groups=_missing(kept, asked.counts))
        return _Answer(made=not kept.compile(_editions([asked])[asked]).was_kept)
    except PksKitError as error:
        return _Answer(code=error.code, words=error.text)
    except Exception as error:  # noqa: BLE001 - it costs speed and must not end a night
        words = lookup("batch.unforeseen").fill(unforeseen(error))
        return _Answer(code="batch.unforeseen", words=words)


def _missing(
    kept: KeptEditions, counts: Mapping[Structure, int]
) -> tuple[tuple[bool, tuple[Structure, ...]], ...]:
    """Return what is worth compiling by style sheet, and whether one of its editions is kept."""
    groups: dict[str, dict[Structure, bool]] = {}
    for structure, edition in _editions(counts).items():
        groups.setdefault(edition.css(), {})[structure] = kept.is_kept(edition)
    found = []
    for group in groups.values():
        missing = tuple(one for one, is_kept in group.items() if not is_kept)
        learned = len(missing) < len(group)
        if missing and (learned or sum(counts[one] for one in missing) >= WORTH):
            found.append((learned, missing))
    return tuple(found)


def _editions(wanted: Iterable[Structure]) -> dict[Structure, Edition]:
    """Return the editions of some structures, in the order of their texts."""
    names = set(wanted)
    return {
        structure: one
        for versi in sorted({versi for versi, _, _ in names})
        for one in editions(load_version(versi, templates_root()))
        if (structure := (versi, one.jenis, one.cara_kontrak)) in names
    }
