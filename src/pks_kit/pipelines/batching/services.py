"""When to leave a service alone, and how fast it may be called.

A breaker counts what went wrong in a row; when it opens, nobody calls until a probe is due, and a
single row goes first. The waits grow from half a minute to five, so that a service that comes back
is found within a few minutes and one that stays away is not beaten.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

FAILURES = 5
"""How many attempts in a row must fail before a service is left alone."""
PROBES = (30.0, 60.0, 120.0, 240.0, 300.0)
"""Seconds until the next probe; the last one is repeated."""


@dataclass(slots=True)
class Breaker:
    """What is known of one service.

    Attributes:
        failures: Attempts in a row that failed.
        probes: Probes that failed since it was left alone.
        next_probe: When a row may try again; None while the service is used.
        probing: Whether that row is on its way.
    """

    failures: int = 0
    probes: int = 0
    next_probe: float | None = None
    probing: bool = False

    @property
    def is_open(self) -> bool:
        """Return whether the service is left alone."""
        return self.next_probe is not None

    def may_try(self, now: float) -> bool:
        """Return whether a row may call now; a probe is taken by asking.

        Args:
            now: Seconds of the same clock as everywhere here.
        """
        if self.next_probe is None:
            return True
        if self.probing or now < self.next_probe:
            return False
        self.probing = True
        return True

    def worked(self) -> None:
        """Note that the service answered."""
        self.failures = self.probes = 0
        self.next_probe, self.probing = None, False

    def failed(self, now: float) -> None:
        """Note that it did not."""
        self.failures += 1
        if self.probing:
            self.probes += 1
            self.probing = False
        elif self.next_probe is not None or self.failures < FAILURES:
            return  # on its way before the service was left alone, or not enough to tell
        self.next_probe = now + PROBES[min(self.probes, len(PROBES) - 1)]

    def gave_back(self) -> None:
        """Note that the probing row ended without reaching the service."""
        self.probing = False


class Pace:
    """Calls of one process to one service: never more than so many in a second, none in a bunch.

    Args:
        per_second: How many calls a second.
        clock: Tells seconds.
        sleep: Waits some seconds.
    """

    def __init__(
        self,
        per_second: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap = 1.0 / per_second
        self._clock = clock
        self._sleep = sleep
        self._free = 0.0
        self._lock = threading.Lock()

    def turn(self) -> float:
        """Return how many seconds to wait before the next call, and take that turn."""
        with self._lock:
            now = self._clock()
            starts = max(now, self._free)
            self._free = starts + self._gap
            return starts - now

    def wait(self) -> None:
        """Wait for a turn and take it."""
        seconds = self.turn()
        if seconds > 0:
            self._sleep(seconds)
