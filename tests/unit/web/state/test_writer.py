"""Changes that wait are written together, in their order, and each fails alone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, select

from pks_kit.errors import LedgerError, UsageError
from pks_kit.ledger.address import read_address
from pks_kit.web.state.database import State, open_state
from pks_kit.web.state.tables import umpan
from pks_kit.web.state.writer import GroupWriter

Change = Callable[[Connection], Any]


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    opened = open_state(tmp_path, read_address(tmp_path / "buku.sqlite", None))
    yield opened
    opened.close()


def put(name: str, answer: object = None) -> Change:
    def change(connection: Connection) -> object:
        connection.execute(insert(umpan).values(buku=name, nomor=1))
        return answer

    return change


def refuse(connection: Connection) -> None:
    put("refused")(connection)
    raise UsageError("web.changed")


def kept(state: State) -> list[str]:
    with state.read() as connection:
        return list(connection.execute(select(umpan.c.buku).order_by(umpan.c.buku)).scalars())


def written(state: State, *changes: Change) -> tuple[list[Any], int]:
    """Return how changes ended that waited together, and the number of commits."""
    commits = []
    event.listen(state._engine, "commit", commits.append)
    writer = GroupWriter(state)
    begun, go = threading.Event(), threading.Event()

    def first(_connection: Connection) -> None:
        begun.set()
        go.wait()

    async def all_of_them() -> list[Any]:
        opening = asyncio.create_task(writer.write(first))
        await asyncio.to_thread(begun.wait)
        others = [asyncio.create_task(writer.write(one)) for one in changes]
        await asyncio.sleep(0)  # each has handed in what it wants
        go.set()
        await opening
        return await asyncio.gather(*others, return_exceptions=True)

    try:
        return asyncio.run(all_of_them()), len(commits) - 1
    finally:
        writer.close()


def test_what_waits_together_is_flushed_once(state: State) -> None:
    answers, commits = written(state, *(put(f"{one:02}", one) for one in range(20)))
    assert answers == list(range(20))
    assert commits == 1
    assert kept(state) == [f"{one:02}" for one in range(20)]


def test_who_is_refused_is_refused_alone(state: State) -> None:
    answers, commits = written(state, put("a"), refuse, put("b"))
    assert [type(one) for one in answers] == [type(None), UsageError, type(None)]
    assert commits == 1
    assert kept(state) == ["a", "b"]


def test_who_breaks_the_transaction_breaks_it_for_nobody_else(state: State) -> None:
    answers, _ = written(state, put("a", 1), put("a", 2), put("b", 3))
    assert [answers[0], answers[2]] == [1, 3]
    assert isinstance(answers[1], LedgerError)
    assert answers[1].code == "web.state_unavailable"
    assert kept(state) == ["a", "b"]


def test_what_waits_at_the_end_is_written(state: State) -> None:
    writer = GroupWriter(state)

    async def closed() -> None:
        several = [asyncio.create_task(writer.write(put(f"{one}"))) for one in range(100)]
        await asyncio.sleep(0)
        await asyncio.to_thread(writer.close)
        await asyncio.gather(*several)

    asyncio.run(closed())
    assert len(kept(state)) == 100
