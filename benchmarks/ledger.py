"""Ledger events per second, on SQLite and PostgreSQL, each durable before the next one begins.

The named alternative of the same run is a bare ``INSERT`` and ``COMMIT`` of the same facts through
the driver alone (``sqlite3``, ``psycopg``) with the same durability, into a table without hash,
chain, checks or triggers. Both take turns in short rounds, so that a busy disk slows both. ``CPU``
is what this process spends; the rest is waiting for the disk or the server. The server is our own,
on this machine, with ``fsync`` on.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "tests")]

from pks_kit.domain.secret import Secret  # noqa: E402
from pks_kit.ledger.canonical import canonical_json  # noqa: E402
from pks_kit.ledger.kinds import LANGKAH_SELESAI  # noqa: E402
from pks_kit.ledger.store import SqlLedger, open_ledger  # noqa: E402
from support.ledger_events import facts  # noqa: E402
from support.postgres import running_server  # noqa: E402

ROUNDS = 12
PER_ROUND = 25
ISI = facts(LANGKAH_SELESAI)
ROW = canonical_json(ISI)


def append_to(ledger: SqlLedger) -> Callable[[], object]:
    return lambda: ledger.append("01HBENCH", LANGKAH_SELESAI, ISI, waktu=datetime.now(UTC))


def bare_sqlite(path: Path) -> Callable[[], None]:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous=EXTRA")
    connection.execute("CREATE TABLE bare (nomor INTEGER PRIMARY KEY, waktu TEXT, isi TEXT)")

    def once() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            "INSERT INTO bare (waktu, isi) VALUES (?, ?)", (datetime.now(UTC).isoformat(), ROW)
        )
        connection.execute("COMMIT")

    return once


def race(name: str, ours: Callable[[], object], bare: Callable[[], object]) -> None:
    """Print events per second and CPU of both, and the ratios."""
    wall, cpu = [0.0, 0.0], [0.0, 0.0]
    for act in (ours, bare):
        for _ in range(5):
            act()
    for _ in range(ROUNDS):
        for place, act in enumerate((ours, bare)):
            started, spent = perf_counter(), process_time()
            for _ in range(PER_ROUND):
                act()
            wall[place] += perf_counter() - started
            cpu[place] += process_time() - spent
    count = ROUNDS * PER_ROUND
    for place, label in enumerate((f"ledger on {name}", f"bare insert on {name}")):
        print(
            f"{label:<28}{count / wall[place]:>10.0f} events/s"
            f"{1000 * cpu[place] / count:>10.2f} ms CPU/event"
        )
    print(f"ledger / bare insert on {name}: {wall[1] / wall[0]:.2f} (events per second)")


def main() -> None:
    """Measure both back ends, then reading and checking the chain."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        with open_ledger(path / "ledger.sqlite") as ledger:
            race("sqlite", append_to(ledger), bare_sqlite(path / "bare.sqlite"))
            started = perf_counter()
            report = ledger.verify()
            print(f"verify on sqlite: {report.count / (perf_counter() - started):.0f} events/s")
    with running_server(fsync=True) as server:
        database = server.new_database()
        password = Secret(server.password)
        with (
            open_ledger(server.url(database), password=password) as ledger,
            server.admin(database) as connection,
        ):
            connection.autocommit = False
            connection.execute(
                "CREATE TABLE bare (nomor bigserial PRIMARY KEY, waktu timestamptz, isi text)"
            )
            connection.commit()

            def once() -> None:
                connection.execute(
                    "INSERT INTO bare (waktu, isi) VALUES (%s, %s)", (datetime.now(UTC), ROW)
                )
                connection.commit()

            race("postgresql", append_to(ledger), once)
            started = perf_counter()
            report = ledger.verify()
            print(f"verify on postgresql: {report.count / (perf_counter() - started):.0f} events/s")


if __name__ == "__main__":
    main()
