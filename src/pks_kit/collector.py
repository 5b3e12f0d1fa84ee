"""Python's search for cyclic garbage."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Final

_UNSEARCHED: Final = 64
"""Pauses after which everything is searched: what they leave behind is little, but not nothing."""

_SELDOM: Final = (2**16, 20, 20)
"""Thresholds of a process that does one thing and ends: most of what it makes lives until then."""

_pauses = count(1)


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the search for cyclic garbage, and leave it as it was found.

    What a document is made of lives until it is finished. The search would look through it again
    and again, find nothing, take it for things that stay, and therefore look through everything
    that really stays: half of what a draft costs in a process that has made many.

    What is left at the end stays as well, for the most part, so it is counted among the old things
    at once: looking through it would cost whoever comes next a fifth of a draft.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            _put_away()
            gc.enable()


def collect_seldom() -> None:
    """Search for cyclic garbage seldom, and never at the end: for a process that does one thing.

    The interpreter looks through everything that is left when it ends, a twentieth of a draft, and
    the memory goes back all the same.
    """
    gc.set_threshold(*_SELDOM)
    atexit.register(gc.freeze)


def _put_away() -> None:
    """Count everything among the old things, or, now and then, search all of it."""
    if next(_pauses) % _UNSEARCHED == 0:
        gc.collect()
    elif not gc.get_freeze_count():  # somebody else keeps things apart: they stay where they are
        gc.freeze()
        gc.unfreeze()
