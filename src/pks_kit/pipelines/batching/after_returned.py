"""What changes in a batch by what came back: its rows, and the texts to send."""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pks_kit.pipelines.batching.book import BookRow
from pks_kit.pipelines.batching.reminders import letter_stem, number_of
from pks_kit.pipelines.batching.returns import after_paper

if TYPE_CHECKING:
    from pks_kit.pipelines.batching.folder import BatchFolder
    from pks_kit.pipelines.batching.plan import PlannedRow
    from pks_kit.pipelines.returned import ReturnedResult


def changed_rows(
    returned: ReturnedResult,
    planned: Mapping[str | None, PlannedRow],
    known: Mapping[int, BookRow],
) -> dict[int, BookRow]:
    """Return the rows that are another after what came back; complete paper ends a row."""
    changed: dict[int, BookRow] = {}
    for one in returned.agreements:
        row = planned.get(one.agreement_id)
        if row is None:
            continue
        before = known.get(row.number, BookRow(number=row.number))
        after = after_paper(before, one.verdict, own_only=one.own_only)
        if after is not before:
            changed[row.number] = replace(after, verdict=one.report.verdict, changed=time.time())
    return changed


def texts_of(
    returned: ReturnedResult,
    planned: Mapping[str | None, PlannedRow],
    known: Mapping[int, BookRow],
    place: BatchFolder,
) -> dict[Path, bytes]:
    """Return the texts to send back, under the number of the facility's first row.

    Nothing is asked for what was complete before.
    """
    first: dict[str, PlannedRow] = {}
    open_: set[str] = set()
    for one in returned.agreements:
        row = planned.get(one.agreement_id)
        if row is None or known[row.number].state != "done":
            open_.add(one.shown_name)
        if row is not None and row.number <= first.get(one.shown_name, row).number:
            first[one.shown_name] = row
    others = itertools.count(1)

    def stem(name: str) -> str:
        row = first.get(name)
        if row is None:
            return f"lain-{letter_stem(next(others), name)}"
        return letter_stem(row.number, row.name)

    return {
        place.send_back / f"{stem(one.name)}.txt": one.text.encode()
        for one in returned.send_back
        if one.name in open_
    }


def not_judged_now(
    place: BatchFolder,
    returned: ReturnedResult,
    planned: Mapping[str | None, PlannedRow],
    known: Mapping[int, BookRow],
) -> set[Path]:
    """Return texts of earlier days that still hold: nothing came now of their agreements."""
    now = {one.agreement_id for one in returned.agreements}
    still = (one for one in planned.values() if one.agreement_id not in now)
    incomplete = (one.number for one in still if one.number in known)
    numbers = {one for one in incomplete if known[one].code == "batch.received.incomplete"}
    # by number: a text of before may bear the name that the data say
    return {one for one in place.send_back.glob("*.txt") if number_of(one.name) in numbers}
