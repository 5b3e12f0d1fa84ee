"""A machine of a fleet whose rows only buy and stamp: real queue, book, ledger and purchases.

Run as a program it works on a plan until nothing is left; a test kills it. The distributor keeps
its book in a table of the same database, so that every machine buys from one and the same.
"""

from __future__ import annotations

import asyncio
import json
import queue
import signal
import sys
import threading
import time
from datetime import date, datetime, timedelta
from typing import Any

import psycopg

from pks_kit.domain.secret import Secret
from pks_kit.errors import PksKitError
from pks_kit.ledger.address import read_address
from pks_kit.ledger.sql_ledger import SqlLedger
from pks_kit.ledger.store import open_ledger
from pks_kit.pipelines.batching.driver import Lane, RowDied, RowTask
from pks_kit.pipelines.batching.outcome import RowOutcome, outcome_of
from pks_kit.pipelines.fleet.place import FleetPlace
from pks_kit.pipelines.fleet.worker import Machine, Worked, work_on
from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.pipelines.signing.purchase import MeteraiPurchase, purchase_key
from pks_kit.signing.ports import Meterai, MeteraiOrder, MeteraiState, StampJob
from support.planned import planned_row

PLAN = "c" * 64
STEP = "p1_meterai"
BOOK = """
create table jual (
    sn text primary key, kunci text not null, keadaan text not null, pada double precision not null
);
create table hasil (nomor integer primary key, sn text not null);
create table panggilan (mesin integer not null, pada double precision not null);
"""
"""What is sold; what folders of revisions would hold; who called when."""
_CALL_SECONDS = 0.01
_FASTER = 100
"""A minute of the distributor's rules passes in less than a second."""


class TableDistributor:
    """Sells serial numbers; its book is a table."""

    name = "distributor-tabel"
    is_uji = False

    def __init__(self, url: str, machine: int) -> None:
        self._db = psycopg.connect(url, autocommit=True)
        self._machine = machine

    def _call(self, query: str, *given: object) -> list[tuple[Any, ...]]:
        self._db.execute("insert into panggilan values (%s, %s)", (self._machine, time.time()))
        cursor = self._db.execute(query.encode(), given)
        found = cursor.fetchall() if cursor.description else []
        time.sleep(_CALL_SECONDS)  # a kill here loses the answer
        return found

    async def check_ready(self, now: datetime) -> None:
        del now

    async def issue(self, order: MeteraiOrder) -> Meterai:
        sn = self._call(
            "insert into jual select lpad((count(*) + 1)::text, 22, '0'), %s, 'unused', 0 from jual"
            " returning sn",
            order.key,
        )[0][0]
        return Meterai(sn=sn, image=b"\x89PNG")

    async def find_issued(self, order: MeteraiOrder) -> Meterai | None:
        found = self._call(
            "select sn from jual where kunci = %s and keadaan = 'unused' and not sn = any(%s)",
            order.key,
            list(order.on_record),
        )
        return Meterai(sn=found[0][0], image=b"\x89PNG") if found else None

    async def state(self, sn: str) -> MeteraiState:
        found: MeteraiState = self._call("select keadaan from jual where sn = %s", sn)[0][0]
        return found

    async def stamp(self, job: StampJob) -> bytes:
        self._call("update jual set keadaan = 'stamped' where sn = %s", job.meterai.sn)
        return job.pdf + b"stamped"


class ThreadDriver:
    """A ``Driver`` whose rows run in threads of this process.

    Args:
        run: What is done with a task.
        slots: How many at once.
    """

    def __init__(self, run: Any, slots: int) -> None:
        self._run, self._slots, self._flight = run, slots, 0
        self._tasks: queue.SimpleQueue[RowTask | None] = queue.SimpleQueue()
        self._ended: queue.SimpleQueue[RowOutcome] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(slots)]
        for one in self._threads:
            one.start()

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            self._ended.put(self._run(task))

    def room(self, lane: Lane) -> int:
        del lane
        return self._slots - self._flight

    def submit(self, task: RowTask) -> None:
        assert self._flight < self._slots
        self._flight += 1
        self._tasks.put(task)

    def results(self, seconds: float) -> tuple[RowOutcome | RowDied, ...]:
        del seconds
        found = []
        while not self._ended.empty():
            found.append(self._ended.get())
        self._flight -= len(found)
        return tuple(found)

    def close(self, *, at_once: bool = False) -> None:
        del at_once
        for _ in self._threads:
            self._tasks.put(None)


def place_of(url: str, password: str) -> FleetPlace:
    return FleetPlace(address=read_address(url, Secret(password)))


class BuyingMachine:
    """A machine of the test.

    Args:
        url: Ledger.
        password: Its password.
        number: Which machine it is.
    """

    def __init__(self, url: str, password: str, number: int) -> None:
        self._url, self._password, self._number = url, password, number
        self._own = threading.local()
        self.stopping = threading.Event()

    def work(self, rows: int, *, stalled: float) -> Worked:
        return asyncio.run(
            work_on(
                Machine(
                    place=place_of(self._url, self._password),
                    plan_id=PLAN,
                    rows=[planned_row(number) for number in range(1, rows + 1)],
                    until="verified",
                    processes=2,
                    callers=3,
                    driver=lambda _lane, slots: ThreadDriver(self.run, slots),
                    stalled=stalled,
                    stopping=self.stopping.is_set,
                )
            )
        )

    def run(self, task: RowTask) -> RowOutcome:
        """Do a row of either lane."""
        number = task.row.number
        if task.lane == "cpu":
            return RowOutcome(number=number, state="done", stage=task.until, cpu=0.001)
        try:
            ledger, distributor = self._tools()
            with ledger.alone(task.row.agreement_id or ""):
                steps = asyncio.run(self._signed(ledger, distributor, task))
        except PksKitError as error:
            after = outcome_of(error, number, "drafted")
            return RowOutcome(
                number=number, state=after.state, stage="drafted", code=after.code,
                words=after.words, service=after.service, wait=after.wait / _FASTER,
            )  # fmt: skip
        except psycopg.Error:  # the distributor is away; a row never raises
            self._own.__dict__.clear()
            return RowOutcome(number=number, state="parked", stage="drafted", wait=0.2)
        return RowOutcome(number=number, state="done", stage="signed", steps=steps, cpu=0.001)

    def _tools(self) -> tuple[SqlLedger, TableDistributor]:
        if not hasattr(self._own, "tools"):
            url = self._url.replace("postgresql+psycopg://", "postgresql://")
            secret = f"{url}?password={self._password}"
            ledger = open_ledger(self._url, password=Secret(self._password))
            self._own.tools = ledger, TableDistributor(secret, self._number)
        found: tuple[SqlLedger, TableDistributor] = self._own.tools
        return found

    async def _signed(
        self, ledger: SqlLedger, distributor: TableDistributor, task: RowTask
    ) -> tuple[str, ...]:
        number, agreement = task.row.number, task.row.agreement_id or ""
        database = distributor._db
        if database.execute("select 1 from hasil where nomor = %s", (number,)).fetchone():
            return ()
        document = f"{number}".encode()
        purchase = MeteraiPurchase(
            provider=distributor,
            ledger=ledger,
            perjanjian=agreement,
            langkah=STEP,
            order=MeteraiOrder(
                key=purchase_key(agreement, STEP, document),
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
            pdf=document, meterai=meterai, box=None, alasan="", lokasi="",  # type: ignore[arg-type]
            now=self._clock(), is_retry=again,
        )  # fmt: skip
        await purchase.stamp(job)
        purchase.done(meterai.sn, "d" * 64)
        database.execute("insert into hasil values (%s, %s)", (number, meterai.sn))
        return (STEP,)

    def _clock(self) -> datetime:
        """Return the time of a night in which minutes pass quickly, the same on all machines."""
        now = system_clock()
        begin = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return begin + timedelta(seconds=(now - begin).total_seconds() * _FASTER)


if __name__ == "__main__":
    given = json.loads(sys.stdin.read())
    own = BuyingMachine(given["url"], given["password"], given["machine"])
    signal.signal(signal.SIGTERM, lambda *_: own.stopping.set())
    done = own.work(given["rows"], stalled=given["stalled"])
    print(json.dumps({"tried": done.tried, "given_back": done.given_back}))  # noqa: T201
