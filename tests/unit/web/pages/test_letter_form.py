"""The form of a letter: every kind has one, and what was typed becomes its data."""

from __future__ import annotations

import pytest

from pks_kit.domain.surat import MODEL_SURAT
from pks_kit.web.pages.letter_form import MOST_ROWS, data_of, groups_of, rows_of


@pytest.mark.parametrize("kind", MODEL_SURAT)
def test_every_field_of_every_letter_can_be_filled_in(kind: str) -> None:
    schema = MODEL_SURAT[kind].model_json_schema()
    groups = groups_of(schema)
    places = {one.path.partition(".")[0] for group in groups for one in group.fields}
    assert places == set(schema["properties"]) - {"perjanjian"}
    assert all(one.label for group in groups for one in group.fields)
    needed = {one.path for group in groups for one in group.fields if one.required}
    top = {name for name in schema["required"] if name != "perjanjian"}
    assert top <= {name.partition(".")[0] for name in needed}


def test_what_was_typed_becomes_the_data_of_the_letter() -> None:
    groups = groups_of(MODEL_SURAT["berita_acara_pemulihan"].model_json_schema())
    typed = {
        "nomor": [" 1/BA/2026 "],
        "tanggal": ["30 November 2026"],
        "dasar": ["laporan audit"],
        "dokumen_dasar.nomor": ["7"],
        "dokumen_dasar.tanggal": ["bukan tanggal"],
        "kerugian.0.uraian": ["Satu"],
        "kerugian.0.jumlah": ["Rp1.250.000"],
        "kerugian.2.uraian": ["Tiga"],
        "hari_libur": ["25-12-2026\n\n1 Januari 2027"],
        "lampiran": [" a \nb"],
        "kota": [""],
        "lain": ["tidak dikenal"],
    }
    assert data_of(groups, typed) == {
        "nomor": "1/BA/2026",
        "tanggal": "2026-11-30",
        "dasar": "laporan audit",
        "dokumen_dasar": {"nomor": "7", "tanggal": "bukan tanggal"},
        "kerugian": [{"uraian": "Satu", "jumlah": "1250000"}, {"uraian": "Tiga"}],
        "hari_libur": ["2026-12-25", "2027-01-01"],
        "lampiran": ["a", "b"],
    }


def test_rows_grow_by_what_is_asked_and_no_further_than_allowed() -> None:
    groups = groups_of(MODEL_SURAT["teguran"].model_json_schema())
    group = next(one for one in groups if one.path == "teguran_sebelumnya")
    assert rows_of(group, {}, 0) == 0
    assert rows_of(group, {}, 1) == 1
    typed = {"teguran_sebelumnya.4.nomor": ["9"]}
    assert rows_of(group, typed, 1) == 6
    full = {f"teguran_sebelumnya.{MOST_ROWS - 1}.nomor": ["9"]}
    assert rows_of(group, full, 1) == MOST_ROWS


def test_boxes_keep_only_what_can_be_chosen() -> None:
    groups = groups_of(MODEL_SURAT["teguran"].model_json_schema())
    data = data_of(groups, {"alasan": ["memungut_biaya", "karangan"], "ke": ["2"]})
    assert data == {"alasan": ["memungut_biaya"], "ke": "2"}
