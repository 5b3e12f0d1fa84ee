"""Find out what was done to a broken chain.

Every event vouches for itself (its hash covers its number) and for the one before it. An event
that does not fit its hash under its own number is tried under the numbers that its neighbours in
the chain suggest; when one fits, the event is true and stands in the wrong place.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import replace

from pks_kit.ledger.fault import Fault
from pks_kit.ledger.kinds import FAKTA
from pks_kit.ledger.stored import StoredEvent, own_hash

_FARTHEST = 256
_MOST_TRIES = 32_768


def find_faults(rows: Iterable[StoredEvent], good: int, good_hash: str) -> tuple[Fault, ...]:
    """Return what was altered, removed, inserted or reordered, by number.

    Args:
        rows: All events by number.
        good: Number of the last event up to which the chain is whole; 0 for none.
        good_hash: Hash of that event.
    """
    scene = _Scene(rows, good, good_hash)
    scene.place_all()
    faults = [*scene.altered_or_inserted(), *scene.broken_links(), *scene.removed()]
    faults += scene.reordered(bool(faults))
    # Something is wrong, or nobody would have asked: no answer is never the answer.
    faults = (
        faults or scene.out_of_line() or [Fault(kind="altered", nomor=good + 1, sampai=good + 1)]
    )
    return tuple(sorted(set(faults), key=lambda fault: (fault.nomor, fault.kind)))


class _Scene:
    """The rows behind the whole part of the chain, and where each one belongs.

    Attributes:
        placed: Number at which an event belongs -> the event.
        loose: Rows that fit their hash under no number, and copies of placed ones.
    """

    def __init__(self, rows: Iterable[StoredEvent], good: int, good_hash: str) -> None:
        self._good = good
        self._hash_of = {good: good_hash}
        self._lines: list[tuple[int, object]] = []
        self._tries = 0
        self.placed: dict[int, StoredEvent] = {}
        self.loose: list[StoredEvent] = []
        self._unsure: list[StoredEvent] = []
        self._rivals: list[StoredEvent] = []
        self._continued: set[object] = set()
        for line, row in enumerate(rows, 1):
            self._lines.append((line, row.nomor))
            self._continued.add(row.hash_sebelum)
            if type(row.nomor) is int and 0 < row.nomor <= good:
                continue
            fits = own_hash(row) == row.hash
            if fits and row.nomor > 0 and row.nomor not in self.placed:
                # The facts of a true event are not needed again; they can be long.
                self._place(replace(row, isi=""), row.nomor)
            else:
                self._unsure.append(row)

    def _place(self, row: StoredEvent, nomor: int) -> None:
        self.placed[nomor] = row
        self._hash_of[nomor] = row.hash

    def place_all(self) -> None:
        """Find where the rows belong that do not fit their hash where they stand."""
        followers: dict[object, list[StoredEvent]] = {}
        for row in self._unsure:
            followers.setdefault(row.hash_sebelum, []).append(row)
        waiting = deque(self._hash_of.items())
        left = {id(row): row for row in self._unsure}
        while True:
            while waiting:
                nomor, digest = waiting.popleft()
                for row in followers.get(digest, []):
                    if id(row) in left and self._settle(row, nomor + 1):
                        del left[id(row)]
                        waiting.append((nomor + 1, row.hash))
            found = self._search(left)
            if found is None:
                break
            waiting.append(found)
        self.loose = [*left.values(), *self._rivals]

    def _settle(self, row: StoredEvent, nomor: int) -> bool:
        if nomor <= self._good:
            return False
        self._tries += 1
        if own_hash(row, nomor=nomor) != row.hash:
            return False
        rival = self.placed.get(nomor)
        if rival is not None:
            # Two events for one number. One that nobody continues was put in front of the other.
            if rival.hash in self._continued or rival.hash == row.hash:
                return False
            self._rivals.append(rival)
        self._place(row, nomor)
        return True

    def _search(self, left: dict[int, StoredEvent]) -> tuple[int, str] | None:
        """Try the numbers around the one where a row stands; return the first that fits."""
        for key, row in left.items():
            if type(row.nomor) is not int:
                continue
            for distance in range(1, _FARTHEST):
                for nomor in (row.nomor + distance, row.nomor - distance):
                    if self._tries > _MOST_TRIES:
                        return None
                    if self._settle(row, nomor):
                        del left[key]
                        return nomor, row.hash
        return None

    def altered_or_inserted(self) -> list[Fault]:
        """Judge the rows that belong nowhere."""
        found = []
        taken = set(self.placed)
        for row in self.loose:
            nomor = row.nomor if type(row.nomor) is int else 0
            if nomor <= self._good or nomor in taken:
                found.append(Fault(kind="inserted", nomor=nomor, sampai=nomor))
                continue
            taken.add(nomor)
            column = self._column(row)
            found.append(Fault(kind="altered", nomor=nomor, sampai=nomor, kolom=column))
        self._slots = taken
        return found

    def _column(self, row: StoredEvent) -> str | None:
        """Return the altered column when putting another value there makes the hash fit."""
        true_hash = own_hash(row)
        follower = self.placed.get(row.nomor + 1)
        if follower is not None and true_hash == follower.hash_sebelum:
            return "hash"
        before = self._hash_of.get(row.nomor - 1)
        trials: list[tuple[str, object]] = [("hash_sebelum", before)] if before else []
        trials += [("jenis", kind) for kind in FAKTA]
        trials += [("unik", None)]
        for column, value in trials:
            if own_hash(row, **{column: value}) == row.hash:
                return column
        return None

    def broken_links(self) -> list[Fault]:
        """Judge true-looking neighbours that do not fit each other.

        When an event fits neither of its neighbours it was altered itself; otherwise the one that
        its follower does not recognise was.
        """
        found = []
        blamed: set[int] = set()
        for nomor in sorted(self.placed):
            if nomor in blamed or not self._breaks(nomor):
                continue
            culprit = nomor if self._breaks(nomor + 1) else nomor - 1
            if culprit == nomor:
                blamed.add(nomor + 1)
            if culprit == 0:
                culprit = nomor
            found.append(Fault(kind="rehashed", nomor=culprit, sampai=culprit))
        return found

    def _breaks(self, nomor: int) -> bool:
        """Return whether an event and the one before it are both there and do not fit."""
        row, before = self.placed.get(nomor), self._hash_of.get(nomor - 1)
        return row is not None and before is not None and row.hash_sebelum != before

    def removed(self) -> list[Fault]:
        """Return the ranges of numbers that nobody fills."""
        found = []
        expected = self._good + 1
        for nomor in sorted(self._slots):
            if nomor > expected:
                found.append(Fault(kind="removed", nomor=expected, sampai=nomor - 1))
            expected = nomor + 1
        return found

    def reordered(self, explained: bool) -> list[Fault]:
        """Return the true events that stand under another number.

        Args:
            explained: Whether something was inserted or removed, so that events which were only
                pushed along, in their order, need no words.
        """
        moved = {nomor: row for nomor, row in self.placed.items() if row.nomor != nomor}
        by_place = sorted(self.placed.items(), key=lambda item: item[1].nomor)
        order = [nomor for nomor, _ in by_place]
        if explained and order == sorted(order):
            return []
        return [
            Fault(kind="reordered", nomor=nomor, sampai=nomor, letak=row.nomor)
            for nomor, row in sorted(moved.items())
        ]

    def out_of_line(self) -> list[Fault]:
        """Return the true events that stand on another line than their number (in an export)."""
        return [
            Fault(kind="reordered", nomor=nomor, sampai=nomor, letak=line)
            for line, nomor in self._lines
            if type(nomor) is int and nomor != line
        ]
