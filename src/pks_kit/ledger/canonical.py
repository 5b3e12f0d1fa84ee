"""The canonical form of an event and its hash: the same bytes on every machine and back end.

Canonical JSON here is UTF-8 without spaces, keys sorted by code point, no escapes but those that
JSON demands. Facts hold no fractions, so there is only one way to write each number.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

HASH_AWAL = "0" * 64
"""``hash_sebelum`` of the first event."""


def canonical_json(value: Any) -> str:
    """Return a JSON value in canonical form.

    Raises:
        ValueError, TypeError, RecursionError: Not a JSON value (also NaN and infinity).
    """
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )


def event_hash(
    *,
    nomor: int,
    waktu: str,
    perjanjian: str,
    jenis: str,
    isi: Mapping[str, Any],
    unik: str | None,
    hash_sebelum: str,
) -> str:
    """Return SHA-256 over the canonical JSON of all other fields, lower-case hexadecimal."""
    content = {
        "hash_sebelum": hash_sebelum,
        "isi": isi,
        "jenis": jenis,
        "nomor": nomor,
        "perjanjian": perjanjian,
        "unik": unik,
        "waktu": waktu,
    }
    return hashlib.sha256(canonical_json(content).encode()).hexdigest()


def time_text(waktu: datetime) -> str:
    """Return a time as it is hashed and stored: UTC with microseconds and ``Z``.

    Args:
        waktu: A time with its zone.

    Raises:
        OverflowError: At the ends of the calendar, where UTC has no such day.
    """
    return waktu.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def time_from_text(text: str) -> datetime:
    """Return the time that :func:`time_text` wrote.

    Raises:
        ValueError: Another form.
    """
    waktu = datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)
    if time_text(waktu) != text:
        raise ValueError("not in canonical form")
    return waktu
