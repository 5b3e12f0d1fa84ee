"""How fast a service may be called: a limit that lies directly before the call.

A queue that hands out ten rows a second does not keep a distributor from twenty-six calls in one
second, since rows bunch up on their way. One process talks to a service, so the limit is a local
variable; and nothing is saved up while nobody calls, so that no bunch follows a pause.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Protocol


class Pace:
    """Calls of one process to one service: never more than so many in a second.

    Args:
        per_second: How many calls a second.
        clock: Tells seconds.
    """

    def __init__(self, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._gap = 1.0 / per_second
        self._clock = clock
        self._free = 0.0
        self._lock = threading.Lock()

    def turn(self) -> float:
        """Return how many seconds to wait before the next call, and take that turn."""
        with self._lock:
            now = self._clock()
            starts = max(now, self._free)
            self._free = starts + self._gap
            return starts - now

    async def wait(self) -> None:
        """Wait for a turn and take it."""
        seconds = self.turn()
        if seconds > 0:
            await asyncio.sleep(seconds)


class HasPace(Protocol):
    """An entry of the settings that may say how fast its service may be called."""

    @property
    def panggilan_per_detik(self) -> float | None:
        """Return calls per second; None for no limit."""
        ...


def pace_of(chosen: HasPace) -> Pace | None:
    """Return the pace that an entry of the settings asks for."""
    rate = chosen.panggilan_per_detik
    return None if rate is None else Pace(rate)
