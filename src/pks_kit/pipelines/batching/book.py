"""The book of a run: what each row is doing, for people and for speed. It may be thrown away.

One SQLite file that only the coordinator writes, many rows in one commit; anybody may read it
meanwhile. Nothing in it ever decides about a purchase: a row that it calls waiting is run again and
finds in ledger and folder what was done.
"""

from __future__ import annotations

import errno
import os
import shutil
import socket
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from pks_kit.errors import InputError
from pks_kit.files import make_folder
from pks_kit.messages import Message
from pks_kit.messages.os_reason import told_by_system
from pks_kit.pipelines.batching.outcome import NO_WORDS, Reached, RowOutcome, RowState

_STATES: tuple[RowState, ...] = get_args(RowState)
_REACHED: tuple[Reached, ...] = get_args(Reached)
_NO_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR)
"""What says nothing of the book: the disk is full, or may not be written to."""
_SCHEMA = """
create table if not exists rencana (id text primary key, baris integer not null);
create table if not exists baris (
    nomor integer primary key, keadaan text not null, tahap text not null, kode text not null,
    kata_id text not null, kata_en text not null, petunjuk_id text not null,
    petunjuk_en text not null, putusan text not null, berkas text not null,
    layanan text not null, catatan text not null, mati integer not null, coba integer not null,
    cpu real not null, diubah real not null
);
create table if not exists jalan (
    nomor integer primary key autoincrement, mesin text not null, proses integer not null,
    mulai real not null, denyut real not null, selesai real, sampai text not null
);
"""
COLUMNS = (
    *("nomor", "keadaan", "tahap", "kode", "kata_id", "kata_en", "petunjuk_id", "petunjuk_en"),
    *("putusan", "berkas", "layanan", "catatan", "mati", "coba", "cpu", "diubah"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookRow:
    """What the book says of one row.

    Attributes:
        number: Number in the plan.
        state: What it is doing.
        stage: How far it is.
        code: Why it did not go on; empty otherwise.
        words: The same for people.
        verdict: Verdict on the finished file.
        file: Name of the file reached so far.
        service: Who could not be reached.
        note: Code of what a person should know.
        strikes: How many processes died over it.
        tries: How often it was tried.
        cpu: Processor seconds of all attempts.
        changed: When, seconds since 1970.
    """

    number: int
    state: RowState = "waiting"
    stage: Reached = ""
    code: str = ""
    words: Message = NO_WORDS
    verdict: str = ""
    file: str = ""
    service: str = ""
    note: str = ""
    strikes: int = 0
    tries: int = 0
    cpu: float = 0.0
    changed: float = 0.0

    def after(self, outcome: RowOutcome, now: float) -> BookRow:
        """Return the row after an attempt."""
        return BookRow(
            number=self.number,
            state=outcome.state,
            stage=outcome.stage or self.stage,
            code=outcome.code,
            words=outcome.words,
            verdict=outcome.verdict or self.verdict,
            file=outcome.file or self.file,
            service=outcome.service,
            note=outcome.note or self.note,
            strikes=self.strikes,
            tries=self.tries + (outcome.state != "parked"),
            cpu=self.cpu + outcome.cpu,
            changed=now,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of the coordinator.

    Attributes:
        number: Its number.
        host: Machine.
        process: Process number.
        started: When, seconds since 1970.
        beat: When it was last seen alive.
        ended: When it ended; None while it runs, or when it was killed.
        until: How far it goes.
    """

    number: int
    host: str
    process: int
    started: float
    beat: float
    ended: float | None
    until: str


class Book:
    """The book of one plan.

    Args:
        path: Where it stands; made when missing.
        plan_id: Hash of the plan; a book of another plan is refused.
        rows: How many rows the plan has.
    """

    def __init__(self, path: Path, plan_id: str, rows: int) -> None:
        self._path = path
        make_folder(path.parent, private=True)
        with _told(path):
            fresh = not path.exists()
            self._db = sqlite3.connect(path, isolation_level=None)
            if fresh:
                path.chmod(0o600)
            self._db.execute("pragma journal_mode=wal")
            self._db.execute("pragma synchronous=normal")
            self._db.executescript(_SCHEMA)
            known = self._db.execute("select id, baris from rencana").fetchone()
            if known is None:
                self._db.execute("insert into rencana values (?, ?)", (plan_id, rows))
            elif known != (plan_id, rows):
                raise InputError("batch.other_book", file=path.name)

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def rows(self) -> dict[int, BookRow]:
        """Return what is known, by number; rows that nobody has begun are not there."""
        with _told(self._path):
            return _rows(self._db)

    def write(self, rows: Iterable[BookRow]) -> None:
        """Write rows in one commit.

        Raises:
            InputError: ``file.unwritable``.
        """
        marks = ", ".join("?" * len(COLUMNS))
        with _told(self._path):
            self._db.execute("begin immediate")
            try:
                self._db.executemany(
                    f"insert or replace into baris values ({marks})",  # noqa: S608 - question marks
                    [values_of(one) for one in rows],
                )
                self._db.execute("commit")
            except BaseException:
                self._db.execute("rollback")
                raise

    def begin_run(self, now: float, until: str) -> int:
        """Write down that a run begins, and return its number."""
        with _told(self._path):
            cursor = self._db.execute(
                "insert into jalan (mesin, proses, mulai, denyut, sampai) values (?, ?, ?, ?, ?)",
                (socket.gethostname(), os.getpid(), now, now, until),
            )
        return cursor.lastrowid or 0

    def beat(self, run: int, now: float, *, ended: bool = False) -> None:
        """Write down that a run is alive, or that it ended."""
        with _told(self._path):
            self._db.execute(
                "update jalan set denyut = ?, selesai = ? where nomor = ?",
                (now, now if ended else None, run),
            )

    def runs(self) -> tuple[Run, ...]:
        """Return all runs, the latest last."""
        with _told(self._path):
            return _runs(self._db)


def _rows(db: sqlite3.Connection) -> dict[int, BookRow]:
    query = f"select {', '.join(COLUMNS)} from baris"  # noqa: S608 - constant names
    return {one.number: one for one in map(row_of, db.execute(query))}


def _runs(db: sqlite3.Connection) -> tuple[Run, ...]:
    query = "select nomor, mesin, proses, mulai, denyut, selesai, sampai from jalan order by nomor"
    names = ("number", "host", "process", "started", "beat", "ended", "until")
    return tuple(Run(**dict(zip(names, one, strict=True))) for one in db.execute(query))


def read_book(path: Path, plan_id: str, rows: int) -> tuple[dict[int, BookRow], tuple[Run, ...]]:
    """Return what a book says, without changing it: also on a full disk, or from a copy.

    Nothing when there is none, or none yet.

    Raises:
        InputError: ``batch.bad_book``, ``batch.other_book``.
    """
    if not path.exists():
        return {}, ()
    with _told(path), closing(_opened_to_read(path)) as db:
        tables = {name for (name,) in db.execute("select name from sqlite_master")}
        known = db.execute("select id, baris from rencana").fetchone() if tables else None
        if known is None:  # somebody makes it at this moment
            return {}, ()
        if known != (plan_id, rows):
            raise InputError("batch.other_book", file=path.name)
        return _rows(db), _runs(db)


@dataclass(frozen=True, slots=True, kw_only=True)
class BookCounts:
    """What a book says of its rows together.

    Attributes:
        stages: How many rows are in each state at each stage; rows that nobody has begun are not
            among them.
        runs: All runs, the latest last.
    """

    stages: Mapping[tuple[str, str], int]
    runs: tuple[Run, ...]


def count_book(path: Path) -> BookCounts:
    """Return how many rows of a book stand where, without reading the rows.

    Nothing when there is no book, or none yet.

    Raises:
        InputError: ``batch.bad_book``.
    """
    if not path.exists():
        return BookCounts(stages={}, runs=())
    with _told(path), closing(_opened_to_read(path)) as db:
        if not db.execute("select 1 from sqlite_master where name = 'jalan'").fetchone():
            return BookCounts(stages={}, runs=())
        query = "select keadaan, tahap, count(*) from baris group by keadaan, tahap"
        stages = {(str(state), str(stage)): int(n) for state, stage, n in db.execute(query)}
        return BookCounts(stages=stages, runs=_runs(db))


@dataclass(frozen=True, slots=True, kw_only=True)
class RowStanding:
    """Where a book says that a row stands, without words.

    Attributes:
        state: What it is doing.
        stage: How far it is.
        code: Why it does not go on; empty otherwise.
        file: Name of the file reached so far; empty before.
    """

    state: str = "waiting"
    stage: str = ""
    code: str = ""
    file: str = ""


def standing_rows(path: Path) -> tuple[dict[int, RowStanding], tuple[Run, ...]]:
    """Return where the rows of a book stand, by number, and all runs, the latest last.

    Nothing when there is no book, or none yet; rows that nobody has begun are not there.

    Raises:
        InputError: ``batch.bad_book``.
    """
    if not path.exists():
        return {}, ()
    with _told(path), closing(_opened_to_read(path)) as db:
        if not db.execute("select 1 from sqlite_master where name = 'jalan'").fetchone():
            return {}, ()
        query = "select nomor, keadaan, tahap, kode, berkas from baris"
        rows = {
            int(number): RowStanding(state=state, stage=stage, code=code, file=file)
            for number, state, stage, code, file in db.execute(query)
        }
        return rows, _runs(db)


def _opened_to_read(path: Path) -> sqlite3.Connection:
    """Open a book that is only looked at.

    Beside a book with a write-ahead log a reader needs a small file; where there is no room for it,
    and no log either, nobody else is there and the book can be read as it lies.
    """
    address = path.resolve().as_uri()
    try:
        db = sqlite3.connect(f"{address}?mode=rw", uri=True, isolation_level=None)
        db.execute("select count(*) from sqlite_master").fetchone()
    except sqlite3.OperationalError:
        log = path.with_name(f"{path.name}-wal")
        if log.exists() and log.stat().st_size:
            raise
        db = sqlite3.connect(f"{address}?immutable=1", uri=True, isolation_level=None)
    return db


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what SQLite says into an error of ours; a book that is damaged may be thrown away.

    Raises:
        InputError: ``batch.bad_book``.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in _NO_ROOM:
            why = OSError(_free_room(path), "")
            raise InputError("file.unwritable", file=str(path), **told_by_system(why)) from error
        raise InputError("batch.bad_book", file=str(path), reason=str(error)[:200]) from error
    except sqlite3.Error as error:
        raise InputError("batch.bad_book", file=str(path), reason=str(error)[:200]) from error


def _free_room(path: Path) -> int:
    """Return the number of the system's error behind what SQLite only calls a failed write."""
    return errno.EIO if shutil.disk_usage(path.parent).free else errno.ENOSPC


def row_of(found: tuple[object, ...]) -> BookRow:
    """Return a row as it stands in a book, its columns in the order of ``COLUMNS``.

    Raises:
        sqlite3.DatabaseError: It holds a state that nobody wrote.
    """
    texts = {name: str(value) for name, value in zip(COLUMNS, found, strict=True)}
    state = next((one for one in _STATES if one == texts["keadaan"]), None)
    stage = next((one for one in _REACHED if one == texts["tahap"]), None)
    if state is None or stage is None:
        raise sqlite3.DatabaseError("unknown state")
    return BookRow(
        number=int(texts["nomor"]),
        state=state,
        stage=stage,
        code=texts["kode"],
        words=Message(
            texts["kata_id"], texts["kata_en"], texts["petunjuk_id"], texts["petunjuk_en"]
        ),
        verdict=texts["putusan"],
        file=texts["berkas"],
        service=texts["layanan"],
        note=texts["catatan"],
        strikes=int(texts["mati"]),
        tries=int(texts["coba"]),
        cpu=float(texts["cpu"]),
        changed=float(texts["diubah"]),
    )


def values_of(one: BookRow) -> tuple[object, ...]:
    """Return the values of a row in the order of ``COLUMNS``."""
    return (
        *(one.number, one.state, one.stage, one.code),
        *(one.words.id, one.words.en, one.words.hint_id, one.words.hint_en),
        *(one.verdict, one.file, one.service, one.note),
        *(one.strikes, one.tries, one.cpu, one.changed),
    )
