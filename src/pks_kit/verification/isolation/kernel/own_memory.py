"""Close the memory of a process that holds secrets to other processes of the same user."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pks_kit.verification.isolation.kernel.libc import RefusedError, prctl

_PR_GET_DUMPABLE, _PR_SET_DUMPABLE = 3, 4


class _Holders:
    """How many hold secrets now, and what was before the first."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.count = 0
        self.before = 1


_HOLDERS = _Holders()


def protect_parent() -> bool:
    """Close the memory of this process for as long as it lives (``PR_SET_DUMPABLE``, 0).

    Afterwards nobody but root with ``CAP_SYS_PTRACE`` can read its memory or environment in
    ``/proc`` or attach to it. The price: no core dump is written when it crashes, debuggers and
    profilers cannot attach, and its files in ``/proc`` belong to root, so that an ordinary user
    (this process included) cannot open its ``environ``, ``mem`` or ``auxv`` there. A program that
    it starts begins anew as usual; a fork without ``exec`` stays closed.

    Returns:
        Whether it holds; False where the system has no such thing.
    """
    if sys.platform != "linux":
        return False
    try:
        prctl(_PR_SET_DUMPABLE, 0)
        return prctl(_PR_GET_DUMPABLE) == 0
    except RefusedError:
        return False


@contextmanager
def holding_secrets() -> Iterator[bool]:
    """Close the memory of this process while a passphrase, PIN, key or token is in it.

    Python cannot erase what was in its memory: a process that goes on afterwards should rather be
    closed for good (:func:`protect_parent`). May be nested and used by several threads.

    Yields:
        Whether it holds.
    """
    with _HOLDERS.lock:
        if _HOLDERS.count == 0 and sys.platform == "linux":
            _HOLDERS.before = prctl(_PR_GET_DUMPABLE)
        _HOLDERS.count += 1
        closed = protect_parent()
    try:
        yield closed
    finally:
        with _HOLDERS.lock:
            _HOLDERS.count -= 1
            # 0 was wanted for good; 2 the system sets for a program with more rights than its user
            if _HOLDERS.count == 0 and closed and _HOLDERS.before == 1:
                prctl(_PR_SET_DUMPABLE, 1)
