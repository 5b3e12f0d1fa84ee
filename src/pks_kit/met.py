"""Whether something was met before: what one agreement alone holds is not worth keeping.

Half of what is laid out belongs to one facility and never comes again. Kept beside the text that
is in every agreement, it fills a process that drafts thousands, and Python's search for garbage
looks through all of it. So what is met for the first time is only noted, as a number.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Final, Generic, TypeVar

_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")

_MOST: Final = 2**14
"""Numbers of a generation: thirty agreements' worth of what only one of them holds."""


class Met:
    """Numbers that were told lately, in two generations; safe for threads.

    Args:
        most: Numbers of a generation.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._young: set[int] = set()
        self._old: set[int] = set()

    def again(self, number: int) -> bool:
        """Note a number; return whether it was noted before, or another thing has the same."""
        if number in self._young:
            return True
        known = number in self._old
        if len(self._young) >= self._most:
            self._old, self._young = self._young, set()
        self._young.add(number)
        return known


class Lately(Generic[_K, _V]):
    """What was asked for lately, in two generations; safe for threads.

    Args:
        most: Entries of a generation.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._young: dict[_K, _V] = {}
        self._old: dict[_K, _V] = {}

    def get(self, key: _K) -> _V | None:
        """Return what is known under a key; it is young again."""
        found = self._young.get(key)
        if found is None and (found := self._old.get(key)) is not None:
            self.keep(key, found)
        return found

    def keep(self, key: _K, value: _V) -> None:
        """Know something; when there is too much, what nobody asked for lately is forgotten."""
        if len(self._young) >= self._most:
            self._old, self._young = self._young, {}
        self._young[key] = value


class MetTwice(Generic[_K, _V]):
    """What was asked for at least twice, those asked for most lately; safe for threads.

    Args:
        most: Things that are kept at once. What was asked for once is noted for four times as many.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[_K, _V] = OrderedDict()
        self._met = Met(4 * most)
        self._lock = Lock()

    def get(self, key: _K, make: Callable[[], _V]) -> _V:
        """Return the thing of a key; made anew the first two times, the same from then on."""
        with self._lock:
            if (found := self._known.get(key)) is not None:
                self._known.move_to_end(key)
                return found
            again = self._met.again(hash(key))
        made = make()
        if not again:
            return made
        with self._lock:
            found = self._known.setdefault(key, made)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return found
