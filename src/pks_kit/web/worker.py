"""A worker process of the portal: tasks come over its pipe, and it ends with its server."""

from __future__ import annotations

import json
import signal
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection

from pks_kit.errors import PksKitError
from pks_kit.pipelines.batching.worker import end_with_parent
from pks_kit.verification.isolation.kernel.own_memory import holding_secrets
from pks_kit.verification.isolation.pool import default_pool
from pks_kit.verification.isolation.yielding import let_others_first
from pks_kit.web.work.kinds import KINDS
from pks_kit.web.work.shop import Shop
from pks_kit.web.work.task import Done, ShopOrder, Task, Told
from pks_kit.web.work.warming import keep_what_is_here

_BACKGROUND = 10
"""How much later than others a process is given a processor: about a tenth of their time."""

_WARM_AFTER = 6
"""After so many tasks, what is in memory stays, where nobody waits for the next one at a page."""


def work(pipe: Connection, order: ShopOrder, *, looks: bool, is_background: bool) -> None:
    """Work until the pipe is closed.

    Args:
        pipe: Receives a ``Task`` or None for the end; sends what is ``Told``, then ``Done``.
        order: What the process is set up with.
        looks: Whether people wait for what is done here, and files from outside are looked at, so
            that the guard of those starts now.
        is_background: Whether nobody waits for what is done here, so that everybody goes first.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_with_parent()
    if is_background:
        let_others_first(_BACKGROUND)
    shop = Shop(order, tell=lambda kemajuan: pipe.send(Told(kemajuan)))
    if looks:
        with suppress(PksKitError):  # there is none on this system; whoever needs it says so
            default_pool().start()
    done = 0
    with holding_secrets():
        while (task := _received(pipe)) is not None:
            pipe.send(perform(shop, task))
            done += 1
            if done == _WARM_AFTER and not looks:
                keep_what_is_here()
    shop.close()


def perform(shop: Shop, task: Task) -> Done:
    """Do one task; what goes wrong is part of how it ended."""
    try:
        done = KINDS[task.kind](shop, task)
        if not task.written:
            return done
        content = json.dumps(done.hasil, ensure_ascii=False, separators=(",", ":")).encode()
        return replace(done, hasil={}, content=content)
    except Exception as error:  # noqa: BLE001 - one task must not end the process for the others
        return Done(masalah=shop.problem(error))


def _received(pipe: Connection) -> Task | None:
    try:
        task = pipe.recv()
    except EOFError:
        return None
    return task if isinstance(task, Task) else None
