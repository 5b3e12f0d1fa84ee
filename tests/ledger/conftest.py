"""Both back ends behind one fixture."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ledger.postgres import Server, running_server
from pks_kit.domain.secret import Secret
from pks_kit.ledger.store import SqlLedger, open_ledger

BACK_ENDS = ("sqlite", "postgresql")


@dataclass
class Place:
    """An empty place for a ledger, and a way past its doors."""

    name: str
    address: str
    password: Secret | None
    tamper: Callable[..., list[Any]] = field(repr=False)

    def open(self, **options: Any) -> SqlLedger:
        return open_ledger(self.address, password=self.password, **options)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running_server(fsync=False) as started:
        yield started


@pytest.fixture(params=BACK_ENDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "sqlite":
        path = tmp_path / "buku besar%.sqlite"

        def by_file(*statements: str) -> list[Any]:
            with sqlite3.connect(path) as connection:
                rows = [connection.execute(statement).fetchall() for statement in statements]
            connection.close()
            return rows[-1]

        return Place("sqlite", str(path), None, by_file)
    server: Server = request.getfixturevalue("server")
    database = server.new_database()

    def by_server(*statements: str) -> list[Any]:
        with server.admin(database) as connection:
            for statement in statements:
                cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    return Place("postgresql", server.url(database), Secret(server.password), by_server)


@pytest.fixture
def ledger(place: Place) -> Iterator[SqlLedger]:
    with place.open() as opened:
        yield opened
