"""Open the portal's state, and make or bring up to date its schema."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from pks_kit.errors import LedgerError
from pks_kit.file_locks import make_file_of_database
from pks_kit.ledger.address import Address
from pks_kit.ledger.engine import server_arguments
from pks_kit.web.state.tables import KNOWN_VERSIONS, VERSI, versi

FILE = "portal.sqlite"
SCHEMA = "pks_portal"
"""Schema of the tables in the database of a ledger on a server."""

CURRENT = KNOWN_VERSIONS[-1]
_BUSY_SECONDS = 30.0
_LOCK = 0x504B5350  # "PKSP"
_WRITES = "pks_portal_writes"
CONNECTIONS = 8
"""How many questions one process asks at once."""


class State:
    """The open state; every question of ``pks_kit.web.state`` runs in one of its transactions.

    Args:
        engine: The database.
        shown: Its name for people.
    """

    def __init__(self, engine: Engine, shown: str) -> None:
        self._engine = engine
        self.shown = shown

    @property
    def is_file(self) -> bool:
        """Return whether it is a file, which one writes at a time."""
        return self._engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a transaction that only reads.

        Raises:
            LedgerError: ``web.state_unavailable``.
        """
        with self._told(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a transaction that writes: all of it or nothing.

        Raises:
            LedgerError: ``web.state_unavailable``.
        """
        with self._told(), self._engine.connect() as plain:
            connection = plain.execution_options(**{_WRITES: True})
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, SQLAlchemyError) as error:
            # the text of the error may hold what was written
            raise LedgerError("web.state_unavailable", state=self.shown) from error


def open_state(folder: Path, address: Address) -> State:
    """Open the state that belongs to a ledger, and bring its schema to that of this version.

    Args:
        folder: Folder of the portal; it must be there.
        address: Where the ledger is.

    Raises:
        LedgerError: ``web.state_unavailable``; ``web.state_newer``: a newer version wrote it;
            ``ledger.no_driver``.
    """
    if address.url is None:
        path = folder / FILE
        state = State(_sqlite(path), FILE)
    else:
        # whoever visits a page learns neither user nor machine of the database
        state = State(_postgresql(address), f"PostgreSQL, {SCHEMA}")
    try:
        with state.write() as connection:
            _bring_up(connection, state.shown)
    except BaseException:
        state.close()
        raise
    return state


def _bring_up(connection: Connection, shown: str) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    found: str | None = None
    if VERSI in inspect(connection).get_table_names():
        found = connection.execute(select(versi.c.version_num)).scalar()
    if found == CURRENT:
        return
    if found is not None and found not in KNOWN_VERSIONS:
        raise LedgerError("web.state_newer", state=shown, found=found[:40], known=CURRENT)
    from alembic import command

    command.upgrade(alembic_config(connection), CURRENT)


def alembic_config(connection: Connection | None = None) -> Any:
    """Return the settings of Alembic, which live in no file."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _sqlite(path: Path) -> Engine:
    def connect() -> sqlite3.Connection:
        make_file_of_database(path)
        connection = sqlite3.connect(
            path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        # readers and the writer do not wait for each other; unlike the ledger, nobody copies it
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "trusted_schema=OFF"):
            connection.execute(f"PRAGMA {pragma}")
        return connection

    engine = create_engine(
        "sqlite://",
        creator=connect,
        poolclass=QueuePool,
        pool_size=CONNECTIONS + 2,
        max_overflow=0,
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(address: Address) -> Engine:
    arguments = server_arguments(address, schema=SCHEMA)

    def connect() -> Any:
        from psycopg import connect as open_connection

        return open_connection(**arguments)

    return create_engine(
        "postgresql+psycopg://",
        creator=connect,
        pool_size=CONNECTIONS + 2,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,
    )
