"""What facilities were asked for after their papers were judged, for whoever reads the report."""

from __future__ import annotations

from dataclasses import replace

from pks_kit.files import read_limited
from pks_kit.limits import MIB
from pks_kit.messages import Message, lookup
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.reminders import number_of
from pks_kit.pipelines.batching.returns import RECEIVED
from pks_kit.pipelines.batching.summary import BatchStatus, RowStatus
from pks_kit.visible_text import one_line

_FIRST = 3
"""A text begins with a day, an empty line and whom it is for; thanks and sender end it."""


def with_asked(status: BatchStatus, place: BatchFolder) -> BatchStatus:
    """Return how far a batch is, where each paper that lacks something tells what, and by when.

    A text stands under the first agreement of its facility and tells of all of them.

    Args:
        status: How far it is.
        place: Folder with the texts to facilities; that of the rehearsal in a rehearsal.

    Raises:
        InputError: A text cannot be read.
    """
    texts = {number_of(one.name): one for one in place.send_back.glob("*.txt")}
    rows, thanks = [], lookup("returned.send.end").id
    for one in status.rows:
        path = texts.get(one.number) if one.code.startswith(RECEIVED) else None
        if path is None:
            rows.append(one)
            continue
        lines = read_limited(path, MIB).decode("utf-8", "replace").splitlines()[_FIRST:]
        end = lines.index(thanks) if thanks in lines else len(lines)
        rows.append(_telling(one, " ".join(map(one_line, lines[:end]))))
    return replace(status, rows=tuple(rows))


def _telling(one: RowStatus, asked: str) -> RowStatus:
    told = one.reason
    words = Message(f"{told.id} {asked}", f"{told.en} {asked}", told.hint_id, told.hint_en)
    return replace(one, reason=words)
