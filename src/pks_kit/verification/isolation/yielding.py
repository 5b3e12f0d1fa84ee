"""Let others go first, with everything that looks at files for this process.

The kernel may give each session its share of the processors (``sched_autogroup_enabled``, usual on
Debian), and what a process yields by ``nice`` then counts within its session alone. A guard has a
session of its own. Started by a process that works in the background, it would take as much as
everything that people wait for, unless its session yields as a whole.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_SESSION = Path("/proc/self/autogroup")
_YIELDED = [0]


def let_others_first(by: int) -> None:
    """Lower the priority of this process, and of guards that it starts from now on.

    Args:
        by: How much, as for ``nice``.
    """
    if hasattr(os, "nice"):
        os.nice(by)
        _YIELDED[0] += by


def yielded() -> int:
    """Return by how much this process was told to let others go first."""
    return _YIELDED[0]


def yield_as_session(by: int) -> None:
    """Let others go first with the whole session of this process; of no effect where none is asked.

    It must be said before the memory of a process is closed, afterwards the file belongs to root.
    """
    if by > 0:
        with suppress(OSError):  # the kernel shares among processes, and their priority is enough
            _SESSION.write_text(str(by), encoding="ascii")
