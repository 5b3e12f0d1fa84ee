"""By when papers are awaited and how often facilities were reminded, for a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pks_kit.ledger import kinds
from pks_kit.pipelines.batching.days_of_return import TellsEvents, days_of_return
from pks_kit.visible_text import format_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """By when papers of a batch are awaited, by the ids of agreements.

    Attributes:
        days: Day that the last letter told.
        reminders: How many reminders were written.
    """

    days: Mapping[str, date] = field(default_factory=dict)
    reminders: Mapping[str, int] = field(default_factory=dict)

    def day_of(self, agreement_id: str | None, language: str) -> str:
        """Return in words by when an agreement is awaited; a dash where nobody said a day."""
        day = self.days.get(agreement_id or "")
        return format_day(day, language) if day is not None else "–"


def awaited(folder: Path, ledger: TellsEvents | None) -> Awaited:
    """Return by when papers are awaited, as letters told.

    Args:
        folder: Folder of the batch.
        ledger: Where letters are written down; None: nobody knows.

    Raises:
        LedgerError: It cannot be read.
    """
    if ledger is None:
        return Awaited()
    told = Counter(one.perjanjian for one in ledger.events(jenis=kinds.SURAT_PENGINGAT))
    return Awaited(days=days_of_return(folder, ledger), reminders=told)
