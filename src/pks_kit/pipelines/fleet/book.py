"""The book of a run that many machines write: one row a commit, because a job ends after it.

As the book of one machine it is for people and for speed and may be thrown away: a row that it
calls waiting is run again, and ledger and folder tell what of it was done.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast, get_args

from pks_kit.messages import Message
from pks_kit.pipelines.batching.book import COLUMNS, BookRow, Run, row_of, values_of
from pks_kit.pipelines.batching.outcome import NO_WORDS
from pks_kit.pipelines.batching.workshop import Stage
from pks_kit.pipelines.fleet.place import SCHEMA, FleetPlace, lock_number

_MAKE = f"""
create schema if not exists {SCHEMA};
create table if not exists {SCHEMA}.rencana (
    id text primary key, baris integer not null, sampai text not null, kode text not null,
    kata_id text not null, kata_en text not null, petunjuk_id text not null,
    petunjuk_en text not null
);
create table if not exists {SCHEMA}.baris (
    rencana text not null, nomor integer not null, keadaan text not null, tahap text not null,
    kode text not null, kata_id text not null, kata_en text not null, petunjuk_id text not null,
    petunjuk_en text not null, putusan text not null, berkas text not null,
    layanan text not null, catatan text not null, mati integer not null, coba integer not null,
    cpu double precision not null, diubah double precision not null,
    primary key (rencana, nomor)
);
create table if not exists {SCHEMA}.jalan (
    nomor bigserial primary key, rencana text not null, mesin text not null,
    proses integer not null, mulai double precision not null, denyut double precision not null,
    selesai double precision, sampai text not null
);
"""
_STAGES: tuple[Stage, ...] = get_args(Stage)


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetOrder:
    """What is wanted of a plan, on all machines.

    Attributes:
        until: How far to bring each agreement.
        code: Why no row may be begun any more; empty while the plan is open.
        words: The same for people.
    """

    until: Stage
    code: str = ""
    words: Message = NO_WORDS


class FleetBook:
    """The book of one plan; threads take turns.

    Args:
        place: The database.
        plan_id: Hash of the plan.

    Raises:
        LedgerError: The database cannot be used.
    """

    def __init__(self, place: FleetPlace, plan_id: str) -> None:
        self._place = place
        self._plan = plan_id
        self._turn = threading.Lock()
        self._db = place.connect()
        # two machines may begin at once, and "if not exists" does not wait for the other
        with place.told(), self._db.transaction():
            self._run("select pg_advisory_xact_lock(%s)", (lock_number(SCHEMA),))
            self._db.execute(_MAKE)

    def close(self) -> None:
        """Close the connection."""
        self._db.close()

    def order(self, until: Stage, rows: int) -> None:
        """Open the plan for all machines, also one that was stopped."""
        self._run(
            "insert into rencana values (%s, %s, %s, '', '', '', '', '') on conflict (id) do update"
            " set sampai = excluded.sampai, kode = '', kata_id = '', kata_en = '',"
            " petunjuk_id = '', petunjuk_en = ''",
            (self._plan, rows, until),
        )

    def ordered(self) -> FleetOrder | None:
        """Return what is wanted of the plan; None when nobody put it into the queue."""
        found = self._run(
            "select sampai, kode, kata_id, kata_en, petunjuk_id, petunjuk_en from rencana"
            " where id = %s",
            (self._plan,),
        )
        if not found or found[0][0] not in _STAGES:
            return None
        until, code, *words = found[0]
        return FleetOrder(until=cast("Stage", until), code=code, words=Message(*words))

    def stop(self, code: str, words: Message) -> None:
        """Let no machine begin a row any more; the first reason stays."""
        self._run(
            "update rencana set kode = %s, kata_id = %s, kata_en = %s, petunjuk_id = %s,"
            " petunjuk_en = %s where id = %s and kode = ''",
            (code, words.id, words.en, words.hint_id, words.hint_en, self._plan),
        )

    def rows(self) -> dict[int, BookRow]:
        """Return what is known, by number."""
        query = f"select {', '.join(COLUMNS)} from baris where rencana = %s"  # noqa: S608 - constant
        return {one.number: one for one in map(row_of, self._run(query, (self._plan,)))}

    def row(self, number: int) -> BookRow:
        """Return what is known of one row."""
        found = self._run(
            f"select {', '.join(COLUMNS)} from baris where rencana = %s and nomor = %s",  # noqa: S608
            (self._plan, number),
        )
        return row_of(found[0]) if found else BookRow(number=number)

    def write(self, rows: Iterable[BookRow]) -> None:
        """Write rows in one commit.

        Raises:
            LedgerError: The database cannot be used; then none of them was written.
        """
        marks = ", ".join(["%s"] * (len(COLUMNS) + 1))
        changed = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])
        with self._turn, self._place.told(), self._db.transaction(), self._db.cursor() as cursor:
            cursor.executemany(
                f"insert into baris (rencana, {', '.join(COLUMNS)}) values ({marks})"  # noqa: S608
                f" on conflict (rencana, nomor) do update set {changed}",
                [(self._plan, *values_of(one)) for one in rows],
            )

    def open_rows(self, until: Stage) -> int:
        """Return how many rows are not as far as wanted and not given up."""
        stages = list(_STAGES[_STAGES.index(until) :])
        found = self._run(
            "select count(*) from baris where rencana = %s and (keadaan in"
            " ('waiting', 'working', 'parked') or (keadaan = 'done' and not tahap = any(%s)))",
            (self._plan, stages),
        )
        return int(found[0][0])

    def begin_run(self, now: float, until: str) -> int:
        """Write down that a machine begins, and return the number of its run."""
        found = self._run(
            "insert into jalan (rencana, mesin, proses, mulai, denyut, sampai)"
            " values (%s, %s, %s, %s, %s, %s) returning nomor",
            (self._plan, socket.gethostname(), os.getpid(), now, now, until),
        )
        return int(found[0][0])

    def beat(self, run: int, now: float, *, ended: bool = False) -> None:
        """Write down that a machine is alive, or that it ended."""
        self._run(
            "update jalan set denyut = %s, selesai = %s where nomor = %s",
            (now, now if ended else None, run),
        )

    def runs(self) -> tuple[Run, ...]:
        """Return what every machine did, the latest last."""
        found = self._run(
            "select nomor, mesin, proses, mulai, denyut, selesai, sampai from jalan"
            " where rencana = %s order by nomor",
            (self._plan,),
        )
        names = ("number", "host", "process", "started", "beat", "ended", "until")
        return tuple(Run(**dict(zip(names, one, strict=True))) for one in found)

    def _run(self, query: str, given: tuple[object, ...]) -> list[tuple[Any, ...]]:
        with self._turn, self._place.told():
            cursor = self._db.execute(query.encode(), given)
            return cursor.fetchall() if cursor.description else []
