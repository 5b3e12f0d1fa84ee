"""The ledger in a database, whichever it is; :mod:`pks_kit.ledger.store` opens it."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, or_, select, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from pks_kit.domain.ledger_head import AnchoredHead
from pks_kit.errors import LedgerError
from pks_kit.ledger.canonical import HASH_AWAL, event_hash, time_from_text
from pks_kit.ledger.chain import ChainReport, Head, KnownHead, check_chain
from pks_kit.ledger.checking import Entry, check_event
from pks_kit.ledger.engine import begin_write
from pks_kit.ledger.failures import is_lost_connection, told, translate
from pks_kit.ledger.guards import guard_faults, require_guards
from pks_kit.ledger.kinds import LANGKAH_SELESAI, METERAI_BUBUH, METERAI_TERBUBUH, sn_unik
from pks_kit.ledger.ports import Event, NewEvent
from pks_kit.ledger.stored import StoredEvent, own_hash
from pks_kit.ledger.tables import peristiwa

_BATCH_ROWS = 2000

_MOST_RIGHT = 64
"""Rows that are remembered: those of the agreement that is worked on."""


class SqlLedger:
    """A :class:`~pks_kit.ledger.ports.Ledger` in SQLite or PostgreSQL.

    Args:
        engine: Connections to a database whose schema is current.
        shown: Name of the ledger for people, without a password.
    """

    def __init__(self, engine: Engine, shown: str) -> None:
        self._engine = engine
        self._guards_seen = False
        self._right: OrderedDict[StoredEvent, Event] = OrderedDict()
        self.shown = shown

    def __repr__(self) -> str:
        return f"SqlLedger({self.shown!r})"

    def __enter__(self) -> SqlLedger:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; may be called twice."""
        self._engine.dispose()

    @property
    def is_shared(self) -> bool:
        """Return whether it stands on a server, where several machines reach it."""
        return self._engine.dialect.name == "postgresql"

    @contextmanager
    def alone(self, perjanjian: str) -> Iterator[None]:
        """Keep every other process of every machine from an agreement, on a server.

        The lock belongs to a connection and ends with it, also when this process is killed. A file
        of SQLite is of one machine, where the folder of revisions is locked.

        Raises:
            LedgerError: ``store.busy`` when another process works on it; what
                :mod:`pks_kit.ledger.failures` lists.
        """
        if not self.is_shared:
            yield
            return
        digest = sha256(f"{_ALONE}{perjanjian}".encode()).digest()
        lock = {"lock": int.from_bytes(digest[:8], "big", signed=True)}
        with told(self.shown):
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            with told(self.shown):
                taken = connection.execute(_TRY_LOCK, lock).scalar()
            if not taken:
                raise LedgerError("store.busy", folder=perjanjian)
            yield
        finally:
            try:
                connection.execute(_UNLOCK, lock)
            except SQLAlchemyError:
                connection.invalidate()  # the lock ends with it
            connection.close()

    def append(
        self,
        perjanjian: str,
        jenis: str,
        isi: Mapping[str, Any],
        *,
        waktu: datetime,
        unik: str | None = None,
    ) -> Event:
        """Write one event and return it once it is safely on disk.

        The last event is checked before anything is tied to it. When a connection breaks before
        the commit, the event is written over another one.

        Raises:
            LedgerGuardsError: ``ledger.guards``, only for the first event that is written here.
            LedgerError: ``ledger.not_unique``, ``ledger.bad_event``, ``ledger.chain_broken``;
                ``ledger.unknown_outcome`` when the connection broke during the commit and the
                database cannot be asked; what :mod:`pks_kit.ledger.failures` lists otherwise, and
                then nothing was written.
        """
        new = NewEvent(perjanjian=perjanjian, jenis=jenis, isi=isi, waktu=waktu, unik=unik)
        return self.append_many((new,))[0]

    def append_many(self, new: Sequence[NewEvent]) -> tuple[Event, ...]:
        """Write events in one transaction and return them once they are safely on disk.

        Raises:
            LedgerError: As :meth:`append`; then none of them was written.
        """
        entries = [
            check_event(one.perjanjian, one.jenis, one.isi, one.waktu, one.unik) for one in new
        ]
        if not entries:
            return ()
        try:
            return self._append(entries)
        except SQLAlchemyError as error:
            if not is_lost_connection(error):
                raise translate(error, self.shown) from None
        with told(self.shown):
            return self._append(entries)

    def events(self, perjanjian: str | None = None, jenis: str | None = None) -> tuple[Event, ...]:
        """Return events in order, all or those of one agreement or kind.

        Raises:
            LedgerError: ``ledger.chain_broken`` when one was altered; otherwise as ``append``.
        """
        return tuple(self.stream(perjanjian, jenis))

    def stream(
        self, perjanjian: str | None = None, jenis: str | None = None, *, after: int | None = None
    ) -> Iterator[Event]:
        """Yield events in order without holding them all, nor a lock while they are used.

        Raises:
            LedgerError: As :meth:`events`.
        """
        for stored in self.stored(perjanjian, jenis, after=after):
            yield self._trusted(stored)

    def stored(
        self, perjanjian: str | None = None, jenis: str | None = None, *, after: int | None = None
    ) -> Iterator[StoredEvent]:
        """Yield events as they stand in the database, unchecked, by number.

        Args:
            perjanjian: Only those of this agreement; None for all.
            jenis: Only those of this kind; None for all.
            after: Only those with a larger number; None for all.

        Raises:
            LedgerError: What :mod:`pks_kit.ledger.failures` lists.
        """
        last = after
        while True:
            query = select(peristiwa).order_by(peristiwa.c.nomor).limit(_BATCH_ROWS)
            if last is not None:
                query = query.where(peristiwa.c.nomor > last)
            if perjanjian is not None:
                query = query.where(peristiwa.c.perjanjian == perjanjian)
            if jenis is not None:
                query = query.where(peristiwa.c.jenis == jenis)
            with told(self.shown), self._engine.connect() as connection:
                rows = connection.execute(query).all()
            for row in rows:
                yield _stored(row)
            if len(rows) < _BATCH_ROWS:
                return
            last = rows[-1].nomor

    def events_with_sn(self, sn: str) -> tuple[Event, ...]:
        """Return every event of every agreement that names a meterai by serial number, in order.

        A bought number is found by its key; the larger facts of purchases are not searched.

        Args:
            sn: Serial number in its own letters and digits, see :mod:`pks_kit.domain.meterai`.

        Raises:
            LedgerError: As :meth:`events`.
        """
        named = peristiwa.c.jenis.in_((METERAI_BUBUH, METERAI_TERBUBUH, LANGKAH_SELESAI))
        query = (
            select(peristiwa)
            .where(or_(peristiwa.c.unik == sn_unik(sn), named & peristiwa.c.isi.contains(sn)))
            .order_by(peristiwa.c.nomor)
        )
        with told(self.shown), self._engine.connect() as connection:
            rows = connection.execute(query).all()
        return tuple(self._trusted(_stored(row)) for row in rows)

    def head(self) -> Head | None:
        """Return number and hash of the last event; None while there is none.

        Raises:
            LedgerError: What :mod:`pks_kit.ledger.failures` lists.
        """
        with told(self.shown), self._engine.connect() as connection:
            row = connection.execute(_LAST).first()
        return None if row is None else Head(row.nomor, row.hash)

    def anchor(self) -> AnchoredHead | None:
        """Return the last event with the hash of the first one, which names this ledger.

        Raises:
            LedgerError: What :mod:`pks_kit.ledger.failures` lists.
        """
        with told(self.shown), self._engine.connect() as connection:
            last = connection.execute(_LAST).first()
            first = connection.execute(_FIRST).scalar()
        if last is None or first is None:
            return None
        return AnchoredHead(ledger=first, nomor=last.nomor, hash=last.hash)

    def verify(
        self, expected_head: Head | None = None, known: Sequence[KnownHead] = ()
    ) -> ChainReport:
        """Walk the whole chain and say what was altered, removed, inserted or reordered.

        Args:
            expected_head: Number and hash of the last event known from elsewhere. Without it,
                events cut off at the end, and a chain that somebody computed again from some event
                on to its end, cannot be told from a ledger that never was longer or different.
            known: Further events known from elsewhere, with where they stand.

        Raises:
            LedgerError: What :mod:`pks_kit.ledger.failures` lists; a broken chain is a report.
        """
        with told(self.shown), self._engine.connect() as connection:
            guards = guard_faults(connection)
        return check_chain(self.stored, expected_head=expected_head, known=known, guards=guards)

    def _append(self, entries: Sequence[Entry]) -> tuple[Event, ...]:
        connection = begin_write(self._engine)
        try:
            head = self._head(connection)
            self._check_guards(connection)
            written: list[Event] = []
            for entry in entries:
                self._refuse_twice(connection, entry)
                event = self._next(written[-1] if written else head, entry)
                connection.execute(_INSERT, _row(event, entry))
                written.append(event)
            try:
                connection.commit()
            except SQLAlchemyError as error:
                self._after_failed_commit(error, written[-1])
            return tuple(written)
        finally:
            connection.close()

    def _head(self, connection: Connection) -> Event | None:
        row = connection.execute(_LAST).first()
        return None if row is None else self._trusted(_stored(row))

    def _refuse_twice(self, connection: Connection, entry: Entry) -> None:
        if entry.unik is None:
            return
        query = select(peristiwa.c.nomor).where(peristiwa.c.unik == entry.unik)
        nomor = connection.execute(query).scalar()
        if nomor is not None:
            raise LedgerError("ledger.not_unique", ledger=self.shown, nomor=nomor)

    def _check_guards(self, connection: Connection) -> None:
        """Look at the guards before the first event of this run, never between two.

        What is written later may tell of a meterai that is already paid for.
        """
        if not self._guards_seen:
            require_guards(connection, self.shown)
            self._guards_seen = True

    @staticmethod
    def _next(head: Event | None, entry: Entry) -> Event:
        nomor = 1 if head is None else head.nomor + 1
        before = HASH_AWAL if head is None else head.hash
        digest = event_hash(
            nomor=nomor,
            waktu=entry.waktu,
            perjanjian=entry.perjanjian,
            jenis=entry.jenis,
            isi=entry.isi,
            unik=entry.unik,
            hash_sebelum=before,
        )
        return Event(
            nomor=nomor,
            waktu=time_from_text(entry.waktu),
            perjanjian=entry.perjanjian,
            jenis=entry.jenis,
            isi=json.loads(entry.isi_json),
            unik=entry.unik,
            hash_sebelum=before,
            hash=digest,
        )

    def _after_failed_commit(self, error: SQLAlchemyError, event: Event) -> None:
        """Return when the event is there after all; raise otherwise.

        SQLite undoes a commit that failed. A server whose connection broke may have committed.
        """
        if not (isinstance(error, DBAPIError) and error.connection_invalidated):
            raise error
        query = select(peristiwa.c.hash).where(peristiwa.c.nomor == event.nomor)
        try:
            # Waits its turn, so that a commit still under way at the server is over.
            connection = begin_write(self._engine)
            try:
                found = connection.execute(query).scalar()
            finally:
                connection.close()
        except SQLAlchemyError:
            raise LedgerError("ledger.unknown_outcome", ledger=self.shown) from None
        if found != event.hash:
            raise translate(error, self.shown) from None

    def _trusted(self, stored: StoredEvent) -> Event:
        """Return a row as an event; the very same row is not computed again."""
        is_plain = type(stored.nomor) is int and type(stored.isi) is str
        known = self._right.get(stored) if is_plain else None
        if known is not None:
            return known
        if own_hash(stored) != stored.hash:
            raise LedgerError("ledger.chain_broken", ledger=self.shown, nomor=stored.nomor)
        event = stored.as_event()
        self._right[stored] = event
        while len(self._right) > _MOST_RIGHT:
            self._right.popitem(last=False)
        return event


_ALONE = "pks-kit/perjanjian/"
_TRY_LOCK = text("SELECT pg_try_advisory_lock(:lock)")
_UNLOCK = text("SELECT pg_advisory_unlock(:lock)")
_LAST = select(peristiwa).order_by(peristiwa.c.nomor.desc()).limit(1)
_FIRST = select(peristiwa.c.hash).order_by(peristiwa.c.nomor).limit(1)
_INSERT = insert(peristiwa)


def _row(event: Event, entry: Entry) -> dict[str, Any]:
    return {
        "nomor": event.nomor,
        "waktu": entry.waktu,
        "perjanjian": entry.perjanjian,
        "jenis": entry.jenis,
        "isi": entry.isi_json,
        "unik": entry.unik,
        "hash_sebelum": event.hash_sebelum,
        "hash": event.hash,
    }


def _stored(row: Row[Any]) -> StoredEvent:
    return StoredEvent(*tuple(row))
