"""Plans of invented agreements that nobody checked, for whatever counts or tells what they say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from pks_kit.domain.sebutan import nama_faskes_isian
from pks_kit.pipelines.batching.plan import (
    DataAt,
    Plan,
    PlannedRow,
    ReadPlan,
    Said,
    SaidLevel,
    written,
)

NO_HASH = "0" * 64
MADE_AT = datetime(2026, 11, 29, 16, 0, tzinfo=UTC)


def said(level: SaidLevel, code: str = "uji.kode", **changes: Any) -> Said:
    """Return something that the checks say."""
    one = Said(
        level=level, code=code, place="Kontrak!B3", path="faskes.jenis",
        id=f"Kata {code}.", en=f"Words {code}.", hint_id="Perbaiki.", hint_en="Mend it.",
    )  # fmt: skip
    return replace(one, **changes)


def planned(number: int, *told: Said, **changes: Any) -> PlannedRow:
    """Return an agreement that can be drafted, unless what is said of it stops it."""
    one = PlannedRow(
        number=number, file="/rahasia/faskes.xlsx", key=f"K{number}",
        place=f"Kontrak!A{number + 2}",
        name=f"Klinik Pratama Contoh {number:05}", kode=f"0000U{number:03}",
        agreement_id=f"{number:026}", jenis="klinik_pratama", cara_kontrak="elektronik",
        versi="pks_2024", nomor_kesatu=f"1/{number}", nomor_kedua=f"2/{number}",
        mulai=date(2027, 1, 1), selesai=date(2027, 12, 31), signed_on=date(2026, 12, 20),
        data=DataAt(offset=0, size=1, sha256=NO_HASH), said=told, meterai=0, differs=None,
    )  # fmt: skip
    one = replace(one, **changes)
    return replace(one, name=nama_faskes_isian(one.jenis, one.name))


def unreadable(number: int, code: str = "uji.rusak") -> PlannedRow:
    """Return an agreement of which nobody knows more than its row."""
    return planned(
        number, said("error", code), name="", kode="", agreement_id=None, jenis="",
        cara_kontrak="", versi="", mulai=None, selesai=None, signed_on=None, data=None,
    )  # fmt: skip


def plan_of(rows: Iterable[PlannedRow], **changes: Any) -> ReadPlan:
    """Return a plan of these agreements."""
    plan = Plan(
        kit="0", made_at=MADE_AT, made_by="Sari Contoh", sources=(), data_sha256=NO_HASH,
        settings_sha256=None, law_sha256=NO_HASH, as_of=None, parties=(), texts=(), unread=(),
        rows=tuple(rows),
    )  # fmt: skip
    return written(replace(plan, **changes))
