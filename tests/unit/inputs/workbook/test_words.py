"""Whoever has a workbook reads its headings, not the names of a YAML file."""

from __future__ import annotations

import time

import pytest

from pks_kit.cli.findings import finding_lines
from pks_kit.inputs.workbook.words import column_words, in_workbook
from pks_kit.messages import Message
from pks_kit.rules.findings import warning


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("tenaga_kesehatan[2].sip.nomor", "SIP nomor"),
        ("pihak_kesatu.nomor_pks", "Nomor PKS BPJS Kesehatan"),
        ("tenaga_kesehatan[2]", ""),
        ("", ""),
    ],
)
def test_a_cell_has_the_heading_of_its_column(path: str, heading: str) -> None:
    assert column_words(path) == heading


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("Periksa faskes.jenis.", "Periksa «Faskes jenis»."),
        ("tulis bidan_jejaring: ya", "tulis «Bidan jejaring»: ya"),
        (
            "perlu tanda_tangan_elektronik: {pihak_kesatu: {bidang: layanan}} dahulu",
            "perlu «Tanda tangan elektronik PIHAK KESATU bidang»: layanan dahulu",
        ),
        (
            "versi_lain: a, contoh.yml, klinik_anda.yml",
            "versi_lain: a, contoh.yml, klinik_anda.yml",
        ),
    ],
)
def test_names_of_the_data_are_headings(words: str, told: str) -> None:
    assert in_workbook(words) == told


def test_a_long_word_before_a_file_name_is_read_at_once() -> None:
    words = f"a{'_' * 34}/b.pdf"
    begun = time.process_time()
    assert in_workbook(words) == words
    assert time.process_time() - begun < 1


def test_a_cell_is_said_once() -> None:
    here = Message("Tenaga!F3", "Tenaga!F3")
    found = warning(
        "duplicate.practice_licence", "tenaga_kesehatan[0].sip.nomor", "", name="dr. A", here=here,
        others="Tenaga!F30",
    )  # fmt: skip
    (line, *_) = finding_lines(found, "id", place="Tenaga!F3")
    assert line.count("Tenaga!F3 ") == 1, line
    assert "juga dipakai Tenaga!F30" in line
    assert "Tenaga!F3 (SIP nomor)" in line
