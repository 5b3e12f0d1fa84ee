"""The ledger is followed from where somebody began to look, and every event is told once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pks_kit.ledger.address import read_address
from pks_kit.ledger.sql_ledger import SqlLedger
from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.settings.portal import WebhookSettings
from pks_kit.web.feed import LedgerFeed
from pks_kit.web.state import outbox
from pks_kit.web.state.database import State, open_state
from support.ledger_events import write
from support.ledger_places import Place

NOW = system_clock()
HOOKS = {"satu": WebhookSettings(alamat="https://contoh.invalid/", rahasia="env:A")}


@pytest.fixture
def state(place: Place, tmp_path: Path) -> Iterator[State]:
    opened = open_state(tmp_path, read_address(place.address, place.password))
    yield opened
    opened.close()


def feed(state: State, ledger: SqlLedger) -> LedgerFeed:
    """Return the feed of a portal that has nothing but its state and settings."""
    portal: Any = SimpleNamespace(
        state=state, settings=SimpleNamespace(webhook=HOOKS), now=lambda: NOW
    )
    return LedgerFeed(portal, ledger)


def told(state: State) -> list[int]:
    with state.read() as connection:
        found = outbox.listed(connection, keadaan="", most=1000)
    return sorted(json.loads(one.isi)["data"]["nomor"] for one in found)


def test_a_ledger_that_was_seen_empty_is_told_from_its_first_event(
    state: State, ledger: SqlLedger
) -> None:
    following = feed(state, ledger)
    asyncio.run(following.once())
    write(ledger, 3)
    for _ in range(2):
        asyncio.run(following.once())
    assert told(state) == [1, 2, 3]
    write(ledger, 1, "B" * 26)
    asyncio.run(feed(state, ledger).once())  # a server that started anew
    assert told(state) == [1, 2, 3, 4]


def test_what_happened_before_is_no_news(state: State, ledger: SqlLedger) -> None:
    write(ledger, 3)
    asyncio.run(feed(state, ledger).once())
    assert told(state) == []
    write(ledger, 2, "B" * 26)
    asyncio.run(feed(state, ledger).once())
    assert told(state) == [4, 5]


def test_after_an_older_copy_was_put_back_what_is_new_is_told(
    state: State, place: Place, ledger: SqlLedger
) -> None:
    if place.name != "sqlite":
        pytest.skip("a server for databases puts ledger and state back together")
    asyncio.run(feed(state, ledger).once())
    write(ledger, 3)
    older = Path(place.address).read_bytes()
    write(ledger, 3, "B" * 26)
    asyncio.run(feed(state, ledger).once())
    ledger.close()
    Path(place.address).write_bytes(older)
    with place.open() as again:
        asyncio.run(feed(state, again).once())
        write(again, 2, "C" * 26)
        asyncio.run(feed(state, again).once())
    assert told(state) == [1, 2, 3, 4, 4, 5, 5, 6]


def test_a_long_name_of_a_receiver_is_not_taken_for_another(state: State) -> None:
    same = HOOKS["satu"].model_copy(update={"peristiwa": ("*",)})
    hooks = {f"{'a' * 39}{one}": same for one in range(3)}
    with state.write() as connection:
        outbox.put(connection, hooks, "pekerjaan.selesai", "A" * 26, {"nomor": 1}, NOW)
    assert told(state) == [1, 1, 1]


def test_more_than_one_transaction_holds(state: State, ledger: SqlLedger) -> None:
    asyncio.run(feed(state, ledger).once())
    write(ledger, 250)
    asyncio.run(feed(state, ledger).once())
    assert told(state) == list(range(1, 251))


def test_two_servers_tell_it_once(state: State, ledger: SqlLedger) -> None:
    asyncio.run(feed(state, ledger).once())
    write(ledger, 20)

    async def both() -> None:
        await asyncio.gather(feed(state, ledger).once(), feed(state, ledger).once())

    asyncio.run(both())
    assert told(state) == list(range(1, 21))
