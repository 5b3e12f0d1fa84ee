"""Whether the database still guards the events: judged by what guards do, not by their names.

A trigger of the right name with an empty body guards nothing, nor does one that is switched off, a
view in place of the table, a rule that swallows rows, or a function that looks into another
schema. So tables, triggers and bodies are compared with what schema 0002 made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, inspect, text

from pks_kit.errors import LedgerGuardsError
from pks_kit.json_types import shown
from pks_kit.ledger.guard_sql import POSTGRESQL, SQLITE
from pks_kit.ledger.tables import PERISTIWA, peristiwa
from pks_kit.messages import Message, lookup

GuardFaultKind = Literal["missing", "altered", "off", "foreign", "table"]

_NAME = re.compile(r"CREATE (?:TRIGGER|FUNCTION) (\w+)")
_BODY = re.compile(r"AS \$\$(.*)\$\$", re.DOTALL)
_CALLS = re.compile(r"EXECUTE FUNCTION (\w+)\(\)")
_BIT = {"ROW": 1, "BEFORE": 2, "INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
"""Bits of ``pg_trigger.tgtype``."""
_UNIQUE = ({"unik"}, {"hash_sebelum"}, {"hash"})

_SQLITE_TRIGGERS = text(
    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND lower(tbl_name) = :table"
)
_SQLITE_TABLE = text("SELECT type FROM sqlite_master WHERE name = :table")
_POSTGRESQL_TRIGGERS = text(
    "SELECT t.tgname, t.tgenabled IN ('O', 'A'), t.tgtype::int,"
    " t.tgqual IS NULL AND t.tgnargs = 0 AND t.tgattr::text = '' AND p.proconfig IS NULL,"
    " p.proname, p.prosrc, l.lanname"
    " FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_language l ON l.oid = p.prolang"
    " WHERE t.tgrelid = to_regclass(:table) AND NOT t.tgisinternal ORDER BY t.tgname"
)
_POSTGRESQL_TABLE = text(
    "SELECT relkind = 'r' AND relpersistence = 'p' AND NOT relhasrules AND NOT relrowsecurity"
    " AND NOT EXISTS (SELECT 1 FROM pg_inherits WHERE c.oid IN (inhparent, inhrelid))"
    " FROM pg_class c WHERE c.oid = to_regclass(:table)"
)
_POSTGRESQL_TRIGGERS_RUN = text("SELECT current_setting('session_replication_role') <> 'replica'")


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardFault:
    """One guard that does not guard.

    Attributes:
        kind: ``missing``; ``altered`` (it does something else), ``off`` (switched off),
            ``foreign`` (a trigger that is not ours and may swallow or change events), ``table``
            (the table is a view, or lacks its columns, unique values or ordinary storage).
        name: Name of the trigger or table.
    """

    kind: GuardFaultKind
    name: str

    @shown()
    def message(self) -> Message:
        """What is wrong, in both languages."""
        return lookup(f"ledger.guard.{self.kind}").fill({"name": self.name})


@dataclass(frozen=True, slots=True)
class _Trigger:
    """What a trigger does, in a form that can be compared."""

    does: tuple[object, ...]
    is_on: bool = True


def guard_faults(connection: Connection) -> tuple[GuardFault, ...]:
    """Return every guard of the table of events that is not as schema 0002 made it."""
    if connection.dialect.name == "sqlite":
        expected = {_named(one): _Trigger((_plain(one),)) for one in SQLITE}
        found, is_table = _in_sqlite(connection), _sqlite_table(connection)
    else:
        expected = dict(_expected_in_postgresql())
        found, is_table = _in_postgresql(connection), _postgresql_table(connection)
    faults = [] if is_table and _is_whole(connection) else [_fault("table", PERISTIWA)]
    for name, trigger in expected.items():
        if name not in found:
            faults.append(_fault("missing", name))
        elif found[name].does != trigger.does:
            faults.append(_fault("altered", name))
        elif not found[name].is_on:
            faults.append(_fault("off", name))
    faults += [_fault("foreign", name) for name in found if name not in expected]
    return tuple(faults)


def require_guards(connection: Connection, shown: str) -> None:
    """Refuse a database that does not guard its events.

    Raises:
        LedgerGuardsError: ``ledger.guards``.
    """
    faults = guard_faults(connection)
    if faults:
        names = ", ".join(one.name for one in faults)
        raise LedgerGuardsError("ledger.guards", ledger=shown, names=names[:300])


def restore_guards(connection: Connection) -> tuple[GuardFault, ...]:
    """Make the guards anew that are missing or altered; return what was wrong with them.

    What is not ours is left alone: a foreign trigger needs a person, and so does everything where
    the table itself is another one.

    Args:
        connection: With a transaction that may write.
    """
    faults = guard_faults(connection)
    ours = {one.name for one in faults if one.kind in ("missing", "altered", "off")}
    if not ours or any(one.kind == "table" for one in faults):
        return faults
    is_sqlite = connection.dialect.name == "sqlite"
    for statement in SQLITE if is_sqlite else POSTGRESQL:
        name = _named(statement)
        if "CREATE FUNCTION" in statement:
            connection.exec_driver_sql(statement.replace("CREATE", "CREATE OR REPLACE", 1))
        elif name in ours:
            on = "" if is_sqlite else f" ON {PERISTIWA}"
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{on}")
            connection.exec_driver_sql(statement)
    return faults


def _fault(kind: GuardFaultKind, name: str) -> GuardFault:
    return GuardFault(kind=kind, name=name[:80])


def _named(statement: str) -> str:
    found = _NAME.search(statement)
    return found[1] if found else ""


def _plain(sql: object) -> str:
    """Return a statement without the blanks by which it may be laid out."""
    return " ".join(str(sql).split())


def _in_sqlite(connection: Connection) -> dict[str, _Trigger]:
    rows = connection.execute(_SQLITE_TRIGGERS, {"table": PERISTIWA})
    return {str(name): _Trigger((_plain(sql),)) for name, sql in rows}


def _sqlite_table(connection: Connection) -> bool:
    kinds = connection.execute(_SQLITE_TABLE, {"table": PERISTIWA}).scalars().all()
    return kinds == ["table"]


def _expected_in_postgresql() -> Iterator[tuple[str, _Trigger]]:
    bodies = {_named(one): _plain(found[1]) for one in POSTGRESQL if (found := _BODY.search(one))}
    for statement in POSTGRESQL:
        calls = _CALLS.search(statement)
        if calls is not None:
            words = set(re.findall(r"\w+", statement))
            kind = sum(bit for word, bit in _BIT.items() if word in words)
            does = (kind, True, calls[1], bodies[calls[1]], "plpgsql")
            yield _named(statement), _Trigger(does)


def _in_postgresql(connection: Connection) -> dict[str, _Trigger]:
    run = bool(connection.execute(_POSTGRESQL_TRIGGERS_RUN).scalar())
    rows: Any = connection.execute(_POSTGRESQL_TRIGGERS, {"table": PERISTIWA})
    return {
        name: _Trigger((kind, is_plain, function, _plain(body), language), bool(is_on and run))
        for name, is_on, kind, is_plain, function, body, language in rows
    }


def _postgresql_table(connection: Connection) -> bool:
    return bool(connection.execute(_POSTGRESQL_TABLE, {"table": PERISTIWA}).scalar())


def _is_whole(connection: Connection) -> bool:
    """Return whether the table has its columns, its key, and what may stand in it only once."""
    looked = inspect(connection)
    names = [one["name"] for one in looked.get_columns(PERISTIWA)]
    key = looked.get_pk_constraint(PERISTIWA)["constrained_columns"]
    once = [set(one["column_names"]) for one in looked.get_unique_constraints(PERISTIWA)]
    return (
        names == [one.name for one in peristiwa.columns]
        and key == ["nomor"]
        and all(one in once for one in _UNIQUE)
    )
