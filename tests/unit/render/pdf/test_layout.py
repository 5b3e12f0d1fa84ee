"""The pages say the words of the tree, stand where they may, and know their places."""

from __future__ import annotations

import re

import pytest

from pks_kit.render.page_geometry import MM, sheet_of
from pks_kit.render.text import render_text
from support.one_pass import render_in_one_pass
from support.pdf_samples import CSS, LOOK, finished, layout
from support.pdf_text import content_words, page_words
from support.trees import NAMA_PANJANG, TANPA_SPASI, rich_tree
from support.words import content_rect


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("cara_kontrak", ["elektronik", "digital", "manual"])
def test_pdf_and_text_say_the_same(cara_kontrak: str) -> None:
    pdf = content_words(finished(cara_kontrak), layout(cara_kontrak))
    assert squeezed(pdf) == squeezed(render_text(rich_tree(cara_kontrak)))


@pytest.mark.slow
def test_by_part_and_in_one_pass_give_the_same_pages() -> None:
    in_one_pass = render_in_one_pass(rich_tree(), css=CSS, look=LOOK)
    by_part = [sheet for part in layout().parts for sheet in part.sheets]
    assert [one.content for one in in_one_pass.sheets] == [one.content for one in by_part]
    assert [one.size for one in in_one_pass.sheets] == [one.size for one in by_part]


def test_what_was_seen_is_not_laid_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from pks_kit.render.pdf import layout_pdf
    from pks_kit.render.pdf.flow import learning

    first = layout_pdf(rich_tree(), css=CSS, look=LOOK)
    monkeypatch.setattr(learning, "layout_document", None)
    assert layout_pdf(rich_tree(), css=CSS, look=LOOK).parts == first.parts


def test_long_names_and_long_strings_are_whole() -> None:
    words = squeezed(content_words(finished(), layout()))
    assert words.count(squeezed(NAMA_PANJANG)) == 2
    assert TANPA_SPASI in words


def test_markup_in_data_is_printed_as_it_stands() -> None:
    assert "<script>alert(1)</script> & *A | B*." in content_words(finished(), layout())


def test_header_rows_repeat_and_are_known() -> None:
    pages = page_words(finished())
    assert layout().repeated
    for page, _ in layout().repeated:
        assert "Jenis Pelayanan" in pages[page - 1] or "Nama Peserta" in pages[page - 1]


def test_clause_pages_match_the_words() -> None:
    pages = page_words(finished())
    for number in (1, 2, 3):
        page = layout().clause_pages[f"pasal_{number}"]
        assert re.search(rf"^Pasal {number}$", pages[page - 1], re.MULTILINE)
    assert not any(address.startswith("tempat__") for address in layout().clause_pages)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_pasal_heading_stays_with_its_first_ayat(number: int) -> None:
    pages = layout().clause_pages
    assert pages[f"pasal_{number}"] == pages[f"pasal_{number}__ayat_1"]


def test_electronic_places_never_touch() -> None:
    places = {place.name: place for place in layout().places}
    meterai = [place for place in places.values() if place.kind == "meterai"]
    assert len(meterai) == 4
    for one in meterai:
        signature = places[one.name.replace("METERAI_", "TTD_")]
        assert one.page == signature.page
        assert signature.rect[0] - one.rect[2] >= 3 * MM
        width, height = one.rect[2] - one.rect[0], one.rect[3] - one.rect[1]
        assert width == pytest.approx(22 * MM, abs=0.1)
        assert height == pytest.approx(width, abs=0.1)


def test_signature_boxes_are_large_enough() -> None:
    for place in layout().places:
        if place.kind == "tanda_tangan":
            assert place.rect[2] - place.rect[0] >= 50 * MM
            assert place.rect[3] - place.rect[1] >= 22 * MM


def test_a_pen_signature_crosses_its_meterai() -> None:
    places = {place.name: place for place in layout("manual").places}
    meterai, signature = places["METERAI_PIHAK_KEDUA"], places["TTD_PIHAK_KEDUA"]
    assert meterai.rect[0] < signature.rect[0] < meterai.rect[2] < signature.rect[2]


def test_fields_follow_the_contract_method() -> None:
    assert layout().fields == {
        place.name for place in layout().places if place.kind == "tanda_tangan"
    }
    assert layout("digital").fields == {"TTD_PIHAK_KESATU"}
    assert layout("manual").fields == frozenset()


def test_places_stand_inside_the_content_area() -> None:
    sizes = [sheet.size for part in layout().parts for sheet in part.sheets]
    for place in layout().places:
        sheet = sheet_of(*sizes[place.page - 1])
        assert sheet is not None
        left, bottom, right, top = content_rect(sheet)
        assert left - 0.5 <= place.rect[0] < place.rect[2] <= right + 0.5
        assert bottom - 0.5 <= place.rect[1] < place.rect[3] <= top + 0.5


def test_the_signature_block_is_not_alone_on_its_page() -> None:
    place = next(place for place in layout().places if place.name == "TTD_PEJABAT_STRUKTURAL")
    assert "Catatan: diisi lengkap." in page_words(finished())[place.page - 1]
