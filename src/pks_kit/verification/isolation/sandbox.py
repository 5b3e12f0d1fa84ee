"""The one place where a child enters its limits.

Everything that narrows the child belongs here: limits of the kernel first, then the refusals.
"""

from __future__ import annotations

import math
import os
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pks_kit.verification.limits import Limits

_REFUSED = frozenset(
    {
        "socket.connect",
        "socket.bind",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "subprocess.Popen",
        "os.system",
        "os.exec",
        "os.posix_spawn",
        "os.fork",
        "os.remove",
        "os.rename",
    }
)


def enter_limits(limits: Limits) -> None:
    """Let this process use no more than the limits allow, counted from now on.

    There is no way back. What was loaded and read before is not counted: the address space of a
    warm process differs between machines, and so would the verdicts.

    Args:
        limits: ``memory_bytes`` and ``cpu_seconds`` are taken.
    """
    _lower(resource.RLIMIT_AS, _address_space() + limits.memory_bytes)
    seconds = math.ceil(time.process_time() + limits.cpu_seconds)
    # the signal at the soft limit says why; the kernel kills at the hard one whoever ignores it
    _lower(resource.RLIMIT_CPU, seconds, seconds + 1)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    sys.addaudithook(_refuse)


def _lower(which: int, soft: int, hard: int | None = None) -> None:
    """Set a limit; one that the host was given itself is never raised."""
    given = resource.getrlimit(which)[1]
    most = math.inf if given == resource.RLIM_INFINITY else given
    hard = soft if hard is None else hard
    resource.setrlimit(which, (int(min(soft, most)), int(min(hard, most))))


def _address_space() -> int:
    """Return the bytes of address space that this process has (``proc_pid_statm(5)``)."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    return int(pages) * resource.getpagesize()


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse network, processes and changes of files, whoever asks."""
    if event in _REFUSED:
        raise PermissionError(event)
    if event == "open":
        _, mode, flags = arguments
        writes = isinstance(mode, str) and set(mode) & set("wax+")
        if writes or flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            raise PermissionError(event)
