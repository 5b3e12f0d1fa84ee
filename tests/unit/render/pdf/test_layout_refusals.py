"""What must not come out does not come out, and the error says where."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from pks_kit.errors import RenderError
from pks_kit.naskah.tree import Bagian, BlokTandaTangan, Naskah, Paragraf, Rujukan, Tabel
from pks_kit.render.pdf import finish_pdf, layout_pdf
from pks_kit.render.pdf.strict_log import silence_required
from support.pdf_samples import CSS, LOOK, layout, request
from support.trees import KALIMAT, TANPA_SPASI, cells, par, place, rich_tree


def small(*isi: object) -> Naskah:
    bagian = Bagian(
        jenis="pasal", subjek="uji", alamat="pasal_1", label="Pasal 1", judul="Uji", isi=isi
    )
    return replace(rich_tree(), bagian=(bagian,))


def refused(naskah: Naskah, css: str = CSS) -> RenderError:
    with pytest.raises(RenderError) as caught:
        finish_pdf(layout_pdf(naskah, css=css, look=LOOK), request())
    return caught.value


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("kata\u200bsambung", "U+200B ZERO WIDTH SPACE"),
        ("\u202eterbalik", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("huruf 中", "U+4E2D CJK UNIFIED IDEOGRAPH-4E2D"),
        ("عربي", "U+0639 ARABIC LETTER AIN"),
        ("a\x07b", "U+0007 tanpa nama"),
    ],
)
def test_characters_without_glyph(text: str, name: str) -> None:
    error = refused(small(par(text)))
    assert error.code == "render.pdf.unprintable"
    assert error.params == {"character": name, "clause": "Pasal 1"}


def test_symbols_of_the_tariff_tables_print() -> None:
    assert layout_pdf(small(par("≤ ≥ × – — “kutip” ½ ² ° →")), css=CSS, look=LOOK).pages == 1


def test_engine_warnings_are_errors() -> None:
    error = refused(small(par("kata")), CSS + "p { colour: red; }")
    assert error.code == "render.pdf.engine_warning"
    assert "colour" in str(error)


def test_a_style_sheet_cannot_fetch_anything() -> None:
    css = CSS + "body { background: url(file:///etc/passwd); }"
    error = refused(small(par("kata")), css)
    assert error.code == "render.pdf.engine_warning"


def test_a_font_that_is_not_ours() -> None:
    error = refused(small(par("kata")), CSS + "p { font-family: 'DejaVu Sans', sans-serif; }")
    assert error.code == "render.pdf.foreign_font"


def test_a_paragraph_that_leaves_the_page() -> None:
    error = refused(small(par(TANPA_SPASI)), CSS + "html { overflow-wrap: normal; }")
    assert error.code == "render.pdf.overflow"
    assert error.params["clause"] == "pasal_1"


def test_a_word_that_leaves_its_cell() -> None:
    tabel = Tabel(
        kepala=(), baris=(cells(TANPA_SPASI[:60], KALIMAT, KALIMAT),), alamat="pasal_1__t"
    )
    error = refused(small(tabel), CSS + "html { overflow-wrap: normal; }")
    assert error.code == "render.pdf.overflow"
    assert error.params["clause"] == "pasal_1__t"


def test_a_box_that_leaves_the_page_below() -> None:
    css = CSS + ".ttd { height: 400mm; }"
    block = BlokTandaTangan(tempat=(place("pihak_kedua", "PIHAK KEDUA"),))
    assert refused(small(block), css).code in {"render.pdf.overflow", "render.pdf.engine_failed"}


@pytest.mark.slow
def test_a_row_higher_than_a_page_is_split() -> None:
    tabel = Tabel(kepala=cells("Satu", "Dua"), baris=(cells("x", (KALIMAT + ". ") * 60),) * 2)
    assert layout_pdf(small(tabel), css=CSS, look=LOOK).pages >= 2


def test_other_paper_is_refused() -> None:
    error = refused(small(par("kata")), CSS + "@page { size: A3; }")
    assert error.code == "render.pdf.not_a4"


def test_a_reference_to_nowhere() -> None:
    link = Paragraf(isi=(Rujukan(alamat="pasal_9", teks="Pasal 9"),))
    error = refused(small(link))
    assert (error.code, error.params["target"]) == ("render.pdf.dead_link", "pasal_9")


def test_the_same_place_twice_in_one_part() -> None:
    block = BlokTandaTangan(tempat=(place("pihak_kedua", "PIHAK KEDUA"),))
    assert refused(small(block, block)).code in {
        "render.pdf.engine_warning",
        "render.pdf.place_twice",
    }


def test_three_places_in_a_block() -> None:
    places = tuple(place(f"jejaring_{number}", "JEJARING") for number in (1, 2, 3))
    assert refused(small(BlokTandaTangan(tempat=places))).code == "render.pdf.signature_count"


def test_unknown_style() -> None:
    assert refused(small(par("kata", "megah"))).code == "render.pdf.unknown_style"


def test_a_number_too_long_for_the_header() -> None:
    with pytest.raises(RenderError) as caught:
        finish_pdf(replace(layout(), nomor_kedua="M" * 300), request())
    assert caught.value.code == "render.pdf.header_too_long"


def test_only_warnings_of_the_engine_count() -> None:
    with silence_required("uji"):
        logging.getLogger("weasyprint").info("step")
        logging.getLogger("lain").warning("other")
    with pytest.raises(RenderError), silence_required("uji"):
        logging.getLogger("weasyprint").error("bad")
