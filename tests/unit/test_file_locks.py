"""Locks of files: one process at a time, and whoever looks takes nothing away."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from pks_kit.file_locks import is_locked, lock_alone, make_file_of_database
from pks_kit.ledger.address import read_address
from pks_kit.ledger.engine import begin_write, make_engine
from pks_kit.ledger.store import open_ledger
from pks_kit.web.state.database import FILE, open_state

_WRITES = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
try:
    database.execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError as error:
    print(error)
"""
_CLOSES = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1])
database.execute("SELECT count(*) FROM sqlite_master").fetchone()
database.close()
"""


def _other_process(program: str, path: Path) -> str:
    command = [sys.executable, "-c", program, str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_a_lock_keeps_others_out(tmp_path: Path) -> None:
    path = tmp_path / "kunci"
    with path.open("wb") as mine, path.open("wb") as theirs:
        lock_alone(mine.fileno())
        with pytest.raises(BlockingIOError):
            lock_alone(theirs.fileno())


def test_looking_at_a_lock_neither_takes_it_nor_keeps_it(tmp_path: Path) -> None:
    place = tmp_path / "kunci"
    place.touch()
    with place.open("rb") as mine, place.open("rb") as theirs:
        assert not is_locked(theirs.fileno())
        lock_alone(mine.fileno())
        assert is_locked(theirs.fileno())
    with place.open("rb") as mine:
        lock_alone(mine.fileno())


def test_the_file_of_a_database_is_its_owners_and_an_old_one_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    make_file_of_database(path)
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(b"what it holds")
    make_file_of_database(path)
    assert path.read_bytes() == b"what it holds"
    make_file_of_database(tmp_path / "no" / "folder")


def test_who_writes_a_ledger_keeps_its_turn_when_it_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "buku.sqlite"
    open_ledger(path).close()
    engine = make_engine(read_address(path, None), create=True)
    with closing(begin_write(engine)):
        assert _other_process(_WRITES, path) == "database is locked"
        second = make_engine(read_address(path, None), create=True)
        second.connect().close()
        assert _other_process(_WRITES, path) == "database is locked"
        second.dispose()
    engine.dispose()


def test_a_process_that_only_looks_takes_nothing_from_a_state_in_use(tmp_path: Path) -> None:
    """Its log of writes may go with the last who has it open, and no sooner."""
    state = open_state(tmp_path, read_address(tmp_path / "buku.sqlite", None))
    with state.read() as one, state.read() as two:
        for each in (one, two):
            each.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    _other_process(_CLOSES, tmp_path / FILE)
    assert (tmp_path / f"{FILE}-wal").exists()
    with state.write() as connection:
        connection.exec_driver_sql("CREATE TABLE uji (a)")
    state.close()
