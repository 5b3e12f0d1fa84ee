"""Compare two assembled agreements."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal

from pks_kit.naskah.assemble import LabelledNaskah
from pks_kit.naskah.diff.clauses import Clause, clauses_of, without_item_end
from pks_kit.naskah.diff.matching import match_clauses
from pks_kit.naskah.diff.result import (
    Also,
    ChangeKind,
    ClauseChange,
    PartChange,
    PartKind,
    VersionDiff,
)
from pks_kit.naskah.diff.wording import word_marks
from pks_kit.naskah.tree import Bagian


def compare(
    old: LabelledNaskah,
    new: LabelledNaskah,
    *,
    new_with_old_values: LabelledNaskah | None = None,
    old_with_new_values: LabelledNaskah | None = None,
) -> VersionDiff:
    """Classify every clause of two agreements.

    Args:
        old: The old agreement.
        new: The new agreement.
        new_with_old_values: The new agreement filled with the parameters of the old one's date.
            A clause whose words are then those of the old one differs by parameters only. None
            when both have the same date, or when the old date lacks some parameter.
        old_with_new_values: The same the other way round.

    Returns:
        The comparison, parts in the order of the new agreement.
    """
    before, after = clauses_of(old), clauses_of(new)
    pairs = match_clauses(before, after)
    judge = _Judge(
        before,
        after,
        pairs,
        new_values=_refilled(after, new_with_old_values),
        old_values=_refilled(before, old_with_new_values),
    )
    return VersionDiff(
        versi_lama=old.naskah.versi_templat,
        versi_baru=new.naskah.versi_templat,
        parts=_parts(old.naskah.bagian, new.naskah.bagian, judge.changes()),
    )


_Spot = tuple[str, str, str, str, int]


def _spots(clauses: Sequence[Clause]) -> list[_Spot]:
    """Return for each clause its place, and which one it is of those that share the place."""
    seen: Counter[tuple[str, str, str, str]] = Counter()
    spots: list[_Spot] = []
    for clause in clauses:
        seen[clause.position] += 1
        spots.append((*clause.position, seen[clause.position]))
    return spots


def _refilled(clauses: Sequence[Clause], other: LabelledNaskah | None) -> dict[int, str]:
    """Return the words of each clause when the version is filled with values of another date.

    A clause that stands only in one of the two fillings (a value opened a branch) is left out.
    """
    if other is None:
        return {}
    again = clauses_of(other)
    words = {spot: clause.inti for spot, clause in zip(_spots(again), again, strict=True)}
    spots = zip(_spots(clauses), clauses, strict=True)
    return {clause.urutan: words[spot] for spot, clause in spots if spot in words}


class _Judge:
    """Says what happened to each clause."""

    def __init__(
        self,
        before: Sequence[Clause],
        after: Sequence[Clause],
        pairs: Mapping[int, int],
        *,
        new_values: Mapping[int, str],
        old_values: Mapping[int, str],
    ) -> None:
        self._before = before
        self._after = after
        self._pairs = pairs
        self._origin = {new: old for old, new in pairs.items()}
        self._new_values = new_values
        self._old_values = old_values

    def changes(self) -> list[ClauseChange]:
        """Return all changes in the order of the new agreement, gone clauses at their place."""
        gone: dict[int, list[ClauseChange]] = defaultdict(list)
        last = -1
        for clause in self._before:
            if clause.urutan in self._pairs:
                last = self._pairs[clause.urutan]
            else:
                gone[last].append(ClauseChange(kind="removed", also=(), old=clause, new=None))
        ordered = gone.pop(-1, [])
        for clause in self._after:
            source = self._origin.get(clause.urutan)
            if source is None:
                ordered.append(ClauseChange(kind="added", also=(), old=None, new=clause))
            else:
                ordered.append(self._changed(self._before[source], clause))
            ordered += gone.pop(clause.urutan, [])
        return ordered

    def _changed(self, old: Clause, new: Clause) -> ClauseChange:
        place: Literal["moved", "renumbered"] | None = None
        if self._moved(old, new):
            place = "moved"
        elif old.tempat != new.tempat:
            place = "renumbered"
        words = self._words(old, new)
        kind: ChangeKind = words or place or "same"
        also: list[Also] = []
        if place and kind != place:
            also.append(place)
        if kind == "reworded" and self._values_differ(old, new):
            also.append("parameter")
        differs = without_item_end(old.teks) != without_item_end(new.teks)
        if words is None and differs:
            also.append("references")
        marks = word_marks(old.teks, new.teks) if differs else ()
        return ClauseChange(kind=kind, also=tuple(also), old=old, new=new, marks=marks)

    def _words(self, old: Clause, new: Clause) -> ChangeKind | None:
        if old.inti == new.inti:
            return None
        refilled = (self._new_values.get(new.urutan), self._old_values.get(old.urutan))
        by_values = refilled[0] == old.inti or refilled[1] == new.inti
        return "parameter_only" if by_values else "reworded"

    def _values_differ(self, old: Clause, new: Clause) -> bool:
        """Tell whether another date alone changes the words of either side."""
        return (
            self._new_values.get(new.urutan, new.inti) != new.inti
            or self._old_values.get(old.urutan, old.inti) != old.inti
        )

    def _moved(self, old: Clause, new: Clause) -> bool:
        if (old.bagian, old.jenis, old.subjek) != (new.bagian, new.jenis, new.subjek):
            return True
        if old.induk is None or new.induk is None:
            return (old.induk is None) != (new.induk is None)
        return self._pairs.get(old.induk) != new.induk


def _parts(
    old: Sequence[Bagian], new: Sequence[Bagian], changes: Sequence[ClauseChange]
) -> tuple[PartChange, ...]:
    before = {(bagian.jenis, bagian.subjek): bagian for bagian in old}
    after = {(bagian.jenis, bagian.subjek): bagian for bagian in new}
    clauses: dict[tuple[str, str], list[ClauseChange]] = defaultdict(list)
    for change in changes:
        clauses[change.one.jenis, change.one.subjek].append(change)
    keys = [*after, *(key for key in before if key not in after)]
    return tuple(_part(before.get(key), after.get(key), clauses[key]) for key in keys)


def _part(old: Bagian | None, new: Bagian | None, clauses: Sequence[ClauseChange]) -> PartChange:
    known = new or old
    if known is None:  # keys come from one side or the other
        raise AssertionError(len(clauses))
    return PartChange(
        jenis=known.jenis,
        subjek=known.subjek,
        nomor_lama=old.label if old else "",
        nomor_baru=new.label if new else "",
        judul_lama=old.judul if old else "",
        judul_baru=new.judul if new else "",
        kinds=_part_kinds(old, new),
        clauses=tuple(clauses),
    )


def _part_kinds(old: Bagian | None, new: Bagian | None) -> tuple[PartKind, ...]:
    if old is None:
        return ("new",)
    if new is None:
        return ("gone",)
    place: PartKind = "kept" if old.label == new.label else "moved"
    renamed = _plain_title(old.judul) != _plain_title(new.judul)
    return (place, "renamed") if renamed else (place,)


def _plain_title(judul: str) -> str:
    return " ".join(judul.lower().replace(",", " ").split())
