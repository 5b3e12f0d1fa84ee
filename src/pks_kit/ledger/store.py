"""Open a ledger: a SQLite file or a PostgreSQL database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from pks_kit.domain.secret import Secret
from pks_kit.errors import LedgerError
from pks_kit.ledger.address import Address, read_address
from pks_kit.ledger.engine import make_engine
from pks_kit.ledger.failures import told
from pks_kit.ledger.schema import Upgraded, require_current, upgrade
from pks_kit.ledger.sql_ledger import SqlLedger

__all__ = ["SqlLedger", "migrate_ledger", "open_ledger"]


def open_ledger(
    url_or_path: str | Path,
    *,
    password: Secret | None = None,
    create: bool = True,
) -> SqlLedger:
    """Open a ledger; close it, or use it in ``with``.

    Args:
        url_or_path: Path of a SQLite file, or ``postgresql+psycopg://user@host/database``.
        password: Password for PostgreSQL, so that it need not stand in the URL.
        create: Make an empty database into a ledger (the folder must exist). Only then is a
            schema created; an older one is never changed here.

    Raises:
        LedgerError: ``ledger.not_found``, ``ledger.empty`` (both only without ``create``),
            ``ledger.bad_address``, ``ledger.not_a_ledger``, ``ledger.schema_old``,
            ``ledger.schema_new``, ``ledger.no_driver``, ``ledger.unavailable`` and what
            :mod:`pks_kit.ledger.failures` lists.
    """
    address, engine = _prepare(url_or_path, password, create)
    try:
        with told(address.shown):
            require_current(engine, address.shown, create=create)
    except BaseException:
        engine.dispose()
        raise
    return SqlLedger(engine, address.shown)


def migrate_ledger(url_or_path: str | Path, *, password: Secret | None = None) -> Upgraded:
    """Bring an existing ledger to the schema of this version, and make lost guards anew.

    Raises:
        LedgerError: As :func:`open_ledger`, but an old schema is no error.
    """
    address, engine = _prepare(url_or_path, password, False)
    try:
        with told(address.shown):
            return upgrade(engine, address.shown)
    finally:
        engine.dispose()


def _prepare(given: str | Path, password: Secret | None, create: bool) -> tuple[Address, Engine]:
    address = read_address(given, password)
    if address.file is not None:
        try:
            missing = not address.file.exists()
            ordinary = missing or address.file.is_file()
        except OSError:
            missing, ordinary = False, False
        if missing and not create:
            raise LedgerError("ledger.not_found", ledger=address.shown)
        if not ordinary:
            code = "ledger.is_folder" if address.file.is_dir() else "ledger.not_a_ledger"
            raise LedgerError(code, ledger=address.shown)
    return address, make_engine(address, create=create)
