"""A known beginning and what our own writers append to it, told from bytes without a PDF parser.

Read :mod:`.spelling` (values in one spelling), :mod:`.updates` (revisions cut, every byte accounted
for), :mod:`.base` (what is known of the beginning) and :mod:`.grammar` (what each revision holds).
Whoever gets :class:`~.spelling.NotOursError` takes the long road with the parsers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pks_kit.pdf.prefix.grammar import OwnRevision, read_revision
from pks_kit.pdf.prefix.spelling import NotOursError
from pks_kit.pdf.prefix.updates import cut_updates

if TYPE_CHECKING:
    from pks_kit.pdf.prefix.base import Base, State

__all__ = ("NotOursError", "OwnRevision", "own_revisions")

MOST_REVISIONS = 60
"""Most revisions of ours behind a beginning."""


def own_revisions(content: bytes, start: int, base: Base) -> tuple[tuple[OwnRevision, ...], State]:
    """Return the revisions behind a known beginning, and the state after the last of them.

    Args:
        content: The file.
        start: Where the beginning ends.
        base: What is known of the beginning.

    Raises:
        NotOursError: Anything in them is not as one of our writers writes it.
    """
    state = base.state()
    found = tuple(
        read_revision(content, update, state)
        for update in cut_updates(content, start, state.tail, MOST_REVISIONS)
    )
    return found, state
