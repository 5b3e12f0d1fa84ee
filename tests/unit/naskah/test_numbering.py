"""Letters, Roman numerals, levels, provenance and the frame of the document."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pks_kit.errors import TemplateError
from pks_kit.naskah.counters import item_number, letters, next_level, roman
from pks_kit.naskah.tree import Butir, Daftar, Rujukan, walk_blocks
from support.tiny_version import TinyVersion, addresses, outline
from support.trees import signature_places

Tiny = Callable[..., TinyVersion]


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (1, "a"),
        (26, "z"),
        (27, "aa"),
        (28, "ab"),
        (52, "az"),
        (53, "ba"),
        (702, "zz"),
        (703, "aaa"),
    ],
)
def test_letters(number: int, word: str) -> None:
    assert letters(number) == word


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (1, "I"),
        (4, "IV"),
        (9, "IX"),
        (12, "XII"),
        (14, "XIV"),
        (40, "XL"),
        (49, "XLIX"),
        (90, "XC"),
    ],
)
def test_roman(number: int, word: str) -> None:
    assert roman(number) == word


def test_level_order() -> None:
    used: tuple = ()
    while (level := next_level(used, "ayat")) is not None:
        used = (*used, level)
    assert used == ("ayat", "huruf", "angka", "huruf_kurung", "angka_kurung")
    used = ()
    while (level := next_level(used, "angka")) is not None:
        used = (*used, level)
    assert used == ("angka", "huruf", "angka_kurung", "huruf_kurung")


def test_words_of_bracket_levels() -> None:
    assert item_number("huruf_kurung", 2).words == "huruf b)"
    assert item_number("angka_kurung", 2).words == "angka 2)"
    assert item_number("ayat", 2).words == "ayat (2)"


def test_thirty_items(tiny: Tiny) -> None:
    body = "Isi:\n" + "".join(f"1. butir {n}.\n" for n in range(30))
    part = tiny(pasal={"contoh": body}).part("contoh")
    lines = outline(part.isi)
    assert lines[26] == "z. butir 25."
    assert lines[27] == "aa. butir 26."
    assert addresses(part.isi)[27] == "pasal_1__huruf_aa"


def test_addresses_are_unique_in_the_whole_document(tiny: Tiny) -> None:
    lampiran = (
        "Teks.\n\n1. a\n   1. b\n\n   {: .huruf }\n   1. c\n\n"
        "Teks.\n\n1. a\n\n{: .huruf }\n1. a\n\n"
        "## A\n\n1. a\n\n## {: .tanpa-nomor } B\n\n1. a\n\n## {: .tanpa-nomor } C\n\n1. a\n\n"
        "| a |\n|---|\n| b |\n\n| a |\n|---|\n| b |\n\n"
        "## D\n\n### A\n\n1. a\n\n### {: .huruf-kapital } X\n"
    )
    naskah = tiny(
        pasal={"satu": "1. a\n1. b\n   1. c\n\nTeks.\n\n1. d\n", "dua": "1. a\n"},
        lampiran={"x": lampiran, "y": lampiran},
    ).assemble()
    found = [b.alamat for b in naskah.bagian]
    for bagian in naskah.bagian:
        found += addresses(bagian.isi)
    assert len(found) > 40
    assert len(found) == len(set(found))


def test_override_of_a_nested_list(tiny: Tiny) -> None:
    body = "1. Isi:\n   {: .angka }\n   1. satu:\n      1. dua.\n"
    part = tiny(pasal={"contoh": body}).part("contoh")
    assert outline(part.isi) == ["(1) Isi:", "    1. satu:", "        a. dua."]


def test_a_level_cannot_repeat(tiny: Tiny) -> None:
    body = "Isi:\n1. satu:\n   {: .huruf }\n   1. dua.\n"
    with pytest.raises(TemplateError) as caught:
        tiny(pasal={"contoh": body}).assemble()
    assert caught.value.code == "naskah.list_too_deep"


def test_list_levels_in_the_tree(tiny: Tiny) -> None:
    part = tiny(pasal={"contoh": "1. a\n   1. b\n      - c\n"}).part("contoh")
    lists = [block for block in walk_blocks(part.isi) if isinstance(block, Daftar)]
    assert [(d.jenis, d.tingkat) for d in lists] == [("ayat", 1), ("huruf", 2), ("strip", 3)]


def items(blocks: tuple) -> list[Butir]:
    lists = [block for block in walk_blocks(blocks) if isinstance(block, Daftar)]
    return [butir for daftar in lists for butir in daftar.butir]


def test_provenance_goes_down_the_tree(tiny: Tiny) -> None:
    body = "1. a\n1. {: sumber=hfis } b\n   1. c\n   1. {: sumber=susunan } d\n1. e\n"
    part = tiny(pasal={"contoh": body}).part("contoh")
    words = [butir.sumber for butir in items(part.isi)]
    assert words == ["susunan", "hfis", "susunan", "hfis", "susunan"]


def test_provenance_of_a_heading(tiny: Tiny) -> None:
    body = "## {: sumber=hfis } A\n\n1. a\n\n### B\n\n1. b\n\n## C\n\n1. c\n"
    part = tiny(lampiran={"x": body}).part("x")
    assert [butir.sumber for butir in items(part.isi)] == ["hfis", "hfis", "susunan"]


def test_frame_of_the_document(tiny: Tiny) -> None:
    naskah = tiny().assemble(
        {"pihak_kesatu": {"nama_tampil": "A"}, "pihak_kedua": {"nama_tampil": "B"}}
    )
    assert naskah.judul == "PERJANJIAN KERJA SAMA antara A dan B"
    assert (naskah.nomor_kesatu, naskah.nomor_kedua) == ("1/KTR/2024", "2/PKS/2024")
    assert (naskah.versi_templat, naskah.cara_kontrak) == ("mini", "elektronik")
    assert [b.jenis for b in naskah.bagian] == ["pembukaan", "pasal", "penutup"]
    assert tiny().assemble().judul == "PERJANJIAN KERJA SAMA (Versi mini)"


def test_name_of_the_agreement_comes_from_the_caller(tiny: Tiny) -> None:
    version = tiny(pembukaan="{{ nama_perjanjian }} {{ Perjanjian }}")
    assert outline(version.part("pembukaan").isi) == ["PERJANJIAN KERJA SAMA Perjanjian"]
    aceh = version.part("pembukaan", {"nama_perjanjian": "AKAD IJARAH", "Perjanjian": "Akad"})
    assert outline(aceh.isi) == ["AKAD IJARAH Akad"]


def test_signature_places_are_found_in_reading_order(tiny: Tiny) -> None:
    sheet = (
        "{% for o in orang %}\n## {: .tanpa-nomor } Lembar\n\n1. Isi:\n\n   {{ tanda_tangan("
        "tempat('pengguna_' ~ loop.index, peran='pengguna', judul='Pengguna', nama=o)) }}\n\n"
        "{% endfor %}\n"
    )
    naskah = tiny(lampiran={"pakta": sheet}).assemble({"orang": ["Ani", "Budi"]})
    assert [p.kode for p in signature_places(naskah)] == ["pengguna_1", "pengguna_2"]


def test_reference_words_and_targets(tiny: Tiny) -> None:
    part = tiny(pasal={"contoh": "1. {: #a } A.\n1. **[](#a)** dan *[itu](#a)*.\n"}).part("contoh")
    (paragraph,) = items(part.isi)[1].isi
    references = [p for p in paragraph.isi if isinstance(p, Rujukan)]  # type: ignore[union-attr]
    assert references == [
        Rujukan(alamat="pasal_1__ayat_1", teks="ayat (1)", tebal=True),
        Rujukan(alamat="pasal_1__ayat_1", teks="itu", miring=True),
    ]


@pytest.mark.parametrize(
    ("lampiran", "words"),
    [
        ("{: #p } Teks.\n", "Lampiran I"),
        ("## A\n\n{: #p } Teks.\n", "Lampiran I huruf A"),
        ("1. a\n\n   {: #p } Teks.\n", "Lampiran I angka 1"),
        ("## A\n\n{: #p }\n| a |\n|---|\n| b |\n", "Lampiran I huruf A"),
        ("## {: #p .tanpa-nomor } A\n\nTeks.\n", "Lampiran I"),
    ],
)
def test_unnumbered_targets_are_named_by_their_clause(
    tiny: Tiny, lampiran: str, words: str
) -> None:
    part = tiny(pasal={"contoh": "1. [](lampiran:x#p).\n"}, lampiran={"x": lampiran}).part("contoh")
    assert outline(part.isi) == [f"(1) {words}."]


def test_opening_has_no_number_to_name(tiny: Tiny) -> None:
    with pytest.raises(TemplateError) as caught:
        tiny(pembukaan="{: #a } Satu.\n\nLihat [](#a).").assemble()
    assert caught.value.code == "naskah.reference_wordless"
    good = tiny(pembukaan="{: #a } Satu.\n\nLihat [di atas](#a).").part("pembukaan")
    assert outline(good.isi)[1] == "Lihat di atas."


def test_same_input_same_tree(tiny: Tiny) -> None:
    version = tiny(lampiran={"x": "## A\n\n1. {{ n }}\n"})
    assert version.assemble({"n": "a"}) == version.assemble({"n": "a"})
    assert version.assemble({"n": "a"}) != version.assemble({"n": "b"})


def test_only_pasal_and_lampiran_have_titles(tiny: Tiny) -> None:
    head = "---\njudul: Pembukaan\nsumber: susunan\n---\n"
    version = tiny(lampiran={"x": "Isi."}, raw={"mini/pembukaan.md": f"{head}Isi."})
    assert [bagian.judul for bagian in version.assemble().bagian] == ["", "contoh", "", "x"]
