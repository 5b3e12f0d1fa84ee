"""Python's search for cyclic garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Final

_UNSEARCHED: Final = 64
"""Pauses after which everything is searched: what they leave behind is little, but not nothing."""

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


def _put_away() -> None:
    """Count everything among the old things, or, now and then, search all of it."""
    if next(_pauses) % _UNSEARCHED == 0:
        gc.collect()
    elif not gc.get_freeze_count():  # somebody else keeps things apart: they stay where they are
        gc.freeze()
        gc.unfreeze()
