"""What was told of files that never change, in memory, as long as there is room.

A file is written once under its id. So whatever depends on its content alone, or on its content and
a day, need not be found out again for the next person who looks at the same page. Who may look at a
file is asked anew each time, before anything here is.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

Key = tuple[str | int, ...]
Found = bytes | Exception
"""What was found out, or why it could not be."""


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
        asking = self._asked.get(key) or self._begun(key, ask)
        # who goes away ends nothing that somebody else waits for
        return await asyncio.shield(asking)

    async def soon(
        self,
        keys: Sequence[Key],
        ask: Callable[[tuple[Key, ...]], Awaitable[Sequence[Found]]],
        *,
        seconds: float,
        together: int,
        most: int,
    ) -> dict[Key, Found]:
        """Return what is known or found out within a time; the rest is found out afterwards.

        What was begun goes on when nobody waits any more, and is kept. An error stands in the place
        of the answer, and one that comes later is told to nobody: whoever asks again, asks anew.

        Args:
            keys: What is asked.
            ask: Finds out some of it; the answers come in the order of the keys, an error in the
                place of what could not be found out.
            seconds: How long to wait.
            together: How many are asked at once.
            most: While so many are being found out, whoever asked for them, nothing is begun; so
                no queue grows faster than it is worked off.
        """
        new = [one for one in keys if one not in self._known and one not in self._asked]
        new = new[: max(0, most - len(self._asked))]
        for start in range(0, len(new), together):
            part = tuple(new[start : start + together])
            answers = asyncio.ensure_future(ask(part))
            for place, key in enumerate(part):
                self._begun(key, partial(_answer_at, answers, place))
        known: dict[Key, Found] = {
            one: answer for one in keys if (answer := self.find(one)) is not None
        }
        asked = {one: self._asked[one] for one in keys if one not in known and one in self._asked}
        if asked:
            await asyncio.wait(asked.values(), timeout=seconds)
        return known | {one: _ended(asking) for one, asking in asked.items() if asking.done()}

    def _begun(self, key: Key, ask: Callable[[], Awaitable[bytes]]) -> asyncio.Task[bytes]:
        asking = self._asked[key] = asyncio.create_task(self._asking(key, ask))
        asking.add_done_callback(_heard)
        return asking

    async def _asking(self, key: Key, ask: Callable[[], Awaitable[bytes]]) -> bytes:
        try:
            answer = await ask()
            self.keep(key, answer)
            return answer
        finally:
            del self._asked[key]


async def _answer_at(answers: Awaitable[Sequence[Found]], place: int) -> bytes:
    answer = (await answers)[place]
    if isinstance(answer, Exception):
        raise answer
    return answer


def _ended(asking: asyncio.Task[bytes]) -> Found:
    error = asking.exception()
    if isinstance(error, Exception):
        return error
    return asking.result()


def _heard(asking: asyncio.Task[bytes]) -> None:
    """Take note of an error that nobody waits for any more: the loop would print it."""
    if not asking.cancelled():
        asking.exception()
