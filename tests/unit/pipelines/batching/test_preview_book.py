"""The preview as a workbook: all rows, exceptions first, the same numbers as the page."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from pks_kit.pipelines.batching.plan import ChangedClause, Differs, PlannedText
from pks_kit.pipelines.batching.preview_book import PreviewBook
from support.batch_plans import NO_HASH, plan_of, planned, said, unreadable

FOUND = plan_of(
    [
        replace(  # nothing is said of its kind
            planned(1, differs=(Differs(what="a", before="b", now="=c"),)), name="=HYPERLINK(1)"
        ),
        planned(2, said("manual", "uji.lihat")),
        planned(3, said("blocking", "uji.tahan"), said("error", "uji.juga"), said("warning")),
        unreadable(4),
        planned(5, said("warning"), meterai=2),
    ],
    parties=("pihak_kesatu",),
    unread=(said("error", "uji.berkas"),),
    texts=(
        PlannedText(
            versi="pks_b", jenis="tpmd", sha256=NO_HASH, rows=1, before="pks_a", changes=1,
            clauses=(
                ChangedClause(kind="added", place="Pasal 1", formerly="", before="", now="x"),
            ),
        ),
    ),
)  # fmt: skip


def book(language: str = "id") -> Any:
    return load_workbook(io.BytesIO(PreviewBook(FOUND, language).content()))


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("id", ["Jumlah", "Perlu tindakan", "Semua perjanjian", "Beda tahun lalu",
                "Perubahan naskah"]),
        ("en", ["Totals", "Needs attention", "All agreements", "Different from last year",
                "Changes of text"]),
    ],
)  # fmt: skip
def test_sheets_are_in_order(language: str, names: list[str]) -> None:
    assert book(language).sheetnames == names
    assert all(one.protection.sheet for one in book(language))


def test_totals_add_up() -> None:
    told = [(a, b) for a, b in book()["Jumlah"].iter_rows(values_only=True)]
    numbers = dict(told)
    parts = ("Dapat disusun", "Dapat disusun, harus dilihat dahulu", "Tertahan")
    assert sum(numbers[one] for one in parts) == numbers["Semua perjanjian"] == 5
    kinds = told[[a for a, _ in told].index("Menurut jenis faskes dan cara kontrak") + 1 : -1]
    assert sum(b for a, b in kinds if a.endswith(": Semua")) == 5
    assert sum(b for a, b in kinds if not a.endswith(": Semua")) == 5
    assert numbers["Jumlah harga"] == 2 * numbers["Harga satuan"]
    assert numbers["Banyaknya meterai"] == 2


def test_every_reason_of_every_exception_has_a_row() -> None:
    rows = list(book()["Perlu tindakan"].iter_rows(min_row=2, values_only=True))
    assert [(one[1], one[-1]) for one in rows] == [
        (None, "uji.berkas"), (3, "uji.tahan"), (3, "uji.juga"), (4, "uji.rusak"),
        (2, "uji.lihat"),
    ]  # fmt: skip
    assert rows[1][4:8] == ("Kata uji.tahan.", "Perbaiki.", "Kontrak!B3", "faskes.xlsx")


def test_all_agreements_are_there_with_days_and_numbers() -> None:
    sheet = book()["Semua perjanjian"]
    heads = [one.value for one in sheet[1]]
    rows = [dict(zip(heads, one, strict=True))
            for one in sheet.iter_rows(min_row=2, values_only=True)]  # fmt: skip
    assert [one["Nomor"] for one in rows] == [1, 2, 3, 4, 5]
    assert isinstance(rows[0]["Mulai"], datetime)
    assert rows[0]["Mulai"].date() == date(2027, 1, 1)
    assert rows[3]["Mulai"] is None
    assert [one["Keadaan"] for one in rows] == [
        "Dapat disusun", "Dapat disusun, harus dilihat dahulu", "Tertahan",
        "Tertahan", "Dapat disusun",
    ]  # fmt: skip
    assert [one["Beda dengan tahun lalu"] for one in rows] == [1, None, None, None, None]


def test_no_name_becomes_a_formula() -> None:
    cell = book()["Semua perjanjian"]["B2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")
    assert book()["Beda tahun lalu"]["E2"].data_type == "s"
    assert book()["Perubahan naskah"]["E2"].value == "Pasal 1"
