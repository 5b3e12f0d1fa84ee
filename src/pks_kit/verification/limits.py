"""How much a file from outside may cost."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Self

MIB = 1024 * 1024

WALL_TIMES = 20
"""Seconds of waiting for each second of processor time; see :attr:`Limits.wall_seconds`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits for one file; the defaults fit an agreement of a hundred pages many times over.

    Attributes:
        file_bytes: Largest file.
        pages: Most pages.
        revisions: Most revisions.
        objects: Most objects that are visited.
        depth: Deepest nesting of arrays and dictionaries inside one object.
        decoded_bytes: Most bytes after decompression, all streams together.
        stream_bytes: Most bytes after decompression of one stream.
        pixels: Most pixels of one picture.
        memory_bytes: Address space that the child process may take beyond what it holds when it
            is ready.
        cpu_seconds: Processor time that the child process may use from the moment it is ready. A
            quiet machine then answers within ten seconds; a busy one takes longer and says the
            same.
        wall_seconds: Time after which the caller stops waiting for a child that is ready. Only a
            backstop for a child that neither works nor ends: with twenty busy processes for each
            core, processor time still decides first.
        image_bytes: Most bytes after decompression of all pictures together. They count apart:
            a viewer opens one page at a time, so honest scans may swell far beyond the rest.
    """

    file_bytes: int = 50 * MIB
    pages: int = 600
    revisions: int = 120
    objects: int = 250_000
    depth: int = 60
    decoded_bytes: int = 400 * MIB
    stream_bytes: int = 120 * MIB
    pixels: int = 120_000_000
    memory_bytes: int = 1024 * MIB
    cpu_seconds: int = 8
    wall_seconds: float = 160.0
    image_bytes: int = 768 * MIB

    def lasting(self, seconds: float) -> Self:
        """Return the same limits for a long task or a slow machine.

        Args:
            seconds: Processor time that the child process may use; waiting grows with it.
        """
        seconds = max(1, math.ceil(seconds))
        return replace(self, cpu_seconds=seconds, wall_seconds=float(seconds * WALL_TIMES))
