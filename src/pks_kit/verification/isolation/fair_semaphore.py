"""A semaphore that serves in the order of coming; the one of ``threading`` does not."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from pks_kit.verification.isolation.cancellation import CancelToken


class _Waiting:
    def __init__(self) -> None:
        self.woken = threading.Event()
        self.granted = False


class FairSemaphore:
    """So many at once; first come, first served.

    Args:
        count: How many.
    """

    def __init__(self, count: int) -> None:
        self._lock = threading.Lock()
        self._free = count
        self._queue: deque[_Waiting] = deque()

    @contextmanager
    def slot(self, token: CancelToken) -> Iterator[None]:
        """Wait for a place and hold it.

        Raises:
            CancelledError: The token was cancelled while waiting.
        """
        self._wait(token)
        try:
            yield
        finally:
            self._leave()

    def _wait(self, token: CancelToken) -> None:
        with self._lock:
            if self._free and not self._queue:
                self._free -= 1
                return
            me = _Waiting()
            self._queue.append(me)
        try:
            with token.ended_by(me.woken.set):
                me.woken.wait()
        except BaseException:  # cancelled, or Ctrl-C: the place goes to the next one
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
