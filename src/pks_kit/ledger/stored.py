"""An event as it stands in a database or an export: perhaps altered, so nothing is believed."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from pks_kit.ledger.canonical import canonical_json, event_hash, time_from_text
from pks_kit.ledger.ports import Event


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """The columns of one row in the order of the table, of whatever type they are found.

    Attributes:
        isi: Facts as canonical JSON text.
    """

    nomor: Any
    waktu: Any
    perjanjian: Any
    jenis: Any
    isi: Any
    unik: Any
    hash_sebelum: Any
    hash: Any

    def as_event(self) -> Event:
        """Return the event; only after its hash was found right."""
        return Event(
            nomor=self.nomor,
            waktu=time_from_text(self.waktu),
            perjanjian=self.perjanjian,
            jenis=self.jenis,
            isi=json.loads(self.isi),
            unik=self.unik,
            hash_sebelum=self.hash_sebelum,
            hash=self.hash,
        )


def own_hash(stored: StoredEvent, **changed: Any) -> str | None:
    """Return the hash that the columns give, or None when no true event looks like this.

    Args:
        stored: The row.
        **changed: Columns to take another value for, to find out which one was altered.
    """
    row = replace(stored, **changed) if changed else stored
    texts = (row.waktu, row.perjanjian, row.jenis, row.isi, row.hash_sebelum)
    if type(row.nomor) is not int or not all(type(text) is str for text in texts):
        return None
    if row.unik is not None and type(row.unik) is not str:
        return None
    try:
        isi = json.loads(row.isi)
        if type(isi) is not dict or canonical_json(isi) != row.isi:
            return None
        time_from_text(row.waktu)
        return event_hash(
            nomor=row.nomor,
            waktu=row.waktu,
            perjanjian=row.perjanjian,
            jenis=row.jenis,
            isi=isi,
            unik=row.unik,
            hash_sebelum=row.hash_sebelum,
        )
    except (ValueError, TypeError, RecursionError):
        return None
