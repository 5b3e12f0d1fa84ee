"""What may be written: known kinds, their facts, nothing secret, nothing without a time zone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pks_kit.errors import LedgerError
from pks_kit.ledger.canonical import canonical_json, time_text
from pks_kit.ledger.kinds import FAKTA, TAHAP_BELI, TAHAP_BUBUH, Bentuk
from pks_kit.messages import lookup

MAXIMUM_BYTES = 1_048_576
"""Longest ``isi`` in canonical form; the picture of a meterai needs a small part of it."""

METODE = ("elektronik", "digital", "manual")
KERTAS = ("complete", "incomplete", "needs_person")

_MOST_INTEGER = 2**53 - 1
_PERJANJIAN = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,79}")
_UNIK = re.compile(r"[!-~]{1,250}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_NIK_IN_WORDS = re.compile(r"(?<![0-9A-Za-z])\d(?:[ .-]?\d){15}(?![0-9A-Za-z])")
_NIK_ALONE = re.compile(r"\s*\d{16}\s*")


@dataclass(frozen=True, slots=True)
class Entry:
    """A checked event that has no number yet.

    Attributes:
        waktu: Time as it is stored.
        isi_json: Facts in canonical form.
    """

    waktu: str
    perjanjian: str
    jenis: str
    isi: Mapping[str, Any]
    isi_json: str
    unik: str | None


def check_event(
    perjanjian: str, jenis: str, isi: Mapping[str, Any], waktu: datetime, unik: str | None
) -> Entry:
    """Return the event in the form in which it is stored.

    Raises:
        LedgerError: ``ledger.bad_event`` with the reason; values are never part of it.
    """
    fakta = FAKTA.get(jenis)
    if fakta is None:
        raise _bad(_named(jenis), "kind")
    if not _PERJANJIAN.fullmatch(perjanjian) or _NIK_ALONE.fullmatch(perjanjian):
        raise _bad(jenis, "agreement")
    if unik is not None and (not _UNIK.fullmatch(unik) or _NIK_ALONE.fullmatch(unik)):
        raise _bad(jenis, "unik")
    if waktu.tzinfo is None or waktu.utcoffset() is None:
        raise _bad(jenis, "time_zone")
    try:
        stored_time = time_text(waktu)
    except OverflowError:
        raise _bad(jenis, "time_zone") from None
    for key in (*fakta.wajib, *isi):
        if key not in isi:
            raise _bad(jenis, "missing", key=key)
        if key not in fakta.wajib and key not in fakta.boleh:
            raise _bad(jenis, "unknown", key=_named(key))
    for key, value in isi.items():
        if value is None and key in fakta.boleh:
            continue
        shape = fakta.wajib.get(key) or fakta.boleh[key]
        _check_value(jenis, key, value, shape)
    text = canonical_json(dict(isi))
    if len(text.encode()) > MAXIMUM_BYTES:
        raise _bad(jenis, "too_long", limit=MAXIMUM_BYTES)
    return Entry(stored_time, perjanjian, jenis, dict(isi), text, unik)


def is_writable(jenis: str, key: str, value: Any) -> bool:
    """Return whether the ledger takes an optional fact; its number may look like a NIK."""
    try:
        _check_value(jenis, key, value, FAKTA[jenis].boleh[key])
    except LedgerError:
        return False
    return True


def holds_nik(text: str) -> bool:
    """Return whether words of a person seem to hold a NIK, which is never written."""
    return _NIK_IN_WORDS.search(text) is not None


def _check_value(jenis: str, key: str, value: Any, shape: Bentuk) -> None:
    if not _fits(value, shape):
        raise _bad(jenis, "shape", key=key, shape=shape.value)
    if not isinstance(value, str):
        return
    try:
        value.encode()
    except UnicodeEncodeError:  # half of a pair, which no database takes
        raise _bad(jenis, "shape", key=key, shape=shape.value) from None
    search = holds_nik if shape is Bentuk.TEKS else _NIK_ALONE.fullmatch
    if search(value):
        raise _bad(jenis, "nik", key=key)


def _fits(value: Any, shape: Bentuk) -> bool:
    match shape:
        case Bentuk.HITUNGAN | Bentuk.UKURAN:
            least = 1 if shape is Bentuk.HITUNGAN else 0
            # An integer of sixteen digits could be a NIK; no count or size is that large.
            return type(value) is int and least <= value <= _MOST_INTEGER // 1024
        case Bentuk.SHA256:
            return type(value) is str and _SHA256.fullmatch(value) is not None
        case Bentuk.BASE64:
            return type(value) is str and bool(value) and _BASE64.fullmatch(value) is not None
        case Bentuk.TAHAP:
            return value in (TAHAP_BELI, TAHAP_BUBUH)
        case Bentuk.METODE:
            return value in METODE
        case Bentuk.KERTAS:
            return value in KERTAS
        case _:
            return type(value) is str and bool(value.strip())


def _named(given: Any) -> str:
    """Return a name from outside, short and only when it looks like a name."""
    text = str(given)
    return text if re.fullmatch(r"[A-Za-z_][A-Za-z_.]{0,39}", text) else "?"


def _bad(jenis: str, reason: str, **params: Any) -> LedgerError:
    words = lookup(f"ledger.reason.{reason}").fill(params)
    return LedgerError("ledger.bad_event", kind=jenis, reason=words)
