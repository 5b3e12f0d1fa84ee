"""Find for every clause of the old agreement the clause of the new one that continues it.

In this order: the label that the author gave it; the same words under the same parent; the same
words elsewhere in the subject; the most alike words in the subject; the most alike words in any
subject (a clause that moved). Later steps see only what the earlier ones left.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence

from pks_kit.naskah.diff.clauses import Clause
from pks_kit.naskah.diff.wording import MIN_LIKENESS, likeness

MIN_LIKENESS_ELSEWHERE = 0.8
"""A clause of another subject must be nearly the same to count as moved."""
MIN_WORDS_ELSEWHERE = 6
"""Shorter texts (``Nama``, ``paling banyak``) say nothing about where they came from."""
SAME_PARENT_BONUS = 0.1
"""Between two candidates almost equally alike the one under the same parent wins."""


def match_clauses(old: Sequence[Clause], new: Sequence[Clause]) -> dict[int, int]:
    """Return positions of old clauses to positions of the new clauses that continue them.

    Args:
        old: Clauses of the old agreement, in order.
        new: Clauses of the new agreement, in order.
    """
    matcher = _Matcher(old, new)
    matcher.by_key(lambda clause: clause.label and (clause.jenis, clause.subjek, clause.label))
    # Parents come before their clauses, so a second look finds what stands below new pairs.
    for _ in range(2):
        matcher.by_words_under_parent()
        matcher.by_key(lambda clause: (clause.jenis, clause.subjek, clause.bentuk, clause.inti))
        matcher.by_likeness()
    matcher.elsewhere()
    return matcher.pairs


class _Matcher:
    def __init__(self, old: Sequence[Clause], new: Sequence[Clause]) -> None:
        self._old = old
        self._new = new
        self.pairs: dict[int, int] = {}
        self._taken: set[int] = set()

    def by_key(self, key: Callable[[Clause], Hashable]) -> None:
        """Pair clauses with equal keys, the first with the first; a false key pairs nothing."""
        waiting: dict[Hashable, list[Clause]] = defaultdict(list)
        for clause in self._free_new():
            waiting[key(clause)].append(clause)
        for clause in self._free_old():
            candidates = waiting.get(key(clause)) if key(clause) else None
            if candidates:
                self._pair(clause, candidates.pop(0))

    def by_words_under_parent(self) -> None:
        """Pair clauses with equal words whose parents are already a pair."""
        waiting: dict[Hashable, list[Clause]] = defaultdict(list)
        for clause in self._free_new():
            waiting[(clause.jenis, clause.subjek, clause.bentuk, clause.inti)].append(clause)
        for clause in self._free_old():
            key = (clause.jenis, clause.subjek, clause.bentuk, clause.inti)
            for candidate in waiting.get(key, ()):
                if candidate.urutan not in self._taken and self._same_parent(clause, candidate):
                    self._pair(clause, candidate)
                    break

    def by_likeness(self) -> None:
        """Pair the most alike clauses of one subject and form.

        Two clauses that both have a label are two clauses: their author said so.
        """
        groups: dict[Hashable, list[Clause]] = defaultdict(list)
        for clause in self._free_new():
            groups[(clause.jenis, clause.subjek, clause.bentuk)].append(clause)
        self._greedy(
            (clause, candidate)
            for clause in self._free_old()
            for candidate in groups.get((clause.jenis, clause.subjek, clause.bentuk), ())
            if not (clause.label and candidate.label)
        )

    def elsewhere(self) -> None:
        """Pair what is nearly the same in another subject."""
        self._greedy(
            (
                (clause, candidate)
                for clause in self._free_old()
                if len(re.findall(r"\w+", clause.inti)) >= MIN_WORDS_ELSEWHERE
                for candidate in self._free_new()
                if candidate.bentuk == clause.bentuk
                and (candidate.jenis, candidate.subjek) != (clause.jenis, clause.subjek)
            ),
            minimum=MIN_LIKENESS_ELSEWHERE,
        )

    def _greedy(
        self, candidates: Iterable[tuple[Clause, Clause]], minimum: float = MIN_LIKENESS
    ) -> None:
        scored: list[tuple[float, int, int]] = []
        for old, new in candidates:
            score = likeness(old.inti, new.inti)
            if score >= minimum:
                score += SAME_PARENT_BONUS * self._same_parent(old, new)
                scored.append((-score, old.urutan, new.urutan))
        for _, old_index, new_index in sorted(scored):
            if old_index not in self.pairs and new_index not in self._taken:
                self._pair(self._old[old_index], self._new[new_index])

    def _same_parent(self, old: Clause, new: Clause) -> bool:
        if old.induk is None or new.induk is None:
            return old.induk is None and new.induk is None
        return self.pairs.get(old.induk) == new.induk

    def _pair(self, old: Clause, new: Clause) -> None:
        self.pairs[old.urutan] = new.urutan
        self._taken.add(new.urutan)

    def _free_old(self) -> list[Clause]:
        return [clause for clause in self._old if clause.urutan not in self.pairs]

    def _free_new(self) -> list[Clause]:
        return [clause for clause in self._new if clause.urutan not in self._taken]
