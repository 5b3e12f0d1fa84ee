"""A worker lets go first whoever its parent lets go first, whichever process forked it."""

from __future__ import annotations

import multiprocessing
import os
from multiprocessing.connection import Connection

import pytest

from pks_kit.pipelines.batching.worker import _received, _tell, wait_like_parent

_LOWER = 4


def _priority(pipe: Connection) -> None:
    wait_like_parent()
    pipe.send(os.getpriority(os.PRIO_PROCESS, 0))


def _lower(pipe: Connection) -> None:
    os.nice(_LOWER)
    process = multiprocessing.get_context("forkserver").Process(target=_priority, args=(pipe,))
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


@pytest.mark.slow
def test_a_child_of_a_process_in_the_background_is_in_the_background() -> None:
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    assert _told(_priority) == usual
    assert _told(_lower) == min(usual + _LOWER, 19)  # the lowest there is


@pytest.mark.parametrize("leaves_unread", [False, True])
def test_a_worker_whose_coordinator_is_gone_ends_without_a_word(*, leaves_unread: bool) -> None:
    ours, theirs = multiprocessing.Pipe()
    if leaves_unread:  # the kernel then says that the connection was reset, else that it ended
        ours.send(None)
        theirs.send(None)
        assert ours.poll(5)
    theirs.close()
    if leaves_unread:
        ours.recv()
    assert _received(ours) is None
    _tell(ours, None)  # type: ignore[arg-type]
