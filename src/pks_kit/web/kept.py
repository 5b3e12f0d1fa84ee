"""What was told of files that never change, in memory, as long as there is room.

A file is written once under its id. So whatever depends on its content alone, or on its content and
a day, need not be found out again for the next person who looks at the same page. Who may look at a
file is asked anew each time, before anything here is.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable

Key = tuple[str | int, ...]


class KeptAnswers:
    """Answers by what was asked; those asked for last stay.

    Args:
        most_bytes: How much they may take together.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._taken = 0
        self._known: OrderedDict[Key, bytes] = OrderedDict()
        self._asked: dict[Key, asyncio.Task[bytes]] = {}

    def find(self, key: Key) -> bytes | None:
        """Return what is known; None when nothing is."""
        if key not in self._known:
            return None
        self._known.move_to_end(key)
        return self._known[key]

    def keep(self, key: Key, answer: bytes) -> None:
        """Keep an answer, and forget others for which there is no room any more."""
        self._taken += len(answer) - len(self._known.pop(key, b""))
        self._known[key] = answer
        while self._taken > self._most:
            _, oldest = self._known.popitem(last=False)
            self._taken -= len(oldest)

    async def of(self, key: Key, ask: Callable[[], Awaitable[bytes]]) -> bytes:
        """Return what is known, or ask; whoever asks the same meanwhile waits for that answer.

        An error is told to everybody who waits for it, and kept for nobody.

        Args:
            key: What is asked.
            ask: Finds it out.
        """
        known = self.find(key)
        if known is not None:
            return known
        asking = self._asked.get(key)
        if asking is None:
            asking = self._asked[key] = asyncio.create_task(self._asking(key, ask))
        # who goes away ends nothing that somebody else waits for
        return await asyncio.shield(asking)

    async def _asking(self, key: Key, ask: Callable[[], Awaitable[bytes]]) -> bytes:
        try:
            answer = await ask()
            self.keep(key, answer)
            return answer
        finally:
            del self._asked[key]
