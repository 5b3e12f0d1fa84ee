"""The database says no: clear words, nothing half-written, no secret anywhere."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pks_kit.domain.secret import Secret
from pks_kit.errors import LedgerError
from pks_kit.ledger import kinds
from pks_kit.ledger.sql_ledger import SqlLedger
from pks_kit.ledger.store import open_ledger
from support.ledger_events import WAKTU, facts, write
from support.ledger_places import Place
from support.postgres import Server, running_server

SECRET = "Rahasia-9f8e7d"
TESTS = Path(__file__).resolve().parents[2]


def refused(act: Callable[[], Any]) -> LedgerError:
    """Return the error; whatever can be printed of it has no secret."""
    with pytest.raises(LedgerError) as caught:
        act()
    error = caught.value
    told = "".join(traceback.format_exception(error)) + repr(error) + repr(error.params)
    told += str(error.text)
    assert SECRET not in told
    assert "[ledger" not in error.text.id
    assert error.text.hint_id
    return error


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "buku.sqlite"


def big(ledger: SqlLedger) -> None:
    isi = facts(kinds.METERAI_TERBIT, gambar_b64="AAAA" * 100_000)
    ledger.append("A", kinds.METERAI_TERBIT, isi, waktu=WAKTU)


def test_full_disk(path: Path) -> None:
    with open_ledger(path) as ledger:
        write(ledger, 3)
        with ledger._engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        assert refused(lambda: big(ledger)).code == "ledger.disk_full"
        assert ledger.verify().count == 3
        with ledger._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        big(ledger)
        assert ledger.verify().count == 4


def test_file_may_not_grow(path: Path) -> None:
    """The operating system refuses to write (here: a limit on file sizes), half way."""
    with open_ledger(path) as ledger:
        write(ledger, 3)
    size = path.stat().st_size
    code = (
        "import sys; sys.path[:0] = sys.argv[2:]\n"
        "from unit.ledger.test_failures import big, open_ledger\n"
        "from pks_kit.errors import LedgerError\n"
        "try:\n    big(open_ledger(sys.argv[1]))\n"
        "except LedgerError as error:\n    print(error.code)\n"
    )

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size + 8192, size + 8192))

    run = subprocess.run(
        [sys.executable, "-B", "-c", code, str(path), str(TESTS)], capture_output=True, text=True,
        check=False, preexec_fn=limit,
    )  # fmt: skip
    assert run.stdout.strip() in ("ledger.disk_full", "ledger.unavailable"), run.stderr
    with open_ledger(path) as ledger:
        assert ledger.verify().intact
        assert ledger.verify().count == 3


@pytest.mark.parametrize(
    "content", [b"Bukan basis data. " * 500, b"SQLite format 3\0" + b"x" * 900]
)
def test_file_that_is_no_database(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    error = refused(lambda: open_ledger(path))
    assert error.code in ("ledger.not_sqlite", "ledger.damaged")
    assert path.read_bytes() == content


def test_database_of_somebody_else(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE resep (x)")
    connection.close()
    content = path.read_bytes()
    assert refused(lambda: open_ledger(path)).code == "ledger.not_a_ledger"
    assert path.read_bytes() == content


def test_folder_and_missing_folder(tmp_path: Path) -> None:
    assert refused(lambda: open_ledger(tmp_path)).code == "ledger.is_folder"
    missing = tmp_path / "tidak" / "ada.sqlite"
    error = refused(lambda: open_ledger(missing))
    assert error.code == "ledger.unavailable"
    assert "folder" in error.text.id
    assert not missing.parent.exists()


@pytest.mark.slow
def test_damaged_page(path: Path) -> None:
    with open_ledger(path) as ledger:
        write(ledger, 200)
    content = bytearray(path.read_bytes())
    content[8192 : len(content) - 4096] = b"\xff" * (len(content) - 4096 - 8192)
    path.write_bytes(content)

    def read() -> None:
        with open_ledger(path) as ledger:
            ledger.verify()
            ledger.events()

    assert refused(read).code in ("ledger.damaged", "ledger.chain_broken")


def test_moved_away_while_open(path: Path) -> None:
    with open_ledger(path) as ledger:
        write(ledger, 2)
        path.rename(path.with_suffix(".lama"))
        assert refused(lambda: write(ledger, 1, "B")).code == "ledger.moved"
        path.with_suffix(".lama").rename(path)
        write(ledger, 1, "B")
        assert ledger.verify().count == 3


def test_read_only(tmp_path: Path) -> None:
    """As a user who may not write; root may always."""
    path = tmp_path / "buku.sqlite"
    with open_ledger(path) as ledger:
        write(ledger, 2)
    folder = Path("/tmp") / f"pks-baca-{os.getpid()}"  # noqa: S108
    folder.mkdir()
    try:
        shutil.copy(path, folder / "b.sqlite")
        (folder / "b.sqlite").chmod(0o444)
        folder.chmod(0o555)
        uri = f"file:{folder / 'b.sqlite'}?mode=ro"
        if os.geteuid() == 0:  # the permissions mean nothing to root; SQLite's own mode does
            real = sqlite3.connect

            def read_only(_: str, **options: Any) -> sqlite3.Connection:
                return real(uri, **options)

            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("pks_kit.ledger.engine.sqlite3.connect", read_only)
                reads_but_does_not_write(folder / "b.sqlite")
        else:
            reads_but_does_not_write(folder / "b.sqlite")
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def reads_but_does_not_write(path: Path) -> None:
    with open_ledger(path, create=False) as ledger:
        assert ledger.verify().count == 2
        assert refused(lambda: write(ledger, 1, "B")).code == "ledger.read_only"
        assert len(ledger.events()) == 2


def test_server_refuses_writing(server: Server) -> None:
    database = server.new_database()
    address, password = server.url(database), Secret(server.password)
    with open_ledger(address, password=password) as ledger:
        write(ledger, 1)
    with server.admin() as connection:
        connection.execute(
            f'ALTER DATABASE "{database}" SET default_transaction_read_only = on'.encode()
        )
    with open_ledger(address, password=password) as ledger:
        assert refused(lambda: write(ledger, 1, "B")).code == "ledger.read_only"
        assert ledger.verify().count == 1


def test_lost_connection_is_made_again(server: Server) -> None:
    database = server.new_database()
    with open_ledger(server.url(database), password=Secret(server.password)) as ledger:
        write(ledger, 1)
        with server.admin() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                (database,),
            )
        write(ledger, 1, "B")
        assert ledger.verify().count == 2


def test_connection_lost_in_the_commit(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer to COMMIT is lost, once after and once before the server did it."""
    from sqlalchemy import Connection

    database = server.new_database()
    address, password = server.url(database), Secret(server.password)
    real = Connection.commit

    def breaks(*, after: bool) -> Callable[[Connection], None]:
        def commit(connection: Connection) -> None:
            monkeypatch.setattr(Connection, "commit", real)
            if after:
                connection.exec_driver_sql("COMMIT")
            pid = connection.connection.driver_connection.info.backend_pid  # type: ignore[union-attr]
            with server.admin() as admin:
                admin.execute(f"SELECT pg_terminate_backend({pid}, 5000)".encode())
            connection.exec_driver_sql("SELECT 1")

        return commit

    with open_ledger(address, password=password) as ledger:
        write(ledger, 1)
        monkeypatch.setattr(Connection, "commit", breaks(after=True))
        write(ledger, 1, "B")
        assert [event.perjanjian for event in ledger.events()][1:] == ["B"]
        monkeypatch.setattr(Connection, "commit", breaks(after=False))
        assert refused(lambda: write(ledger, 1, "C")).code == "ledger.unavailable"
        assert ledger.verify().count == 2


@pytest.mark.slow
def test_server_gone_and_back() -> None:
    with running_server(fsync=False) as own:
        database = own.new_database()
        with open_ledger(own.url(database), password=Secret(own.password)) as ledger:
            write(ledger, 2)
            own.stop()
            for act in (lambda: write(ledger, 1, "B"), ledger.events, ledger.verify):
                assert refused(act).code == "ledger.unavailable"
            own.start()
            write(ledger, 1, "C")
            assert ledger.verify().count == 3


@pytest.mark.parametrize(
    "address",
    [
        f"postgresql+psycopg://u:{SECRET}@127.0.0.1:1/buku",
        f"postgresql+psycopg://u@127.0.0.1:1/buku?password={SECRET}",
        f"postgresql://u:{SECRET}@127.0.0.1:1/buku",
        f"postgresql+psycopg://u:{SECRET}@127.0.0.1:satu/buku",
        f"postgresql+psycopg://u:{SECRET}@[::1/buku",
        f"postgresql+psycopg://u:{SECRET}@127.0.0.1:1/",
        f"postgresql+psycopg://u:{SECRET}@127.0.0.1:1/buku?tidak_ada={SECRET}",
        f"postgresql+psycopg://u:{SECRET}@tidak.ada.invalid/buku",
        f"mysql://u:{SECRET}@127.0.0.1/buku",
        f"postgresql+asyncpg://u:{SECRET}@127.0.0.1/buku",
        f"sqlite://u:{SECRET}@host/buku",
        f"://{SECRET}",
        "",
        ":memory:",
        "sqlite://",
    ],
)
def test_secrets_of_addresses_stay_secret(address: str) -> None:
    error = refused(lambda: open_ledger(address))
    assert error.code in ("ledger.unavailable", "ledger.bad_address", "ledger.address_option")


def test_password(server: Server) -> None:
    database = server.new_database()
    wrong = server.url(database).replace("@", f":{SECRET}@", 1)
    error = refused(lambda: open_ledger(wrong))
    assert "kata sandi ditolak" in error.text.id
    assert "kata sandi" in refused(lambda: open_ledger(server.url(database))).text.id
    inside = server.url(database, with_password=True)
    for address, password in ((inside, None), (wrong, Secret(server.password))):
        with open_ledger(address, password=password) as ledger:
            write(ledger, 1, f"P{password is None}")
            assert server.password not in repr(ledger) + ledger.shown + str(vars(ledger))
            assert SECRET not in repr(ledger) + ledger.shown + str(vars(ledger))
    query = f"{server.url(database)}?password={server.password}"
    assert refused(lambda: open_ledger(query)).code == "ledger.address_option"
    missing = server.url("tidak_ada")
    error = refused(lambda: open_ledger(missing, password=Secret(server.password)))
    assert "tidak ada di server" in error.text.id


def test_closing_twice(place: Place) -> None:
    ledger = place.open()
    ledger.close()
    ledger.close()
