"""Stories of a batch that is killed at random moments, and what must be true after each of them.

``python -m support.killed_stories 200`` tells how many rows were done again.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pks_kit.inputs.settings_file import parse_settings
from pks_kit.ledger import kinds
from pks_kit.ledger.ports import Event
from pks_kit.ledger.store import open_ledger
from pks_kit.pdf.prefix.running import sha256_of
from pks_kit.pipelines.batch import (
    BatchApproveRequest,
    BatchPlanRequest,
    batch_approve,
    batch_plan,
)
from pks_kit.pipelines.batch_run import BatchRunRequest, batch_run
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.row import issued_files
from support.booked_distributor import new_distributor_book, sold_in
from support.branch import SIGNS, facility, write_branch
from support.killed_batch import (
    BATCH,
    ISSUED,
    KEYS,
    SOLD,
    STORY,
    TRACE,
    begun_now,
    is_signal,
    pause,
    trace,
)
from support.processes import environment, is_gone, wait_until
from support.signing_world import PASSPHRASE

Victim = Literal["worker", "coordinator", "both"]
VICTIMS: tuple[Victim, ...] = ("worker", "coordinator", "both")
ROWS = 3
_LINES_OF_A_ROW = 9
_MOST_RUNS = 12
_SERVE = "from support.killed_batch import serve; serve()"


@dataclass(slots=True)
class Kill:
    """One kill.

    Attributes:
        victim: Who.
        in_flight: Rows that were worked on by whoever died.
        redone: Rows of which a step was done again because of it.
    """

    victim: str
    in_flight: set[int] = field(default_factory=set)
    redone: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Attempt:
    pid: int
    begun: str
    steps: list[str] = field(default_factory=list)
    end: str = ""
    kill: Kill | None = None


class Runner:
    """The program that forks runs.

    Args:
        origin: What :func:`write_origin` returned.
    """

    def __init__(self, origin: Path) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-c", _SERVE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**environment(), "RAHASIA": PASSPHRASE.decode(), KEYS: str(origin / "uji")},
        )

    def begin(self, folder: Path, number: int) -> int:
        """Begin a run, and return its process."""
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps({"folder": str(folder), "number": number}) + "\n")
        self._server.stdin.flush()
        return self._told()

    def ended(self) -> int:
        """Wait for the end of the run, and return its exit code."""
        return self._told()

    def _told(self) -> int:
        assert self._server.stdout is not None
        return int(self._server.stdout.readline())

    def close(self) -> None:
        """End it."""
        # it ends with its orders; what it told is read to the end and closed
        self._server.communicate()


@contextmanager
def runner(origin: Path) -> Iterator[Runner]:
    """Start the program that forks runs."""
    made = Runner(origin)
    try:
        yield made
    finally:
        made.close()


@contextmanager
def memory_folder() -> Iterator[Path]:
    """Give a folder in memory where there is one: thousands of commits wait for no disk."""
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


def write_origin(folder: Path) -> Path:
    """Plan and approve a branch of three clinics, and issue its agreements once."""
    origin = folder / "asal"
    origin.mkdir(parents=True)
    write_branch(origin, {f"klinik-{one}": facility(one) for one in range(1, ROWS + 1)}, SIGNS)
    place = BatchFolder(origin / BATCH)
    batch_plan(
        BatchPlanRequest(
            sources=(origin / "faskes.xlsx",), folder=place.path, by="Sari Contohwati", sample=0,
            settings=parse_settings(SIGNS.encode(), "pengaturan.yml"),
            settings_bytes=SIGNS.encode(),
        )
    )  # fmt: skip
    with open_ledger(origin / "buku.sqlite") as ledger:
        batch_approve(BatchApproveRequest(folder=place.path, by="Budi Rekaan", ledger=ledger))
    batch_run(BatchRunRequest(folder=place.path, until="drafted", proves=False, jobs=1))
    for row in place.plan().plan.rows:
        found = issued_files(place, row)
        assert found is not None
        assert row.data is not None
        target = folder / ISSUED / row.data.sha256
        target.mkdir(parents=True)
        for one in found:
            shutil.copy(one, target)
    shutil.rmtree(place.drafts)
    for one in place.path.glob("buku-jalan*"):
        one.unlink()
    return origin


class KilledStory:
    """One story: a plan is run, killed some times, run to its end, and its books are compared.

    Args:
        origin: What :func:`write_origin` returned.
        seed: Decides about everything but how quick this machine is.
    """

    def __init__(self, origin: Path, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - a test
        self.folder = origin.parent / f"cerita-{seed}"
        shutil.copytree(origin, self.folder)
        with_services = self.dice.random() < 0.5
        (self.folder / STORY).write_text(begun_now(seed, with_services=with_services))
        (self.folder / TRACE).touch()
        new_distributor_book(self.folder / SOLD)
        self.place = BatchFolder(self.folder / BATCH)
        self.plan = self.place.plan().plan
        self.spoiled = self.dice.choice((0, 0, *range(1, ROWS + 1)))
        """Number of a row whose data were changed after the approval; 0 for none."""
        if self.spoiled:
            at = self.plan.rows[self.spoiled - 1].data
            assert at is not None
            content = bytearray(self.place.data.read_bytes())
            content[at.offset + at.size // 2] ^= 1
            self.place.data.chmod(0o600)
            self.place.data.write_bytes(content)
        self.kills: list[Kill] = []
        self.books_lost = 0

    def tell(self, runner: Runner) -> None:
        """Let it happen, and see that nothing was lost, bought twice, or done again in vain."""
        left = self.dice.choice((1, 1, 2, 3))
        number = 0
        while True:
            number += 1
            assert number <= _MOST_RUNS
            coordinator = runner.begin(self.folder, number)
            killed = False
            while left and not killed and self._comes(coordinator):
                victim = self.dice.choice(VICTIMS)
                left -= 1
                killed = self._kill(victim, coordinator)
            code = runner.ended()
            if killed:
                assert is_signal(code)
                self._buried(victim)
                if self.dice.random() < 0.5:
                    self._lose_the_book()
                continue
            left = 0
            failed = self.folder / f"akhir-{number}.txt"
            assert code == 0, failed.read_text() if failed.exists() else code
            end = json.loads((self.folder / f"akhir-{number}.json").read_text())
            if "parked" not in end["status"]["states"]:
                break
        self._read_trace()
        self._agrees(end)

    # --- kills --------------------------------------------------------------------------------

    def _lines(self) -> list[dict[str, Any]]:
        return [json.loads(one) for one in (self.folder / TRACE).read_text().splitlines()]

    def _count(self) -> int:
        return (self.folder / TRACE).read_bytes().count(b"\n")

    def _comes(self, coordinator: int) -> bool:
        """Wait until the moment of the next kill, and return whether it came."""
        seen = self._count()
        wanted = seen + self.dice.randrange(max(2, ROWS * _LINES_OF_A_ROW - seen))
        while self._count() < max(1, wanted):
            if is_gone(coordinator):
                return False
            pause(0.004)
        pause(self.dice.uniform(0, 0.06))
        return not is_gone(coordinator)

    def _at_work(self) -> set[int]:
        """Return the processes of rows that began and did not end."""
        working: dict[tuple[int, int], bool] = {}
        for line in self._lines():
            if line["what"] in ("begin", "end"):
                working[line["pid"], line["number"]] = line["what"] == "begin"
        return {pid for (pid, _), begun in working.items() if begun and not is_gone(pid)}

    def _kill(self, victim: Victim, coordinator: int) -> bool:
        """Kill, and return whether the coordinator is dead."""
        workers = sorted(self._at_work())
        chosen = [self.dice.choice(workers)] if workers and victim != "coordinator" else []
        if not chosen and victim == "worker":
            return False
        for pid in [*chosen, *([] if victim == "worker" else [coordinator])]:
            os.kill(pid, signal.SIGKILL)
        if victim == "worker":
            wait_until(lambda: is_gone(chosen[0]))
            trace(self.folder, "kill", victim=victim, pids=chosen)
        return victim != "worker"

    def _buried(self, victim: Victim) -> None:
        """Wait until nobody of a killed run is left: workers end with their coordinator."""
        pids = sorted({one["pid"] for one in self._lines() if "pid" in one})
        wait_until(lambda: all(map(is_gone, pids)))
        trace(self.folder, "kill", victim=victim, pids=pids)

    def _lose_the_book(self) -> None:
        self.books_lost += 1
        for one in self.place.path.glob("buku-jalan*"):
            one.unlink()

    # --- what must be true --------------------------------------------------------------------

    def _read_trace(self) -> None:
        """Learn what was done again; only the last step of a row in flight may be."""
        attempts: dict[int, list[_Attempt]] = {}
        for line in self._lines():
            if line["what"] == "kill":
                kill = Kill(line["victim"])
                self.kills.append(kill)
                for number, tried in attempts.items():
                    last = tried[-1]
                    if not last.end and last.kill is None and last.pid in line["pids"]:
                        last.kill = kill
                        kill.in_flight.add(number)
                continue
            tried = attempts.setdefault(line["number"], [])
            if line["what"] == "begin":
                assert not tried or tried[-1].end or tried[-1].kill, "a row is done by two at once"
                tried.append(_Attempt(line["pid"], line["begun"]))
            elif line["what"] == "step":
                tried[-1].steps.append(line["step"])
            elif line["what"] == "end":
                tried[-1].end = line["state"]
        for number, tried in attempts.items():
            self._read_row(number, tried)

    def _read_row(self, number: int, tried: list[_Attempt]) -> None:
        done_by: dict[str, _Attempt] = {}
        for one in tried:
            for step in one.steps:
                before = done_by.get(step)
                if before is not None:
                    assert before.steps[-1] == step, "what was done before the last step is kept"
                    assert before.kill is not None or before.end == "parked", "done again in vain"
                    if before.kill is not None:
                        before.kill.redone.add(number)
                done_by[step] = one
        for kill in self.kills:
            assert kill.redone <= kill.in_flight

    def _agrees(self, end: dict[str, Any]) -> None:
        """The ledger, the distributor's book, the folder and the book of the run say the same."""
        good = {one.number for one in self.plan.rows} - {self.spoiled}
        rows = {one["number"]: one for one in end["status"]["rows"]}
        assert {number for number, one in rows.items() if one["state"] == "done"} == good, rows
        for number in set(rows) - good:
            assert (rows[number]["state"], rows[number]["code"]) == (
                "refused",
                "batch.changed_data",
            )
            assert rows[number]["reason"]["id"]
        sold = sold_in(self.folder / SOLD)
        assert len({key for _, key, _ in sold}) == len(sold) == 2 * len(good)
        assert {state for _, _, state in sold} == {"stamped"}
        with open_ledger(self.folder / "buku.sqlite") as ledger:
            assert ledger.verify().intact
            events = ledger.events()
        of: dict[str, list[Event]] = {}
        for one in events:
            of.setdefault(one.jenis, []).append(one)
        issued = [one.isi["sn"] for one in of[kinds.METERAI_TERBIT]]
        assert sorted(issued) == [sn for sn, _, _ in sold]
        stamped = Counter(one.isi["sn"] for one in of[kinds.METERAI_TERBUBUH])
        assert stamped == dict.fromkeys(issued, 1)
        ended = Counter(one.perjanjian for one in of[kinds.SELESAI])
        wanted = {one.agreement_id for one in self.plan.rows if one.number in good}
        assert ended == dict.fromkeys(wanted, 1)
        finished = {sha256_of(one.read_bytes()) for one in self.place.finished.glob("*.pdf")}
        assert finished == {one.isi["sha256"] for one in of[kinds.SELESAI]}


@dataclass(frozen=True, slots=True)
class Figures:
    """What many stories add up to."""

    kills: tuple[Kill, ...]
    books_lost: int
    stories: int

    def __str__(self) -> str:
        lines = [f"{self.stories} stories, {len(self.kills)} kills, {self.books_lost} books lost"]
        for victim in ("all", *VICTIMS):
            chosen = [one for one in self.kills if victim in ("all", one.victim)]
            if not chosen:
                continue
            redone = sorted(len(one.redone) for one in chosen)
            flight = sorted(len(one.in_flight) for one in chosen)
            none = sum(not one for one in redone) / len(redone)
            share = sum(redone) / max(1, sum(flight))
            lines.append(
                f"{victim}: {len(chosen)} kills; rows done again: median "
                f"{statistics.median(redone):g}, most {redone[-1]}, none in {none:.0%}; in flight: "
                f"median {statistics.median(flight):g}, most {flight[-1]}; "
                f"{share:.0%} of the rows in flight lost their last step"
            )
        return "\n".join(lines)


def told(folder: Path, seeds: Iterable[int]) -> Figures:
    """Tell stories in a folder of their own, and return what they add up to.

    Raises:
        AssertionError: Something was lost, bought twice, or done again in vain.
    """
    kills: list[Kill] = []
    lost = stories = 0
    origin = write_origin(folder)
    with runner(origin) as forks:
        for seed in seeds:
            story = KilledStory(origin, seed)
            try:
                story.tell(forks)
            except BaseException as error:
                error.add_note(f"seed {seed}: {(story.folder / TRACE).read_text()}")
                raise
            kills += story.kills
            lost += story.books_lost
            stories += 1
            shutil.rmtree(story.folder)
    return Figures(tuple(kills), lost, stories)


def main(stories: int) -> None:
    """Tell stories and print what they add up to."""
    with memory_folder() as folder:
        print(told(folder, range(stories)))  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]))
