"""Who may have a child now: so many at once, the others in the order in which they came."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from contextvars import ContextVar


class Ticket:
    """Lets somebody else end what a thread waits for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cancelled = False
        self._end: Callable[[], None] | None = None

    def cancel(self) -> None:
        """End the present wait and refuse every later one."""
        with self._lock:
            self._cancelled = True
            if self._end is not None:
                self._end()

    @property
    def cancelled(self) -> bool:
        """Return whether somebody has cancelled."""
        return self._cancelled

    @contextmanager
    def ended_by(self, end: Callable[[], None]) -> Iterator[None]:
        """Call ``end`` when somebody cancels while this lasts.

        Raises:
            CancelledError: Somebody has cancelled.
        """
        with self._lock:
            if self._cancelled:
                raise CancelledError
            self._end = end
        try:
            yield
        finally:
            with self._lock:
                self._end = None
        if self._cancelled:
            raise CancelledError


CURRENT: ContextVar[Ticket | None] = ContextVar("pks_kit_guard_ticket", default=None)
"""The ticket of the asynchronous caller for whom this thread works."""


class _Waiting:
    def __init__(self) -> None:
        self.woken = threading.Event()
        self.granted = False


class Turns:
    """So many at once; first come, first served.

    Args:
        count: How many.
    """

    def __init__(self, count: int) -> None:
        self._lock = threading.Lock()
        self._free = count
        self._queue: deque[_Waiting] = deque()

    @contextmanager
    def turn(self, ticket: Ticket) -> Iterator[None]:
        """Wait for a turn and hold it.

        Raises:
            CancelledError: The ticket was cancelled while waiting.
        """
        self._wait(ticket)
        try:
            yield
        finally:
            self._leave()

    def _wait(self, ticket: Ticket) -> None:
        with self._lock:
            if self._free and not self._queue:
                self._free -= 1
                return
            me = _Waiting()
            self._queue.append(me)
        try:
            with ticket.ended_by(me.woken.set):
                me.woken.wait()
        except BaseException:  # cancelled, or Ctrl-C: the turn goes to the next one
            with self._lock:
                if not me.granted:
                    self._queue.remove(me)
                    raise
            self._leave()
            raise

    def _leave(self) -> None:
        with self._lock:
            if self._queue:
                first = self._queue.popleft()
                first.granted = True
                first.woken.set()
            else:
                self._free += 1
