"""The note on certificates: on every page, in its room, dark enough, only where it is true."""

from __future__ import annotations

import re

import pypdfium2
import pytest

from pks_kit.domain.rect import Rect
from pks_kit.domain.tanda_tangan import (
    TandaTanganElektronik,
    certificate_note,
    roles_of_services,
)
from pks_kit.errors import RenderError
from pks_kit.render.page_geometry import MENDATAR, MM, TEGAK, PageGeometry
from pks_kit.render.pdf import finish_pdf, layout_pdf
from pks_kit.render.pdf.furniture import (
    Furniture,
    Running,
    initials_rects,
    note_rect,
    page_code_rect,
)
from pks_kit.render.pdf.page_design import TODAY
from pks_kit.render.pdf.qr import QUIET_ZONE, qr_matrix
from support.pdf_samples import CSS, LOOK, layout, page_code, request
from support.pdf_text import content_words, page_words
from support.trees import rich_tree
from support.words import content_rect

BSRE = "Balai Sertifikasi Elektronik (BSrE), Badan Siber dan Sandi Negara"
LONG = f"PT {'Penyelenggara Sertifikasi ' * 2}Nusantara Rekaan Sejati (Persero) Tbk"
SHEETS = pytest.mark.parametrize("sheet", [TEGAK, MENDATAR])


def said(kesatu: str | None, kedua: str | None, method: str = "elektronik") -> str:
    both = {"pihak_kesatu": kesatu, "pihak_kedua": kedua}
    given = {key: {"penerbit_sertifikat": name} for key, name in both.items() if name}
    return certificate_note(TandaTanganElektronik.model_validate(given), method)


def test_it_names_only_parties_with_certificates() -> None:
    assert "PIHAK KESATU diterbitkan oleh Balai" in said(BSRE, LONG)
    assert f"PIHAK KEDUA diterbitkan oleh {LONG}" in said(BSRE, LONG)
    assert "PIHAK KESATU dan PIHAK KEDUA diterbitkan" in said(BSRE, BSRE)
    assert "PIHAK KEDUA" not in said(BSRE, LONG, "digital")
    assert said(None, LONG, "digital") == ""
    assert said(BSRE, LONG, "manual") == ""
    assert said(None, None) == certificate_note(None, "elektronik") == ""


def overlap(one: Rect, other: Rect) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@SHEETS
def test_its_room_touches_nothing(sheet: PageGeometry) -> None:
    room, code = note_rect(sheet), page_code_rect(sheet)
    quiet = (code[2] - code[0]) / len(qr_matrix(page_code(1, 1))) * QUIET_ZONE
    zone = (code[0] - quiet, code[1] - quiet, code[2] + quiet, code[3] + quiet)
    for other in (zone, *initials_rects(sheet), content_rect(sheet)):
        assert not overlap(room, other)


@SHEETS
@pytest.mark.parametrize("kesatu", ["BSrE", BSRE, LONG, ("WADAH NUSA " * 10)[:100].strip()])
def test_all_words_stand_in_the_room(sheet: PageGeometry, kesatu: str) -> None:
    note = said(kesatu, LONG)
    running = Running(nomor_kesatu="1", nomor_kedua="2", certificate_note=note)
    furniture = Furniture(running, TODAY).of_page(sheet, page=22, pages=80, page_code="X")
    content = furniture.content.decode()
    runs = re.findall(r"BT ([\d.]+) g \S+ ([\d.]+) Tf 1 0 0 1 ([\d.]+) ([\d.]+) Tm", content)
    left, bottom, right, top = note_rect(sheet)
    inside = [
        (float(grey), float(size))
        for grey, size, x, y in runs
        if left <= float(x) < right and bottom <= float(y) < top
    ]
    assert 1 <= len(inside) <= 4
    assert all(grey == 0 and size >= 5.5 for grey, size in inside)
    number = [float(y) for _, size, _, y in runs if size == "8"]
    assert number[0] + 8 * 0.7 < bottom


def test_a_note_that_does_not_fit_is_refused() -> None:
    for note in ("kata " * 200, "x" * 300):
        running = Running(nomor_kesatu="1", nomor_kedua="2", certificate_note=note)
        with pytest.raises(RenderError) as caught:
            Furniture(running, TODAY).of_page(TEGAK, page=1, pages=1, page_code="X")
        assert caught.value.code == "render.pdf.note_too_long"


@pytest.mark.slow
def test_it_is_furniture_on_every_page_and_not_in_the_text() -> None:
    note = said(BSRE, LONG)
    finished = finish_pdf(layout(), request(certificate_note=note))
    for words in page_words(finished):
        assert note in " ".join(words.split())
    plain = content_words(finished, layout()).split()
    assert plain == content_words(finish_pdf(layout(), request()), layout()).split()
    assert "".join(note.split()[:4]) not in "".join(plain)


def test_it_can_be_read_in_black_and_white() -> None:
    """After a threshold at half grey the darkest ink of the note is all that is left."""
    finished = finish_pdf(layout(), request(certificate_note=said(BSRE, LONG)))
    with pypdfium2.PdfDocument(finished) as document:
        scale = 200 / 72
        picture = document[0].render(scale=scale, grayscale=True).to_pil()
    left, bottom, right, top = note_rect(TEGAK)
    height = 297 * MM
    box = tuple(int(v * scale) for v in (left, height - top, right, height - bottom))
    bits = picture.crop(box).point(lambda value: 0 if value < 128 else 255)
    black = bits.histogram()[0] / (bits.width * bits.height)
    assert 0.03 < black < 0.3


def test_a_service_makes_its_own_field() -> None:
    blank = layout_pdf(
        rich_tree("elektronik"), css=CSS, look=LOOK, roles_of_services={"pihak_kesatu"}
    )
    assert blank.places == layout().places
    gone = {place.name for place in blank.places if place.peran == "pihak_kesatu"}
    assert "TTD_PIHAK_KESATU" in layout().fields
    assert blank.fields == layout().fields - gone


def test_only_electronic_parties_have_services() -> None:
    both = TandaTanganElektronik.model_validate(
        {"pihak_kesatu": {"bidang": "layanan"}, "pihak_kedua": {"bidang": "layanan"}}
    )
    assert roles_of_services(both, "elektronik") == {"pihak_kesatu", "pihak_kedua"}
    assert roles_of_services(both, "digital") == {"pihak_kesatu"}
    assert roles_of_services(both, "manual") == roles_of_services(None, "digital") == set()
