"""Where a ledger lives: a SQLite file or a PostgreSQL URL, and how it is named to people."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from pks_kit.domain.secret import Secret
from pks_kit.errors import LedgerError

_POSTGRESQL = ("postgresql", "postgresql+psycopg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A ledger's place.

    Attributes:
        shown: Name for people: a file name, or user, host and database; never a password.
        file: The SQLite file, or None.
        url: The PostgreSQL URL without its password, or None.
        password: Password of that URL, or None.
    """

    shown: str
    file: Path | None = None
    url: URL | None = field(default=None, repr=False)
    password: Secret | None = field(default=None, repr=False)


def has_password(given: str | Path) -> bool:
    """Return whether a URL carries a password itself."""
    try:
        return "://" in str(given) and read_address(given).password is not None
    except LedgerError:
        return False


def read_address(given: str | Path, password: Secret | None = None) -> Address:
    """Return the place that a path or URL names.

    Args:
        given: Path of a SQLite file, ``sqlite:///FILE`` or ``postgresql+psycopg://...``.
        password: Password for PostgreSQL; wins over one inside the URL.

    Raises:
        LedgerError: ``ledger.bad_address``; the text given is never part of it.
    """
    text = str(given)
    if isinstance(given, Path) or "://" not in text:
        return _file(text)
    try:
        url = make_url(text)
        port = url.port
    except (ArgumentError, ValueError):
        raise LedgerError("ledger.bad_address") from None
    if url.drivername in ("sqlite", "sqlite+pysqlite") and not url.host and not url.query:
        return _file(url.database or "")
    if url.drivername not in _POSTGRESQL or not url.database:
        raise LedgerError("ledger.bad_address")
    found = password
    inside = url.password or url.query.get("password")
    if found is None and isinstance(inside, str):
        found = Secret(inside)
    bare = URL.create(
        "postgresql+psycopg",
        username=url.username,
        host=url.host,
        port=port,
        database=url.database,
        query={key: value for key, value in url.query.items() if key != "password"},
    )
    host = url.host or url.query.get("host") or ""
    shown = URL.create(
        "postgresql",
        username=url.username,
        host=host if isinstance(host, str) else host[0],
        port=port,
        database=url.database,
    )
    return Address(shown=str(shown), url=bare, password=found)


def _file(name: str) -> Address:
    if not name.strip() or "\0" in name or name == ":memory:":
        raise LedgerError("ledger.bad_address")
    path = Path(name)
    return Address(shown=str(path), file=path)
