"""Where a ledger lives: a SQLite file or a PostgreSQL URL, and how it is named to people.

A PostgreSQL server elsewhere is only spoken to over TLS that proves its name; a URL may say little
more than whom to reach. The library of PostgreSQL would otherwise fall back to plain text, take
options for the server, or read files and services that the caller never sees.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from urllib.parse import parse_qsl, urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from pks_kit.domain.secret import Secret
from pks_kit.errors import LedgerError

_POSTGRESQL = ("postgresql", "postgresql+psycopg")
_KEYS = frozenset({"host", "sslmode", "sslrootcert", "sslcrl", "application_name"})
"""What may stand behind the question mark of a URL."""
_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_PROVEN = "verify-full"
_WORD = re.compile(r"[a-z_]{1,30}")
_SECRET_WORDS = ("pass", "secret", "token", "key")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A ledger's place.

    Attributes:
        shown: Name for people: a file name, or user, host and database; never a password.
        file: The SQLite file, or None.
        url: The PostgreSQL URL without its password and options, or None.
        options: Options of the connection, by the names of the library of PostgreSQL.
        password: Password of that URL, or None.
        is_local: Whether nothing leaves this machine.
    """

    shown: str
    file: Path | None = None
    url: URL | None = field(default=None, repr=False)
    options: Mapping[str, str] = field(default_factory=dict, repr=False)
    password: Secret | None = field(default=None, repr=False)
    is_local: bool = True


def has_password(given: str | Path) -> bool:
    """Return whether a URL carries a password itself, or an option that looks like one."""
    text = str(given)
    if "://" not in text:
        return False
    try:
        parts = urlsplit(text)
        keys = [key.lower() for key, _ in parse_qsl(parts.query, keep_blank_values=True)]
        return bool(parts.password) or any(word in key for key in keys for word in _SECRET_WORDS)
    except ValueError:
        return "@" in text


def read_address(given: str | Path, password: Secret | None = None) -> Address:
    """Return the place that a path or URL names.

    Args:
        given: Path of a SQLite file, ``sqlite:///FILE`` or ``postgresql+psycopg://...``.
        password: Password for PostgreSQL; wins over one inside the URL.

    Raises:
        LedgerError: ``ledger.bad_address``; ``ledger.address_option`` for an option that is not
            known, stands twice or holds a secret; ``ledger.without_tls`` for a server elsewhere and
            less than ``sslmode=verify-full``. No value of the text is ever part of it.
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
    options = _options(url)
    host = options.pop("host", url.host or "")
    shown = URL.create(
        "postgresql", username=url.username, host=host, port=port, database=url.database
    )
    is_local = _is_local(host)
    mode = options.setdefault("sslmode", "prefer" if is_local else _PROVEN)
    if mode not in _MODES:
        raise LedgerError("ledger.address_option", option="sslmode")
    if not is_local and mode != _PROVEN:
        raise LedgerError("ledger.without_tls", ledger=str(shown), mode=mode)
    inside = Secret(url.password) if isinstance(url.password, str) else None
    return Address(
        shown=str(shown),
        url=URL.create(
            "postgresql+psycopg", username=url.username, port=port, database=url.database
        ),
        options=MappingProxyType({"host": host, **options}),
        password=password or inside,
        is_local=is_local,
    )


def _options(url: URL) -> dict[str, str]:
    """Return what stands behind the question mark.

    Raises:
        LedgerError: ``ledger.address_option``.
    """
    found = {}
    for key, value in url.query.items():
        if key not in _KEYS or not isinstance(value, str) or (key == "host" and url.host):
            named = key if _WORD.fullmatch(key) else "?"
            raise LedgerError("ledger.address_option", option=named)
        found[key] = value
    return found


def _is_local(host: str) -> bool:
    """Return whether a host is this machine: a socket in the file system, or loopback."""
    if "," in host:
        return False
    if not host or host.startswith(("/", "@")) or host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _file(name: str) -> Address:
    if not name.strip() or "\0" in name or name == ":memory:":
        raise LedgerError("ledger.bad_address")
    path = Path(name)
    return Address(shown=str(path), file=path)
