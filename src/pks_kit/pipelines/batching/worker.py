"""A worker process: rows come over its pipe, outcomes go back, and it ends with its coordinator."""

from __future__ import annotations

import gc
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait

from pks_kit.pipelines.batching.driver import RowTask
from pks_kit.pipelines.batching.outcome import RowOutcome
from pks_kit.pipelines.batching.row import run_row
from pks_kit.pipelines.batching.workshop import ShopOrder, Workshop
from pks_kit.verification.isolation.kernel.own_memory import holding_secrets
from pks_kit.verification.isolation.yielding import let_others_first

_WARM_AFTER = 6
"""After so many rows, what is in memory stays: the search for garbage need not look there."""


def work(pipe: Connection, order: ShopOrder, slots: int) -> None:
    """Work until the pipe is closed.

    Args:
        pipe: Receives a :class:`RowTask` or None for the end, sends outcomes.
        order: What the workshop is set up with.
        slots: How many rows at once, each in a thread of its own.
    """
    # Ctrl-C reaches every process of a terminal; the coordinator decides what it means
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    wait_like_parent()
    shop = Workshop(order)
    with holding_secrets():
        if slots > 1:
            _with_threads(pipe, shop, slots)
        else:
            _one_by_one(pipe, shop)
    shop.close()


def end_with_parent() -> None:
    """End this process with its parent: a worker that goes on would stamp beside the next run.

    The sentinel of the parent becomes readable when it dies, however it dies.
    """
    parent = parent_process()
    if parent is None:
        return

    def watch(sentinel: int) -> None:
        wait([sentinel])
        os._exit(1)

    threading.Thread(target=watch, args=(parent.sentinel,), daemon=True).start()


def wait_like_parent() -> None:
    """Take no processor from anybody before whom the parent waits.

    A fork server was started before the parent said so, and hands on the priority that it had.
    """
    parent = parent_process()
    if parent is None or not hasattr(os, "getpriority"):
        return
    with suppress(OSError):  # it is gone
        lowered = os.getpriority(os.PRIO_PROCESS, parent.pid or 0)
        let_others_first(max(0, lowered - os.getpriority(os.PRIO_PROCESS, 0)))


def _one_by_one(pipe: Connection, shop: Workshop) -> None:
    done = 0
    while (task := _received(pipe)) is not None:
        _tell(pipe, run_row(shop, task))
        done += 1
        if done == _WARM_AFTER:
            gc.collect()
            gc.freeze()


def _with_threads(pipe: Connection, shop: Workshop, slots: int) -> None:
    answering = threading.Lock()

    def run(task: RowTask) -> None:
        outcome = run_row(shop, task)
        with answering:
            _tell(pipe, outcome)

    with ThreadPoolExecutor(slots) as threads:
        while (task := _received(pipe)) is not None:
            threads.submit(run, task)


def _received(pipe: Connection) -> RowTask | None:
    try:
        task = pipe.recv()
    except (EOFError, ConnectionResetError):  # the coordinator was killed: nobody asks any more
        return None
    return task if isinstance(task, RowTask) else None


def _tell(pipe: Connection, outcome: RowOutcome) -> None:
    with suppress(BrokenPipeError, ConnectionResetError):  # likewise; the ledger knows the row
        pipe.send(outcome)
