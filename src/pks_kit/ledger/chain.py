"""Walk the chain of hashes and say whether, and where, it is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pks_kit.errors import LedgerError, LedgerGuardsError
from pks_kit.json_types import Count, shown
from pks_kit.ledger.canonical import HASH_AWAL
from pks_kit.ledger.fault import Fault
from pks_kit.ledger.guards import GuardFault
from pks_kit.ledger.stored import StoredEvent, own_hash


@dataclass(frozen=True, slots=True)
class Head:
    """Number and hash of an event that is known to be true, usually the last one."""

    nomor: int
    hash: str

    def __str__(self) -> str:
        return f"{self.nomor}:{self.hash}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainReport:
    """What a walk along the chain found.

    Attributes:
        count: Events read.
        head: The last event; None when there is none.
        faults: Everything that is wrong, by number; empty when the chain is whole.
        head_known: Whether the end was compared with a head known from elsewhere; without it an
            end that was cut off is not seen.
        guarded: Whether the triggers against changes are in place and do what they should; None for
            an export.
        guard_faults: Every guard that does not guard.
    """

    count: Count
    head: Head | None
    faults: tuple[Fault, ...]
    head_known: bool
    guarded: bool | None
    guard_faults: tuple[GuardFault, ...] = ()

    @shown()
    def intact(self) -> bool:
        """Whether no event was altered, removed, inserted or reordered."""
        return not self.faults

    @property
    def exit_code(self) -> int:
        """Return 40 for a broken chain, 41 when only the guards are wrong, otherwise 0."""
        if not self.intact:
            return LedgerError.exit_code
        return LedgerGuardsError.exit_code if self.guarded is False else 0


def check_chain(
    rows: Callable[[], Iterator[StoredEvent]],
    *,
    expected_head: Head | None = None,
    guards: tuple[GuardFault, ...] | None = None,
) -> ChainReport:
    """Return what is wrong with a list of events.

    Args:
        rows: Gives all events by number; called a second time when something is wrong, to find
            out what was done.
        expected_head: An event known from elsewhere to be true.
        guards: What is wrong with the guards, for the report; None for an export.

    Raises:
        LedgerError: Only when ``rows`` raises it.
    """
    count = 0
    nomor, before, earlier = 0, HASH_AWAL, HASH_AWAL
    known_hash: str | None = None
    whole = True
    last: StoredEvent | None = None
    for row in rows():
        count += 1
        last = row
        if expected_head is not None and row.nomor == expected_head.nomor:
            known_hash = row.hash
        if not whole:
            continue
        whole = row.nomor == nomor + 1 and row.hash_sebelum == before and own_hash(row) == row.hash
        if whole:
            nomor, before, earlier = row.nomor, row.hash, before
    faults: tuple[Fault, ...] = ()
    if not whole:
        from pks_kit.ledger.forensics import find_faults

        # The last event that fits is in doubt too: it may stand in front of the true one.
        faults = find_faults(rows(), max(nomor - 1, 0), earlier)
    end = nomor if last is None or type(last.nomor) is not int else max(nomor, last.nomor)
    if expected_head is not None:
        faults += _against_known(expected_head, end, known_hash, faults)
    head = None if last is None else Head(end, str(last.hash))
    return ChainReport(
        count=count,
        head=head,
        faults=faults,
        head_known=expected_head is not None,
        guarded=None if guards is None else not guards,
        guard_faults=guards or (),
    )


def _against_known(
    known: Head, end: int, found: str | None, faults: tuple[Fault, ...]
) -> tuple[Fault, ...]:
    if end < known.nomor:
        return (Fault(kind="removed", nomor=end + 1, sampai=known.nomor),)
    named = any(fault.nomor <= known.nomor <= fault.sampai for fault in faults)
    if found != known.hash and not named:
        return (Fault(kind="rewritten", nomor=known.nomor, sampai=known.nomor),)
    return ()
