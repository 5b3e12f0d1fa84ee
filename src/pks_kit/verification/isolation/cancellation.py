"""End what a thread waits for on behalf of an asynchronous caller."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from contextvars import ContextVar


class CancelToken:
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


CURRENT: ContextVar[CancelToken | None] = ContextVar("pks_kit_guard_token", default=None)
"""The token of the asynchronous caller for whom this thread works."""
