"""Entries outlive the process where nobody else can write; what is damaged or foreign is empty."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pks_kit.errors import InputError
from pks_kit.render.pdf.flow import store as module
from pks_kit.render.pdf.flow.store import Store, is_own_folder

ENTRIES = {"satu": [1, 2.5, "é"], "dua": {"a": None}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "simpanan"


@pytest.fixture
def store(folder: Path) -> Store:
    made = Store(folder, "k")
    made.write(ENTRIES)
    return made


def file_of(folder: Path) -> Path:
    return folder / "k.sqlite"


def test_what_is_written_is_read(store: Store, folder: Path) -> None:
    assert Store(folder, "k").read(["satu", "dua", "tiga"]) == ENTRIES
    assert store.is_whole()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert file_of(folder).stat().st_mode & 0o777 == 0o600


def test_more_names_than_one_question_takes(store: Store) -> None:
    many = {f"nama {number}": number for number in range(2000)}
    store.write(many)
    assert store.read(many) == many


def test_rows_that_nobody_asked_for_and_columns_of_another_type(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A damaged index answers with other rows, a damaged record with numbers or nothing."""
    asked = module._rows

    def damaged(database: sqlite3.Connection, names: Iterable[bytes]) -> Iterator[tuple[Any, Any]]:
        yield from ((b"lain", b"x"), (None, None), (7, b""))
        for name, value in asked(database, names):
            yield name, (value, None, 3, "kata")[len(value) % 4]

    monkeypatch.setattr(module, "_rows", damaged)
    many = {f"nama {number}": "x" * number for number in range(8)}
    store.write(many)
    found = store.read(many)
    assert 0 < len(found) < len(many)
    assert found.items() <= many.items()


def test_another_key_knows_nothing(store: Store, folder: Path) -> None:
    assert store.read(["satu"])
    assert Store(folder, "lain").read(["satu"]) == {}
    assert not Store(folder, "lain").is_whole()


def test_nothing_is_read_where_nothing_is(folder: Path) -> None:
    assert Store(folder, "k").read(["satu"]) == {}
    assert not folder.exists()


def test_one_bit_makes_an_entry_unknown(store: Store, folder: Path) -> None:
    with sqlite3.connect(file_of(folder)) as database:
        name, value = database.execute("SELECT name, value FROM kept").fetchone()
        other = value[:-2] + bytes([value[-2] ^ 1]) + value[-1:]
        database.execute("UPDATE kept SET value = ? WHERE name = ?", (other, name))
    assert len(store.read(ENTRIES)) == 1
    assert not store.is_whole()


def test_a_value_under_another_name_is_unknown(store: Store, folder: Path) -> None:
    with sqlite3.connect(file_of(folder)) as database:
        (one, its), (other, that) = database.execute("SELECT name, value FROM kept").fetchall()
        database.executemany(
            "UPDATE kept SET value = ? WHERE name = ?", [(that, one), (its, other)]
        )
    assert store.read(ENTRIES) == {}


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_damaged_file_is_empty_and_replaced(store: Store, folder: Path, content: bytes) -> None:
    file_of(folder).write_bytes(content)
    assert store.read(ENTRIES) == {}
    assert not store.is_whole()
    store.write({"satu": 3})
    assert store.read(ENTRIES) == {"satu": 3}


def test_half_a_file_is_never_taken_for_the_whole(store: Store, folder: Path) -> None:
    store.write({f"nama {number}": "x" * 500 for number in range(500)})
    whole = file_of(folder).read_bytes()
    for share in (3, 5, 9):
        file_of(folder).write_bytes(whole[: len(whole) * share // 10])
        assert not store.is_whole()
        found = store.read(["satu", "nama 7"])
        assert found in ({}, {"satu": ENTRIES["satu"]}, {"nama 7": "x" * 500},
                         {"satu": ENTRIES["satu"], "nama 7": "x" * 500})  # fmt: skip
    store.write(ENTRIES)
    assert store.read(ENTRIES) == ENTRIES


def test_the_database_of_another_program_is_replaced(store: Store, folder: Path) -> None:
    file_of(folder).unlink()
    with sqlite3.connect(file_of(folder)) as database:
        database.execute("CREATE TABLE kept (name BLOB PRIMARY KEY, value BLOB)")
        database.execute("PRAGMA user_version = 1")
    assert store.read(ENTRIES) == {}
    store.write({"satu": 1})
    assert store.read(ENTRIES) == {"satu": 1}


def test_a_link_in_the_place_of_the_file_is_not_followed(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    file_of(folder).rename(tmp_path / "lain.sqlite")
    before = (tmp_path / "lain.sqlite").read_bytes()
    file_of(folder).symlink_to(tmp_path / "lain.sqlite")
    assert store.read(ENTRIES) == {}
    store.write({"satu": 1})
    assert (tmp_path / "lain.sqlite").read_bytes() == before


@pytest.mark.parametrize("mode", [0o770, 0o702, 0o777])
def test_a_folder_that_others_may_write_in_is_refused(
    store: Store, folder: Path, mode: int
) -> None:
    folder.chmod(mode)
    assert store.read(ENTRIES) == {}
    with pytest.raises(InputError) as caught:
        store.write(ENTRIES)
    assert caught.value.code == "template.compile.foreign_folder"


def test_a_folder_in_one_that_others_may_write_in_is_refused(tmp_path: Path) -> None:
    above = tmp_path / "bersama"
    above.mkdir()
    above.chmod(0o777)
    with pytest.raises(InputError):
        Store(above / "simpanan", "k").write(ENTRIES)
    above.chmod(0o1777)  # as /tmp: nobody can put another folder in its place
    Store(above / "simpanan", "k").write(ENTRIES)


def test_what_another_user_owns_is_refused(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = os.geteuid()
    monkeypatch.setattr(module.os, "geteuid", lambda: own + 1)
    assert not is_own_folder(folder)
    assert store.read(ENTRIES) == {}
    with pytest.raises(InputError):
        store.write(ENTRIES)


def test_a_file_of_another_user_is_not_read(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_of(folder).chmod(0o622)
    assert store.read(ENTRIES) == {}
    store.write({"satu": 1})
    assert store.read(ENTRIES) == {"satu": 1}


def _write_many(folder: Path, writer: int) -> None:
    store = Store(folder, "k")
    for number in range(20):
        store.write({f"{writer}-{number}": [writer, number], "bersama": "sama"})


@pytest.mark.slow
def test_writers_at_the_same_time_lose_nothing(folder: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_many, args=(folder, one)) for one in range(3)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
        assert one.exitcode == 0
    store = Store(folder, "k")
    assert store.is_whole()
    names = [f"{writer}-{number}" for writer in range(3) for number in range(20)]
    assert len(store.read([*names, "bersama"])) == 61


def test_a_writer_that_dies_leaves_what_was_there(store: Store, folder: Path) -> None:
    pid = os.fork()
    if not pid:
        database = sqlite3.connect(file_of(folder), isolation_level=None)
        database.execute("PRAGMA cache_spill = 1")
        database.execute("PRAGMA cache_size = 2")
        database.execute("BEGIN IMMEDIATE")
        for number in range(2000):
            row = (number.to_bytes(16), b"x" * 4000)
            database.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", row)
        os._exit(0)
    os.waitpid(pid, 0)
    assert store.read(ENTRIES) in ({}, ENTRIES)  # a reader undoes nothing
    store.write({"tiga": 3})
    assert store.read([*ENTRIES, "tiga"]) == ENTRIES | {"tiga": 3}
    assert store.is_whole()


def test_a_damaged_store_is_forgotten_and_a_whole_one_stays(store: Store, folder: Path) -> None:
    store.forget_damaged()
    assert store.read(ENTRIES) == ENTRIES
    file_of(folder).write_bytes(b"")
    store.forget_damaged()
    assert not file_of(folder).exists()


def test_what_another_writes_for_the_first_time_is_not_forgotten(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Store.is_whole
    told = iter((False,))  # looked at when the file had been made and nothing stood in it
    monkeypatch.setattr(Store, "is_whole", lambda self: next(told, None) or whole(self))
    store.forget_damaged()
    assert store.read(ENTRIES) == ENTRIES
