"""The form: every column of the workbook once, HFIS first in its order."""

from __future__ import annotations

from collections import Counter

from pks_kit.inputs.workbook.labels import FORM
from pks_kit.inputs.workbook.layout import tables
from pks_kit.messages import Message
from pks_kit.web.pages.form_layout import (
    group_of,
    help_of,
    label_of,
    place_label,
    section,
    sections,
)

MAIN, *LISTS = tables()


def test_every_column_stands_in_exactly_one_section() -> None:
    columns = Counter(column.key for one in sections() for column in one.columns)
    assert columns == Counter(column.key for column in MAIN.columns)
    lists = Counter(table.path for one in sections() for table in one.lists)
    assert lists == Counter(table.path for table in LISTS)


def test_sides_are_asked_in_the_order_of_hfis() -> None:
    for code, side in (("pihak_1", "PIHAK 1"), ("pihak_2", "PIHAK 2")):
        found = section(code)
        assert found is not None
        asked = [column.key for column in found.columns]
        assert asked[: len(FORM[side])] == list(FORM[side].values())


def test_help_explains_fields_that_exist() -> None:
    keys = {column.key for column in MAIN.columns}
    keys |= {f"{'.'.join(table.path)}.{column.key}" for table in LISTS for column in table.columns}
    from pks_kit.web.pages import form_layout

    told = form_layout._layout()["help"]
    assert set(told) <= keys
    assert all(help_of(key).id and help_of(key).en for key in told)


def test_places_have_names_for_people() -> None:
    for place, own, english, row in (
        ("pihak_kedua.nama_faskes", "Nama Faskes", " (name of the facility)", 0),
        ("tenaga_kesehatan.1.sip.berlaku_sampai", "Tenaga: SIP berlaku sampai",
         " (licence valid until)", 2),
        ("jadwal.praktik", "Praktik", " (practice hours)", 0),
    ):  # fmt: skip
        assert place_label(place) == (Message(id=own, en=own + english), row)
    assert place_label("perjanjian_sebelumnya.tanggal_mulai")[0] == Message(
        id="Perjanjian sebelumnya: Tanggal mulai",
        en="The agreement before: Tanggal mulai (first day)",
    )
    assert place_label("perjanjian_sebelumnya")[0].id == "Perjanjian sebelumnya"


def test_no_two_labels_under_one_heading_are_the_same() -> None:
    for one in sections():
        labels = Counter(
            (group.key if (group := group_of(column.key)) else "", label_of(column))
            for column in one.columns
        )
        assert [each for each, count in labels.items() if count > 1] == []


def test_each_heading_stands_above_something() -> None:
    from pks_kit.web.pages import form_layout

    used = {group.key for column in MAIN.columns if (group := group_of(column.key))}
    assert used == set(form_layout._layout()["groups"])


def test_a_missing_group_is_told_value_by_value() -> None:
    staff, facility = section("tenaga"), section("faskes")
    assert staff is not None
    assert facility is not None
    assert staff.needed_in("tenaga_kesehatan.0.sip") == (
        "tenaga_kesehatan.0.sip.nomor",
        "tenaga_kesehatan.0.sip.berlaku_sampai",
    )
    assert "faskes.kode" in facility.needed_in("faskes")
    assert facility.needed_in("faskes.kode") == ()
