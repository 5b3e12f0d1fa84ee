"""What was counted of agreements within a reach, in memory until one of them changes.

The number of changes stands in the database and belongs to what was counted, so an answer is never
older than the question, whichever server changed something. What is kept is found by the reach it
was counted for and by nothing less.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar, cast

from sqlalchemy import Connection

from pks_kit.web.scope import Reach
from pks_kit.web.state import changes

_Answer = TypeVar("_Answer")


class KeptCounts:
    """Counts by what was asked for which reach; those asked for last stay.

    Args:
        most: How many answers are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[tuple[Any, ...], tuple[int, Any]] = OrderedDict()
        self._lock = threading.Lock()  # questions are asked in threads

    def of(
        self,
        connection: Connection,
        question: Callable[..., _Answer],
        reach: Reach,
        **named: Any,
    ) -> _Answer:
        """Return what a question answers; whoever gets an answer leaves it as it is.

        Args:
            connection: A transaction that only reads.
            question: A function of ``state`` about agreements and nothing else.
            reach: Whose.
            **named: What else is asked; it tells questions apart, too.
        """
        key = (question.__module__, question.__qualname__, reach, *sorted(named.items()))
        number = changes.number(connection)
        with self._lock:
            known = self._known.get(key)
            if known is not None and known[0] == number:
                self._known.move_to_end(key)
                return cast("_Answer", known[1])
        answer = question(connection, reach, **named)
        with self._lock:
            self._known[key] = (number, answer)
            self._known.move_to_end(key)
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return answer
