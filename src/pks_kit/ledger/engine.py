"""Connections to the two back ends, and how a writer takes its turn.

SQLite keeps its rollback journal instead of a write-ahead log: whatever was committed is in the
one file, also after a kill, so that a copy of the file is never short of an event; and SQLite then
notices that the file was moved away or replaced under an open connection. ``synchronous=EXTRA`` is
``FULL`` plus a flush of the folder, without which the last commit can be undone by a power cut in
this mode. PostgreSQL writers take an advisory lock that ends with their transaction, so that
numbers have no gaps.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import NoSuchModuleError
from sqlalchemy.pool import QueuePool

from pks_kit.errors import LedgerError
from pks_kit.file_locks import make_file_of_database
from pks_kit.ledger.address import Address
from pks_kit.messages import lookup
from pks_kit.net.trust import system_anchors

BUSY_SECONDS = 30.0
"""How long to wait for other writers."""
CONNECT_SECONDS = 10

_WRITE = "pks_ledger_write"
_LOCK = 0x504B534C  # "PKSL"
_UNMOVED = {
    "hostaddr": "",
    "options": "",
    "gssencmode": "disable",
    "ssl_min_protocol_version": "TLSv1.2",
}
"""Said always, so that no variable (``PGHOSTADDR``) and no service file can say it otherwise."""
_TAKE_TURN = text(
    "SELECT set_config('lock_timeout', :busy, true),"
    " set_config('synchronous_commit', CASE current_setting('synchronous_commit')"
    " WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, true),"
    " pg_advisory_xact_lock(:lock)"
)


def make_engine(address: Address, *, create: bool) -> Engine:
    """Return an engine; nothing is opened yet.

    Args:
        address: Where the ledger is.
        create: Whether a missing SQLite file may be made.

    Raises:
        LedgerError: ``ledger.no_driver`` when psycopg is not installed; ``ledger.unavailable``
            when the path cannot be looked at.
    """
    if address.file is not None:
        engine = _sqlite(address.file, create=create)
    else:
        engine = _postgresql(address)
    engine.update_execution_options(pks_busy=f"{round(BUSY_SECONDS * 1000)}ms")
    return engine


def begin_write(engine: Engine) -> Connection:
    """Return a connection whose transaction is begun and is the only one that writes."""
    connection = engine.connect()
    try:
        connection = connection.execution_options(**{_WRITE: True})
        connection.begin()
        if engine.dialect.name == "postgresql":
            busy = connection.get_execution_options()["pks_busy"]
            connection.execute(_TAKE_TURN, {"busy": busy, "lock": _LOCK})
    except BaseException:
        connection.close()
        raise
    return connection


def _sqlite(path: Path, *, create: bool) -> Engine:
    engine = create_engine(
        "sqlite://",
        creator=_opener(path, create=create),
        poolclass=QueuePool,
        pool_size=1,
        hide_parameters=True,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _opener(path: Path, *, create: bool) -> Callable[[], sqlite3.Connection]:
    mode = "rwc" if create else "rw"
    uri = f"file:{quote(str(path.absolute()))}?mode={mode}"

    def connect() -> sqlite3.Connection:
        if create:
            make_file_of_database(path)
        connection = sqlite3.connect(
            uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            for pragma in ("synchronous=EXTRA", "trusted_schema=OFF", "cell_size_check=ON"):
                connection.execute(f"PRAGMA {pragma}")
        except BaseException:
            connection.close()
            raise
        return connection

    return connect


def server_arguments(address: Address, *, schema: str = "") -> dict[str, Any]:
    """Return with what the library of PostgreSQL connects to the server of a ledger.

    For what lives beside the ledger in the same database and is not part of it.

    Args:
        address: Where the ledger is.
        schema: Schema in which names without one are looked up; empty: that of the server.

    Raises:
        LedgerError: ``ledger.bad_address`` for a file; ``ledger.no_driver``.
    """
    if address.url is None:
        raise LedgerError("ledger.bad_address")
    url = address.url
    named = {"user": url.username, "port": url.port, "dbname": url.database}
    options = {"options": f"-csearch_path={schema}"} if schema else {}
    try:
        told = {name: value for name, value in named.items() if value is not None}
        return told | _arguments(address) | options
    except ImportError:
        raise LedgerError("ledger.no_driver") from None


def _arguments(address: Address) -> dict[str, Any]:
    arguments: dict[str, Any] = {
        "connect_timeout": CONNECT_SECONDS,
        "fallback_application_name": "pks-kit",
        **_UNMOVED,
        **address.options,
    }
    if not address.is_local:
        arguments.setdefault("sslrootcert", str(system_anchors()))
    if address.password is not None:
        arguments["password"] = address.password.reveal()
    return arguments | _no_key_log()


def _postgresql(address: Address) -> Engine:
    if address.url is None:
        raise LedgerError("ledger.bad_address")
    try:
        arguments = _arguments(address)
        return create_engine(address.url, connect_args=arguments, pool_size=1, hide_parameters=True)
    except (ImportError, NoSuchModuleError):
        raise LedgerError("ledger.no_driver") from None
    except (TypeError, ValueError):
        reason = lookup("ledger.reason.other").fill({"kind": "URL"})
        raise LedgerError("ledger.unavailable", ledger=address.shown, reason=reason) from None


def _no_key_log() -> dict[str, str]:
    """Return the option that keeps session keys unwritten, where the library knows it."""
    from psycopg import pq

    known = {one.keyword.decode("ascii") for one in pq.Conninfo.get_defaults()}
    return {name: "" for name in ("sslkeylogfile",) if name in known}
