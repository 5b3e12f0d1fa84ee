"""The page as a hand and a scanner meet it: clean boxes, marks, a receipt that knows them."""

from __future__ import annotations

from typing import Any

import pypdfium2
import pytest

from pks_kit.domain.receipt import RecordedPlace
from pks_kit.domain.rect import Rect
from pks_kit.render.page_geometry import MENDATAR, MM, TEGAK, PageGeometry, sheet_of
from pks_kit.render.pdf import bare_pdf
from pks_kit.render.pdf.page_design import (
    CODE_MODULES,
    TODAY,
    code_rects,
    corner_marks,
    corner_strokes,
    header_rect,
    initials_rects,
)
from pks_kit.render.pdf.printed_facts import printed_facts
from pks_kit.render.pdf.qr import QUIET_ZONE
from pks_kit.render.pdf.sheets import recorded_sheets
from pks_kit.render.pen_box import FREE, METERAI_ROOM, Sticker, frame_height, pen_box
from support.pdf_samples import LOOK, finished, layout, request
from support.words import content_rect

METHODS = ("digital", "elektronik", "manual")
_INSIDE = 0.6 * MM
"""Frames are lines: what lies so near to the edge of a box belongs to its frame."""


def overlap(one: Rect, other: Rect) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def shrunk(rect: Rect, by: float) -> Rect:
    return rect[0] + by, rect[1] + by, rect[2] - by, rect[3] - by


def boxes_on(method: str, number: int, sheet: PageGeometry) -> list[tuple[str, Rect]]:
    places = [(one.name, one.rect) for one in layout(method).places if one.page == number]
    if method == "elektronik":
        return places
    return places + [(f"paraf {n}", rect) for n, rect in enumerate(initials_rects(sheet), 1)]


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_no_word_stands_in_a_box(method: str) -> None:
    with pypdfium2.PdfDocument(finished(method)) as document:
        for number, page in enumerate(document, start=1):
            sheet = sheet_of(*page.get_size())
            assert sheet is not None
            words = page.get_textpage()
            for name, rect in boxes_on(method, number, sheet):
                left, bottom, right, top = shrunk(rect, 0.2)
                inside = words.get_text_bounded(left=left, bottom=bottom, right=right, top=top)
                assert not inside.strip(), (number, name)


@pytest.mark.parametrize("method", ["digital", "manual"])
def test_nothing_at_all_is_printed_where_only_the_pen_writes(method: str) -> None:
    """The 25 mm of a signature field between sticker and stamp, the date line, the initials."""
    scale = 200 / 72
    with pypdfium2.PdfDocument(finished(method)) as document:
        for number, page in enumerate(document, start=1):
            sheet = sheet_of(*page.get_size())
            assert sheet is not None
            picture = page.render(scale=scale, grayscale=True).to_pil()
            for name, rect in free_boxes(method, number, sheet):
                left, bottom, right, top = shrunk(rect, _INSIDE)
                height = page.get_height()
                area = picture.crop(
                    tuple(int(one * scale) for one in (left, height - top, right, height - bottom))
                )
                assert area.getextrema()[0] > 250, (number, name)


def free_boxes(method: str, number: int, sheet: PageGeometry) -> list[tuple[str, Rect]]:
    found = [(f"paraf {n}", rect) for n, rect in enumerate(initials_rects(sheet), 1)]
    here = {one.name: one for one in layout(method).places if one.page == number}
    for place in here.values():
        if place.medium != "pen":
            continue
        if place.kind == "tanggal":
            found.append((place.name, place.rect))
        elif place.kind == "tanda_tangan":
            found.append((place.name, free_part(place, here)))
    return found


def free_part(place: RecordedPlace, here: dict[str, RecordedPlace]) -> Rect:
    left, bottom, right, top = place.rect
    kode = place.kode.upper()
    sticker, stamp = here.get(f"METERAI_{kode}"), here.get(f"STEMPEL_{kode}")
    left = sticker.rect[2] if sticker else left
    right = stamp.rect[0] if stamp else right
    assert right - left >= FREE * MM - 0.1, place.name
    return left, bottom, right, top


@pytest.mark.parametrize("method", METHODS)
def test_boxes_of_both_parties_are_at_one_height(method: str) -> None:
    pairs = 0
    for page in range(1, layout(method).pages + 1):
        boxes = [
            one for one in layout(method).places if one.page == page and one.kind == "tanda_tangan"
        ]
        for one in boxes:
            beside = [other for other in boxes if abs(other.rect[3] - one.rect[3]) < 30]
            assert {other.rect[1::2] for other in beside} == {one.rect[1::2]}
            pairs += len(beside) > 1
    assert pairs


def test_the_frame_of_the_meterai_holds_the_sticker_and_the_pen_must_cross_it() -> None:
    checked = 0
    places = {one.name: one for one in layout("manual").places}
    for place in places.values():
        if place.kind != "meterai":
            continue
        left, bottom, right, top = place.rect
        assert right - left >= (LOOK.sticker.width + 2 * METERAI_ROOM) * MM - 0.1
        assert top - bottom >= (LOOK.sticker.height + 2 * METERAI_ROOM) * MM - 0.1
        signature = places[place.name.replace("METERAI", "TTD")].rect
        assert left < signature[0] < right < signature[2]
        checked += 1
    assert checked


def test_a_sticker_that_leaves_no_room_to_the_pen_is_refused() -> None:
    pen_box(Sticker(width=24, height=32), meterai=True, stempel=True)
    with pytest.raises(ValueError, match="left to the pen"):
        pen_box(Sticker(width=32, height=24), meterai=True, stempel=True)
    assert frame_height(Sticker(width=24, height=32)) == 34


@pytest.mark.parametrize("sheet", [TEGAK, MENDATAR])
def test_codes_and_marks_stand_in_the_four_corners_and_free_of_everything(
    sheet: PageGeometry,
) -> None:
    width, height = sheet.size_pt
    lower_left, upper_right = code_rects(sheet)
    upper_left, lower_right = corner_marks(sheet)
    assert lower_left[2] - lower_left[0] == pytest.approx(15 * MM)
    assert 10 * MM <= upper_right[2] - upper_right[0] <= 12 * MM
    for rect, left, low in (
        (lower_left, True, True),
        (upper_right, False, False),
        (upper_left, True, False),
        (lower_right, False, True),
    ):
        assert (rect[2] < width / 3) == left
        assert (rect[3] < height / 3) == low
        assert rect[0] >= 5 * MM
        assert rect[1] >= 5 * MM
        assert rect[2] <= width - 5 * MM
        assert rect[3] <= height - 5 * MM
    quiet = [
        shrunk(code, -QUIET_ZONE / CODE_MODULES * (code[2] - code[0]))
        for code in (lower_left, upper_right)
    ]
    others = [
        *initials_rects(sheet),
        *corner_strokes(sheet),
        header_rect(sheet),
        content_rect(sheet),
    ]
    assert not [(one, other) for one in quiet for other in others if overlap(one, other)]
    for mark in (upper_left, lower_right):
        assert not any(
            overlap(mark, other)
            for other in (*initials_rects(sheet), header_rect(sheet), content_rect(sheet))
        )


def facts(method: str, *wanted: tuple[str, str]) -> Any:
    return printed_facts(bare_pdf(layout(method), request()), wanted)


@pytest.mark.slow
def test_the_receipt_tells_critical_values_where_they_are_printed() -> None:
    found = facts(
        "manual",
        ("pihak_kesatu.nomor_pks", "298/KTR/IV-10/1223"),
        ("pihak_kedua.nomor_pks", "100.3/KLN-CTH/2023"),
    )
    in_header = [one for one in found.critical if one.path == "pihak_kesatu.nomor_pks"]
    assert {one.page for one in in_header} == set(range(1, layout("manual").pages + 1))
    assert [one for one in found.critical if one.path == "cetak.rupiah"]
    with pypdfium2.PdfDocument(finished("manual")) as document:
        for one in found.critical:
            left, bottom, right, top = one.rect
            words = document[one.page - 1].get_textpage()
            there = words.get_text_bounded(
                left=left - 1, bottom=bottom - 1, right=right + 1, top=top + 1
            )
            assert one.text.replace(" ", "") in there.replace(" ", "").replace("\r\n", "")


def test_a_value_inside_a_longer_one_or_a_word_is_not_told() -> None:
    once = facts("manual", ("a", "298/KTR/IV-10/1223"), ("b", "298/KTR"), ("c", "ERJANJIA"))
    assert {one.path for one in once.critical} & {"a", "b", "c"} == {"a"}


def test_words_of_a_page_have_a_hash_that_one_letter_changes() -> None:
    one = facts("manual").words_sha256
    assert len(one) == len(set(one)) == layout("manual").pages
    other = printed_facts(bare_pdf(layout("manual"), request(edition="7K2M9X4R")), ()).words_sha256
    assert not set(one) & set(other)


def test_sheets_tell_runs_of_pages_and_whose_initials() -> None:
    sizes = [TEGAK.size_pt] * 3 + [MENDATAR.size_pt] * 2 + [TEGAK.size_pt]
    upright, lying = recorded_sheets(sizes, TODAY, "digital", initials=True)
    assert (upright.pages, lying.pages) == (((1, 3), (6, 6)), ((4, 5),))
    assert [one.medium for one in upright.initials] == ["electronic", "pen"]
    assert recorded_sheets(sizes, TODAY, "elektronik", initials=False)[0].initials == ()
