"""The version of the schema: found, created, brought up to date; never guessed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, select

from pks_kit.errors import LedgerError
from pks_kit.ledger.engine import begin_write
from pks_kit.ledger.guards import GuardFault, restore_guards
from pks_kit.ledger.tables import KNOWN_VERSIONS, PERISTIWA, VERSI, versi

CURRENT = KNOWN_VERSIONS[-1]


def require_current(engine: Engine, shown: str, *, create: bool) -> None:
    """Make sure that the schema is the one this code reads; fill an empty database if asked.

    Raises:
        LedgerError: ``ledger.schema_old``, ``ledger.schema_new``, ``ledger.schema_unknown``,
            ``ledger.not_a_ledger`` or ``ledger.empty``.
    """
    with engine.connect() as connection:
        found = version_of(connection, shown)
    if found is None:
        if not create:
            raise LedgerError("ledger.empty", ledger=shown)
        upgrade(engine, shown, only_new=True)
        return
    _check(found, shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded:
    """What became of a schema.

    Attributes:
        before: Its version before; None when there was none.
        after: Its version now.
        guards: What was wrong with the guards of a schema that is current.
    """

    before: str | None
    after: str
    guards: tuple[GuardFault, ...] = ()


def upgrade(engine: Engine, shown: str, *, only_new: bool = False) -> Upgraded:
    """Bring the schema to ``CURRENT`` in one transaction, and its guards back to what they were.

    Args:
        engine: The database.
        shown: Its name for people.
        only_new: Leave an existing schema alone and refuse an old one; another process may have
            created it a moment ago.

    Raises:
        LedgerError: ``ledger.schema_new`` or ``ledger.not_a_ledger``; ``ledger.schema_old`` when
            ``only_new``.
    """
    connection = begin_write(engine)
    try:
        found = version_of(connection, shown)
        if found is not None and only_new:
            _check(found, shown)
            return Upgraded(before=found, after=found)
        if found is not None and found not in KNOWN_VERSIONS:
            raise _other_schema(found, shown)
        guards: tuple[GuardFault, ...] = ()
        if found != CURRENT:
            _run_alembic(connection)
        else:
            guards = restore_guards(connection)
        connection.commit()
        return Upgraded(before=found, after=CURRENT, guards=guards)
    finally:
        connection.close()


def version_of(connection: Connection, shown: str) -> str | None:
    """Return the version of the schema, or None when the database is empty.

    A PostgreSQL database counts as empty while it holds no table of the ledger; a SQLite file only
    while it holds nothing at all.

    Raises:
        LedgerError: ``ledger.not_a_ledger`` when it holds something else.
    """
    names = set(inspect(connection).get_table_names())
    if VERSI in names:
        versions = connection.execute(select(versi.c.version_num)).scalars().all()
        if len(versions) == 1:
            return str(versions[0])
        raise LedgerError("ledger.not_a_ledger", ledger=shown)
    foreign = names if connection.dialect.name == "sqlite" else names & {PERISTIWA}
    if foreign:
        raise LedgerError("ledger.not_a_ledger", ledger=shown)
    return None


def _check(found: str, shown: str) -> None:
    if found == CURRENT:
        return
    raise _other_schema(found, shown)


def _other_schema(found: str, shown: str) -> LedgerError:
    """Return that a schema is an older one, a newer one, or none that this program ever wrote."""
    if found in KNOWN_VERSIONS:
        code = "ledger.schema_old"
    else:
        later = found.isdecimal() and len(found) == len(CURRENT) and found > CURRENT
        code = "ledger.schema_new" if later else "ledger.schema_unknown"
    return LedgerError(code, ledger=shown, found=found[:40], known=CURRENT)


def alembic_config(connection: Connection | None = None) -> Any:
    """Return the settings of Alembic, which live in no file."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _run_alembic(connection: Connection) -> None:
    from alembic import command

    command.upgrade(alembic_config(connection), CURRENT)
