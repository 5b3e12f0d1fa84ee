"""What a server does beside its answers, again and again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress

from pks_kit.errors import PksKitError
from pks_kit.pipelines.error_form import unforeseen

_LOG = logging.getLogger("pks_kit.web")


@asynccontextmanager
async def beside(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Do some work beside the block; at the end of it the work is waited for or cancelled."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class LoopBeside:
    """Calls something again and again while it runs; an error of one time ends nothing.

    Args:
        once: What is called.
        seconds: Pause between two calls.
    """

    def __init__(self, once: Callable[[], Awaitable[None]], seconds: float) -> None:
        self._once = once
        self._seconds = seconds

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Call it from now on; at the end the call that runs is waited for or cancelled."""
        async with beside(self._again()):
            yield

    async def _again(self) -> None:
        while True:
            try:
                await self._once()
            except PksKitError as error:
                _LOG.warning("%s", error.code)
            except Exception as error:  # noqa: BLE001 - the next time may go well
                _LOG.error("%s at %s", *unforeseen(error).values())
            await asyncio.sleep(self._seconds)
