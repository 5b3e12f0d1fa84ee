"""Walk the chain of hashes and say whether, and where, it is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pks_kit.errors import LedgerError, LedgerGuardsError
from pks_kit.json_types import Count, Ordinal, Sha256, shown
from pks_kit.ledger.canonical import HASH_AWAL
from pks_kit.ledger.fault import Fault
from pks_kit.ledger.guards import GuardFault
from pks_kit.ledger.seal import SealAnswer
from pks_kit.ledger.stored import StoredEvent, own_hash
from pks_kit.messages import Message, lookup


@dataclass(frozen=True, slots=True)
class Head:
    """Number and hash of an event that is known to be true, usually the last one."""

    nomor: int
    hash: str

    def __str__(self) -> str:
        return f"{self.nomor}:{self.hash}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownHead:
    """A head that was kept elsewhere.

    Attributes:
        source: Where it stands, for people.
        head: The event.
        ledger: Hash of the first event of its ledger, when that is known.
        seal: What was found out about the timestamp over it, if there is one.
    """

    source: str
    head: Head
    ledger: str | None = None
    seal: SealAnswer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedHead:
    """A head that was kept elsewhere, and whether the ledger still holds it.

    Attributes:
        source: Where it stands.
        nomor: Number of the event.
        hash: Its hash.
        ledger: Hash of the first event of its ledger, when that is known.
        agrees: Whether the ledger holds that event, and begins as that ledger.
        seal: What was found out about the timestamp over it; None when there is none.
    """

    source: str
    nomor: Ordinal
    hash: Sha256
    ledger: Sha256 | None
    agrees: bool
    seal: SealAnswer | None = None

    @shown()
    def message(self) -> Message:
        """Whether it agrees, in both languages."""
        code = "agrees" if self.agrees else "differs"
        return lookup(f"ledger.known.{code}").fill({"source": self.source, "nomor": self.nomor})


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
        heads: Every head from elsewhere that it was compared with.
    """

    count: Count
    head: Head | None
    faults: tuple[Fault, ...]
    head_known: bool
    guarded: bool | None
    guard_faults: tuple[GuardFault, ...] = ()
    heads: tuple[ComparedHead, ...] = ()

    @shown()
    def intact(self) -> bool:
        """Whether no event was altered, removed, inserted or reordered."""
        return not self.faults

    @property
    def exit_code(self) -> int:
        """Return 40 for a broken chain or seal, 41 when only the guards are wrong, else 0."""
        seals = [one.seal for one in self.heads if one.seal is not None]
        if not self.intact or any(one.state == "failed" for one in seals):
            return LedgerError.exit_code
        return LedgerGuardsError.exit_code if self.guarded is False else 0


def check_chain(
    rows: Callable[[], Iterator[StoredEvent]],
    *,
    expected_head: Head | None = None,
    known: Sequence[KnownHead] = (),
    guards: tuple[GuardFault, ...] | None = None,
) -> ChainReport:
    """Return what is wrong with a list of events.

    Args:
        rows: Gives all events by number; called a second time when something is wrong, to find
            out what was done.
        expected_head: An event known from elsewhere to be true.
        known: More of them, with where they stand.
        guards: What is wrong with the guards, for the report; None for an export.

    Raises:
        LedgerError: Only when ``rows`` raises it.
    """
    count = 0
    nomor, before, earlier = 0, HASH_AWAL, HASH_AWAL
    heads = (KnownHead(source="--head", head=expected_head),) if expected_head else ()
    heads = (*heads, *known)
    wanted = {1, *(one.head.nomor for one in heads)}
    found: dict[int, str] = {}
    whole = True
    last: StoredEvent | None = None
    for row in rows():
        count += 1
        last = row
        if row.nomor in wanted:
            found[row.nomor] = row.hash
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
    compared = [_compared(one, found) for one in heads]
    faults = _against_known(compared, end, found, faults)
    head = None if last is None else Head(end, str(last.hash))
    return ChainReport(
        count=count,
        head=head,
        faults=faults,
        head_known=bool(heads),
        heads=tuple(compared),
        guarded=None if guards is None else not guards,
        guard_faults=guards or (),
    )


def _compared(known: KnownHead, found: Mapping[int, str]) -> ComparedHead:
    begins_so = known.ledger is None or found.get(1) == known.ledger
    return ComparedHead(
        source=known.source,
        nomor=known.head.nomor,
        hash=known.head.hash,
        ledger=known.ledger,
        agrees=begins_so and found.get(known.head.nomor) == known.head.hash,
        seal=known.seal,
    )


def _against_known(
    heads: Iterable[ComparedHead], end: int, found: Mapping[int, str], faults: tuple[Fault, ...]
) -> tuple[Fault, ...]:
    """Return the faults with those that only show against what was kept elsewhere."""
    farthest = max((one.nomor for one in heads if not one.agrees), default=0)
    more = []
    if end < farthest:
        more.append(Fault(kind="removed", nomor=end + 1, sampai=farthest))
    for one in heads:
        expected = {one.nomor: one.hash} | ({1: one.ledger} if one.ledger else {})
        for nomor, digest in sorted(expected.items()):
            named = any(fault.nomor <= nomor <= fault.sampai for fault in (*faults, *more))
            if nomor <= end and found.get(nomor) != digest and not named:
                more.append(Fault(kind="rewritten", nomor=nomor, sampai=nomor))
    return (*faults, *more)
