"""What a typographer looks at: filled lines, labels in their column, what stays together."""

from __future__ import annotations

import gc
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pks_kit.naskah.tree import Block, Butir, Daftar, Inline, Paragraf, Rujukan, Tabel, Teks
from pks_kit.render.html_blocks import BlockWriter
from pks_kit.render.html_inline import inline_html, keep_together
from pks_kit.render.html_labels import LIST_INDENT, label_html
from pks_kit.render.pdf.boxes import _descendants, _is
from pks_kit.render.pdf.parts import collector_paused, full_css, layout_document
from pks_kit.render.titles import balanced
from support.pdf_samples import CSS, LOOK, layout
from support.trees import cells, par

PIXELS_PER_MM = 96 / 25.4
SOURCE = Path(__file__).parents[4] / "src"


def boxes(body: str, kind: str, css: str = "") -> list[Any]:
    html = f"<html lang='id'><body><main>{body}</main></body></html>"
    document = layout_document(html, full_css(CSS + css))
    return [
        box for page in document.pages for box in _descendants(page._page_box) if _is(box, kind)
    ]


def words_of(line: Any) -> str:
    return "".join(box.text for box in _descendants(line) if _is(box, "TextBox")).strip()


def references() -> tuple[Inline, ...]:
    link = Rujukan(alamat="pasal_1", teks="Pasal 4 ayat (2) huruf a")
    return (
        Teks(teks="Klaim yang tidak benar sebagaimana dimaksud dalam "),
        link,
        Teks(teks=", dengan tetap memperhatikan ketentuan lain sebagaimana yang "),
        Rujukan(alamat="pasal_1", teks="Lampiran II huruf C angka 12", tebal=True),
        Teks(teks=" serta "),
        link,
        Teks(teks="."),
    )


def test_no_line_ends_before_it_is_full() -> None:
    """WeasyPrint 70 leaves the first word alone when only the space before a link does not fit."""
    linked = inline_html(references())
    plain = inline_html((Teks(teks="".join(part.teks for part in references())),))
    widths = [80 + step / 2 for step in range(45)]
    body = "".join(
        f'<p class="biasa" style="width: {width}mm">{words}</p>'
        for width in widths
        for words in (linked, plain)
    )
    lines = [
        len([child for child in box.children if _is(child, "LineBox")])
        for box in boxes(body, "BlockBox", "a, strong { font-weight: normal }")
        if box.element_tag == "p"
    ]
    assert len(lines) == 2 * len(widths)
    assert lines[::2] == lines[1::2]


@pytest.mark.parametrize("jenis", sorted(LIST_INDENT))
def test_labels_take_exactly_their_column(jenis: str) -> None:
    labels = {"ayat": ("(1)", "(12)"), "huruf": ("a.", "m."), "strip": ("–",)}
    for label in labels.get(jenis, ("1.", "38)")):
        html = f'<li><p class="biasa awal">{label_html(label, LIST_INDENT[jenis])}Kata</p></li>'
        texts = boxes(f'<ol class="daftar {jenis}">{html}</ol>', "TextBox")
        first, second = (box.position_x for box in texts if box.text.strip())
        assert second - first == pytest.approx(LIST_INDENT[jenis] * PIXELS_PER_MM, abs=0.4)


def test_a_label_too_wide_for_its_column_does_not_touch_the_words() -> None:
    html = f'<li><p class="biasa awal">{label_html("(1000)", 7.5)}Kata</p></li>'
    first, second = boxes(f'<ol class="daftar huruf">{html}</ol>', "TextBox")
    assert second.position_x - (first.position_x + first.width) > PIXELS_PER_MM


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("menurut Pasal 4 ayat (2) huruf b", "menurut Pasal~4 ayat~(2) huruf~b"),
        ("Lampiran I angka romawi II huruf C", "Lampiran~I angka romawi~II huruf~C"),
        ("tanggal 31 Desember 2024", "tanggal 31~Desember 2024"),
        ("paling lama 6 (enam) bulan", "paling lama 6~(enam) bulan"),
        ("Peraturan Presiden Nomor 82 Tahun 2018", "Peraturan Presiden Nomor~82 Tahun~2018"),
        ("Nomor 417/KTR/XIV-07/1223", "Nomor 417/KTR/XIV-07/1223"),
        ("pada ayat ini dan Lampiran ini", "pada ayat ini dan Lampiran ini"),
        ("Rp12.000,00 (dua belas ribu rupiah)", "Rp12.000,00 (dua belas ribu rupiah)"),
    ],
)
def test_numbers_stay_with_their_words(words: str, expected: str) -> None:
    assert keep_together(words).replace("\u00a0", "~") == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("ditandatangani oleh PARA PIHAK.", "ditandatangani oleh PARA~PIHAK."),
        ("kepada Peserta; dan", "kepada Peserta;~dan"),
        ("tanpa pertanggungjawaban apa", "tanpa pertanggungjawaban apa"),
        ("dua kata", "dua kata"),
    ],
)
def test_a_short_last_word_takes_another_with_it(words: str, expected: str) -> None:
    assert inline_html((Teks(teks=words),), together=True).replace("\u00a0", "~") == expected
    assert inline_html((Teks(teks=words),)) == words


def test_the_last_line_of_a_title_is_not_a_single_word() -> None:
    title = "PERNYATAAN PERSETUJUAN JEJARING UNTUK MENUNDUKKAN DIRI PADA PKS"
    assert balanced(title, 12, 149) == (
        "PERNYATAAN PERSETUJUAN JEJARING",
        "UNTUK MENUNDUKKAN DIRI PADA PKS",
    )
    assert balanced("Keadaan Memaksa", 12, 149) == ("Keadaan Memaksa",)


@given(st.lists(st.text("abcW", min_size=1, max_size=30), min_size=1, max_size=14))
def test_titles_keep_their_words_and_need_no_more_lines(words: list[str]) -> None:
    title = " ".join(words)
    lines = balanced(title, 12, 90)
    assert " ".join(lines) == title
    assert len(lines) <= len(words)


def test_the_closing_words_stand_with_the_signatures() -> None:
    for cara_kontrak in ("elektronik", "digital", "manual"):
        found = layout(cara_kontrak)
        place = next(one for one in found.places if one.name == "TTD_PIHAK_KESATU")
        assert found.clause_pages["penutup"] == place.page


def test_the_body_runs_on_without_empty_pages() -> None:
    pages = layout().clause_pages
    assert pages["pembukaan"] == 1
    assert pages["pasal_1"] == 1
    assert layout().parts[0].pages == pages["penutup"]


@pytest.mark.parametrize(("rows", "short"), [(8, True), (9, False)])
def test_short_tables_are_not_split(rows: int, short: bool) -> None:
    tabel = Tabel(kepala=cells("Satu", "Dua"), baris=(cells("a", "b"),) * rows)
    writer = BlockWriter(cara_kontrak="elektronik", sheet_width=165, look=LOOK)
    assert (" ringkas" in html_of(writer, tabel)) is short


def html_of(writer: BlockWriter, *blocks: Block) -> str:
    return "".join(one.html() for one in writer.blocks(blocks, indent=0))


@pytest.mark.slow
def test_the_last_item_of_a_list_is_not_alone_on_a_page() -> None:
    def page_of_last(lines: int) -> tuple[list[str], ...]:
        items = tuple(Butir(label=f"{n}.", alamat=None, isi=(par("butir"),)) for n in range(1, 6))
        blocks = (*(par(f"baris {n}") for n in range(lines)),
                  Daftar(jenis="angka", tingkat=1, butir=items))  # fmt: skip
        html = html_of(BlockWriter(cara_kontrak="manual", sheet_width=165, look=LOOK), *blocks)
        document = layout_document(f"<html><body>{html}</body></html>", full_css(CSS))
        return tuple(
            [words_of(box) for box in _descendants(page._page_box) if _is(box, "LineBox")]
            for page in document.pages
        )

    broken = 0
    for lines in range(22, 40):
        pages = page_of_last(lines)
        if len(pages) == 2:
            broken += 1
            assert len(pages[1]) >= 2
    assert broken > 3


@pytest.mark.slow
def test_modules_can_be_imported_in_any_order() -> None:
    code = (
        "import sys, pks_kit.render.html, pks_kit.render.docx, pks_kit.render.pdf;"
        "assert not {'weasyprint', 'pikepdf', 'docxtpl'} & set(sys.modules)"
    )
    environment = {"PYTHONPATH": str(SOURCE)}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=60)


def test_only_our_own_rules_shape_a_page() -> None:
    """The sheet for web pages costs a tenth of the layout; it gives headings a margin."""
    (heading,) = (box for box in boxes("<h1>a</h1>", "BlockBox", "h1 { margin: auto }")
                  if box.element_tag == "h1")  # fmt: skip
    assert heading.style["bookmark_level"] == "none"


@pytest.mark.parametrize("enabled", [True, False])
def test_the_collector_is_left_as_it_was(enabled: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        with suppress(RuntimeError), collector_paused():
            assert not gc.isenabled()
            raise RuntimeError
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if before else gc.disable)()


def test_paragraphs_glue_and_cells_do_not() -> None:
    writer = BlockWriter(cara_kontrak="manual", sheet_width=165, look=LOOK)
    words = (Teks(teks="Pasal 4"),)
    assert "Pasal\u00a04" in html_of(writer, Paragraf(isi=words))
    assert "Pasal 4" in html_of(writer, Tabel(kepala=(), baris=(cells("Pasal 4"),)))
