"""The one place where a child enters its limits.

Everything that narrows the child belongs here: what it may use, then what it may do
(:mod:`pks_kit.verification.isolation.kernel`).
"""

from __future__ import annotations

import math
import resource
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pks_kit.verification.isolation.kernel.enter import enter
from pks_kit.verification.isolation.kernel.privileges import lower

if TYPE_CHECKING:
    from pks_kit.verification.isolation.kernel.isolation import Isolation
    from pks_kit.verification.limits import Limits


def enter_limits(limits: Limits, readable: Sequence[Path]) -> Isolation:
    """Let this process use no more than the limits allow, counted from now on, and do no harm.

    There is no way back. What was loaded and read before is not counted: the address space of a
    warm process differs between machines, and so would the verdicts.

    Args:
        limits: ``memory_bytes`` and ``cpu_seconds`` are taken.
        readable: The only places that may be read afterwards.

    Returns:
        Which rules hold.
    """
    lower(resource.RLIMIT_AS, _address_space() + limits.memory_bytes)
    seconds = math.ceil(time.process_time() + limits.cpu_seconds)
    # the signal at the soft limit says why; the kernel kills at the hard one whoever ignores it
    lower(resource.RLIMIT_CPU, seconds, seconds + 1)
    return enter(readable)


def _address_space() -> int:
    """Return the bytes of address space that this process has (``proc_pid_statm(5)``)."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    return int(pages) * resource.getpagesize()
