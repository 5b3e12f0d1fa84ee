"""How much a file from outside may cost."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from typing import Self

from pks_kit.errors import UsageError
from pks_kit.limits import MIB
from pks_kit.pdf.limits import PdfLimits

_LARGEST = 1 << 50
"""More of anything than a machine has."""

WALL_TIMES = 20
"""Seconds of waiting for each second of processor time; see :attr:`Limits.wall_seconds`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits(PdfLimits):
    """Limits of the file, which everybody shares, and of the process that examines it.

    Attributes:
        memory_bytes: Address space that the child process may take beyond what it holds when it
            is ready.
        cpu_seconds: Processor time that the child process may use from the moment it is ready. A
            quiet machine then answers within ten seconds; a busy one takes longer and says the
            same.
        wall_seconds: Time after which the caller stops waiting, from the request on; the start of
            the fork server counts, waiting for a free place does not. Only a backstop for a child
            that neither works nor ends: with twenty busy processes for each core, processor time
            still decides first.
    """

    memory_bytes: int = 1024 * MIB
    cpu_seconds: int = 8
    wall_seconds: float = 160.0

    def __post_init__(self) -> None:
        """Refuse what is no limit, by name, before a file is given the blame.

        Raises:
            UsageError: ``request.limit``.
        """
        for one in fields(self):
            value: object = getattr(self, one.name)
            whole = type(value) is int
            if one.name == "wall_seconds":
                whole = type(value) in (int, float)
            if not (whole and isinstance(value, int | float) and 0 < value <= _LARGEST):
                raise UsageError("request.limit", field=one.name, largest=_LARGEST)

    def lasting(self, seconds: float) -> Self:
        """Return the same limits for a long task or a slow machine.

        Args:
            seconds: Processor time that the child process may use; waiting grows with it.

        Raises:
            UsageError: ``request.limit``.
        """
        if not 0 < seconds <= _LARGEST:
            raise UsageError("request.limit", field="seconds", largest=_LARGEST)
        seconds = max(1, math.ceil(seconds))
        return replace(self, cpu_seconds=seconds, wall_seconds=float(seconds * WALL_TIMES))
