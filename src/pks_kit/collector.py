"""Python's search for cyclic garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause the search for cyclic garbage, and leave it as it was found.

    What a document is made of lives until it is finished. The search would look through it again
    and again, find nothing, take it for things that stay, and therefore look through everything
    that really stays: half of what a draft costs in a process that has made many.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
