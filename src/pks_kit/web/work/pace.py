"""How far a delivery is: what it is at, how many sheets were read, and how long the rest takes."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any


class Pace:
    """Tells of a delivery at work.

    Args:
        tell: Called with what is told.
        clock: Counts seconds.
    """

    def __init__(
        self, tell: Callable[[dict[str, Any]], None], clock: Callable[[], float] = monotonic
    ) -> None:
        self._tell = tell
        self._clock = clock
        self._name = ""
        self._count: dict[str, Any] = {}
        self._begun: float | None = None

    def at(self, name: str) -> None:
        """Take the name of the file or agreement whose turn it is."""
        self._name = name
        self._say()

    def counted(self, done: int, whole: int) -> None:
        """Take how many sheets were read, and of how many."""
        now = self._clock()
        if self._begun is None:
            self._begun = now
        self._count = {"selesai": done, "semua": whole}
        if done:
            self._count["sisa_detik"] = round((now - self._begun) * (whole - done) / done)
        self._say()

    def _say(self) -> None:
        self._tell({"langkah": self._name, **self._count})
