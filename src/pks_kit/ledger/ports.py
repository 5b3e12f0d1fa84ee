"""What the ledger promises to its callers, apart from how it stores events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from pks_kit.domain.ledger_head import AnchoredHead


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event; events are only ever added.

    Attributes:
        nomor: Place in the ledger, from 1 without gaps.
        waktu: When it was written, UTC.
        perjanjian: Id of the agreement.
        jenis: What happened, for example ``meterai.niat``; see ``ledger/kinds.py``.
        isi: Facts as JSON values; never a secret, never a NIK.
        unik: What may happen only once, for example the key of a purchase; None for most.
        hash_sebelum: Hash of the event before, 64 zeros for the first.
        hash: SHA-256 over everything else in this event, lower-case hexadecimal.
    """

    nomor: int
    waktu: datetime
    perjanjian: str
    jenis: str
    isi: Mapping[str, Any]
    unik: str | None
    hash_sebelum: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """What is to be written; see :class:`Event`.

    Attributes:
        perjanjian: Id of the agreement.
        jenis: What happened.
        isi: Facts as JSON values.
        waktu: When, with a time zone.
        unik: What may happen only once; None for most.
    """

    perjanjian: str
    jenis: str
    isi: Mapping[str, Any]
    waktu: datetime
    unik: str | None = None


@runtime_checkable
class AppendsMany(Protocol):
    """A ledger that writes several events at once: all of them, or none."""

    def append_many(self, new: Sequence[NewEvent]) -> tuple[Event, ...]:
        """Write events in order and return them once they are safely on disk.

        Raises:
            LedgerError: As ``append`` of :class:`Ledger`; then none was written.
        """
        ...


@runtime_checkable
class HasHead(Protocol):
    """A ledger that can say where it ends."""

    def anchor(self) -> AnchoredHead | None:
        """Return its last event with what names the ledger; None while there is no event."""
        ...


@runtime_checkable
class LocksAgreements(Protocol):
    """A ledger that may stand on a server and then keeps machines from working on one agreement."""

    @property
    def is_shared(self) -> bool:
        """Return whether machines share it, so that its lock holds between them."""
        ...

    def alone(self, perjanjian: str) -> AbstractContextManager[None]:
        """Keep every other process of every machine from an agreement; nothing when not shared.

        Raises:
            LedgerError: ``store.busy``; ``ledger.unavailable``.
        """
        ...


def head_of(ledger: object) -> AnchoredHead | None:
    """Return the head of a ledger; None when there is no ledger, no event, or it tells none."""
    return ledger.anchor() if isinstance(ledger, HasHead) else None


@runtime_checkable
class Ledger(Protocol):
    """An append-only list of events, durable when ``append`` returns."""

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

        Raises:
            LedgerError: ``ledger.not_unique`` when ``unik`` was written before (also by another
                process at the same moment), ``ledger.bad_event``; ``ledger.unavailable``,
                ``ledger.locked``, ``ledger.disk_full``, ``ledger.read_only`` and the like when
                nothing was written; ``ledger.unknown_outcome`` when nobody knows whether it was.
        """
        ...

    def events(self, perjanjian: str | None = None, jenis: str | None = None) -> tuple[Event, ...]:
        """Return events in order, all or those of one agreement or kind.

        Raises:
            LedgerError: ``ledger.unavailable``.
        """
        ...
