"""Turn what the databases say into errors with clear words, without their text.

The text of a driver can hold connection strings and values; only its code is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError

from pks_kit.errors import LedgerError
from pks_kit.messages import lookup

_SQLITE = (
    ("SQLITE_FULL", "ledger.disk_full"),
    ("SQLITE_READONLY_DBMOVED", "ledger.moved"),
    ("SQLITE_READONLY", "ledger.read_only"),
    ("SQLITE_PERM", "ledger.read_only"),
    ("SQLITE_BUSY", "ledger.locked"),
    ("SQLITE_LOCKED", "ledger.locked"),
    ("SQLITE_NOTADB", "ledger.not_sqlite"),
    ("SQLITE_CORRUPT", "ledger.damaged"),
    ("SQLITE_CONSTRAINT_TRIGGER", "ledger.append_only"),
    ("SQLITE_CONSTRAINT", "ledger.append_only"),
)
_POSTGRESQL = (
    ("53100", "ledger.disk_full"),
    ("25006", "ledger.read_only"),
    ("42501", "ledger.read_only"),
    ("55P03", "ledger.locked"),
    ("40P01", "ledger.locked"),
    ("42P01", "ledger.not_a_ledger"),
    ("P0001", "ledger.append_only"),
    ("23", "ledger.append_only"),
    ("XX001", "ledger.damaged"),
)
_REASONS = (
    ("SQLITE_CANTOPEN", "cannot_open"),
    ("SQLITE_IOERR", "disk"),
    ("28", "password"),
    ("3D000", "no_database"),
    ("57P", "server_down"),
    ("53", "server_busy"),
    ("57014", "server_busy"),
)


@contextmanager
def told(shown: str) -> Iterator[None]:
    """Raise errors of the database as :class:`LedgerError`.

    Args:
        shown: Name of the ledger for people.

    Raises:
        LedgerError: See :func:`translate`.
    """
    try:
        yield
    except SQLAlchemyError as error:
        raise translate(error, shown) from None


def translate(error: SQLAlchemyError, shown: str) -> LedgerError:
    """Return the error for people.

    Its code is ``ledger.disk_full``, ``ledger.locked``, ``ledger.moved``, ``ledger.read_only``,
    ``ledger.not_a_ledger``, ``ledger.damaged``, ``ledger.append_only`` or ``ledger.unavailable``.
    """
    code = database_code(error)
    for start, message in (*_SQLITE, *_POSTGRESQL):
        if code.startswith(start):
            return LedgerError(message, ledger=shown)
    if not code and isinstance(error, OperationalError | InterfaceError):
        return LedgerError(
            "ledger.unavailable", ledger=shown, reason=lookup("ledger.reason.no_answer")
        )
    for start, name in _REASONS:
        if code.startswith(start):
            reason = lookup(f"ledger.reason.{name}")
            return LedgerError("ledger.unavailable", ledger=shown, reason=reason)
    reason = lookup("ledger.reason.other" if code else "ledger.reason.unsaid").fill({"kind": code})
    return LedgerError("ledger.unavailable", ledger=shown, reason=reason)


def database_code(error: SQLAlchemyError) -> str:
    """Return ``SQLITE_...`` or the SQLSTATE of PostgreSQL; empty when there is none.

    Refused connections carry no SQLSTATE; whether it was the password stands only in their text,
    which is looked at here and goes no further.
    """
    original = getattr(error, "orig", None)
    for name in ("sqlite_errorname", "sqlstate"):
        code = getattr(original, name, None)
        if code:
            return str(code)
    text = str(original)
    if "authentication failed" in text or "no password supplied" in text:
        return "28P01"
    if 'database "' in text and "does not exist" in text:
        return "3D000"
    return ""


def is_lost_connection(error: SQLAlchemyError) -> bool:
    """Return whether the connection broke, so that another one may work."""
    return isinstance(error, DBAPIError) and error.connection_invalidated
