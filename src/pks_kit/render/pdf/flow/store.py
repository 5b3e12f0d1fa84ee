"""Entries that outlive the process: one SQLite file per key, in a folder of the user alone.

Whoever could write here could change the pages of an agreement. So the folder must belong to the
user, and so must every folder above it or to root, and no other user may write there; values are
JSON, which makes nothing but data. Everything here can be made anew: a file that is damaged,
foreign or of another key is read as empty, and replaced when somebody writes.

Each value stands beside its own digest, so a bit that fell over on the disk makes an entry unknown
and not another page. Writers follow each other by a lock and write in transactions; a writer that
died leaves nothing that anybody reads.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, Final

from pks_kit.errors import InputError
from pks_kit.files import make_folder
from pks_kit.messages.os_reason import told_by_system

_FORMAT: Final = 1
_APPLICATION: Final = int.from_bytes(b"PKSk")
_NAME: Final = 16
"""Bytes of the digest of a name, and of a value."""

_AT_ONCE: Final = 400
"""Names in one question; SQLite takes at least 999."""

_PATIENCE_SECONDS: Final = 60
"""How long a writer waits for another."""


class Store:
    """Entries under names.

    Args:
        folder: Where the files are; made when something is written.
        key: What all entries rest on, as a name of a file; another key knows none of them.
    """

    def __init__(self, folder: Path, key: str) -> None:
        self._folder = folder
        self._file = folder / f"{key}.sqlite"

    def read(self, names: Iterable[str]) -> dict[str, Any]:
        """Return what is kept under some names; a name that is not there is left out."""
        wanted = {_hashed(name.encode()): name for name in names}
        if not wanted or not is_own_folder(self._folder) or not is_own_file(self._file):
            return {}
        found: dict[str, Any] = {}
        try:
            with closing(self._open("ro")) as database:
                _require_format(database)
                for name, value in _rows(database, wanted):
                    # a damaged file may answer with a row that nobody asked for
                    if name in wanted:
                        found[wanted[name]] = _value(name, value)
        except (sqlite3.Error, ValueError):
            return {}
        return {name: value for name, value in found.items() if value is not None}

    def write(self, entries: Mapping[str, Any]) -> None:
        """Keep entries, all of them or none; those under the same names are replaced.

        Args:
            entries: Names, and what JSON can hold.

        Raises:
            InputError: ``file.unwritable``; ``template.compile.foreign_folder`` when others own
                the folder or may write there.
        """
        rows = [_row(name, value) for name, value in entries.items()]
        with self._alone():
            try:
                self._insert(rows)
            except (sqlite3.Error, ValueError):
                self._remove()
                self._insert(rows)

    def is_whole(self) -> bool:
        """Look at every entry; return whether the file is there and nothing in it is damaged."""
        if not is_own_folder(self._folder) or not is_own_file(self._file):
            return False
        try:
            with closing(self._open("ro")) as database:
                _require_format(database)
                if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                    return False
                rows: Iterator[tuple[Any, Any]] = database.execute("SELECT name, value FROM kept")
                return all(_value(name, value) is not None for name, value in rows)
        except (sqlite3.Error, ValueError):
            return False

    def forget_damaged(self) -> None:
        """Remove the file when something in it is damaged.

        It is looked at again while no other writes: what another process had begun a moment ago
        is no damage.

        Raises:
            InputError: As :meth:`write`.
        """
        if self.is_whole() or not self._file.exists():
            return
        with self._alone():
            if not self.is_whole():
                self._remove()

    def _open(self, mode: str) -> sqlite3.Connection:
        address = f"{self._file.absolute().as_uri()}?mode={mode}"
        return sqlite3.connect(address, uri=True, timeout=_PATIENCE_SECONDS, isolation_level=None)

    def _insert(self, rows: list[tuple[bytes, bytes]]) -> None:
        if not is_own_file(self._file):
            self._remove()
            os.close(os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(self._open("rw")) as database:
            database.execute("BEGIN IMMEDIATE")
            if database.execute("PRAGMA user_version").fetchone() == (0,):
                database.execute(f"PRAGMA application_id = {_APPLICATION}")
                database.execute(f"PRAGMA user_version = {_FORMAT}")
                database.execute("CREATE TABLE kept (name BLOB PRIMARY KEY, value BLOB NOT NULL)")
            _require_format(database)
            database.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", rows)
            database.execute("COMMIT")

    def _remove(self) -> None:
        for end in ("", "-journal", "-wal", "-shm"):
            self._file.with_name(self._file.name + end).unlink(missing_ok=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other writers away; readers need no lock.

        Raises:
            InputError: As :meth:`write`.
        """
        try:
            make_folder(self._folder, private=True)
            if not is_own_folder(self._folder):
                raise InputError("template.compile.foreign_folder", folder=str(self._folder))
            handle = os.open(self._file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
            try:
                _wait_for_lock(handle)
                yield
            finally:
                os.close(handle)
        except (OSError, sqlite3.Error) as error:
            reason = told_by_system(error if isinstance(error, OSError) else OSError())
            raise InputError("file.unwritable", file=str(self._file), **reason) from error


def is_own_folder(folder: Path) -> bool:
    """Return whether nobody but the user, and root, decides what stands in a folder.

    Windows has no such modes; there the rights of the user's own folder decide.
    """
    if os.name != "posix":
        return folder.is_dir()
    whole = folder.absolute()
    try:
        own = whole.lstat()
        ours = stat.S_ISDIR(own.st_mode) and own.st_uid == os.geteuid()
        return ours and not own.st_mode & 0o022 and all(map(_is_kept_by_owner, whole.parents))
    except OSError:
        return False


def _is_kept_by_owner(above: Path) -> bool:
    """Return whether nobody else can put another folder in the place of one below this."""
    state = above.stat()
    shared = bool(state.st_mode & 0o002) and not state.st_mode & stat.S_ISVTX
    return state.st_uid in {0, os.geteuid()} and not shared


def is_own_file(file: Path) -> bool:
    """Return whether a regular file of the user stands there that nobody else may write."""
    try:
        state = file.lstat()
    except OSError:
        return False
    if os.name != "posix":
        return stat.S_ISREG(state.st_mode)
    ours = stat.S_ISREG(state.st_mode) and state.st_uid == os.geteuid()
    return ours and not state.st_mode & 0o022


def _wait_for_lock(handle: int) -> None:
    try:
        import fcntl
    except ModuleNotFoundError:
        return  # Windows: SQLite's own lock remains, and no open file can be removed there
    fcntl.flock(handle, fcntl.LOCK_EX)


def _require_format(database: sqlite3.Connection) -> None:
    marks = [database.execute(f"PRAGMA {one}").fetchone()[0] for one in _MARKS]
    if marks != [_APPLICATION, _FORMAT]:
        raise ValueError(marks)


_MARKS: Final = ("application_id", "user_version")


def _rows(database: sqlite3.Connection, names: Iterable[bytes]) -> Iterator[tuple[Any, Any]]:
    """Yield what the file says; in a damaged one a column may be of any type."""
    rest = iter(names)
    while some := list(islice(rest, _AT_ONCE)):
        places = ",".join("?" * len(some))
        yield from database.execute(
            f"SELECT name, value FROM kept WHERE name IN ({places})",  # noqa: S608 - question marks
            some,
        )


def _hashed(content: bytes, key: bytes = b"") -> bytes:
    return hashlib.blake2b(content, digest_size=_NAME, key=key).digest()


def _row(name: str, value: Any) -> tuple[bytes, bytes]:
    hashed = _hashed(name.encode())
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return hashed, _hashed(text, hashed) + text


def _value(name: Any, row: Any) -> Any:
    """Return a value; None when a bit of it or of its name is another, or their types are."""
    if not isinstance(name, bytes) or not isinstance(row, bytes):
        return None
    text = row[_NAME:]
    return json.loads(text.decode()) if _hashed(text, name) == row[:_NAME] else None
