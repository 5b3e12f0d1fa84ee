"""How many meterai each agreement has, counted from the ledger as it grows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pks_kit.ledger import kinds
from pks_kit.ledger.ports import Event
from pks_kit.ledger.purchases import PurchaseState, purchases

if TYPE_CHECKING:
    from pks_kit.ledger.sql_ledger import SqlLedger

_KINDS = (
    *(kinds.METERAI_NIAT, kinds.METERAI_TERBIT, kinds.METERAI_GAGAL, kinds.METERAI_TIDAK_PASTI),
    *(kinds.METERAI_BUBUH, kinds.METERAI_TERBUBUH, kinds.METERAI_LEPAS),
)
_CLOSED = (PurchaseState.TERBUBUH, PurchaseState.GAGAL, PurchaseState.DILEPAS)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeteraiCount:
    """Meterai of one agreement.

    Attributes:
        bought: Those that have a serial number.
        stamped: Those that stand in a file.
        open: Those of which is not known yet how they ended.
    """

    bought: int
    stamped: int
    open: int


class MeteraiCounts:
    """Counts of all agreements; each event is read once, however often somebody asks.

    A ledger only grows. When an older copy of it was put back, its head is before what was read, or
    another: then everything is read anew.
    """

    def __init__(self) -> None:
        self._read = 0
        self._hash = ""
        self._counts: dict[str, MeteraiCount] = {}

    def counted(self, ledger: SqlLedger) -> Mapping[str, MeteraiCount]:
        """Return the counts of every agreement that has a meterai.

        Raises:
            LedgerError: The ledger cannot be read.
        """
        head = ledger.head()
        number, digest = (head.nomor, head.hash) if head else (0, "")
        if (number, digest) == (self._read, self._hash):
            return self._counts
        if number <= self._read or not self._goes_on(ledger):
            self._read, self._counts = 0, {}
        new: dict[str, list[Event]] = {}
        for kind in _KINDS:
            for one in ledger.stream(jenis=kind, after=self._read):
                new.setdefault(one.perjanjian, []).append(one)
        for perjanjian, events in new.items():
            if perjanjian in self._counts:  # something of it was read before
                events = [one for one in ledger.events(perjanjian) if one.jenis in _KINDS]
            self._counts[perjanjian] = _count(sorted(events, key=lambda one: one.nomor))
        self._read, self._hash = number, digest
        return self._counts

    def _goes_on(self, ledger: SqlLedger) -> bool:
        """Return whether the last event that was read is still there, as it was."""
        if not self._read:
            return True
        last = next(iter(ledger.stream(after=self._read - 1)), None)
        return last is not None and last.hash == self._hash


def _count(events: list[Event]) -> MeteraiCount:
    found = purchases(events)
    return MeteraiCount(
        bought=sum(one.sn is not None for one in found),
        stamped=sum(one.keadaan is PurchaseState.TERBUBUH for one in found),
        open=sum(one.keadaan not in _CLOSED for one in found),
    )
