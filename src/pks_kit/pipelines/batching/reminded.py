"""That a facility was reminded, written into the ledger: when, by when, and what was asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pks_kit.errors import PksKitError
from pks_kit.ledger import kinds
from pks_kit.ledger.canonical import canonical_json
from pks_kit.ledger.checking import is_writable
from pks_kit.ledger.ports import AppendsMany, Ledger, NewEvent
from pks_kit.pipelines.batching.folder import BatchFolder
from pks_kit.pipelines.batching.plan import PlannedRow
from pks_kit.pipelines.batching.reminders import Reminding, asked_of_row

_UNIK = 32


def record_reminders(
    ledger: object,
    rows: Iterable[PlannedRow],
    place: BatchFolder,
    wanted: Reminding,
    now: datetime,
) -> None:
    """Write down to whom a letter was written; the same letter once more is no news.

    Args:
        ledger: The ledger; one that can only be asked is left as it is.
        rows: To whom.
        place: Where their issued files lie.
        wanted: What all letters have in common.
        now: Present moment, with a time zone.

    Raises:
        LedgerError: It cannot be written.
    """
    if not isinstance(ledger, Ledger):
        return
    new = []
    for one in rows:
        if one.agreement_id is not None:
            isi = _facts(place, one, wanted)
            unik = _unik(one.agreement_id, isi)
            kind = kinds.SURAT_PENGINGAT
            new.append(NewEvent(perjanjian=one.agreement_id, jenis=kind, isi=isi, waktu=now,
                                unik=unik))  # fmt: skip
    if not new:
        return
    known = {one.unik for one in ledger.events(jenis=kinds.SURAT_PENGINGAT)}
    news = [one for one in new if one.unik not in known]
    if isinstance(ledger, AppendsMany) and news:
        ledger.append_many(news)
        return
    for each in news:
        ledger.append(each.perjanjian, each.jenis, each.isi, waktu=now, unik=each.unik)


def _facts(place: BatchFolder, row: PlannedRow, wanted: Reminding) -> dict[str, Any]:
    day = wanted.last_day()
    found: dict[str, Any] = {"tanggal": wanted.today.isoformat()}
    if day is not None:
        found["batas"] = day.isoformat()
    try:
        asked = " ".join(asked_of_row(place, row))
    except PksKitError:  # the letter was written; its files went since
        return found
    if asked and is_writable(kinds.SURAT_PENGINGAT, "diminta", asked):
        found["diminta"] = asked
    return found


def _unik(agreement_id: str, isi: dict[str, Any]) -> str:
    digest = hashlib.sha256(canonical_json(isi).encode()).hexdigest()
    return f"pengingat:{agreement_id}:{digest[:_UNIK]}"
