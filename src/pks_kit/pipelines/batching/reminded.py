"""That a facility was reminded, written into the ledger: when, by when, and what was asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from pks_kit.domain.surat import PengingatPengembalian
from pks_kit.domain.tanggal import WIB
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


def record_reminder(
    ledger: Ledger, agreement_id: str, letter: PengingatPengembalian, now: datetime
) -> None:
    """Write down that a reminder was written to one facility; as :func:`record_covering`."""
    isi: dict[str, Any] = {"tanggal": letter.tanggal.isoformat()}
    if letter.batas_waktu is not None:
        isi["batas"] = letter.batas_waktu.isoformat()
    asked = " ".join(letter.kekurangan)
    if is_writable(kinds.SURAT_PENGINGAT, "diminta", asked):
        isi["diminta"] = asked
    _record(ledger, agreement_id, kinds.SURAT_PENGINGAT, isi, now)


def record_covering(ledger: Ledger, agreement_id: str, day: date, now: datetime) -> None:
    """Write down that a covering letter was written for one agreement.

    The same letter once more is no news. An agreement that the ledger does not know is not
    introduced by a letter.

    Args:
        ledger: The ledger.
        agreement_id: Whose letter it is; empty: nobody says.
        day: Last day that it tells.
        now: Present moment, with a time zone.

    Raises:
        LedgerError: It cannot be read or written.
    """
    today = now.astimezone(WIB).date()
    isi = {"tanggal": today.isoformat(), "batas": day.isoformat()}
    _record(ledger, agreement_id, kinds.SURAT_PENGANTAR, isi, now)


def _record(
    ledger: Ledger, agreement_id: str, kind: str, isi: dict[str, Any], now: datetime
) -> None:
    events = ledger.events(agreement_id) if agreement_id else ()
    unik = _unik(agreement_id, isi, kind.rpartition(".")[2])
    if events and unik not in {one.unik for one in events}:
        ledger.append(agreement_id, kind, isi, waktu=now, unik=unik)


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


def _unik(agreement_id: str, isi: dict[str, Any], word: str = "pengingat") -> str:
    digest = hashlib.sha256(canonical_json(isi).encode()).hexdigest()
    return f"{word}:{agreement_id}:{digest[:_UNIK]}"
