"""The rows of a plan in few bytes: who pages through 26,000 of them need not read all findings.

It is made from the plan and stands beside it under its hash, so it may be thrown away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pks_kit.errors import InputError
from pks_kit.files import read_limited
from pks_kit.json_form import from_wire, to_wire
from pks_kit.pipelines.batching.folder import PLAN_BYTES, BatchFolder, keep
from pks_kit.pipelines.batching.plan import PlannedRow
from pks_kit.pipelines.batching.sample import PLACE

INDEXES = "daftar-*.json"
"""Where it stands; one of before ("indeks-") holds other names, and is made anew."""

RowLook = Literal["ready", "look", "stopped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedRow:
    """A row of a plan without what the checks say of it.

    Attributes:
        row: The row; ``said`` and ``differs`` are empty.
        look: ``stopped`` when it cannot be drafted, ``look`` when a person must look at it first.
    """

    row: PlannedRow
    look: RowLook


@dataclass(frozen=True, slots=True, kw_only=True)
class RowIndex:
    """All rows of a plan.

    Attributes:
        as_of: Date of the rules; None: the start of each term.
        rows: The rows, in the order of the plan.
    """

    as_of: date | None
    rows: tuple[IndexedRow, ...]

    def row(self, number: int) -> IndexedRow | None:
        """Return a row by its number in the plan; None when there is none."""
        return self.rows[number - 1] if 1 <= number <= len(self.rows) else None

    def found(self, words: str) -> tuple[IndexedRow, ...]:
        """Return the rows whose name, code, key and number hold these words; all without words."""
        wanted = " ".join(words.casefold().split())
        return tuple(one for one in self.rows if wanted in _told(one.row))


def _told(row: PlannedRow) -> str:
    names = " ".join(f"{row.name} {row.called}".split())
    return f"{names} {row.kode} {row.key} {row.number}".casefold()


def row_index(folder: BatchFolder) -> RowIndex:
    """Return the rows of the plan of a folder, made when nobody did so before.

    Raises:
        UsageError: ``batch.no_plan``.
        InputError: The plan is not the one that was made, or the index cannot be written.
    """
    known = sorted((folder.path / PLACE).glob(INDEXES))
    if len(known) == 1:
        return _read(known[0])
    found = folder.plan()
    made = RowIndex(
        as_of=found.plan.as_of,
        rows=tuple(
            IndexedRow(row=replace(one, said=(), differs=None), look=_look(one))
            for one in found.plan.rows
        ),
    )
    keep({folder.path / PLACE / f"daftar-{found.id[:16]}.json": to_wire(made)})
    return made


def _look(row: PlannedRow) -> RowLook:
    if not row.is_ready:
        return "stopped"
    return "look" if row.is_exception else "ready"


@lru_cache(maxsize=2)
def _read(path: Path) -> RowIndex:
    try:
        return from_wire(RowIndex, read_limited(path, PLAN_BYTES))
    except ValueError as error:
        raise InputError("batch.bad_plan", file=path.name) from error
