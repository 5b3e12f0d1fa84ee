"""Which lines a child may write: which answers, in which order, how often and how long.

Loads no form, so that a host reads by these rules while the child still writes. A child that has
been overcome writes what it likes, so nothing is kept, and nothing is parsed, that these rules do
not expect: who breaks one is not heard any further.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pks_kit.limits import MIB

if TYPE_CHECKING:
    from pks_kit.verification.isolation.protocol import Job

Breach = Literal["unreadable", "second", "out_of_order", "too_long", "cut_off"]
"""What a child did that no child of ours does:

* ``unreadable``: a line that is no answer;
* ``second``: an answer came more often than it may;
* ``out_of_order``: an answer that is not asked for, or that comes too early or too late;
* ``too_long``: more than such a line may hold;
* ``cut_off``: the end of its words is missing, though it ended by itself.
"""

MOST_PICTURE_BYTES = 64 * MIB
"""Longest line with pictures. All others together stay below as much again; what an honest file
makes a child say fills some hundred kilobytes."""

MOST_PARTS = 1 << 18
"""Most signs that begin or separate values in one line: what they hold costs far more than they."""

_SIGNS = (b"[", b"{", b",")


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of line.

    Attributes:
        name: Its key.
        most_bytes: Its length without its end.
        times: How often it may come.
    """

    name: str
    most_bytes: int
    times: int = 1

    @property
    def start(self) -> bytes:
        """Return how such a line begins."""
        return f'{{"{self.name}":'.encode("ascii")


READY = Line("ready", MIB // 64)
MEMORY = Line("memory", 32)
SIGNED = Line("signed", MIB)
EXAMINATION = (
    READY,
    SIGNED,
    Line("partial", 8 * MIB, times=5),
    Line("stored", 8 * MIB),
    Line("report", 8 * MIB),
)
"""What the first child says about an examination, in this order; only ``ready`` must be there."""

SECOND = (
    READY,
    SIGNED,
    Line("added", 8 * MIB),
    Line("changes", MIB),
    Line("pictures", MOST_PICTURE_BYTES),
)
"""The same for the second child, which reads words and draws."""

TASKS = {
    "embedded": (READY, Line("embedded", 16 * MIB)),
    "pages": (READY, Line("pages", 32 * MIB)),
    "chains": (READY, Line("chains", 8 * MIB)),
    "told": (READY, Line("told", 64 * MIB - READY.most_bytes)),
}
"""The same for each task."""


def lines_of(job: Job) -> tuple[Line, ...]:
    """Return what a child may say about a job; after any of it may come ``memory``, as the last."""
    if job.task is not None:
        return TASKS[job.task]
    return EXAMINATION if job.second is None else SECOND


class Listener:
    """Takes what a child writes, block by block, and keeps the lines that the rules expect.

    Args:
        expected: Result of :func:`lines_of`.

    Attributes:
        lines: The lines so far, without their ends; the first that breaks a rule is not among them.
        breach: The rule that was broken; empty while none is.
    """

    def __init__(self, expected: tuple[Line, ...]) -> None:
        self.lines: list[bytes] = []
        self.breach: Breach | Literal[""] = ""
        self._expected = (*expected, MEMORY)
        self._told: Counter[str] = Counter()
        self._place = 0
        self._kind: Line | None = None
        self._open = bytearray()

    def take(self, block: bytes) -> bool:
        """Take the next block; return whether to go on listening."""
        for piece, whole in _pieces(block):
            self._open += piece
            self._look(whole=whole)
            if self.breach:
                self._open.clear()
                return False
        return True

    def end(self, *, by_itself: bool) -> None:
        """Take note of the end.

        Args:
            by_itself: Whether the child ended as it wanted; a killed one may stop in the middle.
        """
        if self._open and by_itself and not self.breach:
            self.breach = "cut_off"
        self._open.clear()

    def _look(self, *, whole: bool) -> None:
        """Judge the line that is open, as far as it came."""
        if self._kind is None and (whole or len(self._open) >= _LONGEST_START):
            self._begin()
        if self._kind is None:
            return
        if len(self._open) > self._kind.most_bytes:
            self.breach = "too_long"
        elif whole:
            self._close(self._kind)

    def _begin(self) -> None:
        """Find out which line this is, and whether it may stand here."""
        name = name_of(self._open)
        if not name:
            self.breach = "unreadable"
            return
        places = [place for place, one in enumerate(self._expected) if one.name == name]
        too_early = not self.lines and name != READY.name
        if places and self._told[name] >= self._expected[places[0]].times:
            self.breach = "second"
        elif not places or places[0] < self._place or too_early:
            self.breach = "out_of_order"
        else:
            self._place = places[0]
            self._kind = self._expected[self._place]

    def _close(self, kind: Line) -> None:
        if sum(self._open.count(sign) for sign in _SIGNS) > MOST_PARTS:
            self.breach = "too_long"
            return
        self.lines.append(bytes(self._open))
        self._told[kind.name] += 1
        self._kind = None
        self._open.clear()


_EVERY = (*EXAMINATION, *SECOND, *(line for lines in TASKS.values() for line in lines), MEMORY)
_LONGEST_START = max(len(one.start) for one in _EVERY)


def name_of(line: bytes | bytearray) -> str:
    """Return the kind of a line by its beginning; empty when no line begins so."""
    return next((one.name for one in _EVERY if line.startswith(one.start)), "")


def _pieces(block: bytes) -> Iterator[tuple[bytes, bool]]:
    """Cut a block into parts of lines, one after the other; true with those that end a line."""
    start = 0
    while (end := block.find(b"\n", start)) >= 0:
        yield block[start:end], True
        start = end + 1
    if start < len(block):
        yield block[start:], False
