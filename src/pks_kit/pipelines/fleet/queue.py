"""The queue of a fleet: Procrastinate, which keeps its jobs in the database of the ledger.

A job carries the plan's id and the number of a row, and no lock: a doubled job finds its row done,
or busy. Each plan has queues of its own, so that a machine that works on one plan never takes jobs
of another.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Iterable
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

from pks_kit.errors import UsageError
from pks_kit.pipelines.batching.driver import Lane
from pks_kit.pipelines.fleet.place import SCHEMA, FleetPlace, lock_number
from pks_kit.pipelines.requests.clock import system_clock

if TYPE_CHECKING:
    from procrastinate import App
    from procrastinate.jobs import Job
    from procrastinate.retry import BaseRetryStrategy, RetryDecision
    from procrastinate.types import JSONDict

LANES: tuple[Lane, ...] = ("cpu", "service")
_PUT_ROWS = 1000
_AGAIN_SECONDS = 5
_CONNECT_SECONDS = 10.0
_GRACE_SECONDS = 300.0
"""How long rows that were begun may take to end; a row takes seconds, a service at most minutes."""
_LOG = "procrastinate"

RunsRow = Callable[[str, int], Coroutine[None, None, None]]
"""What a machine does with a job, given plan and row; raising puts the job back."""


def prepare_queue(place: FleetPlace) -> None:
    """Make the tables of the queue, unless they stand there.

    Raises:
        UsageError: ``fleet.not_installed``.
        LedgerError: The database cannot be used.
    """
    try:
        from procrastinate.schema import SchemaManager
    except ImportError:
        raise UsageError("fleet.not_installed") from None
    with closing(place.connect()) as connection, place.told(), connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", (lock_number(SCHEMA),))
        connection.execute(f"create schema if not exists {SCHEMA}")
        found = connection.execute("select to_regclass('procrastinate_jobs')").fetchone()
        if found is None or found[0] is None:
            connection.execute(SchemaManager.get_schema())


class Queue:
    """The queues of one plan; use it inside ``async with queue.app.open_async()``.

    Args:
        place: The database, whose tables are prepared.
        plan_id: Hash of the plan.

    Raises:
        UsageError: ``fleet.not_installed``.
    """

    def __init__(self, place: FleetPlace, plan_id: str) -> None:
        try:
            from procrastinate import App, PsycopgConnector
        except ImportError:
            raise UsageError("fleet.not_installed") from None
        # its words name arguments and servers; what matters stands in the book
        for name in (_LOG, "psycopg.pool"):
            logging.getLogger(name).addHandler(logging.NullHandler())
            logging.getLogger(name).propagate = False
        self._plan = plan_id
        connector = PsycopgConnector(
            kwargs=place.arguments(), min_size=1, max_size=4, timeout=_CONNECT_SECONDS
        )
        self.app: App = App(connector=connector)

    def name(self, lane: Lane) -> str:
        """Return the name of a queue."""
        return f"{lane}-{self._plan[:16]}"

    async def put(self, numbers: Iterable[int], lane: Lane, wait: float = 0.0) -> int:
        """Put rows into a queue and return how many.

        Args:
            numbers: Their numbers in the plan.
            lane: Which queue.
            wait: Seconds before which nobody takes them.
        """
        at = system_clock() + timedelta(seconds=wait) if wait > 0 else None
        deferrer = self.app.configure_task(
            _task(lane), queue=self.name(lane), schedule_at=at, allow_unknown=True
        )
        given: list[JSONDict] = [{"plan": self._plan, "number": number} for number in numbers]
        for begin in range(0, len(given), _PUT_ROWS):
            await deferrer.batch_defer_async(*given[begin : begin + _PUT_ROWS])
        return len(given)

    async def work(self, lane: Lane, run: RunsRow, at_once: int, stalled: float) -> None:
        """Take jobs until cancelled; then the jobs that were begun are finished.

        Args:
            lane: Of which queue.
            run: What is done with each.
            at_once: How many at a time.
            stalled: Seconds after which a machine that says nothing is taken for dead.
        """
        self.app.task(name=_task(lane), retry=_puts_back())(run)
        await self.app.run_worker_async(
            queues=[self.name(lane)],
            concurrency=at_once,
            delete_jobs="always",
            install_signal_handlers=False,
            shutdown_graceful_timeout=_GRACE_SECONDS,
            fetch_job_polling_interval=min(2.0, stalled / 2),
            update_heartbeat_interval=stalled / 4,
            stalled_worker_timeout=stalled,
        )

    async def give_back(self, stalled: float) -> int:
        """Put jobs of dead machines back and return how many."""
        count = 0
        for lane in LANES:
            found = await self.app.job_manager.get_stalled_jobs(
                queue=self.name(lane), seconds_since_heartbeat=stalled
            )
            for job in found:
                await self._give_back(job)
                count += 1
        return count

    async def _give_back(self, job: Job) -> None:
        from procrastinate.exceptions import ConnectorException

        try:
            await self.app.job_manager.retry_job(job)
        except ConnectorException:
            return  # another machine gave it back a moment ago


def _task(lane: Lane) -> str:
    return f"pks_kit.{lane}"


def _puts_back() -> BaseRetryStrategy:
    """Return that a job that raised is put back; what is wrong with a row is never raised."""
    from procrastinate.retry import BaseRetryStrategy, RetryDecision

    class PutsBack(BaseRetryStrategy):
        def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
            return RetryDecision(retry_in={"seconds": _AGAIN_SECONDS})

    return PutsBack()
