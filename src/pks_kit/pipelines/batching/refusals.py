"""When not the rows are wrong: too many of them are refused for one and the same reason."""

from __future__ import annotations

from collections import Counter

from pks_kit.messages import Message, lookup
from pks_kit.pipelines.batching.outcome import RowOutcome

IN_A_ROW = 20
"""So many in a row are too many."""
SHARE = 0.02
LEAST = 20
"""More than this share of all rows, and at least so many, are too many."""
STOPPED = "batch.all_the_same"


class Refusals:
    """Counts refusals by their reason.

    Args:
        rows: How many rows the run is about.
    """

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._all: Counter[str] = Counter()
        self._last = ""
        self._in_a_row = 0

    def heard(self, one: RowOutcome) -> Message | None:
        """Note how a row ended; return why the run should stop, or None."""
        if one.state not in ("refused", "failed"):
            self._last, self._in_a_row = "", 0
            return None
        self._in_a_row = self._in_a_row + 1 if one.code == self._last else 1
        self._last = one.code
        self._all[one.code] += 1
        count = self._all[one.code]
        many = count >= LEAST and count > SHARE * self._rows
        if self._in_a_row < IN_A_ROW and not many:
            return None
        return lookup(STOPPED).fill({"count": count, "reason": one.words})
