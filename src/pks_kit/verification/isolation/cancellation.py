"""End what a thread waits for on behalf of an asynchronous caller."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from functools import partial
from typing import Any, TypeVar

Answer = TypeVar("Answer")


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


async def run_cancellable(
    executor: Executor | None, function: Callable[..., Answer], *arguments: Any, **named: Any
) -> Answer:
    """Run a function in a thread; the event loop stays free.

    When the caller is cancelled, the child for which the function waits is killed, and the function
    ends with ``concurrent.futures.CancelledError``, or, if it waits for none, at the next one.

    Args:
        executor: Whose thread; None: that of the loop.
        function: Anything that asks a guard.
        *arguments: Its arguments.
        **named: Its arguments by name.
    """
    import asyncio  # costs more than the rest of a light host; many have no loop

    token = CancelToken()
    context = copy_context()
    context.run(CURRENT.set, token)
    work = partial(context.run, function, *arguments, **named)
    try:
        return await asyncio.get_running_loop().run_in_executor(executor, work)
    except asyncio.CancelledError:
        token.cancel()
        raise
