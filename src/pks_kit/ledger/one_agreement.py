"""The ledger as one session sees it: its events read once, and fewer commits.

A session holds the lock of its agreement, so nobody else writes its steps: what was read stays
true, and what is written is known. And of what it writes, not everything must be durable by
itself. That a step ended is found again in the folder of revisions when the process dies, so it may
travel with the next event; an intent before a payment, and what was paid for, may not wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pks_kit.domain.ledger_head import AnchoredHead
from pks_kit.errors import LedgerError
from pks_kit.ledger.ports import AppendsMany, Event, Ledger, NewEvent, head_of

_NOT_YET = 0
"""Number of an event that is not written yet."""


class AgreementLedger:
    """The events of one agreement; a ``Ledger`` for it alone.

    Args:
        ledger: The ledger.
        perjanjian: Id of the agreement.
    """

    def __init__(self, ledger: Ledger, perjanjian: str) -> None:
        self._ledger = ledger
        self._perjanjian = perjanjian
        self._known = list(ledger.events(perjanjian))
        self._waiting: list[NewEvent] = []

    def append(
        self,
        perjanjian: str,
        jenis: str,
        isi: Mapping[str, Any],
        *,
        waktu: datetime,
        unik: str | None = None,
    ) -> Event:
        """Write what waits and this event, in one go, and return this one.

        Raises:
            LedgerError: As ``Ledger.append``; then what waited still waits.
        """
        new = NewEvent(perjanjian=perjanjian, jenis=jenis, isi=isi, waktu=waktu, unik=unik)
        return self._write([*self._waiting, new])[-1]

    def later(self, jenis: str, isi: Mapping[str, Any], *, waktu: datetime) -> None:
        """Keep an event that may travel with the next one: it can be found again without it."""
        new = NewEvent(perjanjian=self._perjanjian, jenis=jenis, isi=isi, waktu=waktu)
        self._waiting.append(new)

    def once(self, unik: str, jenis: str, isi: Mapping[str, Any], *, waktu: datetime) -> None:
        """Write an event that can only be true once; the same again is silence, another is not.

        Raises:
            LedgerError: ``session.other_issued``; as ``Ledger.append``.
        """
        for one in self._known:
            if one.unik == unik:
                if dict(one.isi) != dict(isi):
                    raise LedgerError("session.other_issued", agreement=self._perjanjian)
                return
        self.append(self._perjanjian, jenis, isi, waktu=waktu, unik=unik)

    def flush(self) -> None:
        """Write what waits.

        Raises:
            LedgerError: As ``Ledger.append``.
        """
        if self._waiting:
            self._write(self._waiting)

    def events(self, perjanjian: str | None = None, jenis: str | None = None) -> tuple[Event, ...]:
        """Return the events of the agreement, also those that wait; of another, those on disk."""
        if perjanjian != self._perjanjian:
            return self._ledger.events(perjanjian, jenis)
        known = [*self._known, *map(_waiting_event, self._waiting)]
        return tuple(one for one in known if jenis is None or one.jenis == jenis)

    def anchor(self) -> AnchoredHead | None:
        """Write what waits and return the last event; None when the ledger tells none."""
        self.flush()
        return head_of(self._ledger)

    def _write(self, new: list[NewEvent]) -> tuple[Event, ...]:
        if isinstance(self._ledger, AppendsMany):
            written = self._ledger.append_many(new)
        else:
            written = tuple(
                self._ledger.append(
                    one.perjanjian, one.jenis, one.isi, waktu=one.waktu, unik=one.unik
                )
                for one in new
            )
        self._waiting = []
        self._known += [one for one in written if one.perjanjian == self._perjanjian]
        return written


def _waiting_event(one: NewEvent) -> Event:
    return Event(
        nomor=_NOT_YET,
        waktu=one.waktu,
        perjanjian=one.perjanjian,
        jenis=one.jenis,
        isi=one.isi,
        unik=one.unik,
        hash_sebelum="",
        hash="",
    )
