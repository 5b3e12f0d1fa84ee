"""A worker lets go first whoever its parent lets go first, whichever process forked it."""

from __future__ import annotations

import multiprocessing
import os
from multiprocessing.connection import Connection

from pks_kit.pipelines.batching.worker import wait_like_parent

_LOWER = 4


def _tell(pipe: Connection) -> None:
    wait_like_parent()
    pipe.send(os.getpriority(os.PRIO_PROCESS, 0))


def _lower(pipe: Connection) -> None:
    os.nice(_LOWER)
    process = multiprocessing.get_context("forkserver").Process(target=_tell, args=(pipe,))
    process.start()
    process.join()


def _told(target: object) -> int:
    context = multiprocessing.get_context("forkserver")
    ours, theirs = context.Pipe()
    process = context.Process(target=target, args=(theirs,))  # type: ignore[arg-type]
    process.start()
    process.join()
    found: int = ours.recv()
    return found


def test_a_child_of_a_process_in_the_background_is_in_the_background() -> None:
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    assert _told(_tell) == usual
    assert _told(_lower) == usual + _LOWER
