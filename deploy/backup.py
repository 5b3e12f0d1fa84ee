"""Copy everything that a portal keeps into a new folder, while it runs and writes.

    /opt/pks-kit/current/bin/python /opt/pks-kit/current/backup.py SETTINGS NEW_FOLDER

What only grows (contents of files, revisions) is copied first, while everybody goes on. Then the
ledger is held for a moment, so that nothing is signed or paid: the state is copied, or with
PostgreSQL a snapshot of ledger and state is taken, then what has come since, then the ledger. So
the copy is what a power cut at that moment would have left, which a server goes on from. The folder
holds ``pks.yml``, ``portal``, ``sesi``, and ``buku.sqlite`` or, of PostgreSQL, ``basis.dump``; keys
and secrets of settings are not in it. docs/portal.md says how it is put back.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from psycopg.conninfo import make_conninfo
from sqlalchemy import text

from pks_kit.errors import PksKitError
from pks_kit.files import read_limited
from pks_kit.inputs.settings_file import MAXIMUM_BYTES, parse_settings
from pks_kit.ledger.address import Address
from pks_kit.ledger.engine import begin_write, make_engine, server_arguments
from pks_kit.ledger.store import open_ledger
from pks_kit.pipelines.requests.clock import system_clock
from pks_kit.pipelines.signing.tools import SigningTools
from pks_kit.settings.portal import PortalSettings
from pks_kit.web.portal import server_secret
from pks_kit.web.state.database import FILE
from pks_kit.web.store import incoming_of

_LOGS = ("-wal", "-shm", "-journal")


def backup(settings: Path, target: Path) -> None:
    """Copy a portal.

    Args:
        settings: Its settings file.
        target: The new folder.

    Raises:
        PksKitError: The settings or the ledger cannot be opened.
        OSError: A file cannot be read or written.
    """
    content = read_limited(settings, MAXIMUM_BYTES)
    told, base = parse_settings(content, settings.name), settings.absolute().parent
    tools = SigningTools(settings=told, base=base, secret=server_secret, clock=system_clock)
    address, sessions = tools.ledger_address(), tools.sessions()
    portal = base / (told.portal or PortalSettings()).folder
    target.mkdir(mode=0o700)
    (target / "pks.yml").write_bytes(content)
    left = {portal / FILE, *((address.file,) if address.file else ())}
    pairs = [(portal, target / "portal")]
    if isinstance(sessions, Path):
        pairs.append((sessions, target / "sesi"))
    else:
        _say("Revisions are on a server for objects: copy its bucket after this. / "
             "Revisi ada di peladen objek: salin embernya sesudah ini.")  # fmt: skip

    def copy_new() -> None:
        for source, copy in pairs:
            _copy_new(source, copy, left, incoming_of(portal))

    copy_new()
    if address.file is not None:
        with _held(address):
            _copy_database(portal / FILE, target / "portal" / FILE)
            copy_new()
            _copy_database(address.file, target / "buku.sqlite")
    else:
        engine = make_engine(address, create=False)
        with engine.connect() as connection:
            with _held(address):
                snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
                copy_new()
            _dump(address, str(snapshot), target / "basis.dump")
        engine.dispose()
    os.sync()
    if address.file is not None:
        with open_ledger(target / "buku.sqlite") as ledger:
            report = ledger.verify()
        en, id_ = ("whole", "utuh") if report.intact else ("BROKEN", "RUSAK")
        _say(
            f"Ledger of the copy: {report.count} events, {en} / "
            f"Buku besar salinan: {report.count} peristiwa, {id_}"
        )
        if not report.intact:
            raise SystemExit(1)


@contextmanager
def _held(address: Address) -> Iterator[None]:
    """Hold the ledger: nobody writes it until the end, and a payment begins with writing it."""
    engine = make_engine(address, create=False)
    try:
        with closing(begin_write(engine)):
            yield
    finally:
        engine.dispose()


def _copy_new(source: Path, target: Path, left: set[Path], incoming: Path) -> None:
    """Copy what is not in the copy yet, or has changed; what is being handed in is nobody's."""
    for folder, inner, names in os.walk(source):
        here = Path(folder)
        if here == incoming:
            inner.clear()
            continue
        there = target / here.relative_to(source)
        there.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in names:
            one = here / name
            if one in left or name.endswith(tuple(f".sqlite{log}" for log in _LOGS)):
                continue
            with suppress(FileNotFoundError):  # its time was over meanwhile
                if one.suffix == ".sqlite":
                    _copy_database(one, there / name)
                elif not _is_copied(one, there / name):
                    shutil.copy2(one, there / f".{name}.baru")
                    (there / f".{name}.baru").replace(there / name)


def _is_copied(one: Path, copy: Path) -> bool:
    if not copy.exists():
        return False
    ours, theirs = one.stat(), copy.stat()
    return (ours.st_size, ours.st_mtime_ns) == (theirs.st_size, theirs.st_mtime_ns)


def _copy_database(one: Path, copy: Path) -> None:
    """Copy a database by itself: a copy of its file could be torn, and would end its locks."""
    if not one.exists():
        return
    copy.unlink(missing_ok=True)
    address = f"file:{quote(str(one.absolute()))}?mode=rw"
    with closing(sqlite3.connect(address, uri=True, timeout=30)) as source:
        os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(sqlite3.connect(copy)) as target:
            source.backup(target)


def _dump(address: Address, snapshot: str, target: Path) -> None:
    told = server_arguments(address)
    told.pop("sslkeylogfile", None)  # pg_dump may have an older library, which writes no keys
    password = {"PGPASSWORD": told.pop("password")} if "password" in told else {}
    command = ["pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target}",
               f"--dbname={make_conninfo(**told)}"]  # fmt: skip
    subprocess.run(command, env={**os.environ, **password}, check=True)  # noqa: S603 - our own words


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit("backup.py SETTINGS NEW_FOLDER / backup.py PENGATURAN FOLDER_BARU")
    try:
        backup(Path(sys.argv[1]), Path(sys.argv[2]))
    except FileExistsError:
        raise SystemExit("The folder is there already; name a new one. / Folder itu sudah ada; "
                         "sebut yang baru.") from None  # fmt: skip
    except PksKitError as error:
        raise SystemExit(f"{error.text.en} {error.text.hint_en} / {error.text.id} "
                         f"{error.text.hint_id}") from None  # fmt: skip
