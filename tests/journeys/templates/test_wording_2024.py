"""How the agreement is worded: numbers with words, names, sheets per signer, and its branches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from pks_kit.domain.terbilang import terbilang
from pks_kit.naskah.tree import (
    BlokTandaTangan,
    Formulir,
    Naskah,
    Paragraf,
    Subjudul,
    Teks,
    TempatTandaTangan,
    plain_text,
    walk_blocks,
)
from pks_kit.render.text import render_text
from support.agreement import naskah, naskah_of, without_inpatient_care
from support.naskah_reader import Blocks, holds, places, rows, squeezed, tables, words
from support.sample import sample
from support.trees import signature_places

MONTHS = "Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember"
WITHOUT_WORDS = re.compile(
    rf"""\d{{1,2}}\s(?:{MONTHS})\s\d{{4}}        # a date
    |\(\d{{2}}-\d{{2}}-\d{{4}}\)                  # the date of signing, after its words
    |Nomor\s\d+\sTahun\s\d{{4}}                   # citation of a law
    |Pasal\s\d+(?=\s(?:Peraturan|UU|Kitab))       # article of a law
    |tahun\s\d{{4}}                               # a year
    |Akta\sNomor\s\d+                            # a deed
    |pukul\s\d\d\.\d\d                            # a time of day
    |Care\sCenter\s165|nomor\s08118165165|HbA1c   # names and telephone numbers
    """,
    re.VERBOSE,
)
WITH_WORDS = re.compile(
    r"(?P<before>Rp|\d+ x )?(?P<number>\d[\d.]*)(?:,00)?(?P<percent>%)? "
    r"\((?P<words>[a-z ]+)\)"
)


def running_text(tree: Naskah) -> Iterator[tuple[str, str]]:
    """Yield part and words of each paragraph, without references and without contract data."""
    values = sorted(_values(sample().model_dump(mode="json")), key=len, reverse=True)
    for bagian in tree.bagian:
        for block in walk_blocks(bagian.isi):
            if isinstance(block, Paragraf) and block.gaya not in ("tengah", "judul_blok"):
                text = "".join(part.teks for part in block.isi if isinstance(part, Teks))
                for value in values:
                    text = text.replace(value, "")
                yield bagian.alamat, squeezed(text)


def _values(data: Any) -> Iterator[str]:
    match data:
        case str() if re.search(r"\d", data) and len(data) > 3:  # less is a part of other numbers
            yield data
            if re.fullmatch(r"\d+\.\d+", data):
                yield data.replace(".", ",")
        case dict():
            for value in data.values():
                yield from _values(value)
        case list():
            for value in data:
                yield from _values(value)


def number_problems(text: str) -> list[str]:
    """Return the numbers of a text that have no words in brackets, or wrong ones."""
    problems = []

    def judged(match: re.Match[str]) -> str:
        number = terbilang(int(match["number"].replace(".", "")))
        if match["before"] == "Rp":
            expected = f"{number} rupiah"
        elif match["before"]:
            expected = f"{terbilang(int(match['before'].split()[0]))} kali {number}"
        else:
            expected = f"{number} persen" if match["percent"] else number
        if match["words"] != expected:
            problems.append(match[0])
        return ""

    rest = WITH_WORDS.sub(judged, WITHOUT_WORDS.sub("", text))
    return problems + re.findall(r"\S*\d\S*", rest)


@pytest.mark.parametrize("method", ["elektronik", "digital", "manual"])
def test_every_number_in_running_text_is_followed_by_its_words(method: str) -> None:
    found = [
        (part, number_problems(text), text)
        for part, text in running_text(naskah(method))
        if number_problems(text)
    ]
    assert found == []


def test_the_number_check_sees_faults() -> None:
    assert number_problems("paling lambat 7 (tujuh) hari, Rp500,00 (lima ratus rupiah)") == []
    assert number_problems("1% (satu persen) dan 3 x 24 (tiga kali dua puluh empat) jam") == []
    assert number_problems("paling lambat 7 hari") == ["7"]
    assert number_problems("paling lambat 7 (enam) hari") == ["7 (enam)"]
    assert number_problems("sebesar Rp500,00 saja") == ["Rp500,00"]
    assert number_problems("1% (satu)") == ["1% (satu)"]


DOUBLED = re.compile(r"\b(\w[\w./-]*(?: \w[\w./-]*){0,4}) \1\b", re.IGNORECASE)


def doubled(tree: Naskah) -> list[str]:
    """Return words or groups of words that stand twice in a row in a paragraph or cell."""
    found = []
    for line in render_text(tree).splitlines():
        for cell in line.split("\t"):
            found += [match[0] for match in DOUBLED.finditer(cell)]
    return found


@pytest.mark.parametrize("method", ["elektronik", "digital", "manual"])
def test_no_words_are_doubled(method: str) -> None:
    assert doubled(naskah(method)) == []


def test_the_doubled_word_check_sees_template_defects() -> None:
    assert DOUBLED.search("berdasarkan Surat Keputusan Surat Keputusan Direktur")
    assert DOUBLED.search("KLINIK PRATAMA klinik pratama Sehat")
    assert not DOUBLED.search("sendiri-sendiri maupun bersama-sama")


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Senja", "KLINIK PRATAMA SENJA"),
        ("Klinik Senja", "KLINIK PRATAMA SENJA"),
        ("Klinik Pratama Senja", "KLINIK PRATAMA SENJA"),
        ("KLINIK PRATAMA SENJA", "KLINIK PRATAMA SENJA"),
        ("klinik pratama senja", "KLINIK PRATAMA SENJA"),
    ],
)
def test_kind_of_facility_stands_once_before_its_name(name: str, printed: str) -> None:
    tree = naskah_of({"pihak_kedua.nama_faskes": name})
    text = render_text(tree)
    assert text.splitlines()[6] == f"PEMILIK DAN PENYELENGGARA {printed}"
    assert doubled(tree) == []
    assert not re.search(r"klinik pratama klinik", text, re.IGNORECASE)


def test_decree_is_not_doubled() -> None:
    tree = naskah_of({"pihak_kedua.dasar_penetapan.jenis": "Surat Keputusan"})
    assert "berdasarkan Surat Keputusan Nomor" in render_text(tree)
    assert "Surat Keputusan Surat Keputusan" not in render_text(tree)


# --- one sheet per signer --------------------------------------------------------------------


def sheets(tree: Naskah, lampiran: str, opening: str) -> list[Blocks]:
    """Return the sheets of a lampiran whose headings start a new page and open so."""
    found = places(tree)
    (bagian,) = (one for one in tree.bagian if one.alamat == lampiran)
    return [
        found[block.alamat]
        for block in bagian.isi
        if isinstance(block, Subjudul)
        and block.halaman_baru
        and block.alamat
        and plain_text(block.isi).startswith(opening)
    ]


def signers(sheet: Blocks) -> list[TempatTandaTangan]:
    return [
        tempat for block in sheet if isinstance(block, BlokTandaTangan) for tempat in block.tempat
    ]


def jejaring(count: int) -> list[dict[str, Any]]:
    pattern = sample().jejaring[0].model_dump(mode="json")
    return [
        pattern | {"nama": f"Bidan Rekaan {chr(65 + n)}", "pimpinan": f"Pimpinan {chr(65 + n)}"}
        for n in range(count)
    ]


@pytest.mark.parametrize("count", [1, 3, 5])
def test_one_sheet_for_each_jejaring(count: int) -> None:
    tree = naskah_of({"jejaring": jejaring(count), "cara_kontrak": "digital"})
    found = sheets(tree, "lampiran_5", "Pernyataan Jejaring:")
    assert len(found) == count
    for member, sheet in zip(jejaring(count), found, strict=True):
        text = words(sheet)
        for wanted in (
            member["nama"],
            member["izin"]["nomor"],
            member["alamat"],
            tree.nomor_kesatu,
            tree.nomor_kedua,
            "menundukkan diri",
            "bertanggung jawab mutlak atas kesalahan Klaim",
            "1 Januari 2024 sampai dengan 31 Desember 2024",
        ):
            assert wanted in text
        own, known = signers(sheet)
        assert (own.peran, own.nama, own.meterai) == ("jejaring", member["pimpinan"], True)
        assert (known.peran, known.nama) == ("pihak_kedua", sample().pihak_kedua.nama_penandatangan)
    listed = rows(tables(places(tree)["lampiran_5__bagian_a"])[0])
    assert [row[1] for row in listed] == [member["nama"] for member in jejaring(count)]


def test_no_jejaring_is_said_and_nobody_signs() -> None:
    tree = naskah_of({"jejaring": []})
    assert "tidak memiliki Jejaring" in words(places(tree)["lampiran_5"])
    assert sheets(tree, "lampiran_5", "") == []
    assert [tempat for tempat in signature_places(tree) if tempat.peran == "jejaring"] == []


@pytest.mark.parametrize("count", [1, 4, 6])
def test_one_sheet_for_each_user(count: int) -> None:
    pattern = sample().pengguna_aplikasi[0].model_dump(mode="json")
    users = [
        pattern | {"nama": f"Pengguna {chr(65 + n)}", "nama_pengguna": f"9917U029.{chr(97 + n)}x"}
        for n in range(count)
    ]
    tree = naskah_of({"pengguna_aplikasi": users, "cara_kontrak": "digital"})
    found = sheets(tree, "lampiran_8", "Pakta Integritas Pengguna:")
    assert len(found) == count
    for user, sheet in zip(users, found, strict=True):
        text = words(sheet)
        assert f"Nama pengguna : {user['nama_pengguna']}" in text
        assert f"NIK : {user['nik']}" in text
        own, known = signers(sheet)
        assert (own.peran, own.nama) == ("pengguna", user["nama"])
        assert known.peran == "pihak_kedua"


def test_every_statement_is_signed_by_the_right_person() -> None:
    by_code = {tempat.kode: tempat for tempat in signature_places(naskah("digital"))}
    assert by_code["pihak_kesatu"].meterai
    assert by_code["pihak_kedua"].meterai
    assert by_code["pernyataan_pelayanan"].meterai
    assert by_code["pernyataan_pelayanan"].peran == "pihak_kedua"
    assert by_code["komitmen_integrasi"].peran == "pihak_kedua"
    assert by_code["pakta_cons_id"].peran == "pejabat_struktural"
    assert by_code["pakta_cons_id"].nama == sample().cons_id.pejabat_struktural.nama


# --- branches --------------------------------------------------------------------------------


def test_without_inpatient_care_its_parts_vanish() -> None:
    tree = without_inpatient_care()
    text = render_text(tree)
    found = places(tree)
    titles = [
        plain_text(block.isi)
        for bagian in tree.bagian
        for block in bagian.isi
        if isinstance(block, Subjudul)
    ]
    assert [title for title in titles if "Rawat Inap" in title or "RITP" in title] == []
    assert "dalam bentuk rawat jalan." in words(found["pasal_3__ayat_1"])
    assert "tidak menyelenggarakan RITP" in words(found["lampiran_4"])
    assert tables(found["lampiran_4"]) == []
    assert "Rp250.000,00" not in text
    assert "Rp300.000,00" not in text
    for address in ("lampiran_1", "lampiran_2", "lampiran_6", "lampiran_7", "lampiran_12"):
        assert "RITP" not in words(found[address]), address
    last = found["lampiran_2__bagian_c__subbagian_11"]
    assert words(last).startswith("Persalinan")
    assert "Rp1.200.000,00" in words(last)
    assert "lampiran_2__bagian_c__subbagian_12" not in found


def test_with_inpatient_care_its_parts_stand() -> None:
    found = places(naskah())
    assert "Prosedur RITP" in words(found["lampiran_1"])
    assert "salah satu dari 8 (delapan) tempat tidurnya" in words(found["lampiran_1"])
    assert len(tables(found["lampiran_4"])) == 4


@pytest.mark.parametrize(
    ("method", "premise", "closing"),
    [
        (
            "elektronik",
            "sebagai kontrak elektronik",
            "dibubuhi meterai yang cukup … secara elektronik dalam satu berkas elektronik … "
            "hasil cetaknya merupakan salinan",
        ),
        (
            "digital",
            "ditandatangani lebih dahulu oleh PIHAK KESATU secara elektronik … tanda tangan basah",
            "di atas kertas bermeterai cukup … PIHAK KESATU menandatangani dan membubuhkan meterai "
            "secara elektronik terlebih dahulu … meterai tempel Rp10.000,00 (sepuluh ribu rupiah) "
            "… stempel pada setiap tempat … PDF melalui HFIS … 1 (satu) rangkap cetak yang lengkap",
        ),
        ("manual", "tanda tangan basah", "di atas kertas bermeterai cukup"),
    ],
)
def test_contract_method_shapes_premise_and_closing(
    method: str, premise: str, closing: str
) -> None:
    found = places(naskah(method))
    assert holds(words(found["pembukaan"]), premise)
    assert holds(words(found["penutup"]), f"rangkap 2 (dua) asli yang sama bunyinya … {closing}")


@pytest.mark.parametrize("method", ["digital", "manual"])
def test_a_pen_gets_a_line_for_the_date(method: str) -> None:
    openings = [
        block.pembuka
        for bagian in naskah(method).bagian
        if bagian.jenis == "lampiran"
        for block in walk_blocks(bagian.isi)
        if isinstance(block, BlokTandaTangan)
    ]
    assert len(openings) == 3 + 4 + 3
    assert all(re.search(r"tanggal \.{20,}$", opening) for opening in openings)


def test_no_place_asks_for_a_secret() -> None:
    secret = re.compile(r"consid|userkey|secretkey|kata sandi|password", re.IGNORECASE)
    for bagian in naskah().bagian:
        for block in walk_blocks(bagian.isi):
            labels = []
            if isinstance(block, Formulir):
                labels = [plain_text(line.label) for line in block.baris]
            assert not [label for label in labels if secret.search(label)]
        for tabel in tables(bagian.isi):
            heads = [plain_text(sel.isi) for sel in tabel.kepala]
            assert not [head for head in heads if secret.search(head)]
    long_codes = re.findall(r"(?=\w*\d)(?=\w*[A-Za-z])\w{24,}", render_text(naskah()))
    assert long_codes == []
