"""The driver for those who have a Dask cluster: its workers run rows, one machine is in charge.

The loop and the book stay on the machine that runs the batch, and so does whoever talks to
services: a rate is kept by one process. What the scheduler believes is in its memory alone; when it
dies the run ends, and the same command goes on from ledger and folder.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pks_kit.errors import UsageError
from pks_kit.pipelines.batching.compiles import Compiles, compile_here
from pks_kit.pipelines.batching.driver import Driver, Lane, RowDied, RowTask
from pks_kit.pipelines.batching.outcome import RowOutcome
from pks_kit.pipelines.batching.row import run_row
from pks_kit.pipelines.batching.workshop import ShopOrder, Workshop
from pks_kit.pipelines.drafting.proof_marks import Structure

_CONNECT_SECONDS = 20
_LEAST_SECONDS = 0.01
_TURN_SECONDS = 0.1
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})


class DaskDriver:
    """Workers of a cluster; a ``Driver``.

    Args:
        address: Scheduler, ``tls://host:port``; certificates stand in the settings of Dask.
        order: What each workshop is set up with; every worker sees the same folder.
        services: Who runs rows of the lane of services, on this machine; None: there are none.

    Raises:
        UsageError: ``cluster.not_installed``, ``cluster.no_answer``; ``cluster.without_tls`` for
            another machine, because keys and secrets travel.
    """

    def __init__(self, address: str, order: ShopOrder, services: Driver | None = None) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise UsageError("cluster.not_installed") from None
        parts = urlsplit(address)
        if parts.scheme != "tls" and parts.hostname not in _HERE:
            raise UsageError("cluster.without_tls", address=parts.hostname or "?")
        try:
            connect: Any = Client  # has no types
            self._client = connect(
                address, timeout=_CONNECT_SECONDS, set_as_default=False, direct_to_workers=False
            )
        except (OSError, ValueError, TimeoutError):
            raise UsageError("cluster.no_answer", address=parts.hostname or "?") from None
        self._order = order
        self._services = services
        self._flight: dict[Any, int] = {}
        self._run = secrets.token_hex(8)
        self._attempts = count()

    def compile(
        self,
        folder: Path | None,
        counts: Mapping[Structure, int],
        progress: Callable[[int, int], None],
        stopping: Callable[[], bool],
    ) -> Compiles:
        """Have one worker of each machine compile what the rows need and is not kept there.

        A worker that dies costs speed alone: rows are drafted all the same.

        Args:
            folder: Folder with compiled templates, as each machine calls it; None compiles nothing.
            counts: How many rows need each text.
            progress: Called with how many machines are through, and of how many.
            stopping: Returns whether to leave it.
        """
        if folder is None or not counts:
            return Compiles()
        hosts = {urlsplit(one).hostname: one for one in self._client.nthreads()}
        left = {
            self._client.submit(
                compile_here, folder, dict(counts), workers=[worker], pure=False, retries=0,
                key=f"naskah-{self._run}-{number}",
            ): worker
            for number, worker in enumerate(hosts.values())
        }  # fmt: skip
        done: list[Compiles] = []
        through = len(left)
        while left and not stopping():
            there = self._client.nthreads()
            for one, worker in list(left.items()):
                if one.done() or worker not in there:  # who died is waited for by nobody
                    done += [one.result()] if one.status == "finished" else []
                    del left[one]
                    progress(through - len(left), through)
                    one.cancel()
            time.sleep(_TURN_SECONDS)
        self._client.cancel(list(left))
        return Compiles(
            made=sum(one.made for one in done),
            seconds=max((one.seconds for one in done), default=0.0),
            problem=next((one.problem for one in done if one.problem is not None), None),
        )

    def room(self, lane: Lane) -> int:
        """Return how many more rows may be handed over now: one for each worker, and one more."""
        if lane == "service":
            return self._services.room(lane) if self._services else 0
        workers = len(self._client.nthreads())
        return max(0, workers + 1 - len(self._flight)) if workers else 0

    def submit(self, task: RowTask) -> None:
        """Hand over one row."""
        if task.lane == "service" and self._services is not None:
            self._services.submit(task)
            return
        future = self._client.submit(
            _run, self._run, self._order, task,
            key=f"baris-{self._run}-{next(self._attempts)}",
            pure=False, retries=0,
        )  # fmt: skip
        self._flight[future] = task.row.number

    def results(self, seconds: float) -> tuple[RowOutcome | RowDied, ...]:
        """Return what ended."""
        ends = time.monotonic() + seconds
        while True:
            found = [self._ended(one) for one in list(self._flight) if one.done()]
            if self._services is not None:
                found += self._services.results(0)
            if found or time.monotonic() >= ends:
                return tuple(found)
            time.sleep(_LEAST_SECONDS)

    def close(self, *, at_once: bool = False) -> None:
        """Leave the cluster, whose workers go on; end whoever talks to services."""
        if self._services is not None:
            self._services.close(at_once=at_once)
        if at_once:
            self._client.cancel(list(self._flight))
        self._client.close()

    def _ended(self, future: Any) -> RowOutcome | RowDied:
        number = self._flight.pop(future)
        if future.status == "finished":
            outcome: RowOutcome = future.result()
            return outcome
        # a row never raises: its worker died, more than once, or the scheduler lost it
        return RowDied(number, alone=False)


def _run(run: str, order: ShopOrder, task: RowTask) -> RowOutcome:
    """Run a row in a worker of the cluster; one at a time, whatever threads it has."""
    with _ONE_ROW:
        if run not in _SHOPS:  # a worker outlives runs, and each brings keys of its own
            for old in _SHOPS.values():
                old.close()
            _SHOPS.clear()
            _SHOPS[run] = Workshop(order)
        return run_row(_SHOPS[run], task)


_ONE_ROW = threading.Lock()
_SHOPS: dict[str, Workshop] = {}
"""What this process is set up with, by run."""
