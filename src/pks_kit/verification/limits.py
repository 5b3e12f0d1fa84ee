"""How much a file from outside may cost."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Self

MIB = 1024 * 1024


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
        memory_bytes: Address space of the child process.
        cpu_seconds: Processor time of the child process.
        wall_seconds: Time until the parent stops waiting, start of the child included. An answer
            must come within ten seconds; the rest is for the start of the command and the report.
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
    cpu_seconds: int = 6
    wall_seconds: float = 7.0
    image_bytes: int = 768 * MIB

    def lasting(self, seconds: float) -> Self:
        """Return the same limits for a slow or busy machine, or for a long task.

        Args:
            seconds: How long to wait for the child process, and the processor time it may use.
        """
        return replace(self, wall_seconds=seconds, cpu_seconds=max(1, round(seconds)))

    def as_dict(self) -> dict[str, Any]:
        """Return the limits as JSON values."""
        return asdict(self)
