"""A distributor whose book outlives every process: it sells, stamps, and loses answers."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pks_kit.errors import SigningError, UnknownOutcomeError
from pks_kit.pdf.prefix.running import sha256_of
from pks_kit.signing.ports import Meterai, MeteraiOrder, MeteraiState, StampJob
from pks_kit.signing.sandbox.meterai import SandboxMeterai

_SCHEMA = """
create table jual (
    sn text primary key, kunci text not null, keadaan text not null, gambar blob not null,
    sumber text not null default ''
);
create table panggilan (nomor integer primary key autoincrement);
"""
_CALL_SECONDS = 0.01
_STATES: dict[str, MeteraiState] = {"unused": "unused", "stamped": "stamped"}


def new_distributor_book(path: Path) -> None:
    """Write an empty book."""
    with closing(sqlite3.connect(path)) as book:
        book.execute("pragma journal_mode=wal")
        book.executescript(_SCHEMA)


def sold_in(path: Path) -> list[tuple[str, str, str]]:
    """Return serial number, key and state of everything that was sold."""
    with closing(sqlite3.connect(path)) as book:
        return book.execute("select sn, kunci, keadaan from jual order by sn").fetchall()


@dataclass(frozen=True, slots=True)
class BookedDistributor:
    """A ``MeteraiProvider`` over the sandbox, whose book is a file.

    Attributes:
        sandbox: Makes numbers and stamps.
        path: The book.
        seed: With the number of a call it decides what goes wrong with that call.
        told: Called with what is about to happen.
    """

    sandbox: SandboxMeterai
    path: Path
    seed: int
    told: Callable[[str], None]

    name = "distributor-berbuku"
    is_uji = True

    def _fault(self) -> str:
        """Count a call, and return what goes wrong with it: mostly nothing."""
        with self._book() as book:
            number = book.execute("insert into panggilan default values").lastrowid
        dice = random.Random(f"{self.seed} {number}")  # noqa: S311 - a test
        return dice.choices(("", "refused", "lost"), (90, 4, 6))[0]

    def _book(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=60)

    def _write(self, query: str, *given: object) -> None:
        with closing(self._book()) as book, book:
            book.execute(query, given)

    async def check_ready(self, now: datetime) -> None:
        """Be ready."""
        del now

    async def issue(self, order: MeteraiOrder) -> Meterai:
        """Sell one; a process that dies in the call never hears its number."""
        fault = self._fault()
        if fault == "refused":
            raise SigningError("service.unreachable", service=self.name, reason="")
        meterai = await self.sandbox.issue(order)
        self.told("jual")
        self._write(
            "insert into jual (sn, kunci, keadaan, gambar) values (?, ?, 'unused', ?)",
            *(meterai.sn, order.key, meterai.image),
        )
        time.sleep(_CALL_SECONDS)
        if fault == "lost":
            raise UnknownOutcomeError("service.no_answer", service=self.name, reason="")
        return meterai

    async def find_issued(self, order: MeteraiOrder) -> Meterai | None:
        """Return what was sold for an order and is not known to whoever asks."""
        with closing(self._book()) as book:
            sold = book.execute(
                "select sn, gambar from jual where kunci = ? and keadaan = 'unused'", (order.key,)
            ).fetchall()
        left = [Meterai(sn=sn, image=image) for sn, image in sold if sn not in order.on_record]
        return left[0] if left else None

    async def state(self, sn: str) -> MeteraiState:
        """Return what became of a number."""
        with closing(self._book()) as book:
            found = book.execute("select keadaan from jual where sn = ?", (sn,)).fetchone()
        return _STATES[found[0]] if found else "unknown"

    async def stamp(self, job: StampJob) -> bytes:
        """Stamp; a used number only stamps the same bytes again."""
        fault = self._fault()
        if fault == "refused":
            raise SigningError("service.unreachable", service=self.name, reason="")
        sha256 = sha256_of(job.pdf)
        with closing(self._book()) as book:
            state, source = book.execute(
                "select keadaan, sumber from jual where sn = ?", (job.meterai.sn,)
            ).fetchone()
        again = job.is_retry and source == sha256
        assert state == "unused" or again, "a used number was sent as if it were new"
        stamped = await self.sandbox.stamp(job)
        self._write(
            "update jual set keadaan = 'stamped', sumber = ? where sn = ?", sha256, job.meterai.sn
        )
        time.sleep(_CALL_SECONDS)
        if fault == "lost":
            raise UnknownOutcomeError("service.no_answer", service=self.name, reason="")
        return stamped
