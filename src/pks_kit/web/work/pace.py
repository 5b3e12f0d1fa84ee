"""How far a delivery is: what it is at, how many sheets were read, and how long the rest takes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from time import monotonic
from typing import Any

_LEAST_SECONDS = 20.0
_LEAST_PART = 0.1
"""Before so long, or so much of all sheets, nobody can say how long the rest takes."""


class Pace:
    """Tells of a delivery at work: first which files were looked at, then which sheets were read.

    Args:
        tell: Called with what is told.
        clock: Counts seconds.
        files: Names of the files of the delivery.
    """

    def __init__(
        self,
        tell: Callable[[dict[str, Any]], None],
        clock: Callable[[], float] = monotonic,
        files: Collection[str] = (),
    ) -> None:
        self._tell = tell
        self._files = frozenset(files)
        self._seen: set[str] = set()
        self._clock = clock
        self._name = ""
        self._count: dict[str, Any] = {}
        self._begun: float | None = None
        if self._files:
            self._say()

    def at(self, name: str) -> None:
        """Take the name of the file or agreement whose turn it is."""
        self._name = name
        if name in self._files:
            self._seen.add(name)
        self._say()

    def counted(self, done: int, whole: int) -> None:
        """Take how many sheets were read, and of how many."""
        now = self._clock()
        if self._begun is None:
            self._begun = now
        self._count = {"selesai": done, "semua": whole}
        took = now - self._begun
        if took >= _LEAST_SECONDS and done >= whole * _LEAST_PART:
            self._count["sisa_detik"] = round(took * (whole - done) / done)
        self._say()

    def _say(self) -> None:
        looked = {"berkas": len(self._seen), "semua_berkas": len(self._files)}
        known = self._count or (looked if self._files else {})
        self._tell({"langkah": self._name, **known})
