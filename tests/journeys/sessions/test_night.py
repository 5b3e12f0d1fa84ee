"""Simulated nights: a distributor with outages, lost and doubled answers, processes that die, rows
that are broken, on a clock of its own. Coordinator, book, purchases and ledger are the real ones.
In every story the sums of the ledger are those of the distributor's book.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pks_kit.domain.meterai import is_sn
from pks_kit.errors import InputError, PksKitError, SigningError, UnknownOutcomeError
from pks_kit.ledger import kinds
from pks_kit.ledger.sql_ledger import SqlLedger
from pks_kit.ledger.store import open_ledger
from pks_kit.pipelines.batching.book import Book
from pks_kit.pipelines.batching.coordinator import Coordinator, Hooks, RunEnd
from pks_kit.pipelines.batching.driver import RowDied, RowTask
from pks_kit.pipelines.batching.outcome import RowOutcome, outcome_of
from pks_kit.pipelines.signing.purchase import MeteraiPurchase, purchase_key
from pks_kit.signing.ports import BookLine, Meterai, MeteraiOrder, MeteraiState, StampJob
from support.planned import TimedDriver, planned_row
from support.proving import SampleOf

BEGIN = datetime(2026, 12, 28, 18, tzinfo=UTC)
ROWS = 60
OUTAGE = (5.0, 5.0 + 20 * 60)
PLAN = "b" * 64
STEPS = ("p1_meterai", "p2_meterai")


class KilledError(BaseException):
    """The process is gone; nothing after this line happened."""


@dataclass
class NightDistributor:
    """Sells serial numbers, keeps a book, and has bad moments.

    Attributes:
        dice: Decides about them.
        now: Seconds of the night.
        kill: How likely the process of a caller dies before or after a call.
        loses: How likely an answer is lost although the call was carried out.
    """

    dice: random.Random
    now: float = 0.0
    kill: float = 0.0
    loses: float = 0.0
    lines: dict[str, BookLine] = field(default_factory=dict)
    calls: list[float] = field(default_factory=list)
    bought_for: Counter[str] = field(default_factory=Counter)

    name = "distributor-malam"
    is_uji = False

    def _call(self) -> None:
        self.calls.append(self.now)
        if OUTAGE[0] <= self.now < OUTAGE[1]:
            self.now += 10.0
            raise SigningError("service.unreachable", service=self.name, reason="")
        self.now += 0.2

    def _moment(self) -> None:
        if self.dice.random() < self.kill:
            raise KilledError

    async def check_ready(self, now: datetime) -> None:
        del now
        self._call()

    async def issue(self, order: MeteraiOrder) -> Meterai:
        self._moment()
        self._call()
        sn = f"{len(self.lines) + 1:022d}"
        self.lines[sn] = BookLine(sn=sn, state="unused", key=order.key)
        self.bought_for[order.key] += 1
        self._moment()
        if self.dice.random() < self.loses:
            raise UnknownOutcomeError("service.no_answer", service=self.name, reason="")
        return Meterai(sn=sn, image=b"\x89PNG")

    async def find_issued(self, order: MeteraiOrder) -> Meterai | None:
        self._call()
        mine = [
            one
            for one in self.lines.values()
            if one.key == order.key and one.state == "unused" and one.sn not in order.on_record
        ]
        return Meterai(sn=mine[0].sn, image=b"\x89PNG") if mine else None

    async def state(self, sn: str) -> MeteraiState:
        self._call()
        return self.lines[sn].state

    async def stamp(self, job: StampJob) -> bytes:
        self._moment()
        self._call()
        line = self.lines[job.meterai.sn]
        assert line.state == "unused" or job.is_retry
        self.lines[line.sn] = replace(line, state="stamped")
        self._moment()
        if self.dice.random() < self.loses:
            raise UnknownOutcomeError("service.no_answer", service=self.name, reason="")
        return job.pdf + b"stamped"


class Night:
    """One night: rows in, what the distributor and the ledger say afterwards."""

    def __init__(self, folder: Path, seed: int, *, kill: float, loses: float, broken: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - no secret
        self.distributor = NightDistributor(self.dice, kill=kill, loses=loses)
        self.broken = {self.dice.randrange(1, ROWS + 1) for _ in range(broken)}
        self.deadly = {self.dice.randrange(1, ROWS + 1)} if kill else set()
        self.folder = folder
        self.done: dict[int, int] = {}
        """How many stamps of a row are stored: its folder of revisions."""
        self.attempts: Counter[int] = Counter()

    @contextmanager
    def opened(self) -> Iterator[tuple[SqlLedger, Book]]:
        with (
            open_ledger(self.folder / "buku.sqlite") as ledger,
            closing(Book(self.folder / "jalan.sqlite", PLAN, ROWS)) as book,
        ):
            yield ledger, book

    def run(self, *, stop_after: float | None = None) -> RunEnd:
        """Run, perhaps only until a moment; the night goes on where it was."""
        with self.opened() as (ledger, book):
            driver = TimedDriver(
                lambda task, now: self._answer(ledger, task, now), cpu=2, service=6
            )
            driver.time = self.distributor.now
            ends = None if stop_after is None else driver.time + stop_after
            hooks = Hooks(
                now=driver.now,
                wall=driver.now,
                stopping=lambda: ends is not None and driver.time >= ends,
            )
            rows = [planned_row(number) for number in range(1, ROWS + 1)]
            end = Coordinator(rows, "verified", book, driver, hooks, with_services=True).run()
            self.distributor.now = max(self.distributor.now, driver.time)
            return end

    def _answer(
        self, ledger: SqlLedger, task: RowTask, now: float
    ) -> tuple[RowOutcome | RowDied, float]:
        number = task.row.number
        if task.lane != "service":
            if number in self.broken:
                error = InputError("batch.row_not_ready", number=number)
                return outcome_of(error, number, ""), 0.3
            return RowOutcome(number=number, state="done", stage=task.until), 0.3
        self.attempts[number] += 1
        self.distributor.now = now
        if number in self.deadly and self.attempts[number] <= 2:
            return RowDied(number, alone=False), 0.5
        try:
            steps = asyncio.run(self._signed(ledger, task))
        except KilledError:
            return RowDied(number, alone=False), self.distributor.now - now
        except PksKitError as error:
            return outcome_of(error, number, "drafted"), self.distributor.now - now
        spent = self.distributor.now - now
        return RowOutcome(number=number, state="done", stage="signed", steps=steps), spent

    async def _signed(self, ledger: SqlLedger, task: RowTask) -> tuple[str, ...]:
        """Buy and stamp what the row's folder does not hold yet, as a session does."""
        number, agreement = task.row.number, task.row.agreement_id or ""
        steps = []
        while (held := self.done.get(number, 0)) < len(STEPS):
            document = f"{number}:{held}".encode()
            purchase = MeteraiPurchase(
                provider=self.distributor,
                ledger=ledger,
                perjanjian=agreement,
                langkah=STEPS[held],
                order=MeteraiOrder(
                    key=purchase_key(agreement, STEPS[held], document),
                    document_sha256="c" * 64,
                    document_name="pks.pdf",
                    document_number="1/KTR",
                    document_date=date(2026, 12, 28),
                    peran="pihak_kesatu",
                    payer="BPJS Kesehatan",
                ),
                clock=self._clock,
            )
            meterai, again = await purchase.buy()
            job = StampJob(
                pdf=document,
                meterai=meterai,
                box=None,  # type: ignore[arg-type]
                alasan="",
                lokasi="",
                now=self._clock(),
                is_retry=again,
            )
            await purchase.stamp(job)
            purchase.done(meterai.sn, "d" * 64)
            self.done[number] = held + 1
            steps.append(STEPS[held])
        return tuple(steps)

    def _clock(self) -> datetime:
        return BEGIN + timedelta(seconds=self.distributor.now)


def agrees(night: Night, end: RunEnd) -> None:
    """The ledger and the distributor's book tell the same, nothing is bought twice or lost."""
    good = ROWS - len(night.broken)
    assert end.states == {"done": good} | ({"refused": len(night.broken)} if night.broken else {})
    lines = night.distributor.lines
    assert len(lines) == 2 * good
    assert set(night.distributor.bought_for.values()) == {1}
    assert {one.state for one in lines.values()} == {"stamped"}
    with night.opened() as (ledger, _):
        events = ledger.events()
        assert ledger.verify().intact
        issued = [one.isi["sn"] for one in events if one.jenis == kinds.METERAI_TERBIT]
        assert sorted(issued) == sorted(lines)
        assert all(is_sn(sn) for sn in issued)
        stamped = Counter(one.isi["sn"] for one in events if one.jenis == kinds.METERAI_TERBUBUH)
        assert stamped == dict.fromkeys(lines, 1)


@pytest.mark.slow
def test_an_outage_of_twenty_minutes_costs_few_calls_and_nothing_else(tmp_path: Path) -> None:
    night = Night(tmp_path, 0, kill=0.0, loses=0.0, broken=3)
    end = night.run()
    agrees(night, end)
    calls = night.distributor.calls
    during = sum(OUTAGE[0] <= one < OUTAGE[1] for one in calls)
    assert 5 <= during < 60
    assert min(one for one in calls if one >= OUTAGE[1]) - OUTAGE[1] <= 300


@pytest.mark.slow
def test_the_sums_agree_in_every_story(tmp_path: Path, sample_of: SampleOf) -> None:
    for seed in range(60 if sample_of.everything else 4):
        folder = tmp_path / str(seed)
        folder.mkdir()
        night = Night(folder, seed, kill=0.03, loses=0.05, broken=seed % 4)
        dice = random.Random(seed)  # noqa: S311 - no secret
        for _ in range(dice.randrange(3)):  # stopped and begun again, its book lost now and then
            night.run(stop_after=dice.uniform(5, 200))
            if dice.random() < 0.5:
                for book in folder.glob("jalan.sqlite*"):
                    book.unlink()
        agrees(night, night.run())
