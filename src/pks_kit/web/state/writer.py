"""Changes of the state, as many as wait in one transaction of a file.

Each change of a file is flushed to the disk before it is believed, and SQLite lets writers wait for
each other without an order, so that of fifty at once some wait for ever. One thread therefore takes
what waits, in its order: each change in a savepoint of its own, and one flush for all of them. A
server for databases does that by itself.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from pks_kit.errors import LedgerError
from pks_kit.web.state.database import State

_Answer = TypeVar("_Answer")
_AT_ONCE = 64
"""Changes of one transaction; those who read see nothing of it until its end."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    change: Callable[[Connection], Any]
    ended: Future[Any]


class GroupWriter:
    """Writes changes in their order; a change that fails fails alone.

    Args:
        state: The open state; it must stay open until the writer is closed.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="pks-tulis", daemon=True)
        self._thread.start()

    async def write(self, change: Callable[[Connection], _Answer]) -> _Answer:
        """Return what a change answers, when it is on the disk.

        Args:
            change: What to do; it is done again when others of its transaction broke it, so it
                changes nothing but the state.

        Raises:
            LedgerError: ``web.state_unavailable``; and whatever the change raises.
        """
        ended: Future[Any] = Future()
        self._waiting.put(_Waiting(change, ended))
        return cast("_Answer", await asyncio.wrap_future(ended))

    def close(self) -> None:
        """Write what waits, and end."""
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        is_open = True
        while is_open:
            found, one = [], self._waiting.get()
            while one is not None:
                if one.ended.set_running_or_notify_cancel():
                    found.append(one)
                if len(found) == _AT_ONCE or self._waiting.empty():
                    break
                one = self._waiting.get()
            is_open = one is not None
            if len(found) > 1:
                self._together(found)
            else:
                self._alone(found)

    def _together(self, found: list[_Waiting]) -> None:
        answers: list[Any] = []
        try:
            with self._state.write() as connection:
                for one in found:
                    answers.append(_kept(connection, one))
        except _BrokenError:
            self._alone(found)  # who broke it is told so, and nobody else
        except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it
            for one in found:
                one.ended.set_exception(error)
        else:
            for one, answer in zip(found, answers, strict=True):
                _tell(one, answer)

    def _alone(self, found: list[_Waiting]) -> None:
        for one in found:
            try:
                with self._state.write() as connection:
                    answer = one.change(connection)
            except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it
                one.ended.set_exception(error)
            else:
                one.ended.set_result(answer)


class _BrokenError(Exception):
    """The database refused something; what of the transaction still holds is not certain."""


@dataclass(frozen=True, slots=True)
class _Refused:
    error: Exception


def _kept(connection: Connection, one: _Waiting) -> Any:
    try:
        with connection.begin_nested():
            return one.change(connection)
    except (SQLAlchemyError, LedgerError) as error:
        raise _BrokenError from error
    except Exception as error:  # noqa: BLE001 - the others of the transaction go on
        return _Refused(error)


def _tell(one: _Waiting, answer: Any) -> None:
    if isinstance(answer, _Refused):
        one.ended.set_exception(answer.error)
    else:
        one.ended.set_result(answer)
