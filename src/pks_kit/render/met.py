"""Whether something was met before: what one agreement alone holds is not worth keeping.

Half of what is laid out belongs to one facility and never comes again. Kept beside the text that
is in every agreement, it fills a process that drafts thousands, and Python's search for garbage
looks through all of it. So what is met for the first time is only noted, as a number.
"""

from __future__ import annotations

from typing import Final

_MOST: Final = 2**14
"""Numbers of a generation: thirty agreements' worth of what only one of them holds."""


class Met:
    """Numbers that were told lately, in two generations; safe for threads."""

    def __init__(self) -> None:
        self._young: set[int] = set()
        self._old: set[int] = set()

    def again(self, number: int) -> bool:
        """Note a number; return whether it was noted before, or another thing has the same."""
        if number in self._young:
            return True
        known = number in self._old
        if len(self._young) >= _MOST:
            self._old, self._young = self._young, set()
        self._young.add(number)
        return known
