"""Differences of two texts word by word, and how alike two texts are."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from pks_kit.json_form import HasJsonForm

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_WORD = re.compile(r"\w+")
Op = Literal["same", "removed", "added"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordMark(HasJsonForm):
    """A run of words that stayed, went, or came."""

    op: Op
    text: str

    def json_form(self) -> tuple[Op, str]:
        """Return the pair."""
        return self.op, self.text


def word_marks(old: str, new: str) -> tuple[WordMark, ...]:
    """Return how one text becomes the other, in runs of whole words.

    Joined, the runs that are not ``added`` give the old text and those that are not ``removed``
    the new one. A lonely word between two changes belongs to the change, so that a reader sees
    phrases and no confetti.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    marks: list[WordMark] = []
    for op, a1, a2, b1, b2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = "".join(before[a1:a2]), "".join(after[b1:b2])
        if op == "equal":
            if (
                len(_WORD.findall(gone)) <= LONELY_WORDS
                and marks
                and a2 < len(before)
                and b2 < len(after)
            ):
                _extend(marks, gone, gone)
            else:
                marks.append(WordMark(op="same", text=gone))
        else:
            _extend(marks, gone, come)
    return tuple(mark for mark in marks if mark.text)


def _extend(marks: list[WordMark], gone: str, come: str) -> None:
    """Add to the change at the end of the row, or begin one: always removed, then added."""
    if len(marks) > 1 and marks[-1].op == "added":
        gone, come = marks[-2].text + gone, marks[-1].text + come
        del marks[-2:]
    marks += [WordMark(op="removed", text=gone), WordMark(op="added", text=come)]


def likeness(old: str, new: str) -> float:
    """Return how alike two texts are, from 0 to 1, by the words they share in order."""
    before, after = _WORD.findall(old.lower()), _WORD.findall(new.lower())
    if not before or not after:
        return float(old == new)
    shared = sum((Counter(before) & Counter(after)).values())
    upper_bound = 2 * shared / (len(before) + len(after))
    if upper_bound < MIN_LIKENESS:
        return upper_bound
    return SequenceMatcher(None, before, after, autojunk=False).ratio()


LONELY_WORDS = 1
"""An equal run of at most so many words between two changes is not shown as equal."""
MIN_LIKENESS = 0.5
"""Below this two clauses of one subject are not the same clause reworded."""
