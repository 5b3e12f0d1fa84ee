"""Sentences that a page broke are whole again; headings, items and boxes stay by themselves."""

from __future__ import annotations

from pks_kit.web.pages.flowing_text import flowing

PAGE = """\
PERJANJIAN KERJA SAMA
ANTARA
(11) Jangka waktu yang ditentukan dalam hari dihitung sejak hari berikutnya setelah tanggal
kejadian yang menjadi dasar penghitungan, dan tindakan yang baru dapat dilakukan setelah
jangka waktu itu.
(12) Pajak dan bea meterai yang timbul dari Perjanjian ini menjadi tanggungan masing-
masing PIHAK.
Bagas Rekaswara
Kepala Cabang"""


def test_a_sentence_stands_in_one_line() -> None:
    assert flowing(PAGE.replace("\n", "\r\n")).split("\n") == [
        "PERJANJIAN KERJA SAMA",
        "ANTARA",
        "(11) Jangka waktu yang ditentukan dalam hari dihitung sejak hari berikutnya setelah "
        "tanggal kejadian yang menjadi dasar penghitungan, dan tindakan yang baru dapat dilakukan "
        "setelah jangka waktu itu.",
        "(12) Pajak dan bea meterai yang timbul dari Perjanjian ini menjadi tanggungan "
        "masing-masing PIHAK.",
        "Bagas Rekaswara",
        "Kepala Cabang",
    ]


def test_items_and_ended_sentences_begin_anew() -> None:
    full = "kalimat yang sampai ke tepi halaman dan berlanjut ke baris sesudahnya"
    for after in ("2. butir", "b. butir", "(3) ayat", "10 kolom"):
        assert flowing(f"{full}\n{after}") == f"{full}\n{after}"
    assert flowing(f"{full}.\nLagi") == f"{full}.\nLagi"
    assert flowing(f"{full}\n\nLagi") == f"{full}\n\nLagi"


def test_a_page_of_short_lines_stays() -> None:
    assert flowing("Meterai\nTanda tangan\nStempel") == "Meterai\nTanda tangan\nStempel"
    assert flowing("") == ""
