"""Every rule, number and form of the facts of PKS FKTP 2024 stands where it must.

The table ``facts_2024.yml`` beside this file is written for a lawyer; its numbers are typed from
docs/sumber.md and not taken from the parameters.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from pks_kit.naskah.catalogue import load_version
from pks_kit.naskah.tree import Bagian, Daftar, Tabel, walk_blocks
from pks_kit.render.text import render_text
from pks_kit.resources import templates_root
from pks_kit.rules.law.parameters import load_parameters
from support.agreement import naskah
from support.linting import lint_fully
from support.naskah_reader import (
    holds,
    items,
    places,
    plain_text,
    references,
    rows,
    squeezed,
    tables,
    words,
)

FACTS: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_name("facts_2024.yml").read_text(encoding="utf-8")
)


@cache
def where() -> dict[str, Any]:
    return places(naskah())


@cache
def printed() -> str:
    return render_text(naskah())


def parts(jenis: str) -> list[Bagian]:
    return [bagian for bagian in naskah().bagian if bagian.jenis == jenis]


def test_titles_stand_in_order() -> None:
    assert [bagian.judul for bagian in parts("pasal")] == FACTS["judul_pasal"]
    assert [bagian.judul for bagian in parts("lampiran")] == FACTS["judul_lampiran"]
    assert [bagian.label for bagian in parts("pasal")] == [f"Pasal {n}" for n in range(1, 22)]
    assert len(parts("lampiran")) == 12
    roman = [bagian.label.removeprefix("Lampiran ") for bagian in parts("lampiran")]
    assert roman == ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]


@pytest.mark.parametrize(("pasal", "ayat"), FACTS["jumlah_ayat"].items())
def test_number_of_ayat(pasal: int, ayat: int) -> None:
    opening = where()[f"pasal_{pasal}"][0]
    assert isinstance(opening, Daftar)
    assert opening.jenis == "ayat"
    assert [butir.label for butir in opening.butir] == [f"({n})" for n in range(1, ayat + 1)]


@pytest.mark.parametrize("opening", FACTS["definisi"])
def test_definition_stands_in_the_first_pasal(opening: str) -> None:
    defined = [words(butir.isi) for butir in items(where()["pasal_1"])]
    assert [text for text in defined if text.startswith(opening)], opening


@pytest.mark.parametrize(
    "fact", FACTS["aturan"], ids=lambda fact: f"{fact['tempat']}: {fact['fakta']}"
)
def test_rule_stands_at_its_address(fact: dict[str, Any]) -> None:
    assert fact["sumber"]
    text = words(where()[fact["tempat"]])
    missing = [pattern for pattern in fact["kata"] if not holds(text, pattern)]
    assert not missing, f"{fact['tempat']} ({fact['sumber']}): {text}"


def table_at(address: str, title: str) -> Tabel:
    found = [tabel for tabel in tables(where()[address]) if tabel.keterangan == title]
    assert len(found) == 1, title
    return found[0]


@pytest.mark.parametrize("fact", FACTS["tabel"], ids=lambda fact: fact["judul"])
def test_table_holds_exactly_these_rows(fact: dict[str, Any]) -> None:
    tabel = table_at(fact["tempat"], fact["judul"])
    if "kepala" in fact:
        assert [plain_text(sel.isi) for sel in tabel.kepala] == fact["kepala"]
    found = rows(tabel)
    assert len(found) == len(fact["baris"])
    for expected, row in zip(fact["baris"], found, strict=True):
        assert len(expected) == len(row)
        for pattern, cell in zip(expected, row, strict=True):
            assert holds(cell, pattern) if "…" in pattern else cell == pattern, (row, expected)


def test_prolanis_maximum_is_the_fee_and_thirty_participants() -> None:
    tabel = table_at(
        "lampiran_2__bagian_c__subbagian_10",
        "Penggantian biaya Kegiatan Kelompok Prolanis setiap kegiatan setiap klub",
    )
    fee, each, at_least, at_most = (
        [int(cell.removeprefix("Rp").split(",00")[0].replace(".", "")) for cell in row[1:]]
        for row in rows(tabel)[:4]
    )
    for column in (0, 1):
        assert at_least[column] == fee[column] + 15 * each[column]
        assert at_most[column] == fee[column] + 30 * each[column]


@pytest.mark.parametrize(("channel", "wanted"), FACTS["kanal"])
def test_channel_stands_in_the_service_guide(channel: str, wanted: str) -> None:
    (tabel,) = tables(where()["lampiran_12__bagian_j"])
    found = [" ".join(row) for row in rows(tabel) if row[0].startswith(channel)]
    assert len(found) == 1, channel
    assert wanted in found[0]


def test_number_of_exclusions() -> None:
    excluded = next(
        block for block in where()["lampiran_1__romawi_1__bagian_c"] if isinstance(block, Daftar)
    )
    assert len(excluded.butir) == FACTS["tidak_dijamin"]


@pytest.mark.parametrize(
    ("source", "target", "text"), FACTS["rujukan"], ids=lambda value: str(value)
)
def test_reference_leads_to_the_right_clause(source: str, target: str, text: str) -> None:
    found = {(rujukan.alamat, rujukan.teks) for rujukan in references(tuple(where()[source]))}
    assert (target, text) in found
    assert target in where()


def test_every_reference_leads_somewhere() -> None:
    known = set(where()) | {
        tabel.alamat for bagian in naskah().bagian for tabel in tables(bagian.isi)
    }
    lost = [rujukan for rujukan in references(naskah().bagian) if rujukan.alamat not in known]
    assert lost == []


@pytest.mark.parametrize("method", ["elektronik", "digital", "manual"])
@pytest.mark.parametrize("word", FACTS["terlarang"])
def test_word_is_printed_nowhere(word: str, method: str) -> None:
    pattern = rf"\b{word}\b" if word.isalpha() else re.escape(word)
    assert not re.search(pattern, render_text(naskah(method)), re.IGNORECASE)


def test_both_numbers_open_the_agreement_and_every_lampiran() -> None:
    kesatu, kedua = naskah().nomor_kesatu, naskah().nomor_kedua
    lines = printed().splitlines()
    first = lines.index(f"Nomor : {kesatu}")
    assert first < 15
    assert lines[first + 1] == f"Nomor : {kedua}"
    for bagian in parts("lampiran"):
        start = lines.index(f"{bagian.label} Perjanjian")
        assert lines[start + 1 : start + 4] == [
            f"Nomor : {kesatu}",
            f"Nomor : {kedua}",
            bagian.judul.upper(),
        ]


def test_title_block_reads_as_the_signed_ones() -> None:
    assert printed().splitlines()[:9] == [
        "PERJANJIAN KERJA SAMA",
        "ANTARA",
        "BADAN PENYELENGGARA JAMINAN SOSIAL KESEHATAN",
        "CABANG LEMBAYUNG",
        "DENGAN",
        "PT SENJA REKAWANGI HUSADA",
        "PEMILIK DAN PENYELENGGARA KLINIK PRATAMA SENJA REKAWANGI",
        "TENTANG",
        "PELAYANAN KESEHATAN TINGKAT PERTAMA BAGI PESERTA PROGRAM JAMINAN KESEHATAN",
    ]


def test_every_clause_has_a_known_provenance() -> None:
    known = set(load_version("pks_2024", templates_root()).manifest.sumber)
    for bagian in naskah().bagian:
        assert bagian.sumber in known, bagian.alamat
        for butir in items(bagian.isi):
            assert butir.sumber in known, butir.alamat


@pytest.mark.parametrize(
    ("address", "sumber"),
    [
        ("pasal_8__ayat_1", "susunan"),
        ("pasal_13__ayat_2", "susunan"),
        ("pasal_11__ayat_2", "sosialisasi-2024"),
        ("pasal_12__ayat_8", "sosialisasi-2024"),
        ("pasal_12__ayat_3", "susunan"),
        ("pasal_4__ayat_2__huruf_b", "susunan"),
        ("pasal_12__ayat_2", "susunan"),
        ("lampiran_1__romawi_1__bagian_a__angka_4__huruf_b", "susunan"),
        ("lampiran_1__romawi_1__bagian_a__angka_8__huruf_d", "sosialisasi-2024"),
        ("lampiran_2__bagian_c__subbagian_2__huruf_c", "susunan"),
        ("lampiran_10__bagian_i__angka_1", "susunan"),
        ("lampiran_10__bagian_i__angka_2", "peraturan-publik"),
        ("lampiran_12__bagian_h__angka_2", "susunan"),
    ],
)
def test_composed_clauses_say_so(address: str, sumber: str) -> None:
    found = {
        butir.alamat: butir.sumber for bagian in naskah().bagian for butir in items(bagian.isi)
    }
    assert found[address] == sumber


def test_title_only_pasal_are_composed_and_written_out() -> None:
    for number in (2, 7, 8, 13, 14, 15, 17, 18, 19, 20, 21):
        pasal = parts("pasal")[number - 1]
        assert pasal.sumber == "susunan", pasal.judul
        (opening,) = (block for block in pasal.isi if isinstance(block, Daftar))
        assert len(opening.butir) >= 3, pasal.judul


def test_lists_are_at_most_four_levels_deep() -> None:
    deepest = max(
        block.tingkat
        for bagian in naskah().bagian
        for block in walk_blocks(bagian.isi)
        if isinstance(block, Daftar)
    )
    assert deepest <= 4


def test_lint_has_nothing_to_say() -> None:
    found = lint_fully(
        "pks_2024",
        templates_root=templates_root(),
        jenis_faskes="klinik_pratama",
        parameter_names=load_parameters().names(),
    )
    assert [f"{f.file}:{f.line} {f.text.en}" for f in found] == []


def test_lampiran_forms_ask_for_what_the_facts_name() -> None:
    heads = {
        number: squeezed(
            " ".join(
                plain_text(sel.isi)
                for tabel in tables(where()[f"lampiran_{number}"])
                for sel in tabel.kepala
            )
        )
        for number in (3, 4, 7, 9)
    }
    for number, columns in {
        3: ["No.", "Tanggal", "Nomor JKN", "NIK", "Nama Peserta", "L/P", "Tanggal lahir / umur",
            "S/H", "Keluhan", "Diagnosis", "ICD-10", "Terapi / tindakan", "P/R",
            "Tujuan rujukan", "Dokter", "Tanda tangan Peserta", "Jumlah kunjungan"],
        4: ["Tanggal masuk", "Jam", "Tanggal keluar", "Hari", "Tarif per hari", "Jumlah (Rp)",
            "Status pulang", "Dokter", "Tanda tangan Peserta", "Jumlah biaya (Rp)"],
        7: ["Hari", "Gawat darurat", "Rawat inap", "Nomor SIP", "Berlaku sampai", "Kode antrean"],
        9: ["Sistem", "Status saat ini", "Target selesai", "Penanggung jawab (PIC)"],
    }.items():  # fmt: skip
        assert [column for column in columns if column not in heads[number]] == []
    for number in (3, 4):
        empty = [rows(tabel) for tabel in tables(where()[f"lampiran_{number}"])[2:]]
        assert all(len(lines) >= 9 for lines in empty)
        assert "Rp" not in str(empty), "a tariff that may change is written by hand"
