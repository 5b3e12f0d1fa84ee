"""How much a file from outside may cost."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from pks_kit.limits import MIB
from pks_kit.pdf.limits import PdfLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits(PdfLimits):
    """Limits of the file, which everybody shares, and of the process that examines it.

    Attributes:
        memory_bytes: Address space of the child process.
        cpu_seconds: Processor time of the child process.
        wall_seconds: Time until the parent stops waiting, start of the child included. An answer
            must come within ten seconds; the rest is for the start of the command and the report.
    """

    memory_bytes: int = 1024 * MIB
    cpu_seconds: int = 6
    wall_seconds: float = 7.0

    def lasting(self, seconds: float) -> Self:
        """Return the same limits for a slow or busy machine, or for a long task.

        Args:
            seconds: How long to wait for the child process, and the processor time it may use.
        """
        return replace(self, wall_seconds=seconds, cpu_seconds=max(1, round(seconds)))

    def as_dict(self) -> dict[str, Any]:
        """Return the limits as JSON values."""
        return asdict(self)
